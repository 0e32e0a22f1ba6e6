// How much faster an experiment is on several workers than on one, side by side: whole experiments of the site, from the press
// of the button until all networks are trained.
//   node tests/bench/pool.mjs [folder of the site] [--workers 2] [experiment…]
// A benchmark and no test: it prints seconds and their ratio, which the other work of the machine lessens (the page draws
// meanwhile).

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import config from '../e2e/playwright.config.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { workers: { type: 'string', default: '2' } } });
const [site = 'dist', ...chosen] = positionals;
const [workers, ids] = [Number(values.workers), chosen.length ? chosen : ['e1', 'e2', 'map']];

const browser = await chromium.launch(config.projects.find(({ name }) => name === 'cpu').use.launchOptions);
const server = await serve({ root: site, port: 0 });
try {
  console.log(`${cpus().length} × ${cpus()[0].model}`);
  for (const id of ids) {
    const alone = await seconds(id, 1);
    const together = await seconds(id, workers);
    console.log(`${id}: ${alone.toFixed(1)} s on one worker, ${together.toFixed(1)} s on ${workers}: ${(alone / together).toFixed(2)} times as fast`);
  }
} finally {
  await browser.close();
  await server.close();
}

/** How long an experiment takes on a machine that says it has room for so many workers. */
async function seconds(id, room) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // Of more than two cores the page leaves one to itself.
  await page.addInitScript((cores) => {
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => cores });
    Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 8 });
  }, room > 2 ? room + 1 : room);
  await page.goto(`${server.url}experiments.html?lang=en#${id}`);
  await page.getByTestId('run').waitFor();
  // Before that the page tries how long the experiment would take.
  await page.getByText(/on this machine/).first().waitFor({ timeout: 120_000 });
  const begun = performance.now();
  await page.getByTestId('run').click();
  await page.getByTestId('hold').waitFor({ timeout: 120_000 });
  await page.getByTestId('hold').waitFor({ state: 'hidden', timeout: 3_600_000 });
  const took = (performance.now() - begun) / 1000;
  const status = await page.getByTestId('status').textContent();
  if (!/^All /.test(status)) throw new Error(`${id} did not come to its end: ${status}`);
  await page.close();
  return took;
}
