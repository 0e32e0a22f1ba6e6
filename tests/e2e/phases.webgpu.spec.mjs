// What changes a network's tensors in mid-run, and what trains many networks as one, on both devices.

import { expect, test } from './fixtures.mjs';

test.setTimeout(300_000);

const LORA = 'depth=3&width=16&batch=16&init=kaiming-normal&lr=0.1&adapt=lora&adapt-at=4&rank=2';
const TOKENS = 'model=gpt&depth=1&width=16&heads=2&context=8&batch=4&adapt=tokens&adapt-at=4';

for (const device of ['cpu', 'webgpu']) {
  // Adapters leave less to learn; new tokens bring rows of their own.
  for (const [name, link, change] of [['LoRA', LORA, -1], ['new tokens', TOKENS, 1]]) {
    test(`a run goes on across the switch to ${name}, on ${device}`, async ({ lab }) => {
      await lab.open(`${link}&device=${device}`);
      await expect(lab.device).toHaveAttribute('data-device', device);
      const parameters = async () => Number((await lab.see('status-parameters').textContent()).replace(/\D/g, ''));
      const first = await parameters();
      for (let step = 1; step <= 6; step++) {
        await lab.press('step');
        await expect(lab.step).toHaveText(`${step}`, { timeout: 60_000 });
      }
      expect(Math.sign((await parameters()) - first)).toBe(change);
      const losses = await lab.losses();
      expect(losses).toHaveLength(7);
      expect(losses.every((loss) => Number.isFinite(loss))).toBe(true);
    });
  }
}

test('a sweep runs on WebGPU', async ({ lab }) => {
  await lab.open('depth=2&width=8&batch=8&lr=0.1&device=webgpu');
  await lab.see('sweep').locator('summary').click();
  await lab.press('sweep-run');
  await expect.poll(async () => (await lab.csv('sweep')).length, { timeout: 120_000 }).toBe(15);
  await lab.press('sweep-run');
  await expect(lab.see('sweep-words')).toContainText(/Stopped|learn/);
});

test('experiments run on WebGPU, and what networks cost is measured there and on the CPU', async ({ page }) => {
  await page.goto('./experiments.html?lang=en#cost');
  const see = (id) => page.getByTestId(id);
  await see('file').evaluate((details) => { details.open = true; });
  await expect(see('text')).toHaveValue(/^base = /m);
  const file = await see('text').inputValue();
  const small = file.replace(/^base = .*$/m, 'base = "depth=2&width=8&batch=8&steps=2&device=webgpu"').replace('to = 64', 'to = 2').replace('points = 64', 'points = 2');
  await see('text').fill(small);
  await see('run-file').click();
  await expect(see('status')).toContainText(/^All /, { timeout: 240_000 });
  await expect(see('findings').locator('li')).toHaveText([/^On webgpu, 2 networks cost/, /^On cpu, 2 networks cost/]);
  await see('text').fill(small.replace('verdict = "cost"', 'verdict = "none"'));
  await see('run-file').click();
  await expect(see('status')).toContainText('All 2 networks are trained', { timeout: 240_000 });
});
