// Runs are compared: pinned, drawn over each other, named, exchanged, and there again after a reload.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP, countKeptRuns } from './lab.mjs';

const SHORT = `${MLP}&steps=60`;
/** The curves of a chart that belong to other runs, by the name that the pointer reads. */
const others = (page, chart) => page.evaluate((id) => (document.querySelector(`[data-chart="${id}"] .canvas`).data ?? [])
  .map((trace) => trace.hovertemplate?.split(' %')[0])
  .filter((name) => /^([A-G]|before)$/.test(name)), chart);
const drawn = (page, chart, names) => expect.poll(() => others(page, chart), { intervals: [50] }).toEqual(names);

test('the run before stays as a ghost, and a pinned one has a chip, a curve in every chart and words', async ({ lab, page }) => {
  await lab.open(SHORT);
  await expect(lab.see('runs').locator('.chip')).toHaveCount(0);
  await lab.playToEnd(60);
  await lab.type('std', '0.02');
  for (const chart of ['variance', 'gradient', 'signal-share', 'loss']) await drawn(page, chart, ['before']);
  // What was trained comes back from the list, and is pinned by a key.
  await lab.see('all-runs').locator('summary').click();
  const rows = lab.see('run-list').locator('tbody tr');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Kaiming normal');
  await lab.press('kept-1-open');
  await lab.measured();
  await page.keyboard.press('p');
  await expect(lab.see('run-a')).toContainText('Kaiming normal');
  await lab.type('std', '0.02');
  await lab.measured();
  await expect(lab.see('runs').locator('.chip')).toHaveCount(2);
  for (const chart of ['variance', 'gradient', 'signal-share', 'loss']) await drawn(page, chart, ['A']);
  await expect(lab.see('runs-words')).toContainText(/^Against A: Scheme Normal instead of Kaiming normal\. At step 0 the loss is 2\.3\d* against/);
  await expect(lab.see('runs-words')).toContainText(/times smaller/);
  // Its numbers are in the tables too.
  const [first] = await lab.csv('variance');
  expect(first['run-a'] / first.post).toBeGreaterThan(10);
  await lab.linkBecomes(`#v=1&depth=4&width=32&lr=0.1&batch=32&steps=60&device=cpu&a=init=kaiming-normal`);
});

test('a pinned run is named, hidden, exchanged, opened and unpinned', async ({ lab, page }) => {
  await lab.open(SHORT);
  await lab.press('pin');
  await lab.type('std', '0.5');
  await lab.measured();
  await lab.press('run-a');
  await lab.see('run-a-name').fill('He & co');
  await lab.see('run-a-name').press('Enter');
  await expect(lab.see('run-a')).toContainText('He & co');
  await lab.press('run-a-hide');
  await drawn(page, 'variance', []);
  await lab.press('run-a-hide');
  await drawn(page, 'variance', ['A']);
  await lab.press('run-a-swap');
  await lab.measured();
  await expect(lab.see('run-b')).toContainText('Normal 0.5');
  await expect(lab.knob('init')).toHaveValue('kaiming-normal');
  await drawn(page, 'variance', ['B']);
  await lab.press('run-b');
  await lab.press('run-b-open');
  await lab.measured();
  await expect(lab.field('std')).toHaveValue('0.5');
  await lab.press('run-b');
  await lab.press('run-b-remove');
  await expect(lab.see('runs').locator('.chip')).toHaveCount(0);
});

test('the fix becomes run B', async ({ lab, page }) => {
  await lab.open('depth=20&width=64&batch=16&std=0.02&device=cpu');
  await lab.press('fix');
  await lab.measured();
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'steady');
  await expect(lab.see('run-a')).toContainText('Normal 0.02');
  await drawn(page, 'variance', ['A']);
});

test('a link compares two starts, and both are trained side by side', async ({ lab, page }) => {
  await lab.open(`${SHORT.replace('kaiming', 'xavier')}&b=init=kaiming-normal;name=He`);
  await expect(lab.see('run-b')).toContainText('He');
  await drawn(page, 'variance', ['B']);
  await lab.playToEnd(60);
  const trained = async () => (await lab.csv('loss')).filter((row) => row['run-b'] !== null).map((row) => row.step);
  await expect.poll(async () => (await trained()).at(-1), { timeout: 60_000 }).toBe('60');
  await expect(lab.see('run-b')).toContainText(/%/);
  // The run beside is the one that its own link trains.
  const beside = (await lab.csv('loss')).map((row) => row['run-b']).filter((loss) => loss !== null);
  await lab.open(SHORT);
  await lab.playToEnd(60);
  const alone = (await lab.csv('loss')).map((row) => row['held-out']).filter((loss) => loss !== null);
  expect(beside.at(-1)).toBe(alone.at(-1));
});

test('runs survive a reload, and the way back to any step with them', async ({ lab, page }) => {
  await lab.open(SHORT);
  await lab.playToEnd(60);
  await page.keyboard.press('p');
  await lab.type('std', '0.5');
  await lab.measured();
  const kept = () => page.evaluate(countKeptRuns);
  await expect.poll(kept, { timeout: 15_000 }).toBe(1);
  await page.reload();
  await lab.measured();
  await expect(lab.see('run-a')).toContainText(/Kaiming normal .*· \d+ %/);
  await drawn(page, 'loss', ['A']);
  await lab.see('all-runs').locator('summary').click();
  await lab.press('kept-1-delete');
  await expect(lab.see('all-runs')).toHaveCount(0);
  await expect.poll(kept, { timeout: 15_000 }).toBe(0);
});

test('in a lesson the strip is there only if something is compared', async ({ lab }) => {
  await lab.open(`${SHORT}&embed=1`);
  await expect(lab.see('runs')).toHaveCount(0);
  await lab.open(`${SHORT}&embed=1&b=std=0.5`);
  await expect(lab.see('run-b')).toBeVisible();
  await expect(lab.see('all-runs')).toHaveCount(0);
  await lab.open(`${SHORT}&embed=1&show=pin`);
  await expect(lab.see('pin')).toBeVisible();
});

test('a playhead drags every chart and sentence back to a step', async ({ lab, page }) => {
  await lab.open(SHORT);
  const start = await lab.file('variance');
  await expect(lab.see('scrubber')).toHaveCount(0);
  await lab.playToEnd(60);
  const end = await lab.file('variance');
  const scrubber = lab.see('scrubber');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /^Step 60: loss/);
  await scrubber.focus();
  await page.keyboard.press('Home');
  await expect(scrubber).toHaveAttribute('aria-valuetext', /^Step 0: loss/);
  expect(await lab.file('variance')).toBe(start);
  await expect(lab.verdict).not.toContainText('It learns');
  await expect(lab.see('scrubber-words')).toContainText('Step 0');
  const line = () => page.evaluate(() => document.querySelector('[data-chart="loss"] .canvas').data.at(-1).x[0]);
  await expect.poll(line).toBe(0);
  // Arrow keys go from one measurement to the next, and a drag goes anywhere.
  await scrubber.focus();
  await page.keyboard.press('ArrowRight');
  await expect(scrubber).not.toHaveAttribute('aria-valuetext', /^Step 0:/);
  await scrubber.fill('30');
  const step = Number((await scrubber.getAttribute('aria-valuetext')).match(/\d+/)[0]);
  expect(step).toBeLessThanOrEqual(30);
  await lab.press('scrubber-now');
  expect(await lab.file('variance')).toBe(end);
  await expect(lab.verdict).toContainText('It learns');
});

test('after a divergence one goes to where it broke, in words', async ({ lab, page }) => {
  await lab.open('depth=4&width=32&batch=16&init=kaiming-normal&lr=60&device=cpu&steps=400');
  await lab.press('play');
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'diverged', { timeout: 60_000 });
  const end = Number((await lab.see('scrubber').getAttribute('aria-valuetext')).match(/\d+/)[0]);
  await expect(lab.see('scrubber-words')).toContainText(`At step ${end} `);
  await lab.press('scrubber-broke');
  const step = Number((await lab.see('scrubber').getAttribute('aria-valuetext')).match(/\d+/)[0]);
  expect(step).toBeLessThan(end);
  await expect(lab.see('scrubber-words')).toContainText(`to step ${step} the`);
  // The strip shows the explosion: its last column is not that of its first.
  const strip = lab.see('strip');
  await expect.poll(() => strip.evaluate((canvas) => canvas.height)).toBe(5);
  const [painted, width] = await strip.evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return [data.filter((value) => value > 0).length, canvas.width];
  });
  expect(painted).toBeGreaterThan(width);
});

test('where a loss that stays finite rose too far one goes to the step, and the run goes on', async ({ lab }) => {
  await lab.open('depth=6&width=32&batch=16&init=kaiming-normal&act=tanh&lr=2&opt=adam&warmup=300&device=cpu&steps=400');
  await lab.press('play');
  const words = lab.see('scrubber-words');
  await expect(words).toContainText('more than three times its lowest value', { timeout: 60_000 });
  await lab.press('scrubber-broke');
  const scrubber = lab.see('scrubber');
  const step = Number((await scrubber.getAttribute('aria-valuetext')).match(/\d+/)[0]);
  // The steps beside it are known too.
  await scrubber.press('ArrowLeft');
  await expect(scrubber).toHaveAttribute('aria-valuetext', new RegExp(`^Step ${step - 1}:`));
  await lab.press('scrubber-now');
  await lab.reached(400);
  await expect(lab.see('scrubber-broke')).toBeVisible();
});

test('a GPT’s weights are compared block by block', async ({ lab, page }) => {
  await lab.open(`${GPT}&steps=20&b=std=0.2`);
  await drawn(page, 'weights', ['B', 'B', 'B']);
});

test('Xavier against Kaiming is a prepared lab that trains both', async ({ lab }) => {
  await lab.open('x=xavier-kaiming&depth=4&width=32&batch=32&steps=12&device=cpu');
  await expect(lab.see('run-b')).toBeVisible();
  await lab.press('play');
  await expect(lab.step).toHaveText('12', { timeout: 60_000 });
  // It trains on for as long as its own settings say.
  await expect.poll(async () => Number((await lab.csv('loss')).filter((row) => row['run-b'] !== null).at(-1)?.step)).toBeGreaterThanOrEqual(12);
});
