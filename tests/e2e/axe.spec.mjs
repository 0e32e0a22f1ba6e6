// What axe can tell of accessibility: names, roles, contrast, order. It finds nothing on any page, in either language and
// theme, at the widths of a desk, a tablet and two phones; and no page is wider than its window.
//
// Colours and width are changed in the page that is there: to load it anew for each would take most of the time.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

const SOURCE = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url));
const LANGUAGES = ['en', 'vi'];
/** Each width, each theme, and both themes where the page is widest and narrowest. */
const VIEWS = [[1440, 'light'], [1440, 'dark'], [768, 'dark'], [360, 'light'], [320, 'light'], [320, 'dark']];

/** What axe finds in this view, by rule, with the elements, and by how much the page is too wide. */
async function faults(page) {
  return page.evaluate(async () => {
    await document.fonts.ready;
    // Colours that ease are looked at when they have arrived.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const easing = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < 1000);
    await Promise.allSettled(easing.map(({ finished }) => finished));
    const found = await axe.run(document, { resultTypes: ['violations'], iframes: false, preload: false });
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = scrollWidth > clientWidth ? [`wider than its window by ${scrollWidth - clientWidth}`] : [];
    return [...wide, ...found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)];
  });
}

async function check(page, what = '') {
  await page.evaluate(await readFile(SOURCE, 'utf8'));
  for (const [width, colorScheme] of VIEWS) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    expect(await faults(page), `${what} ${width} pixels, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 800 });
}

/** Opens a lab with everything in it that unfolds. */
async function openLab(lab, link, lang) {
  const isSmall = link.startsWith('model=') && !link.includes('gpt');
  await lab.open(`${link}&lang=${lang}`, { measured: !link.includes('predict'), plays: !isSmall });
  await expect(lab.page.locator('html')).toHaveAttribute('lang', lang);
  await lab.unfold();
  if (link === PLANE) await expect(lab.see('fix')).toBeVisible();
  if (!isSmall && !/show=|embed=slide/.test(link)) await expect(lab.see('card-text').locator('article')).toBeAttached();
  if (link === CHALLENGE) await fillRoster(lab);
}

/** A class's column of codes, with one that was run again and one that is none. */
async function fillRoster(lab) {
  const code = await lab.see('goal-code').textContent();
  await lab.see('roster-codes').fill(`An\t${code}\nBình\thello`);
  await lab.press('roster-run');
  await expect(lab.see('roster-1')).toHaveAttribute('data-result', 'confirmed', { timeout: 60_000 });
  await expect(lab.see('roster-2')).toHaveAttribute('data-result', 'refused');
}

const CHALLENGE = 'depth=6&width=32&batch=16&init=normal&std=0.306&device=cpu&goal=variance-ratio<2;valLoss<9';
const PLANE = 'data=circles&depth=8&width=32&init=normal&std=0.02&device=cpu&examples=50&b=init=kaiming-normal';
const LABS = {
  'all charts of a perceptron, with two runs': `${MLP}&steps=20&b=init=xavier-normal&charts=variance,gradient,signal-share,loss,updates,histograms,dead,spectrum,sharpness`,
  'all charts of a GPT': `${GPT}&steps=10&charts=variance,loss,weights,updates,attention-heads,histograms`,
  'a prediction': `${MLP}&predict=1`,
  'a challenge that is reached, and a roster of codes': CHALLENGE,
  'the plane, and a fix of several parts': PLANE,
  'a product of matrices': 'model=chain',
  'one weight': 'model=weight',
  'scores': 'model=scores',
  'an embedded challenge': `${CHALLENGE}&embed=1`,
  'the embedded plane': `${PLANE}&embed=1&show=std,variance,boundary,digits,diagnosis,play`,
  'an embedded small lab': 'model=weight&embed=1',
  'a slide': `${MLP}&embed=slide`,
};

for (const lang of LANGUAGES) {
  for (const [name, link] of Object.entries(LABS)) {
    test(`${name}, ${lang}`, async ({ lab, page }) => {
      await page.setViewportSize({ width: 1440, height: 800 });
      await openLab(lab, link, lang);
      if (link.includes('steps')) {
        await lab.press('play');
        await expect(lab.see('scrubber')).toBeVisible({ timeout: 30_000 });
        await expect(lab.see('play')).toBeVisible({ timeout: 60_000 });
      }
      await check(page);
    });
  }

  test(`both galleries of the lab, ${lang}`, async ({ lab, page }) => {
    await lab.open(`${MLP}&lang=${lang}`);
    for (const kind of ['labs', 'schemes']) {
      await lab.press(`all-${kind}`);
      await expect(lab.see('gallery').locator('li').last()).toBeVisible();
      await check(page, kind);
      await lab.press('gallery-close');
    }
  });

  test(`the pages that are read, ${lang}`, async ({ page }) => {
    test.slow();
    await page.setViewportSize({ width: 1440, height: 800 });
    await page.goto(`lessons/${lang}/index.html`);
    const lessons = await page.locator('main a[href$=".html"]').evaluateAll((all) => [...new Set(all.map(({ href }) => href))]);
    expect(lessons.length).toBeGreaterThan(9);
    const cards = new URL(`../../schemes/${lang}.html`, page.url()).href;
    for (const address of new Set([page.url(), ...lessons.filter((href) => href.includes(`/lessons/${lang}/`)), cards])) {
      if (address !== page.url()) await page.goto(address, { waitUntil: 'domcontentloaded' });
      await page.locator('details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
      await check(page, address);
    }
  });

  test(`experiments, one of them, and the studio, ${lang}`, async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 800 });
    await page.goto(`experiments.html?lang=${lang}`);
    await expect(page.getByTestId('gallery').locator('li').first()).toBeVisible();
    await check(page, 'gallery');
    await page.goto(`studio.html?lang=${lang}`);
    await expect(page.locator('iframe').first()).toBeAttached();
    await check(page, 'studio');
    await page.goto(`experiments.html?lang=${lang}#e2`);
    await expect(page.getByTestId('answer')).toBeVisible();
    await check(page, 'e2');
  });
}
