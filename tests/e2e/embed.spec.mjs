// A page of another origin drives the lab through messages, and hears what it is told in the contract.

import { expect, test } from './fixtures.mjs';
import { GPT, LONG, MLP } from './lab.mjs';

const NONFINITE = ['NaN', 'Infinity', '-Infinity'];
const isNumber = (value) => (typeof value === 'number' && Number.isFinite(value)) || NONFINITE.includes(value);
const FRAME = ['accuracy', 'frozenShare', 'layers', 'loss', 'run', 'step', 'type', 'v', 'valLoss', 'weights'];
const LAYER = ['activationVar', 'attentionPeak', 'branchShare', 'gradientRms', 'name', 'positionShare',
  'preactivationVar', 'predictedActivationVar', 'predictedGradientRms',
  'predictedPositionShare', 'predictedPreactivationVar', 'predictedSignalShare', 'signalShare', 'slopeSquare', 'unitDiversity'];

function checkFrame(frame) {
  expect(Object.keys(frame).sort()).toEqual(FRAME);
  expect(frame).toMatchObject({ v: 1, type: 'initlab:frame' });
  expect(Number.isInteger(frame.run) && Number.isInteger(frame.step)).toBe(true);
  expect(isNumber(frame.loss)).toBe(true);
  for (const key of ['valLoss', 'accuracy', 'frozenShare']) expect(frame[key] === null || isNumber(frame[key])).toBe(true);
  for (const layer of frame.layers) {
    expect(Object.keys(layer).sort()).toEqual(LAYER);
    for (const key of LAYER.filter((key) => key !== 'name')) expect(layer[key] === null || isNumber(layer[key])).toBe(true);
  }
  for (const weight of frame.weights) {
    expect(Object.keys(weight).sort()).toEqual(['name', 'std', 'updateRatio']);
    expect(isNumber(weight.std)).toBe(true);
    expect(weight.updateRatio === null || isNumber(weight.updateRatio)).toBe(true);
  }
}

test('ready comes first, then the frame of step 0, and the lab waits', async ({ host }) => {
  await host.open(MLP);
  const ready = await host.next({ type: 'initlab:ready' });
  expect(Object.keys(ready).sort()).toEqual(['adapter', 'device', 'spec', 'type', 'v']);
  expect(ready).toMatchObject({ v: 1, device: 'cpu' });
  expect(ready.adapter).toMatch(/\S/);
  expect(ready.spec).toMatchObject({ model: 'mlp', depth: 4, width: 32, batch: 32, init: 'kaiming-normal', lr: 0.1, seed: '3' });
  checkFrame(await host.frame(0));
  expect(await host.state()).toEqual({ v: 1, type: 'initlab:state', link: `#v=1&init=kaiming-normal&depth=4&width=32&lr=0.1&batch=32&device=cpu&embed=1`, running: false });
  expect((await host.heard('frame')).every(({ step }) => step === 0)).toBe(true);
});

test('the first frame of an MLP has every field it should', async ({ host }) => {
  await host.open(MLP);
  const frame = await host.frame(0);
  const names = ['hidden.1', 'hidden.2', 'hidden.3', 'hidden.4', 'output'];
  expect(frame.layers.map(({ name }) => name)).toEqual(names);
  expect(frame.weights.map(({ name }) => name)).toEqual(names);
  expect(frame.weights.every(({ updateRatio }) => updateRatio === null)).toBe(true);
  for (const layer of frame.layers) {
    for (const key of ['preactivationVar', 'gradientRms', 'predictedPreactivationVar', 'predictedGradientRms']) {
      expect(layer[key], `${layer.name} ${key}`).toBeGreaterThan(0);
    }
  }
  for (const layer of frame.layers.slice(0, -1)) {
    expect(layer.activationVar).toBeGreaterThan(0);
    expect(layer.predictedActivationVar).toBeGreaterThan(0);
  }
  // He: the variance of z is 2·q₀ = 2 in every hidden layer.
  expect(frame.layers[2].predictedPreactivationVar).toBeCloseTo(2, 1);
  // The gradient's prediction is anchored at the last layer's measured value.
  const last = frame.layers.at(-1);
  expect(last.predictedGradientRms / last.gradientRms).toBeCloseTo(1, 6);
  expect(frame.valLoss).toBeGreaterThan(0);
  expect(frame.accuracy).toBeGreaterThanOrEqual(0);
});

test('the first frame of a GPT has its own names, and null where a field does not apply', async ({ host }) => {
  await host.open(GPT);
  const frame = await host.frame(0);
  checkFrame(frame);
  expect(frame.layers.map(({ name }) => name)).toEqual(['embedding', 'block.1', 'head']);
  expect(frame.layers[0].preactivationVar).toBeNull();
  expect(frame.layers[1].activationVar).toBeGreaterThan(0);
  expect(frame.layers[2].gradientRms).toBeNull();
  const names = frame.weights.map(({ name }) => name);
  for (const name of ['block.1.q', 'block.1.k', 'block.1.v']) expect(names).toContain(name);
});

test('step makes so many steps and ends with the frame of the last', async ({ host }) => {
  await host.open(MLP);
  await host.frame(0);
  await host.ask('step', { n: 37 });
  const frame = await host.frame(37);
  checkFrame(frame);
  expect(frame.valLoss).not.toBeNull();
  for (const { updateRatio } of frame.weights) expect(updateRatio).toBeGreaterThan(0);
  await host.ask('step', { n: 1 });
  await host.frame(38);
  expect((await host.state()).running).toBe(false);
  expect((await host.heard('frame')).at(-1).step).toBe(38);
});

test('steps that are asked for together add up', async ({ host }) => {
  await host.open(MLP);
  await host.frame(0);
  await host.page.evaluate(() => {
    for (const n of [3, 4, 5]) window.say(0, { v: 1, type: 'initlab:step', n });
  });
  for (const step of [3, 7, 12]) await host.frame(step);
});

test('steps that are asked for before the engine listens are made', async ({ host, page }) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/worker-cpu_bg.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await host.open(MLP);
  await host.next({ type: 'initlab:resize' });
  await host.ask('step', { n: 4 });
  release();
  await host.frame(4);
});

test('play, pause, reset', async ({ host }) => {
  await host.open(LONG);
  const first = await host.frame(0);
  await host.ask('play');
  expect(await host.next({ type: 'initlab:state' })).toMatchObject({ running: true });
  await host.next({ type: 'initlab:frame' });
  await host.ask('pause');
  expect(await host.next({ type: 'initlab:state' })).toMatchObject({ running: false });
  const { step, run } = (await host.heard('frame')).at(-1);
  expect(step).toBeGreaterThan(0);
  await host.ask('reset');
  const again = await host.frame(0);
  expect(again.run).toBeGreaterThan(run);
  expect({ ...again, run: 0 }).toEqual({ ...first, run: 0 });
});

test('set applies differences on top, and begins a new run, paused', async ({ host }) => {
  await host.open(LONG);
  const { run } = await host.frame(0);
  await host.ask('play');
  await host.next({ type: 'initlab:frame' });
  await host.ask('set', { link: '#v=1&std=0.3' });
  const frame = await host.frame(0);
  expect(frame.run).toBeGreaterThan(run);
  const state = await host.state();
  expect(state.running).toBe(false);
  expect(state.link).toContain('std=0.3');
  expect(state.link).toContain('depth=4');
  await host.ask('set', { link: 'init=normal&depth=6&nonsense=1' });
  expect((await host.frame(0)).layers).toHaveLength(7);
  await expect(host.inside().getByTestId('notice')).toContainText('nonsense');
});

test('get is answered with the state and the last frame', async ({ host }) => {
  await host.open(MLP);
  await host.frame(0);
  await host.ask('step', { n: 2 });
  const frame = await host.frame(2);
  await host.ask('get');
  const link = '#v=1&init=kaiming-normal&depth=4&width=32&lr=0.1&batch=32&device=cpu&embed=1';
  expect(await host.next({ type: 'initlab:state', running: false })).toEqual({ v: 1, type: 'initlab:state', link, running: false });
  expect(await host.next({ type: 'initlab:frame' })).toEqual(frame);
});

test('a run that made all its steps is finished', async ({ host }) => {
  await host.open(`${MLP}&steps=5`);
  const { run } = await host.frame(0);
  await host.ask('play');
  await host.frame(5);
  expect(await host.next({ type: 'initlab:finished' }))
    .toEqual({ v: 1, type: 'initlab:finished', run, step: 5, why: 'done', layer: null });
});

test('a run that diverges is finished in a layer, and its numbers travel as words', async ({ host }) => {
  await host.open('depth=60&width=64&batch=8&std=2&device=cpu');
  const frame = await host.frame(0);
  checkFrame(frame);
  const finished = await host.next({ type: 'initlab:finished' });
  expect(finished).toMatchObject({ run: frame.run, step: 0, why: 'diverged' });
  expect(finished.layer).toMatch(/^hidden\.3[4-8]$/);
  expect(NONFINITE).toContain(frame.loss);
  expect(NONFINITE).toContain(frame.layers.at(-1).preactivationVar);
});

test('the height is told in the words of three hosts, and only when it changes', async ({ host }) => {
  await host.open(MLP);
  await host.frame(0);
  await host.ask('set', { link: 'hide=gradient,loss,network,optimizer,run' });
  await host.frame(0);
  const inside = () => host.inside().locator('.lab').evaluate((root) => Math.ceil(root.getBoundingClientRect().height));
  await expect.poll(async () => (await host.heard('resize')).at(-1)?.height - await inside()).toBe(0);
  // Read at once: a height that is told between two looks would be in one of them only.
  const all = await host.heard();
  const told = all.filter((message) => message?.type === 'initlab:resize');
  expect(told.length).toBeGreaterThan(0);
  for (const message of told) {
    expect(Object.keys(message).sort()).toEqual(['height', 'type', 'v']);
    expect(message.height).toBeGreaterThan(100);
  }
  for (const [at, message] of told.entries()) if (at > 0) expect(message.height).not.toBe(told[at - 1].height);
  const heights = told.map((message) => message.height);
  const strings = all.filter((message) => typeof message === 'string').map((text) => JSON.parse(text));
  expect(strings.every(({ context, src }) => context === 'iframe.resize' && src.includes('embed=1'))).toBe(true);
  expect(strings.map((message) => message.height)).toEqual(heights);
  const canvas = all.filter((message) => message?.subject === 'lti.frameResize');
  expect(canvas.map((message) => message.height)).toEqual(heights);
});

test('a hundred messages of garbage change nothing', async ({ host }) => {
  await host.open(MLP);
  await host.frame(0);
  const before = await host.state();
  const count = await host.page.evaluate(() => {
    const cycle = { v: 1, type: 'initlab:set' };
    cycle.link = cycle;
    const garbage = [
      null, undefined, 0, NaN, '', 'initlab:play', '{"v":1,"type":"initlab:play"}', [], {}, cycle, new Map([['type', 'initlab:play']]),
      new Date(), new Uint8Array(1 << 16), new ArrayBuffer(8), { type: 'initlab:play' }, { v: 2, type: 'initlab:play' },
      { v: '1', type: 'initlab:play' }, { v: 1 }, { v: 1, type: 7 }, { v: 1, type: 'initlab:' }, { v: 1, type: 'initlab:explode' },
      { v: 1, type: 'play' }, { v: 1, type: 'INITLAB:PLAY' }, { v: 1, type: 'initlab:set' }, { v: 1, type: 'initlab:set', link: 5 },
      { v: 1, type: 'initlab:set', link: null }, { v: 1, type: 'initlab:set', link: ['std=1'] },
      ...[0, -1, 0.5, NaN, Infinity, -Infinity, '3', null, {}, [], true, 1e-300, 1n].map((n) => ({ v: 1, type: 'initlab:step', n })),
      { v: 1, type: 'initlab:frame', step: 4 }, { v: 1, type: 'initlab:ready' }, { v: [1], type: 'initlab:play' },
      'x'.repeat(1 << 20), { v: 1, type: `initlab:${'y'.repeat(1 << 16)}` },
    ];
    const hundred = Array.from({ length: 100 }, (_, at) => garbage[at % garbage.length]);
    for (const message of hundred) window.say(0, message);
    return hundred.length;
  });
  expect(count).toBe(100);
  expect(await host.state()).toEqual(before);
  expect((await host.heard('frame')).every(({ step, run }) => step === 0 && run === 1)).toBe(true);
  await host.ask('step', { n: 2 });
  await host.frame(2);
});

test('two labs on a page do not mix', async ({ host }) => {
  await host.open(MLP, MLP.replace('depth=4', 'depth=2'));
  expect((await host.frame(0, 0)).layers).toHaveLength(5);
  expect((await host.frame(0, 1)).layers).toHaveLength(3);
  await host.ask('step', { n: 3 }, 0);
  await host.frame(3, 0);
  expect((await host.state(1)).link).toContain('depth=2');
  expect((await host.heard('frame', 1)).every(({ step }) => step === 0)).toBe(true);
  await host.ask('set', { link: 'depth=3' }, 1);
  expect((await host.frame(0, 1)).layers).toHaveLength(4);
  expect((await host.state(0)).link).toContain('depth=4');
});

test('an embedded lab is only what was chosen', async ({ host }) => {
  await host.open(`${MLP}&show=std,variance&lock=std&hide=reseed`);
  await host.frame(0);
  const lab = host.inside();
  await expect(lab.getByTestId('chart-variance')).toBeVisible();
  await expect(lab.getByTestId('knob-std')).toBeDisabled();
  for (const gone of ['chart-loss', 'chart-gradient', 'knob-depth', 'knob-init', 'reseed', 'experiment']) {
    await expect(lab.getByTestId(gone)).toHaveCount(0);
  }
  await expect(lab.getByTestId('full-lab')).toHaveAttribute('href', /#v=1&(?!.*embed)/);
});
