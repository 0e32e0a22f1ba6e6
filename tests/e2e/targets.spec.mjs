// What a finger has to hit, and whether the words of lists, fields and buttons have room.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

/** As high and wide as WCAG 2.5.5 has it. */
const TARGET = 44;

/** Elements that can be used and are smaller than a target. Left out are links within sentences, which are as high as their
 * line, what only the keyboard reaches, and a box that its label, which is a target itself, makes larger. */
function small(page) {
  return page.evaluate((least) => {
    const all = document.querySelectorAll('a[href], button, select, summary, input, [role="tab"], [role="switch"]');
    const rest = [...all].filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
      && !one.matches('.skip, p a, .unseen *') && !one.closest('[aria-hidden="true"], .canvas'));
    return rest.map((one) => ({ one, box: (one.closest('label') ?? one).getBoundingClientRect() }))
      .filter(({ box }) => Math.min(box.width, box.height) < least - 0.5)
      .map(({ one, box }) => `${one.dataset.testid ?? one.outerHTML.slice(0, 90)}: ${box.width.toFixed(0)} × ${box.height.toFixed(0)}`);
  }, TARGET);
}

/** Lists whose words are wider than the room for them, and buttons and names that are cut off. */
function cut(page) {
  return page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d');
    const visible = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility({ visibilityProperty: true }));
    const room = (one, style) => one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const isCut = (one, text) => {
      const style = getComputedStyle(one);
      pen.font = style.font;
      return pen.measureText(text).width > room(one, style) + 1 && `${one.dataset.testid ?? one.className}: ${text}`;
    };
    const lists = visible('select').flatMap((one) => [...one.options].map((option) => isCut(one, option.text)));
    const fields = visible('.lab input[type="text"]:not(.formula-box input)').map((one) => isCut(one, one.value));
    const names = visible('.lab button, .lab label, .lab summary, .gallery b').filter((one) => (
      !one.matches('.unseen, .unseen *') && getComputedStyle(one).position !== 'absolute' && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
      && getComputedStyle(one).display !== 'inline'
    )).map((one) => `${one.dataset.testid ?? one.className}: ${one.textContent}`);
    return [...lists, ...fields, ...names].filter(Boolean);
  });
}

const LABS = {
  'a perceptron': `${MLP}&b=init=xavier-normal&steps=50&init=kaiming-normal`,
  'a GPT that learns new tokens': `${GPT}&adapt=tokens&wd=0.1&steps=50`,
  'LoRA, of which theory knows little': `${MLP}&adapt=lora&act=leaky-relu&norm=batch&init=formula`,
};

const TABS = ['optimizer', 'network', 'start', 'run'];

for (const [name, link] of Object.entries(LABS)) {
  for (const lang of ['en', 'vi']) {
    test(`no word is cut off at any width: ${name}, ${lang}`, async ({ lab, page }) => {
      await lab.open(`${link}&lang=${lang}`);
      for (const width of [1366, 1024, 768, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        for (const tab of TABS) {
          await lab.press(`tab-${tab}`);
          await lab.unfold();
          expect(await cut(page), `${tab}, ${width} pixels wide`).toEqual([]);
        }
        const { scroll, client } = await page.evaluate(() => ({
          scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
        }));
        expect(scroll, `${width} pixels wide`).toBeLessThanOrEqual(client);
      }
    });
  }
}

test.describe('with a finger', () => {
  test.use({ hasTouch: true, isMobile: true });
  for (const [name, link] of Object.entries(LABS)) {
    for (const width of [320, 390, 820]) {
      test(`whatever can be used is large enough, ${width} pixels wide: ${name}`, async ({ lab, page }) => {
        await page.setViewportSize({ width, height: 844 });
        await lab.open(link);
        for (const tab of TABS) {
          await lab.press(`tab-${tab}`);
          await lab.unfold();
          expect(await small(page), tab).toEqual([]);
        }
        await lab.press('all-labs');
        await expect(lab.see('gallery').locator('li').first()).toBeVisible();
        expect(await small(page), 'gallery').toEqual([]);
      });
    }
  }
  const SMALL = {
    'a challenge': 'x=find-sigma&device=cpu',
    'the plane': 'x=circles&device=cpu&examples=50',
    'a product of matrices': 'x=chain',
    'one weight': 'x=one-weight',
    'scores': 'x=root-d-by-hand',
  };
  for (const [name, link] of Object.entries(SMALL)) {
    test(`targets are large enough and words whole on the smallest phone, in both languages: ${name}`, async ({ lab, page }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      for (const lang of ['en', 'vi']) {
        await lab.open(`${link}&lang=${lang}`, { plays: link.includes('&') });
        await lab.unfold();
        expect(await small(page), lang).toEqual([]);
        expect(await cut(page), lang).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), lang).toBeLessThanOrEqual(320);
      }
    });
  }
});
