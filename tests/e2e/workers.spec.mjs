// An experiment on as many workers as there is room for: the same numbers, even when one of them dies.

import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';

const FILE = `base = "depth=6&width=64&batch=64&steps=400&lr=0.05&device=cpu"
verdict = "band"
[title]
en = "Enough for several"
[note]
en = "Forty networks."
[[sweep]]
name = "σ"
knob = "std"
values = [0.01, 0.1, 0.2, 0.4, 3.0]
[[sweep]]
name = "seed"
knob = "seed"
values = [1, 2, 3, 4, 5, 6, 7, 8]
[[chart]]
kind = "curves"
x = "σ"
by = "seed"
`;

/** Opens the page of experiments on a machine that says it has so many cores, and runs the file. */
async function run(browser, baseURL, cores, meanwhile = async () => {}) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.addInitScript((cores) => {
    Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => cores });
    Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 8 });
  }, cores);
  await page.goto('./experiments.html?lang=en#e1');
  await expect(page.getByTestId('title')).not.toBeEmpty();
  await page.getByTestId('file').evaluate((details) => { details.open = true; });
  await page.getByTestId('text').fill(FILE);
  await page.getByTestId('run-file').click();
  const status = page.getByTestId('status');
  await meanwhile(page, status);
  await expect(status).toContainText(/^All /, { timeout: 240_000 });
  await page.getByTestId('data').evaluate((details) => { details.open = true; });
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('json').click()]);
  const { tables, findings, pictures } = JSON.parse(await readFile(await file.path(), 'utf8'));
  await expect.poll(() => page.workers().length, 'helpers end with the experiment').toBe(1);
  await context.close();
  return { tables, findings, pictures };
}

/** Waits until so many workers train, as the page says. */
const spread = (status, workers) => expect(status).toContainText(`${workers} workers train at once`, { timeout: 60_000 });

test('three workers find what one finds, and one that dies is replaced', async ({ browser, baseURL }) => {
  test.setTimeout(600_000);
  const alone = await run(browser, baseURL, 1, async (page, status) => {
    await expect(status).toContainText('of 40', { timeout: 60_000 });
    expect(page.workers()).toHaveLength(1);
  });
  const together = await run(browser, baseURL, 4, async (page, status) => {
    await spread(status, 3);
    // The answer may die with the worker.
    await page.workers().at(-1).evaluate(() => self.close()).catch(() => {});
    await spread(status, 2);
  });
  expect(together).toEqual(alone);
});

test('helpers ask for the half that trains on the CPU, whatever there is', async ({ browser, baseURL }) => {
  test.setTimeout(600_000);
  await run(browser, baseURL, 3, async (page, status) => {
    await spread(status, 2);
    const begun = page.workers().map((worker) => new URL(worker.url()).search).sort();
    expect(begun).toEqual(['', '?cpu']);
  });
});

test('helpers wait while the experiment does, and end with it', async ({ browser, baseURL }) => {
  test.setTimeout(600_000);
  await run(browser, baseURL, 3, async (page, status) => {
    await spread(status, 2);
    await page.getByTestId('hold').click();
    await expect(page.getByTestId('hold')).toHaveText(/go on|continue/i);
    const rested = await page.getByTestId('status').textContent();
    await page.getByTestId('hold').click();
    expect(rested).not.toMatch(/^All /);
  });
});
