// One step without measuring, in the lab's engine and in its peers: one machine, one browser, the same
// two models.

import { readFile } from 'node:fs/promises';
import { MODELS } from './peers/models.js';
import { slicesOf, sum } from './slices.mjs';
import { busyMs } from './trace.mjs';

export const OURS = 'Init Lab';
const PEERS = ['jax-js', 'TensorFlow.js'];
const BACKENDS = { cpu: 'wasm', webgpu: 'webgpu' };
/** Steps of a turn. The software adapter takes seconds for each. */
const STEPS = { cpu: { mlp: 600, gpt: 24 }, webgpu: { mlp: 12, gpt: 4 } };
/** On the CPU all take turns, so that whatever else the machine does hurts all alike. */
const TURNS = { cpu: 3, webgpu: 1 };
/** Browsers make their clocks coarse: shorter slices do not count, where there are longer ones. */
const SLICE_MS = 50;

/** Every engine on a model and a device, or ours alone: what a step cost it, and its first and last loss. */
export async function contest(browser, baseURL, kind, device, alone = false) {
  const engines = [];
  for (const name of alone ? [OURS] : [OURS, ...PEERS]) {
    const page = await open(browser, baseURL);
    const first = name === OURS ? null : await page.evaluate((args) => self.open(...args), [name, kind, BACKENDS[device]]);
    engines.push({ name, page, slices: [], first });
  }
  const steps = STEPS[device][kind];
  for (let turn = 0; turn < TURNS[device]; turn += 1) {
    for (const engine of engines) {
      process.stderr.write(`bench: ${kind} on ${device}: ${engine.name}\n`);
      await (engine.name === OURS ? ownTurn(browser, engine, kind, device, steps) : peersTurn(engine, steps));
    }
  }
  await Promise.all(engines.map(({ page }) => page.close()));
  return engines.map(({ name, slices, first, last }) => ({ kind, device, name, first, last, ...cost(slices) }));
}

function cost(slices) {
  const long = slices.filter(({ ms }) => ms >= SLICE_MS);
  const each = (key) => sum(slices, key) / sum(slices, 'steps');
  // The quickest: whatever else the machine does only ever makes a step slower, and cold code too.
  return {
    ms: Math.min(...(long.length ? long : slices).map(({ ms, steps }) => ms / steps)),
    dispatches: each('dispatches'),
    submits: each('submits'),
    busyUs: 1000 * Math.min(...slices.map(({ busy, dispatches }) => busy / dispatches)),
    busyMs: each('busy'),
  };
}

async function open(browser, baseURL) {
  const page = await browser.newPage({ baseURL });
  page.on('pageerror', (error) => process.stderr.write(`bench: ${error.message}\n`));
  await page.goto('bench/peers/index.html');
  await page.waitForFunction(() => self.ready);
  return page;
}

async function peersTurn(engine, steps) {
  await engine.page.evaluate(() => self.counter.reset());
  // As many as are counted of the lab's.
  engine.last = await engine.page.evaluate((steps) => self.train(steps), steps - 2);
  engine.slices.push(...slicesOf(await engine.page.evaluate(() => self.counter.read())));
}

/** An experiment of one network, which is trained without taps. */
async function ownTurn(browser, engine, kind, device, steps) {
  const text = `
    base = "${MODELS[kind].link}&device=${device}&steps=${steps}"
    title = { en = "One network" }
    note = { en = "" }
    sweep = [{ name = "seed", knob = "seed", values = [1] }]
    chart = [{ kind = "losses", over = "seed" }]`;
  await engine.page.workers()[0]?.evaluate(() => self.counter.reset());
  let report;
  const work = async () => { report = await engine.page.evaluate((text) => self.study(text), text); };
  const busy = await busyMs(browser, engine.page, work);
  const marks = await engine.page.workers()[0].evaluate(() => self.counter.read());
  const losses = report.pictures[0].curves[0].y;
  engine.first ??= losses[0];
  engine.last = losses.at(-1);
  // Reports come with the share of the steps that is made. The first tells the beginning.
  const all = slicesOf(marks.map((mark) => ({ ...mark, step: Math.round(mark.step * steps) })));
  const known = all.map((slice, at) => ({ ...slice, busy: busy[at] }));
  // The first slice compiles kernels and measures once more, and the last judges the network.
  engine.slices.push(...known.slice(1).filter(({ judged }) => !judged));
}

/** How much faster 64 networks are as one than one after the other: the lab's own study. */
export async function gain(browser, baseURL, device) {
  process.stderr.write(`bench: 64 networks as one on ${device}\n`);
  const file = await readFile(new URL('../../static/studies/cost.toml', import.meta.url), 'utf8');
  const text = file.replace(/^base = "(.*)"/m, `base = "$1&device=${device}"`);
  const page = await open(browser, baseURL);
  const best = new Map();
  for (let turn = 0; turn < TURNS[device]; turn += 1) {
    const { tables: [{ rows }] } = await page.evaluate((text) => self.study(text), text);
    // A GPU's study times the CPU too.
    const own = rows.filter(([name]) => name === device);
    for (const [, networks, ms] of own) best.set(networks, Math.min(ms, best.get(networks) ?? Infinity));
  }
  await page.close();
  const most = Math.max(...best.keys());
  return { device, networks: most, one: best.get(1), all: best.get(most), times: most * best.get(1) / best.get(most) };
}
