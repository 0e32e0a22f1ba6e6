// What the lab costs: a step beside TensorFlow.js and jax-js, many networks as one, a measurement, the
// page's longest task, and the download.
//   node tests/bench/bench.mjs [folder of the site] [--device cpu] [--observing]
// With --observing only what it costs to look at a run: a step in the lab beside a bare one.
// A benchmark and no test: it prints numbers beside the targets and always ends well. Without a
// graphics card WebGPU is computed in software, so that its times say little and its counts all.

import { rm } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import config from '../e2e/playwright.config.mjs';
import { Lab } from '../e2e/lab.mjs';
import { contest, gain } from './contest.mjs';
import { download } from './download.mjs';
import { MODELS } from './peers/models.js';
import { slicesOf } from './slices.mjs';
import { staged } from './staged.mjs';
import { observing, print, verdict } from './table.mjs';
import { longestAndBusy, longestTask } from './trace.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { device: { type: 'string' }, observing: { type: 'boolean' } } });
const site = positionals[0] ?? 'dist';
const devices = values.device ? [values.device] : ['cpu', 'webgpu'];

/** Steps of the lab that are timed, after the first: some seconds, of which the first slices are a small part. The software
    adapter takes seconds for each step. */
const STEPS = { cpu: { mlp: 1500, gpt: 120 }, webgpu: { mlp: 4, gpt: 2 } };
const MINUTES = 60_000;
/** All charts that a lab has, beside those that it opens with. */
const ALL_CHARTS = [
  'variance', 'gradient', 'signal-share', 'loss', 'weights', 'digits', 'digit-path', 'lines', 'updates', 'histograms',
  'dead', 'spectrum', 'sharpness', 'attention-heads',
];

const { launchOptions } = config.projects.find(({ name }) => name === 'webgpu').use;
const folder = await staged(site);
const browser = await chromium.launch(launchOptions);
let server;
try {
  server = await serve({ root: folder, port: 0 });

  const [steps, runs] = [[], []];
  for (const device of devices) {
    for (const [kind, { name, link }] of Object.entries(MODELS)) {
      steps.push(...await contest(browser, server.url, kind, device, values.observing));
      for (const charts of device === 'cpu' ? ['usual', 'all'] : ['usual']) {
        process.stderr.write(`bench: ${name} in the lab on ${device}, ${charts} charts\n`);
        const opened = charts === 'all' ? `&charts=${ALL_CHARTS}` : '';
        const measured = await run(`${link}&device=${device}${opened}`, STEPS[device][kind]);
        runs.push({ kind, device, charts, ...measured });
      }
    }
  }
  // What else the machine did decides what the times are worth.
  const machine = () => console.log(`${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}`);
  if (values.observing) {
    machine();
    observing({ steps, runs });
  } else {
    const gains = [];
    for (const device of devices) gains.push(await gain(browser, server.url, device));
    const results = { steps, runs, gains, drag: await dragging(), sizes: await download(site) };
    machine();
    observing(results);
    print(results);
    verdict(results);
  }
} finally {
  await browser.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
}

/** Trains a lab in a tab of desktop size, and says what it cost. */
async function run(link, steps) {
  const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  page.on('pageerror', (error) => process.stderr.write(`bench: ${error.message}\n`));
  const lab = new Lab(page);
  const opened = performance.now();
  await lab.open(`${link}&steps=${steps + 1}`, { measured: false });
  await lab.measured(10 * MINUTES);
  const start = performance.now() - opened;
  const first = await timed(async () => {
    await lab.press('step');
    await lab.reached(1, 10 * MINUTES);
  });
  await lab.paused();
  const worker = page.workers()[0];
  await rested(page);
  const { longest, busy } = await longestAndBusy(browser, page, async () => {
    await worker.evaluate(() => {
      self.counter.reset();
      self.counter.mark(1);
    });
    await lab.press('play');
    await lab.reached(steps + 1, 20 * MINUTES);
  });
  const marks = await worker.evaluate(() => self.counter.read());
  const adapter = await lab.device.textContent();
  await page.close();
  return { adapter, start, first, longest, slices: slicesOf(marks).map((slice, at) => ({ ...slice, busy: busy[at] })) };
}

async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The page has drawn what it had to. */
async function rested(page) {
  await page.evaluate(() => new Promise((done) => { requestIdleCallback(() => requestIdleCallback(done)); }));
}

/** The lab as it opens: σ dragged over its range, what a gesture takes, and the longest task. */
async function dragging() {
  process.stderr.write('bench: dragging σ in the lab as it opens\n');
  const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  const lab = new Lab(page);
  await lab.open('device=cpu');
  await rested(page);
  let times;
  const longest = await longestTask(browser, page, async () => {
    times = await page.evaluate(async () => {
      const slider = document.querySelector('[data-testid="knob-std"]');
      const times = [];
      for (let place = 300; place < 900; place += 5) {
        const begun = performance.now();
        slider.value = String(place);
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        times.push(performance.now() - begun);
        await new Promise(requestAnimationFrame);
      }
      return times.sort((a, b) => a - b);
    });
  });
  await page.close();
  return { gesture: times[Math.floor(times.length / 2)], worst: times.at(-1), longest };
}
