// What a step costs on the CPU as a network grows, and what memory it takes: docs/growth.md.
//   node tests/bench/growth.mjs [folder of the site] [page to write]
// A benchmark and no test. Each network trains in a browser's worker of its own, without measuring its layers, by the
// verdict "cost" of experiments. The exponent between two sizes is log(time₂ / time₁) / log(size₂ / size₁).

import { readFile, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import config from '../e2e/playwright.config.mjs';
import { staged } from './staged.mjs';

const MLP = 'device=cpu&init=kaiming-normal&opt=sgd';
const GPT = 'device=cpu&model=gpt&opt=adamw';
/** What grows, from 16 to the largest of the knob's table, unless the lab refuses it before. */
const SERIES = [
  { title: 'MLP by width (6 layers, batch 64)', base: `${MLP}&depth=6&batch=64`, knob: 'width', sizes: [16, 32, 64, 128, 256, 512, 1024] },
  { title: 'MLP by depth (width 128, batch 64)', base: `${MLP}&width=128&batch=64`, knob: 'depth', sizes: [2, 4, 8, 16, 32, 64, 100] },
  { title: 'MLP by batch (6 × 128)', base: `${MLP}&depth=6&width=128`, knob: 'batch', sizes: [16, 32, 64, 128, 256, 512] },
  { title: 'MLP by replicas (4 × 16, batch 16)', base: `${MLP}&depth=4&width=16&batch=16`, knob: 'replicas', sizes: [1, 2, 4, 8, 16, 32, 64, 128, 256] },
  { title: 'GPT by width (4 blocks, context 32, batch 8)', base: `${GPT}&depth=4&context=32&batch=8&heads=4`, knob: 'width', sizes: [16, 32, 64, 128, 256, 512, 768] },
  { title: 'GPT by depth (width 64, context 32, batch 8)', base: `${GPT}&width=64&context=32&batch=8&heads=4`, knob: 'depth', sizes: [1, 2, 4, 8, 16, 24] },
  { title: 'GPT by context (4 blocks, width 64, batch 8)', base: `${GPT}&depth=4&width=64&batch=8&heads=4`, knob: 'context', sizes: [16, 32, 64, 128] },
  { title: 'GPT by batch (4 blocks, width 64, context 32)', base: `${GPT}&depth=4&width=64&context=32&heads=4`, knob: 'batch', sizes: [1, 2, 4, 8, 16, 32, 64] },
];

const [site = 'dist', target] = process.argv.slice(2);
const { launchOptions } = config.projects.find(({ name }) => name === 'cpu').use;
const folder = await staged(site);
const server = await serve({ root: folder, port: 0 });
try {
  const parts = [];
  for (const series of SERIES) parts.push(await table(series));
  const page = `# What grows

Written by \`make growth\`; do not edit.
A step of training on the CPU, in a worker of a browser, without what the charts ask for: ${cpus()[0].model}, one core.
“Exponent” is that of the time between this row and the one above.
Memory is that of the page's process after training, with the program and the data in it.

${parts.join('\n')}`;
  if (target) await writeFile(target, page);
  else console.log(page);
} finally {
  await server.close?.();
  await rm(folder, { recursive: true, force: true });
}

async function table({ title, base, knob, sizes }) {
  const rows = [];
  let before = null;
  for (const size of sizes) {
    process.stderr.write(`growth: ${title}: ${size}\n`);
    const { ms, megabytes, refused } = await measure(base, knob, size);
    if (refused) {
      rows.push(`| ${size} | refused by experiments: ${refused} | | |`);
      continue;
    }
    const exponent = before ? (Math.log(ms / before.ms) / Math.log(size / before.size)).toFixed(2) : '';
    rows.push(`| ${size} | ${ms.toPrecision(3)} | ${exponent} | ${megabytes.toFixed(0)} |`);
    before = { ms, size };
  }
  return `## ${title}\n\n| ${knob} | ms a step | exponent | MB |\n|---:|---:|---:|---:|\n${rows.join('\n')}\n`;
}

/** The time of a step in a browser of its own, so that its memory is that of this network alone. */
async function measure(base, knob, size) {
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage({ baseURL: server.url });
    await page.goto('bench/peers/index.html');
    await page.waitForFunction(() => self.ready);
    const replicas = knob === 'replicas' ? size : 1;
    // Networks that differ in dropout are not trained as one, so that the first is timed alone.
    const sweep = replicas > 1
      ? `{ name = "seed", knob = "seed", from = 1, to = ${replicas}, points = ${replicas} }`
      : '{ name = "dropout", knob = "dropout", values = [0, 0.1] }';
    const text = `
      base = "${knob === 'replicas' ? base : `${base}&${knob}=${size}`}"
      verdict = "cost"
      title = { en = "Growth" }
      note = { en = "" }
      sweep = [${sweep}]`;
    const answer = await page.evaluate((text) => self.study(text).catch((error) => ({ refused: error.message })), text);
    // An experiment has less room than the lab, because it may train many networks.
    if (answer.refused) return { refused: /"key":"([a-z-]+)"/.exec(answer.refused)?.[1] ?? answer.refused };
    const [, , ms] = answer.tables[0].rows.find(([, networks]) => Number(networks) === replicas);
    return { ms: Number(ms), megabytes: await resident(browser) };
  } finally {
    await browser.close();
  }
}

/** The resident memory of the page's process, its worker's too, in megabytes. */
async function resident(browser) {
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  const sizes = await Promise.all(processInfo.filter(({ type }) => type === 'renderer').map(async ({ id }) => {
    const status = await readFile(`/proc/${id}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
  }));
  return Math.max(...sizes);
}
