// Many networks trained as one: asked for, followed, given up, read.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

const TINY = 'depth=3&width=24&batch=16&lr=0.1&device=cpu';
const open = (lab) => lab.see('sweep').locator('summary').click();

test('a sweep finds where the network learns', async ({ lab }) => {
  await lab.open(TINY);
  await open(lab);
  await expect(lab.see('sweep-words')).toContainText('15 values of σ');
  await lab.press('sweep-run');
  await expect(lab.see('sweep-words')).toContainText(/learns (from|at)/, { timeout: 60_000 });
  const rows = await lab.csv('sweep');
  expect(rows).toHaveLength(15);
  const learned = rows.filter((row) => row['held-out'] < 1).map((row) => row.sigma);
  // He's σ for 24 units; a thousandth loses the signal in three layers.
  expect(Math.min(...learned)).toBeLessThan(Math.sqrt(2 / 24));
  expect(Math.min(...learned)).toBeGreaterThan(0.001);
  // Rows are headed by their σ.
  const heads = await (await lab.data('sweep')).locator('tbody th').allTextContents();
  expect([heads[0], heads.at(-1)]).toEqual(['0.001', '3']);
  expect(heads.filter((head) => !Number(head))).toEqual([]);
  const words = await lab.see('sweep-words').textContent();
  // He's σ for so few units is above what is called safe.
  expect(words).toMatch(/In the range from 0\.01 to 0\.1, often called safe, (all 4 σ|only σ = |none of the 4 σ)/);
  const best = rows.reduce((least, row) => (row['held-out'] < least['held-out'] ? row : least));
  expect(words).toContain(`at ${best.sigma}`);
  // What it found stays, and is said to be another network's.
  await lab.type('depth', '4');
  await expect(lab.see('sweep-words')).toContainText('has changed since');
  await lab.press('lang-vi');
  await expect(lab.see('sweep-words')).toContainText(/ạng (chỉ )?học được/);
});

test('a sweep can be given up, and the lab goes on', async ({ lab }) => {
  await lab.open(MLP.replace('width=32', 'width=128'));
  await open(lab);
  await lab.press('sweep-run');
  await expect(lab.see('sweep-words')).toContainText(/Step [1-9]/);
  await lab.press('sweep-run');
  await expect(lab.see('sweep-words')).toContainText('Stopped after step');
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
});

test('a sweep that is given up at once leaves nothing to wait for', async ({ lab }) => {
  await lab.open(MLP);
  await open(lab);
  // In one task, once it is there: what is in a section comes after the section opens.
  await lab.see('sweep-run').evaluate((button) => {
    button.click();
    button.click();
  });
  await expect(lab.see('sweep-words')).toContainText('Stopped after step');
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
  await lab.paused();
  await expect(lab.status).not.toContainText('Drawing weights');
});

test('a sweep over another network does not wipe the one before', async ({ lab }) => {
  await lab.open(TINY);
  await open(lab);
  const words = lab.see('sweep-words');
  const swept = async () => {
    await lab.press('sweep-run');
    await expect(words).toContainText(/Step \d/);
    await expect(words).toContainText(/learns (from|at)|None of them/, { timeout: 60_000 });
  };
  await swept();
  const first = await lab.file('sweep');
  await expect(lab.see('sweep-kept')).toHaveCount(0);
  await lab.type('depth', '8');
  await lab.measured();
  await swept();
  const second = await lab.file('sweep');
  expect(second).not.toBe(first);
  await expect(lab.see('sweep-kept').locator('option')).toHaveText([/Depth 8/, /Depth 3/]);
  await lab.see('sweep-kept').selectOption({ index: 1 });
  await expect(words).toContainText('has changed since');
  expect(await lab.file('sweep')).toBe(first);
  await lab.see('sweep-kept').selectOption({ index: 0 });
  expect(await lab.file('sweep')).toBe(second);
});

test('a link can ask for the sweep alone', async ({ host }) => {
  await host.open(`${TINY}&show=sweep,std`);
  await host.frame(0);
  const lab = host.inside();
  await expect(lab.getByTestId('chart-sweep')).toBeVisible();
  await expect(lab.getByTestId('chart-variance')).toHaveCount(0);
});
