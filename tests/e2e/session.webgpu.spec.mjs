// A whole session on the software adapter: one tiny network, because its kernels take a while to compile.

import { expect, test } from './fixtures.mjs';
import { apart, mean } from './numbers.mjs';

const COMPILING = 180_000;
const LAB = 'depth=4&width=16&batch=16&std=0.02&lr=0.1&steps=1000000&device=webgpu';

test.setTimeout(300_000);

test('verdicts, the drag, training, pause, step and reset are the same on WebGPU', async ({ lab, page }) => {
  await lab.open(LAB, { measured: false });
  await lab.measured(COMPILING);
  await expect(lab.device).toHaveAttribute('data-device', 'webgpu');

  // The signal dies, explodes, holds, as the slider says.
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'vanishing');
  const before = await lab.table('variance');
  await lab.type('std', '5');
  await lab.measured(COMPILING);
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'exploding');
  expect((await lab.table('variance')).get('hidden.4')[1]).toBeGreaterThan(1e6 * before.get('hidden.4')[1]);
  await lab.choose('init', 'kaiming-normal');
  await lab.measured(COMPILING);
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'steady');

  // It trains, pauses, makes one step.
  const start = await lab.csv('variance');
  await lab.press('play');
  await lab.reached(2, COMPILING);
  await lab.press('pause');
  await lab.paused();
  const step = await lab.steps();
  await lab.press('step');
  await expect(lab.step).toHaveText(`${step + 1}`, { timeout: COMPILING });
  await lab.press('play');
  await lab.reached(40, COMPILING);
  const losses = await lab.losses();
  expect(mean(losses.slice(-5))).toBeLessThan(0.8 * losses[0]);

  // The same weights again, and the hand moves the line in its own frame all the while.
  await lab.press('reset');
  await lab.measured(COMPILING);
  for (const [at, row] of (await lab.csv('variance')).entries()) expect(apart(row.pre, start[at].pre)).toBeLessThan(1e-5);
  await lab.press('play');
  await lab.reached(10, COMPILING);
  for (const [at, loss] of (await lab.losses()).slice(0, 11).entries()) expect(apart(loss, losses[at])).toBeLessThan(1e-4);
  await lab.knob('std').focus();
  const predicted = (await lab.table('variance')).get('hidden.4')[3];
  await page.keyboard.press('PageUp');
  expect((await lab.table('variance')).get('hidden.4')[3]).toBeGreaterThan(predicted);
});

test('a foreign page drives a lab on WebGPU', async ({ host }) => {
  host.patience = COMPILING;
  await host.open('depth=2&width=16&batch=16&init=kaiming-normal&device=webgpu');
  const ready = await host.next({ type: 'initlab:ready' });
  expect(ready.device).toBe('webgpu');
  expect(ready.adapter).toMatch(/SwiftShader/i);
  await host.frame(0);
  await host.ask('step', { n: 2 });
  const { weights } = await host.frame(2);
  for (const { updateRatio } of weights) expect(updateRatio).toBeGreaterThan(0);
});
