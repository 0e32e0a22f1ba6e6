// The lab in Firefox, driven by WebDriver BiDi: what differs between browsers is how modules, workers, frames and storage
// behave, so each page is gone through once, on the CPU. All else is tested in Chromium.

import { createServer } from 'node:http';
import { expect, test as base } from '@playwright/test';
import puppeteer from 'puppeteer-core';
import { countKeptRuns } from './lab.mjs';
import { firefoxPath, labUrl } from './playwright.config.mjs';

const TINY = 'depth=4&width=32&batch=32&init=kaiming-normal&lr=0.1&device=cpu';

const test = base.extend({
  /** One Firefox for all tests. */
  firefox: [async ({}, use) => {
    const browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefoxPath(), headless: true });
    await use(browser);
    await browser.close();
  }, { scope: 'worker' }],

  /** A page in a profile of its own, whose console has to stay clean. */
  tab: async ({ firefox }, use) => {
    const context = await firefox.createBrowserContext();
    const tab = await context.newPage();
    const troubles = [];
    tab.on('console', (message) => { if (message.type() === 'error') troubles.push(message.text()); });
    tab.on('pageerror', (error) => troubles.push(error.message));
    await tab.setViewport({ width: 1280, height: 900 });
    await use(tab);
    await context.close();
    expect(troubles).toEqual([]);
  },
});

/** The text of the part of this name, in a page or a frame. */
const text = (place, id) => place.$eval(`[data-testid="${id}"]`, (one) => one.textContent).catch(() => '');
const attribute = (place, id, name) => place.$eval(`[data-testid="${id}"]`, (one, name) => one.getAttribute(name), name).catch(() => null);
const press = (place, id) => place.locator(`[data-testid="${id}"]`).click();

/** Waits until the network of a lab is measured. */
const measured = (place) => expect.poll(() => attribute(place, 'diagnosis', 'data-verdict'), { timeout: 60_000 }).not.toMatch(/waiting|^null$/);

test('an MLP is measured, trained and dragged', async ({ tab }) => {
  await tab.goto(`${labUrl}#v=1&${TINY}&steps=60`);
  await measured(tab);
  expect(await attribute(tab, 'device', 'data-device')).toBe('cpu');
  await press(tab, 'play');
  await expect.poll(() => text(tab, 'diagnosis'), { timeout: 60_000 }).toContain('after 60 steps the loss has fallen');
  // Both the line of theory and the dots of the network are drawn.
  const drawn = () => tab.$$eval('[data-chart="variance"] .scatterlayer', ([layer]) => [layer.querySelectorAll('.js-line').length, layer.querySelectorAll('.points path').length]);
  await expect.poll(async () => (await drawn()).every((count) => count > 0)).toBe(true);
  const before = await attribute(tab, 'knob-std', 'value') ?? await tab.$eval('[data-testid="knob-std"]', (knob) => knob.value);
  await tab.focus('[data-testid="knob-std"]');
  await tab.keyboard.press('PageUp');
  await expect.poll(() => tab.$eval('[data-testid="knob-std"]', (knob) => knob.value)).not.toBe(before);
  expect(new URL(tab.url()).hash).toContain('std=');
  await measured(tab);
});

test('a GPT is trained and its run survives a reload', async ({ tab }) => {
  await tab.goto(`${labUrl}#v=1&model=gpt&depth=1&width=16&heads=2&context=16&batch=8&lr=0.01&device=cpu&steps=20&lang=en`);
  await measured(tab);
  await press(tab, 'play');
  await expect.poll(() => attribute(tab, 'scrubber', 'aria-valuetext'), { timeout: 60_000 }).toMatch(/^Step 20:/);
  await press(tab, 'pin');
  await expect.poll(() => text(tab, 'run-a')).toMatch(/\S/);
  const kept = () => tab.evaluate(countKeptRuns);
  await expect.poll(kept, { timeout: 15_000 }).toBe(1);
  await tab.reload();
  await measured(tab);
  await expect.poll(() => text(tab, 'run-a')).toMatch(/\S/);
});

test('an experiment shows what was recorded, and runs here', async ({ tab }) => {
  await tab.goto(`${labUrl}experiments.html?lang=en#cost`);
  await expect.poll(() => attribute(tab, 'answer', 'data-source'), { timeout: 30_000 }).toBe('recorded');
  await press(tab, 'run');
  await expect.poll(() => attribute(tab, 'answer', 'data-source'), { timeout: 90_000 }).toBe('own');
});

test('the studio writes what embeds the lab, and the element stands in a foreign page', async ({ tab }) => {
  await tab.goto(`${labUrl}studio.html?lang=en#v=1&${TINY}`);
  const preview = async () => tab.frames().find((frame) => frame !== tab.mainFrame() && frame.url().includes('embed=1'));
  await expect.poll(async () => Boolean(await preview()), { timeout: 30_000 }).toBe(true);
  await measured(await preview());

  const server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(`<!doctype html><title>A page</title><link rel="icon" href="data:,">
      <script src="${labUrl}embed.js"></script><init-lab ${TINY.replace(/([^&=]+)=([^&]+)&?/g, '$1="$2" ')} lang="vi"></init-lab>`);
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  try {
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    const inside = () => tab.frames().find((frame) => frame.url().startsWith(labUrl));
    await expect.poll(() => Boolean(inside()), { timeout: 30_000 }).toBe(true);
    await measured(inside());
    expect(await inside().$eval('html', (html) => html.lang)).toBe('vi');
    // What it measures it tells the page around.
    await tab.evaluate(() => {
      document.querySelector('init-lab').addEventListener('frame', ({ detail }) => { window.last = detail.step; });
      document.querySelector('init-lab').step(3);
    });
    await expect.poll(() => tab.evaluate(() => window.last), { timeout: 60_000 }).toBe(3);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
