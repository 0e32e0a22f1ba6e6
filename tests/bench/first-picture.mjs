// How long a person waits for the first picture, for sliders with theory's line, and for the first measured dots.
//   node tests/bench/first-picture.mjs [folder of the site, as make dist leaves it]
// A benchmark and no test. On a slow network and a slow processor (Chrome's "Fast 3G", a fourth of the speed), and as it is.

import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import config from '../e2e/playwright.config.mjs';

const SLOW = { latency: 562.5, downloadThroughput: (1.6 * 1024 * 1024 / 8) * 0.9, uploadThroughput: (750 * 1024 / 8) * 0.9 };
const ROWS = [
  { name: 'Fast 3G, processor 4 times slower', network: SLOW, slowdown: 4, aims: [1.5, 4, 12] },
  { name: 'as it is', network: null, slowdown: 1, aims: [0.1, 0.5, 1] },
];

const browser = await chromium.launch(config.projects.find(({ name }) => name === 'cpu').use.launchOptions);
const server = await serve({ root: process.argv[2] ?? 'dist', port: 0 });
try {
  console.log('seconds until:'.padEnd(36), 'a picture', 'sliders and theory', 'measured dots', 'the layout moved by');
  for (const { name, network, slowdown, aims } of ROWS) {
    const times = await visit(network, slowdown);
    const seconds = times.slice(0, 3).map((ms, at) => `${(ms / 1000).toFixed(2)} (aim ${aims[at]})`);
    console.log(name.padEnd(36), ...seconds, times[3].toFixed(3));
  }
} finally {
  await browser.close();
  await server.close?.();
}

/** Has workers fetch over the same network: what is said of a page does not hold for them. */
async function slowWorkers(session, network) {
  const say = (sessionId, method, params = {}) => session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: 1, method, params }) });
  session.on('Target.attachedToTarget', async ({ sessionId }) => {
    await say(sessionId, 'Network.enable');
    await say(sessionId, 'Network.emulateNetworkConditions', { offline: false, ...network });
    await say(sessionId, 'Runtime.runIfWaitingForDebugger');
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });
}

/** Opens the lab as somebody does who was never here. */
async function visit(network, slowdown) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 657 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  if (network) {
    await session.send('Network.emulateNetworkConditions', { offline: false, ...network });
    await slowWorkers(session, network);
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(() => {
    self.moved = 0;
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries()) self.moved += value;
    }).observe({ type: 'layout-shift', buffered: true });
    const seen = (self.seen = {});
    // Until Plotly has come the page draws by itself, and has arcs for dots alone.
    const { arc } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.arc = function dot(...place) {
      seen.dots ??= performance.now();
      return arc.apply(this, place);
    };
    const look = () => {
      const has = (selector) => document.querySelector(selector) !== null;
      if (!seen.sliders && has('[data-testid="knob-std"]') && has('[data-chart="variance"] :is(.draft, .scatterlayer .js-line)')) {
        seen.sliders = performance.now();
      }
      if (!seen.dots && has('[data-chart="variance"] .scatterlayer .points path')) seen.dots = performance.now();
      if (!seen.dots) requestAnimationFrame(look);
    };
    look();
  });
  await page.goto(server.url, { waitUntil: 'commit' });
  await page.waitForFunction(() => self.seen.dots, undefined, { timeout: 120_000 });
  const times = await page.evaluate(() => [
    performance.getEntriesByName('first-contentful-paint')[0].startTime, self.seen.sliders, self.seen.dots, self.moved,
  ]);
  await context.close();
  return times;
}
