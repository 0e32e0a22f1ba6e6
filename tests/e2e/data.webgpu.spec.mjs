// What perceptrons can learn, and layers that differ in width, on the software adapter: the first steps are the CPU's.

import { expect, test } from './fixtures.mjs';
import { apart } from './numbers.mjs';

const COMPILING = 180_000;
const KINDS = ['iris', 'rose', 'tulip'];
const row = (at) => [1.5 + 2 * (at % 3) + 0.4 * Math.sin(1.3 * at), 8 - 3 * (at % 3 - 1) ** 2 + 0.4 * Math.sin(2.1 * at)].map((x) => x.toFixed(3));
const FLOWERS = `height,weight,kind\n${Array.from({ length: 60 }, (_, at) => `${row(at).join(',')},${KINDS[at % 3]}`).join('\n')}\n`;

test.setTimeout(300_000);

/** The losses of the first steps on a device. */
async function losses(lab, link, device, before = async () => {}) {
  await lab.open(`${link}&steps=10&device=${device}`, { measured: false });
  await before();
  await lab.measured(COMPILING);
  await expect(lab.device).toHaveAttribute('data-device', device);
  await lab.playToEnd(10, COMPILING);
  return lab.losses();
}

function expectAlike(gpu, cpu) {
  expect(gpu).toHaveLength(11);
  for (const [at, loss] of cpu.entries()) expect(apart(gpu[at], loss), `step ${at}: ${gpu[at]} for ${loss}`).toBeLessThan(1e-4);
  expect(gpu[10]).toBeLessThan(gpu[0]);
}

test('the next character from the three before it', async ({ lab }) => {
  const link = 'data=chars&depth=1&width=16&batch=64&act=tanh&init=xavier-normal&lr=0.1';
  const gpu = await losses(lab, link, 'webgpu');
  expect(Math.abs(gpu[0] - Math.log(75))).toBeLessThan(0.7);
  expectAlike(gpu, await losses(lab, link, 'cpu'));
});

test('layers that differ in width', async ({ lab }) => {
  const link = 'widths=24-40-12&batch=32&init=kaiming-normal&opt=adam&lr=0.003';
  expectAlike(await losses(lab, link, 'webgpu'), await losses(lab, link, 'cpu'));
});

test('a table of the reader’s', async ({ lab }) => {
  const link = 'data=own&depth=2&width=16&batch=48&init=kaiming-normal&lr=0.1';
  const give = () => lab.see('own-file').setInputFiles({ name: 'flowers.csv', mimeType: 'text/csv', buffer: Buffer.from(FLOWERS) });
  const known = () => expect(lab.see('own-words')).toContainText('2 inputs, 3 classes', { timeout: COMPILING });
  const gpu = await losses(lab, link, 'webgpu', async () => { await give(); await known(); });
  expectAlike(gpu, await losses(lab, link, 'cpu', known));
});
