// A GPU with the limits that WebGPU promises and no more: what is joined there must fit, and what cannot
// fit is computed on the CPU. Such a GPU does not refuse: its buffers are not there, and numbers are 0.

import { expect, test } from './fixtures.mjs';
import { apart } from './numbers.mjs';

/** The first step compiles kernels, one after another, and draws 24 million weights. */
const COMPILING = 240_000;

/** WebGPU's defaults: 128 MiB a binding, 256 MiB a buffer. */
const PROMISED = { maxStorageBufferBindingSize: 128 * 2 ** 20, maxBufferSize: 256 * 2 ** 20 };

/** Runs in the worker: adapters say that they have no more, and so no device is asked to have more. */
function cap(promised) {
  const { get } = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'limits');
  Object.defineProperty(GPUAdapter.prototype, 'limits', {
    configurable: true,
    get() {
      const limits = get.call(this);
      // The getters of the real object want it as their `this`.
      return new Proxy(limits, {
        get: (_, name) => (name in promised ? Math.min(limits[name], promised[name]) : limits[name]),
      });
    },
  });
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = function requestCapped(descriptor) {
    return requestDevice.call(this, descriptor).then((device) => {
      for (const [name, most] of Object.entries(promised)) {
        if (device.limits[name] > most) throw new Error(`${name} is ${device.limits[name]}: it is not capped`);
      }
      self.capped = true;
      return device;
    });
  };
}

test.setTimeout(600_000);

test.beforeEach(async ({ page }) => {
  await page.route('**/worker_loader.js', async (route) => {
    const script = await (await route.fetch()).text();
    const body = `(${cap})(${JSON.stringify(PROMISED)});${script}`;
    await route.fulfill({ contentType: 'text/javascript', body });
  });
});

/** Frames of step 0 and 1 on a device. */
async function frames(host, link, device) {
  host.patience = COMPILING;
  await host.page.goto('about:blank');
  await host.open(`${link}&device=${device}`);
  expect(await host.next({ type: 'initlab:ready' })).toMatchObject({ device });
  const start = await host.frame(0);
  await host.ask('step', { n: 1 });
  return [start, await host.frame(1)];
}

function same(ours, theirs, what, tolerance) {
  if (theirs === null) expect(ours, what).toBeNull();
  else expect(apart(ours, theirs), `${what}: ${ours} on the GPU, ${theirs} on the CPU`).toBeLessThan(tolerance);
}

const NETWORKS = {
  // 23 matrices of 4 MiB, their gradients and their updates.
  'whose statistics join more than a buffer holds': 'width=1024&depth=24&batch=2&init=kaiming-normal&lr=0.01',
  'whose gradients are clipped together': 'width=1024&depth=36&batch=2&init=kaiming-normal&lr=0.01&clip=1',
  'whose averages stand beside its weights': 'width=512&depth=100&batch=2&init=kaiming-normal&opt=adam&lr=0.000001',
};

for (const [name, link] of Object.entries(NETWORKS)) {
  test(`a network ${name} shows the CPU's numbers`, async ({ host, page }) => {
    const webgpu = await frames(host, link, 'webgpu');
    expect(await page.workers()[0].evaluate(() => self.capped)).toBe(true);
    const cpu = await frames(host, link, 'cpu');
    for (const [step, theirs] of cpu.entries()) {
      const ours = webgpu[step];
      same(ours.loss, theirs.loss, `loss of step ${step}`, 1e-3);
      for (const [at, layer] of theirs.layers.entries()) {
        for (const key of ['preactivationVar', 'activationVar', 'gradientRms', 'signalShare', 'unitDiversity']) {
          same(ours.layers[at][key], layer[key], `${layer.name} ${key} at step ${step}`, 5e-3);
        }
      }
      for (const [at, weight] of theirs.weights.entries()) {
        same(ours.weights[at].std, weight.std, `${weight.name} σ at step ${step}`, 1e-4);
        same(ours.weights[at].updateRatio, weight.updateRatio, `${weight.name} update at step ${step}`, 2e-2);
      }
    }
  });
}

test('a network with a tensor that no buffer holds is computed on the CPU, and the page says why', async ({ lab }) => {
  // The softmax of all heads: 17·32·256² numbers, 136 MiB.
  await lab.open('model=gpt&depth=1&width=32&heads=32&context=256&batch=17&steps=2&device=webgpu', { measured: false });
  await lab.measured(COMPILING);
  await expect(lab.device).toHaveAttribute('data-device', 'cpu');
  await expect(lab.status).toContainText('more numbers in one tensor than this GPU can hold');
  await expect(lab.notice).toBeHidden();
  // A smaller one goes to the GPU again.
  await lab.type('context', '32');
  await lab.measured(COMPILING);
  await expect(lab.device).toHaveAttribute('data-device', 'webgpu');
});
