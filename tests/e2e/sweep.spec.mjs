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
  const words = await lab.see('sweep-words').textContent();
  const best = rows.reduce((least, row) => (row['held-out'] < least['held-out'] ? row : least));
  expect(words).toContain(`at ${best.sigma}`);
  // What it found stays, and is said to be another network's.
  await lab.type('depth', '4');
  await expect(lab.see('sweep-words')).toContainText('another one by now');
  await lab.press('lang-vi');
  await expect(lab.see('sweep-words')).toContainText(/ạng (chỉ )?học được/);
});

test('a sweep can be given up, and the lab goes on', async ({ lab }) => {
  await lab.open(MLP.replace('width=32', 'width=128'));
  await open(lab);
  await lab.press('sweep-run');
  await expect(lab.see('sweep-words')).toContainText(/Step [1-9]/);
  await lab.press('sweep-run');
  await expect(lab.see('sweep-words')).toContainText('Given up after step');
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
});

test('a link can ask for the sweep alone', async ({ host }) => {
  await host.open(`${TINY}&show=sweep,std`);
  await host.frame(0);
  const lab = host.inside();
  await expect(lab.getByTestId('chart-sweep')).toBeVisible();
  await expect(lab.getByTestId('chart-variance')).toHaveCount(0);
});
