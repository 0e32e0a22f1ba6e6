// What is inside: distributions, dead units, updates, heads of attention, singular values and sharpness.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

const traces = (page, chart) => page.evaluate((id) => {
  const canvas = document.querySelector(`[data-chart="${id}"] .canvas`);
  return (canvas.data ?? []).filter((trace) => trace.y.some((value) => value !== null)).length;
}, chart);
const drawn = (page, chart) => expect.poll(() => traces(page, chart), { intervals: [50], timeout: 30_000 }).toBeGreaterThan(0);
const sentence = (lab, chart) => lab.see(`chart-${chart}`).locator('.sentence');

test('distributions are there as soon as the chart is, paused or training, of every kind', async ({ lab, page }) => {
  await lab.open(`${MLP}&act=tanh&init=xavier-normal&steps=40`);
  const before = await lab.file('variance');
  await lab.see('charts').locator('summary').click();
  await lab.press('charts-histograms');
  await lab.press('charts-dead');
  await page.keyboard.press('Escape');
  await expect(lab.see('charts')).not.toHaveAttribute('open');
  await drawn(page, 'histograms');
  // To look changes no number of the run.
  expect(await lab.file('variance')).toBe(before);
  await expect(sentence(lab, 'histograms')).toContainText('The standard deviation is');
  for (const content of ['weights', 'preactivations', 'gradients', 'activations']) {
    await lab.press(`content-${content}`);
    await expect.poll(async () => (await lab.csv('histograms')).length).toBeGreaterThan(3);
    await drawn(page, 'histograms');
  }
  await lab.playToEnd(40);
  await expect(sentence(lab, 'dead')).toContainText(/satur/i);
  await lab.see('histogram-layer').selectOption({ index: 1 });
  await expect(sentence(lab, 'histograms')).toContainText('In layer 1: standard deviation');
  expect((await lab.csv('histograms')).length).toBeGreaterThan(30);
  // The playhead takes the distributions back too.
  const now = await lab.file('histograms');
  await lab.see('scrubber').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => lab.file('histograms')).not.toBe(now);
});

test('dead ReLU units are counted on held-out data', async ({ lab }) => {
  const dead = async () => (await lab.csv('dead')).map((row) => row.dead);
  await lab.open('depth=4&width=32&batch=32&init=kaiming-normal&device=cpu&charts=variance,dead');
  // The output layer has no activation that could die.
  await expect.poll(dead).toEqual([0, 0, 0, 0, null]);
  // Where biases are far larger than what is added to them, a unit fires always or never.
  await lab.open('depth=4&width=32&batch=32&init=kaiming-normal&bias=100&device=cpu&charts=variance,dead');
  await expect.poll(async () => (await dead())[0]).toBeGreaterThan(0.25);
  expect((await dead())[0]).toBeLessThan(0.75);
  await expect(sentence(lab, 'dead')).toContainText(/Most are dead in layer \d: [\d.]+ %/);
});

test('updates are shown by matrix and by step, beside theory’s first', async ({ lab, page }) => {
  await lab.open(`${MLP}&charts=variance,updates`);
  await expect(sentence(lab, 'updates')).toContainText('There was no update yet');
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
  await expect(sentence(lab, 'updates')).toContainText('The last update moved the weights by');
  await drawn(page, 'updates');
  await lab.press('step');
  await expect(lab.step).toHaveText('2');
  await lab.press('updates-step');
  await drawn(page, 'updates');
});

test('each head of attention has its entropy, before training too', async ({ lab, page }) => {
  await lab.open(`${GPT}&charts=variance,attention-heads`);
  await drawn(page, 'attention-heads');
  const heads = await lab.csv('attention');
  expect(heads).toHaveLength(2);
  for (const head of heads) expect(head.evenness).toBeGreaterThan(0.9);
  await lab.press('attention-peak');
  await drawn(page, 'attention-heads');
});

test('singular values and sharpness are measured when asked for, and the run goes on', async ({ lab, page }) => {
  await lab.open('depth=6&width=32&batch=32&act=linear&init=orthogonal&lr=0.01&steps=1000000&device=cpu&charts=variance,spectrum,sharpness');
  await lab.press('measure-spectrum');
  await expect(sentence(lab, 'spectrum')).toContainText('at step 0', { timeout: 30_000 });
  await expect(sentence(lab, 'spectrum')).toContainText('dynamical isometry');
  await lab.see('spectrum-of').selectOption({ index: 3 });
  await lab.press('measure-spectrum');
  await expect(sentence(lab, 'spectrum')).toContainText('the matrix keeps angles', { timeout: 30_000 });
  await lab.press('measure-sharpness');
  await expect(sentence(lab, 'sharpness')).toContainText(/Sharpness .* at step 0/, { timeout: 30_000 });
  await lab.press('play');
  await lab.reached(50);
  await lab.press('measure-sharpness');
  await expect.poll(async () => (await lab.csv('sharpness')).length, { timeout: 60_000 }).toBe(2);
  const then = await lab.steps();
  await lab.reached(then + 1);
  await drawn(page, 'sharpness');
  await lab.press('reset');
  await lab.measured();
  await expect(sentence(lab, 'sharpness')).toContainText('Not measured yet');
});

test('a step in slow motion goes forward and back, layer by layer', async ({ lab, page }) => {
  await lab.open(MLP);
  const shown = async (chart, column) => (await lab.csv(chart)).filter((row) => row[column] !== null).length;
  // What is said stands for less time than a test may take to look again.
  await lab.see('slow-words').evaluate((words) => {
    window.said = [];
    new MutationObserver(() => window.said.push(words.textContent)).observe(words, { childList: true, characterData: true, subtree: true });
  });
  await lab.press('slow');
  expect(await shown('gradient', 'gradient')).toBe(0);
  await expect(lab.step).toHaveText('1');
  await expect(lab.see('slow-words')).toBeEmpty();
  const said = (await page.evaluate(() => window.said)).join(' | ');
  expect(said).toMatch(/Step 0, forward: layer 1.*Step 0, backward:/);
  expect(await shown('gradient', 'gradient')).toBe(5);
  await lab.press('slow');
  await lab.press('slow');
  await expect(lab.see('slow')).toHaveAttribute('aria-pressed', 'false');
  expect(await shown('variance', 'post')).toBe(5);
});

test('a menu closes by a press elsewhere', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.press('save-variance');
  await expect(lab.see('svg-variance')).toBeVisible();
  await lab.see('question').click();
  await expect(lab.see('svg-variance')).toBeHidden();
});
