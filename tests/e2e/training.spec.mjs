// A real network learns real data in the tab.

import { expect, test } from './fixtures.mjs';
import { GPT, LONG, MLP } from './lab.mjs';
import { mean } from './numbers.mjs';

test('an MLP with a good start learns handwritten digits', async ({ lab }) => {
  await lab.open(`${MLP}&steps=200`);
  await lab.playToEnd(200);
  const losses = await lab.losses();
  expect(losses).toHaveLength(201);
  // Guessing among ten costs 2.30.
  expect(mean(losses.slice(0, 5))).toBeGreaterThan(1.8);
  expect(mean(losses.slice(-20))).toBeLessThan(0.6);
  const accuracy = parseInt(await lab.see('status-accuracy').textContent(), 10);
  expect(accuracy).toBeGreaterThan(80);
  await expect(lab.verdict).toContainText('It learns');
});

test('a small GPT learns characters', async ({ lab }) => {
  await lab.open(`${GPT}&steps=100`);
  await lab.playToEnd(100);
  const losses = await lab.losses();
  // Guessing among 75 costs 4.32; frequencies alone bring it near 3.1.
  expect(losses[0]).toBeGreaterThan(4);
  expect(mean(losses.slice(-10))).toBeLessThan(3.4);
  const held = (await lab.csv('loss')).map((row) => row['held-out']).filter((loss) => loss !== null);
  expect(held.at(-1)).toBeLessThan(held[0] - 0.8);
});

test('the band stands behind the dots, whatever moves', async ({ lab, page }) => {
  const band = page.locator('[data-chart="variance"] .js-fill');
  await lab.open('init=kaiming-normal&depth=6&width=32&batch=16&device=cpu');
  await lab.measured();
  await lab.settled();
  await expect(band).toHaveCount(1);
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
  await lab.settled();
  await expect(band).toHaveCount(1);
});

test('what still tells inputs apart is measured beside its prediction', async ({ lab }) => {
  await lab.open('init=pytorch&depth=10&width=64&batch=32&device=cpu');
  await lab.measured();
  await expect(lab.see('chart-share')).toBeVisible();
  const layers = await lab.csv('share');
  expect(layers).toHaveLength(11);
  for (const layer of layers) {
    expect(layer.share / layer['predicted-share'], layer.layer).toBeGreaterThan(0.2);
    expect(layer.share / layer['predicted-share'], layer.layer).toBeLessThan(5);
  }
  expect(layers[9].share).toBeLessThan(1e-3);
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'forgets');
});

test('what is measured is drawn, at the start and after a step', async ({ lab, page }) => {
  const dots = (chart) => page.locator(`[data-chart="${chart}"] .scatterlayer .trace .points path`);
  await lab.open(GPT.replace('depth=1', 'depth=3'));
  // Q, K and V of three blocks; the gradients, the embedding's too; where the losses are: training and held-out.
  await expect(dots('weights')).toHaveCount(9);
  await expect(dots('gradient')).toHaveCount(4);
  await expect(dots('loss')).toHaveCount(2);
  await lab.press('step');
  await expect(dots('gradient')).toHaveCount(8);
  await expect(dots('loss')).toHaveCount(2);
  const curve = page.locator('[data-chart="loss"] .scatterlayer .trace').first().locator('path.js-line');
  await expect(curve).toHaveAttribute('d', /^M.+L/);
});

test('play, pause, one step', async ({ lab }) => {
  await lab.open(LONG);
  await expect(lab.step).toHaveText('0');
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
  await lab.paused();
  await lab.press('play');
  await expect(lab.see('pause')).toBeVisible();
  await lab.reached(10);
  await lab.press('pause');
  await lab.paused();
  await expect(lab.status).toContainText('Paused at step');
  const step = await lab.steps();
  // Another step goes on from there: nothing ran in between.
  await lab.press('step');
  await expect(lab.step).toHaveText(`${step + 1}`);
  expect(Number((await lab.csv('loss')).at(-1).step)).toBe(step + 1);
});

test('steps that are asked for quickly are all made', async ({ lab }) => {
  await lab.open(MLP);
  await lab.see('step').evaluate((button) => {
    for (let count = 0; count < 7; count++) button.click();
  });
  await expect(lab.step).toHaveText('7');
});

test('reset brings back the same weights, and with them the same losses to the last digit', async ({ lab }) => {
  for (const link of [`${MLP}&steps=40`, `${GPT}&steps=10`]) {
    const steps = Number(/steps=(\d+)/.exec(link)[1]);
    await lab.open(link);
    const [variance, gradient] = [await lab.file('variance'), await lab.file('gradient')];
    await lab.playToEnd(steps);
    const loss = await lab.file('loss');
    await lab.press('reset');
    await expect(lab.step).toHaveText('0');
    await lab.measured();
    await lab.paused();
    expect(await lab.file('variance')).toBe(variance);
    expect(await lab.file('gradient')).toBe(gradient);
    await lab.playToEnd(steps);
    const column = (text) => text.split('\n').map((line) => line.split(',').slice(0, 2).join(','));
    expect(column(await lab.file('loss'))).toEqual(column(loss));
  }
});

test('a new seed is another network of the same size; the old seed is the old one', async ({ lab }) => {
  await lab.open(`${MLP}&seed=41`);
  const old = await lab.csv('variance');
  await lab.press('reseed');
  await expect(lab.knob('seed')).toHaveValue('42');
  await lab.measured();
  const other = await lab.csv('variance');
  expect(other.map((row) => row.pre)).not.toEqual(old.map((row) => row.pre));
  expect(other.map((row) => row['predicted-pre'])).toEqual(old.map((row) => row['predicted-pre']));
  await lab.reveal('seed');
  await lab.knob('seed').fill('41');
  await lab.knob('seed').press('Enter');
  await lab.measured();
  await lab.paused();
  expect(await lab.csv('variance')).toEqual(old);
});

test('the learning rate takes effect live, without a restart', async ({ lab }) => {
  const held = async () => (await lab.csv('loss')).filter((row) => row['held-out'] !== null);
  await lab.open(`${LONG.replace('lr=0.1', 'lr=1e-7')}`);
  await lab.press('play');
  await expect.poll(async () => (await held()).length).toBeGreaterThan(2);
  const before = (await held()).map((row) => row['held-out']);
  await lab.type('lr', '0.1');
  const changed = await lab.steps();
  expect(changed).toBeGreaterThan(0);
  await lab.reached(changed + 200);
  await lab.press('pause');
  await lab.paused();
  expect(Math.max(...before) - Math.min(...before)).toBeLessThan(0.01);
  expect((await held()).at(-1)['held-out']).toBeLessThan(0.6 * before[0]);
});

test('a change of the network while it trains begins again and trains on', async ({ lab }) => {
  await lab.open(LONG);
  await lab.press('play');
  await lab.reached(30);
  await lab.type('width', '24');
  await lab.measured();
  await lab.reached(5);
  await expect(lab.see('pause')).toBeVisible();
  expect((await lab.csv('loss'))[0].step).toBe('0');
});

test('a run that is over begins again with play', async ({ lab }) => {
  await lab.open(`${MLP}&steps=5`);
  await lab.playToEnd(5);
  await expect(lab.status).toContainText('Finished after 5 steps');
  await expect(lab.see('step')).toBeDisabled();
  await lab.press('play');
  await expect(lab.status).toContainText('Finished after 5 steps');
  expect(await lab.losses()).toHaveLength(6);
});

test('a network that knows nothing is right by chance: all of its logits are a tie', async ({ host }) => {
  await host.open('init=zeros&depth=3&width=16&batch=16&device=cpu');
  expect((await host.frame(0)).accuracy).toBeCloseTo(0.1, 6);
});
