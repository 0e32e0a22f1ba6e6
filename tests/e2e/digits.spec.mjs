// Digits go through the network and are guessed at, and a GPT writes lines.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

const order = (page) => page.locator('.stage > .chart').evaluateAll((all) => all.map((chart) => chart.dataset.chart));
const sentence = (lab, chart) => lab.see(`chart-${chart}`).locator('.sentence');

/** The grey levels of the layers' pictures, a list for each. */
const pictures = (page) => page.locator('.digit-path figure:not(.ends) canvas').evaluateAll((all) => all.map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return [...data].filter((_, at) => at % 4 === 0);
}));
const spread = (levels) => Math.max(...levels) - Math.min(...levels);

test('ten held-out digits stand with the network’s answers, which it learns', async ({ lab, page }) => {
  await lab.open(`${MLP}&steps=300`);
  for (let digit = 0; digit < 10; digit += 1) {
    await expect(lab.see(`digit-${digit}`)).toContainText(/\d\s?[✓✗]/);
    await expect(lab.see(`digit-${digit}`)).toHaveAccessibleName(new RegExp(`^Digit ${digit}: taken for a \\d with [\\d.]+ %, which is (right|wrong)$`));
  }
  await expect(sentence(lab, 'digits')).toContainText('At step 0');
  const right = async () => (await lab.csv('digits')).reduce((sum, row) => sum + row['guess-right'], 0);
  const before = await right();
  await lab.playToEnd(300);
  await expect(sentence(lab, 'digits')).toContainText(/At step 300, \d+ of 10 are right/);
  const after = await right();
  expect(after).toBeGreaterThan(Math.max(before, 4));
  // The playhead takes the answers back too.
  await lab.see('scrubber').focus();
  await page.keyboard.press('Home');
  await expect(sentence(lab, 'digits')).toContainText(`At step 0, ${before} of 10 are right`);
});

test('the strip is low, and a phone has room for it', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await lab.open(MLP);
  const strip = await page.locator('.digit-strip').boundingBox();
  expect(strip.height).toBeLessThan(90);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a digit that is pressed goes through the layers, and fades where σ is small', async ({ lab, page }) => {
  await lab.open('depth=10&width=64&batch=32&std=0.02&device=cpu');
  await lab.press('digit-3');
  await expect.poll(() => order(page)).toContain('digit-path');
  await expect.poll(async () => (await pictures(page)).length).toBe(10);
  await expect(sentence(lab, 'digit-path')).toContainText('has faded');
  await expect.poll(async () => spread((await pictures(page))[9])).toBeLessThan(2);
  expect(spread((await pictures(page))[0])).toBeGreaterThan(20);
  // On its own scale the last layer still has a pattern, another for another digit.
  await lab.press('digit-scale-layer');
  await expect.poll(async () => spread((await pictures(page))[9])).toBeGreaterThan(20);
  const three = (await pictures(page))[9];
  await lab.see('follow-3').focus();
  await page.keyboard.press('ArrowRight');
  await expect(lab.see('follow-4')).toBeChecked();
  await expect.poll(async () => (await pictures(page))[9]).not.toEqual(three);
  const rows = await lab.csv('digit-path');
  expect(rows).toHaveLength(10);
  expect(rows[9]['digit-difference']).toBeLessThan(1e-3 * rows[0]['digit-difference']);
  expect(rows[9]['digit-share']).toBeGreaterThan(0.01);
  // The pictures follow σ, and the digit is let go by another press.
  await lab.press('digit-scale-input');
  await lab.type('std', '0.177');
  await expect.poll(async () => spread((await pictures(page))[9])).toBeGreaterThan(10);
  await lab.press('digit-4');
  await expect.poll(() => order(page)).not.toContain('digit-path');
});

test('to look at digits changes no number of the run', async ({ lab }) => {
  await lab.open(`${MLP}&steps=20&charts=variance,loss`);
  await lab.playToEnd(20);
  const bare = await lab.losses();
  await lab.open(`${MLP}&steps=20&charts=variance,loss,digits,digit-path`);
  await lab.playToEnd(20);
  expect(await lab.losses()).toEqual(bare);
});

test('other data and labs that name their charts have no digits', async ({ lab, page }) => {
  await lab.open('depth=3&width=16&data=spirals&device=cpu');
  expect(await order(page)).not.toContain('digits');
  for (const link of ['charts=variance,loss', 'show=std,variance', 'embed=1']) {
    await lab.open(`${MLP}&${link}`, { measured: false });
    await expect(lab.see('chart-variance')).toBeVisible();
    expect(await order(page)).not.toContain('digits');
  }
  await lab.open(`${MLP}&embed=1&show=variance,digits`, { measured: false });
  await expect(lab.see('digit-0')).toContainText(/[✓✗]/);
  // Where a teacher chose the charts, a digit leads to no other.
  await expect(lab.see('digit-0')).toBeDisabled();
});

test('a GPT writes a line at the start and when it stops', async ({ lab }) => {
  await lab.open(`${GPT}&steps=60&charts=loss,lines`);
  const lines = lab.see('lines-list').getByRole('listitem');
  await expect(lines).toHaveCount(1, { timeout: 30_000 });
  await expect(lines.first()).toContainText('step 0');
  const text = await lines.first().locator('code').textContent();
  expect(text).toHaveLength(60);
  await lab.playToEnd(60);
  await expect(lines.last()).toContainText('step 60', { timeout: 30_000 });
  expect(await lines.last().locator('code').textContent()).not.toBe(text);
  await lab.press('reset');
  await expect(lines).toHaveCount(1);
  await expect(lines.first().locator('code')).toHaveText(text, { timeout: 30_000 });
});
