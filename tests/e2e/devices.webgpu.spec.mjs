// WebGPU, here computed in software: slow, so the networks are tiny, but the same code and numbers.

import { expect, test } from './fixtures.mjs';
import { apart } from './numbers.mjs';

/** The first step compiles kernels, one after another. */
const COMPILING = 180_000;
const STEPS = 5;

const MODELS = {
  MLP: 'depth=2&width=16&batch=16&init=kaiming-normal&opt=sgd&lr=0.1',
  GPT: 'model=gpt&depth=1&width=16&heads=2&context=8&batch=4&lr=0.01',
  'MLP with dropout, clipping and a schedule':
    'depth=2&width=16&batch=16&init=kaiming-normal&opt=sgd&lr=0.1&dropout=0.3&clip=0.5&warmup=2&schedule=cosine',
  // Widths that fill no tile, and the other rules.
  'LLaMA block with decay': 'model=gpt&block=llama&depth=1&width=12&heads=2&context=9&batch=3&lr=0.01&opt=adam&wd=0.1',
  'residual MLP with norms': 'depth=3&width=18&batch=10&act=tanh&norm=layer&residual=on&opt=momentum&lr=0.05&wd=0.01',
};

test.setTimeout(300_000);

test('webgpu takes a software adapter, and says that it is one', async ({ lab }) => {
  await lab.open(`${MODELS.MLP}&device=webgpu`, { measured: false });
  await lab.measured(COMPILING);
  await expect(lab.device).toHaveAttribute('data-device', 'webgpu');
  await expect(lab.device).toContainText(/WebGPU in software: .*SwiftShader/i);
  await expect(lab.status).toContainText('slower than the CPU');
  await lab.press('step');
  await expect(lab.step).toHaveText('1', { timeout: COMPILING });
});

test('auto leaves a software adapter alone, and says why', async ({ lab }) => {
  await lab.open(`${MODELS.MLP}&device=auto`);
  await expect(lab.device).toHaveAttribute('data-device', 'cpu');
  await expect(lab.status).toContainText('only a software GPU');
});

test('where WebGPU is kept from the frame, the lab comes up on the CPU and says so', async ({ foreign, page }) => {
  // Chromium has no permission for it that a page could refuse; browsers and companies that switch it
  // off leave no `navigator.gpu`, and it is the worker's that counts.
  await page.route('**/worker_loader.js', async (route) => {
    const script = await (await route.fetch()).text();
    await route.fulfill({ contentType: 'text/javascript', body: `delete WorkerNavigator.prototype.gpu;${script}` });
  });
  await foreign.open('<init-lab id="a" depth="2" width="16" batch="16" device="webgpu" lang="en"></init-lab>');
  expect(await foreign.hears('a', { name: 'ready' })).toMatchObject({ device: 'cpu' });
  await expect(foreign.inside('a').getByTestId('device')).toHaveAttribute('data-device', 'cpu');
  await expect(foreign.inside('a').getByTestId('status')).toContainText('no WebGPU');
  await expect(foreign.inside('a').getByTestId('notice')).toBeHidden();
  await foreign.call('a', 'step', 2);
  await foreign.frame('a', 2);
});

test('on the CPU the whole worker and its half make the same numbers', async ({ lab, page }) => {
  const runs = [];
  for (const has of [true, false]) {
    if (!has) {
      await page.route('**/worker_loader.js', async (route) => {
        const script = await (await route.fetch()).text();
        await route.fulfill({ contentType: 'text/javascript', body: `delete WorkerNavigator.prototype.gpu;${script}` });
      });
    }
    for (const link of Object.values(MODELS)) {
      // The page, which has a GPU, may have fetched ahead what this worker will not ask for.
      const isAsked = (request) => /worker.*_bg\.wasm/.test(request.url()) && request.headers()['sec-purpose'] !== 'prefetch';
      const came = page.waitForRequest(isAsked);
      await page.goto('about:blank');
      await lab.open(`${link}&device=cpu&steps=20`);
      expect((await came).url()).toMatch(has ? /\/worker_bg/ : /\/worker-cpu_bg/);
      await lab.playToEnd(20);
      runs.push([await lab.losses(), await lab.csv('variance'), await lab.csv('gradient')]);
    }
  }
  const half = runs.length / 2;
  expect(runs.slice(half)).toEqual(runs.slice(0, half));
});

for (const [asked, what] of [['requestAdapter', 'GPU'], ['requestDevice', 'GPUAdapter']]) {
  test(`a GPU whose ${asked} is never answered costs seconds, and the lab comes up on the CPU and says why`, async ({ lab, page }) => {
    await page.route('**/worker_loader.js', async (route) => {
      const script = await (await route.fetch()).text();
      await route.fulfill({ contentType: 'text/javascript', body: `${what}.prototype.${asked} = () => new Promise(() => {});${script}` });
    });
    await lab.open(`${MODELS.MLP}&device=webgpu`);
    await expect(lab.device).toHaveAttribute('data-device', 'cpu');
    await expect(lab.status).toContainText('The GPU did not answer');
    await lab.press('step');
    await expect(lab.step).toHaveText('1');
  });
}

for (const [model, link] of Object.entries(MODELS)) {
  test(`CPU and WebGPU agree on the first ${STEPS} steps of a ${model}`, async ({ lab }) => {
    const runs = {};
    for (const device of ['cpu', 'webgpu']) {
      await lab.page.goto('about:blank');
      await lab.open(`${link}&steps=${STEPS}&device=${device}`, { measured: false });
      await lab.measured(COMPILING);
      await expect(lab.device).toHaveAttribute('data-device', device);
      const start = { variance: await lab.csv('variance'), gradient: await lab.csv('gradient') };
      await lab.playToEnd(STEPS, COMPILING);
      runs[device] = { ...start, losses: await lab.losses() };
    }
    const { cpu, webgpu } = runs;
    expect(cpu.losses).toHaveLength(STEPS + 1);
    for (const [step, loss] of webgpu.losses.entries()) expect(apart(loss, cpu.losses[step]), `loss of step ${step}`).toBeLessThan(1e-3);
    // It moved: agreeing on a network that stands still would say nothing.
    expect(apart(cpu.losses[0], cpu.losses[STEPS])).toBeGreaterThan(1e-3);
    for (const [at, row] of webgpu.variance.entries()) {
      for (const column of ['pre', 'post']) {
        const [ours, theirs] = [row[column], cpu.variance[at][column]];
        if (theirs === null) expect(ours).toBeNull();
        else expect(apart(ours, theirs), `${row.layer} ${column}`).toBeLessThan(1e-3);
      }
    }
    for (const [at, { layer, gradient }] of webgpu.gradient.entries()) {
      if (gradient !== null) expect(apart(gradient, cpu.gradient[at].gradient), layer).toBeLessThan(1e-3);
    }
  });
}

test('a GPU engine that dies in mid-run is replaced by the CPU, and the page says which', async ({ lab, page }) => {
  await lab.open(`${MODELS.MLP}&device=webgpu`, { measured: false });
  await lab.measured(COMPILING);
  await lab.press('play');
  await lab.reached(2, COMPILING);
  await page.workers()[0].evaluate(() => self.close()).catch(() => {});
  await expect(lab.notice).toContainText('continues on the CPU');
  await lab.measured();
  await lab.reached(10);
  await expect(lab.device).toHaveAttribute('data-device', 'cpu');
  await expect(lab.status).toContainText('died earlier on this page');
});
