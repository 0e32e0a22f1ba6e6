// Another run beside the present one in the charts that look inside, the limits of number formats, what is covered while
// a prediction is asked for, and dots that ease.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

/** The names that the pointer reads from a chart's curves which have points. */
const names = (page, chart) => page.evaluate((id) => {
  const { data = [] } = document.querySelector(`[data-chart="${id}"] .canvas`);
  return data.filter((trace) => trace.y.some((value) => value !== null)).map((trace) => trace.hovertemplate?.split(' ')[0] ?? '');
}, chart);
const shows = (page, chart, name) => expect.poll(() => names(page, chart), { timeout: 30_000 }).toContain(name);
const measure = async (lab, what) => {
  const button = lab.see(`measure-${what}`);
  await button.click();
  await expect(button).not.toHaveAttribute('aria-busy', 'true', { timeout: 60_000 });
};

test('a pinned run lies over the present one in every chart that looks inside', async ({ lab, page }) => {
  await lab.open(`${MLP}&steps=12&charts=loss,updates,histograms,spectrum,sharpness`);
  await lab.playToEnd(12);
  await measure(lab, 'spectrum');
  await measure(lab, 'sharpness');
  await lab.press('pin');
  await lab.press('reseed');
  await lab.measured();
  await lab.playToEnd(12);
  for (const chart of ['updates', 'spectrum', 'sharpness', 'histograms']) await shows(page, chart, 'A');
  const [row] = await lab.csv('updates');
  expect(row['run-a']).toBeGreaterThan(0);
  expect((await lab.csv('sharpness')).find((row) => row['run-a'] !== null)['run-a']).not.toBeNull();
  await lab.press('updates-step');
  await shows(page, 'updates', 'A');
  // The playhead stands on every axis of steps.
  await lab.see('scrubber').fill('5');
  const playhead = (chart) => page.evaluate((id) => document.querySelector(`[data-chart="${id}"] .canvas`).data.at(-1).x[0], chart);
  const step = Number((await lab.see('scrubber').getAttribute('aria-valuetext')).match(/\d+/)[0]);
  for (const chart of ['loss', 'updates', 'sharpness']) await expect.poll(() => playhead(chart)).toBe(step);
});

test('heads of a pinned transformer lie over those of the present one', async ({ lab, page }) => {
  await lab.open(`${GPT}&steps=4&charts=loss,attention-heads`);
  await lab.playToEnd(4);
  await lab.press('pin');
  await lab.press('reseed');
  await lab.measured();
  await shows(page, 'attention-heads', 'A');
  expect((await lab.csv('attention'))[0]['run-a']).toBeGreaterThan(0);
});

test('a transformer has a Jacobian', async ({ lab }) => {
  await lab.open(`${GPT}&charts=loss,spectrum`);
  await measure(lab, 'spectrum');
  await expect(lab.see('chart-spectrum').locator('.sentence')).toContainText('at the last position of 2 held-out texts', { timeout: 60_000 });
  expect((await lab.csv('spectrum')).length).toBe(32);
});

test('the limits of number formats are a switch away, and stay in the link', async ({ lab, page }) => {
  await lab.open('init=normal&std=0.02&depth=20&device=cpu&charts=variance,updates,gradient');
  const words = (chart) => page.evaluate((id) => document.querySelector(`[data-chart="${id}"] .canvas`).layout?.annotations.map(({ text }) => text).join(), chart);
  await expect.poll(() => words('updates')).toContain('rule of thumb');
  expect(await words('variance')).not.toContain('f16');
  await expect(lab.see('range')).toBeHidden();
  await lab.see('charts').locator('summary').click();
  await lab.see('formats').check();
  await expect.poll(() => words('variance')).toContain('f16');
  await expect.poll(() => words('updates')).toContain('bf16');
  await expect(lab.see('range')).toContainText('f16');
  await expect.poll(() => lab.link()).toContain('formats=1');
});

test('what would give a prediction away is covered until it is made', async ({ lab }) => {
  await lab.open(`${MLP}&predict=1&charts=variance,gradient,signal-share,dead`, { measured: false });
  await expect(lab.see('predict-1')).toBeEnabled();
  for (const chart of ['gradient', 'share', 'dead']) {
    await expect(lab.see(`covered-${chart}`)).toBeVisible();
    await expect(lab.see(`csv-${chart}`)).toBeHidden();
  }
  await expect(lab.see('derivation')).toHaveCount(0);
  await lab.see('predict-1').press('ArrowDown');
  await lab.press('predict-show');
  for (const chart of ['gradient', 'share', 'dead']) await expect(lab.see(`covered-${chart}`)).toHaveCount(0);
  await expect(lab.see('derivation')).toBeVisible();
});

for (const motion of ['no-preference', 'reduce']) {
  test(`dots ${motion === 'reduce' ? 'jump where less motion is asked for' : 'go to their new places'}`, async ({ lab, page }) => {
    await page.emulateMedia({ reducedMotion: motion });
    await lab.open(MLP);
    await lab.settled();
    await page.evaluate(() => {
      self.eased = 0;
      document.addEventListener('transitionrun', ({ target }) => { self.eased += Number(target.matches('.points path')); });
    });
    const before = await lab.file('variance');
    await lab.press('reseed');
    await expect.poll(() => lab.file('variance')).not.toBe(before);
    await lab.settled();
    const eased = await page.evaluate(() => self.eased);
    if (motion === 'reduce') expect(eased).toBe(0);
    else expect(eased).toBeGreaterThan(0);
  });
}
