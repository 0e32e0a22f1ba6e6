// Without a GPU the lab runs on the CPU, and says why.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

test('where the browser has no WebGPU, auto and webgpu both train on the CPU and say so', async ({ lab }) => {
  for (const device of ['auto', 'webgpu']) {
    await lab.open(`${MLP.replace('device=cpu', `device=${device}`)}&seed=${device.length}`);
    await expect(lab.device).toHaveAttribute('data-device', 'cpu');
    await expect(lab.device).toContainText('CPU');
    await expect(lab.status).toContainText('no WebGPU');
    await lab.press('step');
    await expect(lab.step).toHaveText('1');
  }
});

test('where there is no GPU, only the half that trains on the CPU is fetched', async ({ lab, page }) => {
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname.split('/').at(-1)));
  await lab.open(MLP);
  // Each of them twice: ahead, and when the worker asks for it, which takes what is there.
  const files = new Set(fetched.filter((name) => /^worker.*\.(wasm|js)$/.test(name)));
  expect([...files].sort()).toEqual(['worker-cpu.js', 'worker-cpu_bg.wasm', 'worker_loader.js']);
});

test('whoever asks for the CPU is told that it is as chosen', async ({ lab }) => {
  await lab.open(MLP);
  await expect(lab.device).toHaveAttribute('data-device', 'cpu');
  await expect(lab.status).toContainText('As you chose');
});
