// What the page costs with many charts open: a 12-block GPT trains on the CPU under eight charts.
//   node tests/bench/open-charts.mjs [folder of the site] [--seconds 60] [--model mlp] [--clock 48]
// A benchmark and no test: the page's longest task in processor time, how often a chart that follows the run gets other
// numbers, and how the memory of the page and of its process (the worker's too) grows, eight times over the seconds. The
// small MLP makes as many steps in an hour as the GPT in a day, and more reports. With `--clock 48` the clocks of page and
// worker go so many times faster, so that a day of slices and reports passes in half an hour (`--model day`).

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import config from '../e2e/playwright.config.mjs';
import { Lab } from '../e2e/lab.mjs';
import { longestTask } from './trace.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string', default: '60' }, clock: { type: 'string', default: '1' }, model: { type: 'string', default: 'gpt' } } });
const [seconds, clock] = [Number(values.seconds), Number(values.clock)];
const CHARTS = 'variance,gradient,signal-share,loss,weights,updates,histograms,dead';
const MODELS = {
  gpt: 'model=gpt&depth=12&width=64&heads=4&context=32&batch=8',
  mlp: 'init=kaiming-normal&depth=4&width=16&batch=8&lr=0.001',
  day: 'init=kaiming-normal&depth=6&width=96&lr=0.01',
};
/** Makes the clocks of a window or a worker go faster. */
const HASTE = `{
  const [time, date] = [performance.now.bind(performance), Date.now.bind(Date)];
  const began = date();
  performance.now = () => time() * ${clock};
  Date.now = () => began + (date() - began) * ${clock};
}`;
const LINK = `${MODELS[values.model]}&device=cpu&steps=1000000&charts=${CHARTS}`;

const browser = await chromium.launch(config.projects.find(({ name }) => name === 'cpu').use.launchOptions);
const server = await serve({ root: positionals[0] ?? 'dist', port: 0 });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const session = await page.context().newCDPSession(page);
  const system = await browser.newBrowserCDPSession();
  await session.send('HeapProfiler.enable');
  const lab = new Lab(page);
  if (clock !== 1) {
    await page.addInitScript(HASTE);
    await page.route('**/worker_loader.js*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: HASTE + await answer.text() });
    });
  }
  await page.goto(`${server.url}#v=1&${LINK}`);
  await lab.measured(120_000);
  const memory = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    const resident = await Promise.all(processInfo.filter(({ type }) => type === 'renderer').map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN);
    }));
    return [usedSize, resident.reduce((sum, bytes) => sum + bytes, 0)].map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`);
  };
  /** Counts the frames in which the variance's dots have other places than before. */
  const count = () => page.evaluate(() => {
    const canvas = document.querySelector('[data-chart="variance"] .canvas');
    let last = '';
    self.updates = 0;
    const look = () => {
      const now = canvas.querySelector('.scatterlayer')?.innerHTML.length + [...canvas.querySelectorAll('.points path')].map((dot) => dot.getAttribute('transform')).join();
      if (now !== last) self.updates++;
      last = now;
      requestAnimationFrame(look);
    };
    look();
  });
  await lab.press('play');
  await lab.reached(3, 120_000);
  const before = await memory();
  const first = await lab.steps();
  const longest = await longestTask(browser, page, async () => {
    await count();
    await new Promise((done) => setTimeout(done, 20_000));
  });
  const updates = await page.evaluate(() => self.updates) / 20;
  const grown = [];
  for (let part = 0; part < 8; part++) {
    await new Promise((done) => setTimeout(done, (Math.max(0, seconds - 20) / 8) * 1000));
    grown.push(`${await lab.steps()} steps ${(await memory()).join(' and ')}`);
  }
  const steps = await lab.steps() - first;
  // A million steps may be over by now.
  if (await lab.see('pause').isVisible()) await lab.press('pause');
  console.log(`longest task ${longest.cpu.toFixed(0)} ms of processor time (${longest.wall?.toFixed(0)} ms by the clock)`);
  console.log(`the chart of the variance changed ${updates.toFixed(1)} times a second`);
  console.log(`the page's heap and its process: ${before.join(' and ')}; after ${steps} steps in ${seconds} s:\n  ${grown.join('\n  ')}`);
} finally {
  await browser.close();
  await server.close?.();
}
