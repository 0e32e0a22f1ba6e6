// On paper: black on white, nothing to press, no chart cut; what has not started is an address.

import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';
import { labUrl } from './playwright.config.mjs';

/** The page as it is printed, on paper of this width. */
async function onPaper(page, width = 700) {
  const told = () => page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await told();
  for (const frame of page.frames().slice(1)) await frame.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width, height: 1000 });
}

for (const scheme of ['light', 'dark']) {
  test(`the lab, drawn in ${scheme} colours`, async ({ lab, page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await lab.open('depth=6&width=32&std=0.1&device=cpu');
    await lab.settled();
    await onPaper(page);
    for (const id of ['play', 'knob-std', 'csv-variance', 'quantity-activation', 'share']) await expect(lab.see(id)).toBeHidden();
    await expect(lab.see('question')).toBeVisible();
    await expect(lab.verdict).toBeVisible();
    for (const id of ['variance', 'gradient', 'loss']) {
      const chart = lab.see(`chart-${id}`);
      // The whole picture, at the width of the paper.
      const [paper, ...pictures] = await chart.evaluate((one) => [one, ...one.querySelectorAll('.main-svg')].map((part) => {
        const { left, right, height } = part.getBoundingClientRect();
        return { left, right, height };
      }));
      expect(pictures.length).toBeGreaterThan(0);
      for (const picture of pictures) {
        expect(picture.right).toBeLessThanOrEqual(paper.right + 1);
        expect(picture.height).toBeGreaterThan(100);
      }
      expect(await chart.evaluate((one) => getComputedStyle(one).breakInside)).toBe('avoid');
    }
    await expect(lab.see('chart-variance')).toHaveCSS('color', 'rgb(22, 25, 29)');
    // A dark drawing is turned into a light one; letters of the page are light or dark by the sheet.
    await expect(lab.see('chart-variance').locator('.svg-container')).toHaveCSS('filter', scheme === 'dark' ? 'invert(1) hue-rotate(180deg)' : 'none');
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect(page.locator('.main-svg[viewBox]')).toHaveCount(0);
  });
}

test('an element that has not started is its address; one that has is its picture', async ({ foreign, page }) => {
  await foreign.open(`<init-lab id="a" ${TINY} title="Three layers" show="std,variance"></init-lab><p style="height: 4000px"></p>
    <init-lab id="b" ${TINY} title="Far below" height="500"></init-lab>`);
  await foreign.frame('a');
  await onPaper(page);
  const link = foreign.lab('b').getByRole('link');
  await expect(link).toHaveText('Far below');
  const said = await link.evaluate((one) => getComputedStyle(one, '::after').content);
  expect(said.replaceAll('\\"', '"')).toContain(await link.getAttribute('href'));
  expect(await foreign.lab('b').evaluate((one) => one.offsetHeight)).toBeLessThan(200);
  await expect(foreign.inside('a').getByTestId('chart-variance')).toBeVisible();
  await expect(foreign.inside('a').getByTestId('knob-std')).toBeHidden();
  const cut = await foreign.inside('a').locator('html').evaluate((html) => html.scrollHeight - html.clientHeight);
  expect(cut).toBeLessThanOrEqual(0);
});

test('an experiment, and a lesson with its labs as addresses', async ({ page }) => {
  await page.goto(`${labUrl}experiments.html#e2`);
  await expect(page.getByTestId('answer-sentence')).toBeVisible();
  await onPaper(page);
  await expect(page.getByTestId('answer-sentence')).toBeVisible();
  await expect(page.locator('.run')).toBeHidden();
  await expect(page.locator('textarea')).toBeHidden();
  await expect(page.locator('button:visible')).toHaveCount(0);
  await page.emulateMedia({ media: null });
  await page.goto(`${labUrl}lessons/en/variance.html`);
  await onPaper(page);
  const idle = page.locator('init-lab').last();
  await expect(idle).toBeVisible();
});
