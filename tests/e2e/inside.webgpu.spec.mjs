// What is inside is counted on WebGPU as on the CPU, here by the software adapter, of tiny networks.

import { expect, test } from './fixtures.mjs';

const COMPILING = 180_000;
const MLP = 'depth=2&width=16&batch=16&act=tanh&init=xavier-normal&opt=sgd&lr=0.1&charts=variance,histograms,dead,spectrum,sharpness';
const GPT = 'model=gpt&depth=1&width=16&heads=2&context=8&batch=4&lr=0.01&charts=variance,attention-heads,histograms';

test.setTimeout(300_000);

/** The rows of a chart's file, once it has a number in a column. */
async function rows(lab, chart, column) {
  await expect.poll(async () => (await lab.csv(chart)).some((row) => row[column] !== null), { timeout: COMPILING }).toBe(true);
  return lab.csv(chart);
}

function expectAlike(gpu, cpu, tolerance) {
  expect(gpu).toHaveLength(cpu.length);
  for (const [at, row] of cpu.entries()) {
    for (const [column, value] of Object.entries(row)) {
      const other = gpu[at][column];
      if (typeof value !== 'number') expect(other, column).toEqual(value);
      else expect(Math.abs(other - value), `${column}: ${other} for ${value}`).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(value), 1e-3));
    }
  }
}

test('distributions, saturated shares, the Jacobian and the sharpness of a perceptron', async ({ lab }) => {
  const look = async (device) => {
    await lab.open(`${MLP}&device=${device}`, { measured: false });
    await lab.measured(COMPILING);
    await expect(lab.device).toHaveAttribute('data-device', device);
    const dead = await rows(lab, 'dead', 'saturated');
    await lab.press('content-weights');
    const histograms = await rows(lab, 'histograms', Object.keys((await lab.csv('histograms'))[0])[1]);
    await lab.press('measure-spectrum');
    const spectrum = await rows(lab, 'spectrum', 'singular-now');
    await lab.press('measure-sharpness');
    const sharpness = await rows(lab, 'sharpness', 'sharpness');
    return { dead, histograms, spectrum, sharpness: sharpness[0].sharpness };
  };
  const gpu = await look('webgpu');
  const cpu = await look('cpu');
  expectAlike(gpu.dead, cpu.dead, 0.02);
  expectAlike(gpu.histograms, cpu.histograms, 0.02);
  expectAlike(gpu.spectrum, cpu.spectrum, 0.02);
  expect(Math.abs(gpu.sharpness / cpu.sharpness - 1)).toBeLessThan(0.1);
});

test('heads of attention', async ({ lab }) => {
  const look = async (device) => {
    await lab.open(`${GPT}&device=${device}`, { measured: false });
    await lab.measured(COMPILING);
    return rows(lab, 'attention', 'evenness');
  };
  expectAlike(await look('webgpu'), await look('cpu'), 0.01);
});

test('two runs train side by side', async ({ lab }) => {
  await lab.open('depth=2&width=16&batch=16&init=xavier-normal&opt=sgd&lr=0.1&steps=8&device=webgpu&b=init=kaiming-normal', { measured: false });
  await lab.measured(COMPILING);
  await lab.press('play');
  await expect(lab.step).toHaveText('8', { timeout: COMPILING });
  await expect.poll(async () => (await lab.csv('loss')).filter((row) => row['run-b'] !== null).at(-1)?.step, { timeout: COMPILING }).toBe('8');
});
