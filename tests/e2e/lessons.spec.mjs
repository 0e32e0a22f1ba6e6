// The lessons: every lab in them comes to its first measurement without a notice, where it was
// announced, in both languages; and both say the same with the same labs.

import { expect, test } from './fixtures.mjs';
import { labUrl } from './playwright.config.mjs';

const LESSONS = ['variance', 'transformer', 'training', 'scaling', 'optimizers', 'recipe', 'forgive', 'adapt'];
const LANGUAGES = ['en', 'vi'];
/** A lab may be so much higher or lower than its place, in pixels: a line of text that breaks otherwise. */
const SLACK = 48;

for (const lesson of LESSONS) {
  for (const lang of LANGUAGES) {
    test(`${lang}/${lesson}: every lab starts as it says, in its place`, async ({ page }) => {
      const elsewhere = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(labUrl) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url());
      });
      // One of the languages on a phone: every lab is tried in both widths and both languages.
      if ((lang === 'vi') === (lesson === 'variance')) await page.setViewportSize({ width: 390, height: 800 });
      await page.addInitScript(() => {
        window.measured = new Set();
        document.addEventListener('frame', ({ target }) => window.measured.add(target.id), true);
      });
      await page.goto(`lessons/${lang}/${lesson}.html`, { waitUntil: 'commit' });
      await expect(page.locator('nav.turn')).toBeAttached();
      const ids = await page.locator('init-lab').evaluateAll((all) => all.map(({ id }) => id));
      expect(ids.length).toBeGreaterThanOrEqual(2);
      for (const id of ids) {
        const lab = page.locator(`init-lab#${id}`);
        await lab.evaluate((one) => one.scrollIntoView());
        await page.waitForFunction((id) => window.measured.has(id), id, { timeout: 60_000 });
        const inside = lab.frameLocator('iframe');
        await expect(inside.locator('html')).toHaveAttribute('lang', lang);
        await expect(inside.getByTestId('notice')).toBeHidden();
        // What stands below a chart may come after the first measurement.
        const beside = () => lab.evaluate((one) => one.offsetHeight - parseFloat(getComputedStyle(one).getPropertyValue('--init-lab-height')));
        await expect.poll(async () => Math.abs(await beside()), `how far the height of ${id} is from its place, in pixels`).toBeLessThan(SLACK);
        await expect(lab.locator('xpath=following-sibling::details/summary')).toBeVisible();
      }
      expect(elsewhere).toEqual([]);
    });
  }

  test(`${lesson} has the same labs, formulas and sources in both languages`, async ({ page }) => {
    const seen = [];
    for (const lang of LANGUAGES) {
      // Without its scripts and frames: only what is written is looked at.
      await page.route('**/embed.js', (route) => route.fulfill({ body: '', contentType: 'text/javascript' }));
      await page.goto(`lessons/${lang}/${lesson}.html`);
      seen.push(await page.evaluate(() => ({
        labs: [...document.querySelectorAll('init-lab')].map((lab) => [...lab.attributes].filter(({ name }) => name !== 'title').map(({ name, value }) => `${name}=${value}`)),
        formulas: [...document.querySelectorAll('.formula')].map((math) => math.textContent),
        parts: [...document.querySelectorAll('section')].map((section) => section.querySelectorAll('p, details, li').length),
        sources: [...document.querySelectorAll('.sources a')].map(({ href }) => href),
      })));
      await expect(page.locator('math')).not.toHaveCount(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    expect(seen[1]).toEqual(seen[0]);
  });
}

test('the list leads to every lesson, and each to the other language', async ({ page }) => {
  for (const lang of LANGUAGES) {
    await page.goto(`lessons/${lang}/`);
    await expect(page.locator('.list:not(.challenges) a')).toHaveCount(LESSONS.length);
    for (const lesson of LESSONS) await expect(page.locator(`.list a[href="${lesson}.html"]`)).toBeVisible();
  }
  await page.route('**/embed.js', (route) => route.fulfill({ body: '', contentType: 'text/javascript' }));
  await page.goto('lessons/en/training.html');
  await page.locator('.other').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
  await page.locator('.other').click();
  await expect(page).toHaveURL(/en\/training\.html$/);
});

test('a root reaches over what it is of', async ({ page }) => {
  await page.goto('lessons/en/variance.html');
  const faces = () => page.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts].filter(({ family }) => family.includes('STIX Two Math')).map(({ status }) => status);
  });
  await expect.poll(faces).toEqual(['loaded']);
  // The sign of a root over a fraction is a stretched one, as high as the fraction.
  const root = page.locator('msqrt:has(mfrac)').first();
  const [over, of] = await root.evaluate((element) => [element, element.querySelector('mfrac')].map((part) => part.getBoundingClientRect().height));
  expect(over).toBeGreaterThanOrEqual(of);
});

test('the page of lessons leads to twelve challenges', async ({ page }) => {
  await page.goto('lessons/en/index.html');
  const links = page.locator('.challenges a');
  await expect(links).toHaveCount(12);
  await links.first().click();
  await expect(page.getByTestId('goal')).toContainText('Challenge');
  await page.goto('lessons/vi/index.html');
  await expect(page.locator('.challenges a').first()).toContainText('Thử thách 1');
});
