// Charts are chosen and ordered by the reader, explained, and saved as pictures.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

const order = (page) => page.locator('.stage > .chart').evaluateAll((all) => all.map((chart) => chart.dataset.chart));

test('a reader chooses and orders the charts, and the link keeps it', async ({ lab, page }) => {
  await lab.open(MLP);
  const standard = ['variance', 'gradient', 'signal-share', 'loss', 'digits'];
  expect(await order(page)).toEqual(standard);
  await lab.see('charts').locator('summary').click();
  await lab.press('charts-gradient');
  await expect.poll(() => order(page)).toEqual(['variance', 'signal-share', 'loss', 'digits']);
  await lab.press('charts-loss-up');
  await expect.poll(() => order(page)).toEqual(['variance', 'loss', 'signal-share', 'digits']);
  await expect.poll(() => lab.link()).toContain('charts=variance,loss,signal-share');
  await page.reload();
  await lab.measured();
  expect(await order(page)).toEqual(['variance', 'loss', 'signal-share', 'digits']);
  await lab.see('charts').locator('summary').click();
  await lab.press('charts-standard');
  await expect.poll(() => order(page)).toEqual(standard);
  await expect(page.locator('[data-chart="gradient"] .points path').first()).toBeAttached();
});

test('every chart says how it is read', async ({ lab }) => {
  await lab.open(MLP);
  const note = lab.see('chart-variance').locator('.reading');
  await expect(note).toHaveCount(0);
  await lab.press('read-variance');
  await expect(note).toContainText('Each dot is a layer');
});

test('a picture carries title, legend, caption and link', async ({ lab }) => {
  await lab.open(MLP);
  await lab.settled();
  const text = (await lab.picture('svg', 'variance')).toString();
  expect(text).toMatch(/^<svg/);
  for (const part of ['Variance of the signal by depth', 'measured', 'predicted', 'init=kaiming-normal']) expect(text).toContain(part);
  const png = await lab.picture('png', 'loss');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
});

test('the losses have a linear axis or a logarithmic one, as the reader chooses', async ({ lab, page }) => {
  await lab.open(`${MLP}&steps=10`);
  await lab.playToEnd(10);
  const axis = () => page.locator('[data-chart="loss"] .canvas').evaluate((canvas) => canvas.layout?.yaxis?.type ?? 'linear');
  await expect(lab.see('loss-linear')).toHaveAttribute('aria-pressed', 'true');
  await lab.press('loss-log');
  await expect.poll(axis).toBe('log');
  await lab.press('loss-linear');
  await expect.poll(axis).not.toBe('log');
});
