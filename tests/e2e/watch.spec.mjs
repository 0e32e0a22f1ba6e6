// Transformers that are watched while they train: what is shown of them, and that nothing is lost.

import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';

const TINY = `base = "model=gpt&depth=2&width=16&heads=2&context=8&batch=4&lr=0.01&steps=100000&device=cpu"
verdict = "watch"
[title]
en = "Two small ones"
[note]
en = "Two networks."
[[sweep]]
name = "network"
settings = [{ name = "AdamW", link = "wd=0.1" }, { name = "SGD", link = "opt=sgd&lr=0.1&wd=0" }]
`;

const see = (page, id) => page.getByTestId(id);
const steps = async (page, index = 0) => Number((await see(page, `state-${index}`).textContent()).match(/\d+/)[0]);

async function begin(page) {
  await page.goto('./experiments.html?lang=en#e3');
  await expect(see(page, 'title')).toHaveText('E3: what happens to Q, K and V in a twelve-block GPT?');
  await see(page, 'file').evaluate((details) => { details.open = true; });
  await see(page, 'text').fill(TINY);
  await see(page, 'run-file').click();
  await expect(see(page, 'state-0')).toHaveText(/^[1-9]\d* steps$/, { timeout: 60_000 });
}

test('weights, gradients, losses and texts of a network are seen while it trains', async ({ page }) => {
  await begin(page);
  await expect.poll(() => steps(page), { timeout: 30_000 }).toBeGreaterThan(40);
  // Losses, gradients, and Q, K and V three times.
  await expect(page.locator('figure .main-svg').first()).toBeVisible();
  await expect(page.locator('figure[data-kind="spread"]')).toHaveCount(3);
  await expect(page.locator('figure[data-kind="tails"]')).toHaveCount(3);
  await expect(page.locator('figure[data-kind="histogram"]')).toHaveCount(3);
  await expect(page.locator('figure[data-kind="spread"]').first().locator('.scatterlayer .trace')).toHaveCount(3);
  await expect(see(page, 'written').locator('pre').first()).toHaveText(/^[\s\S]{100,}$/);
  await expect(see(page, 'findings')).toContainText('Decay and noise alone would have brought it to');
  // Another network, another block, another time.
  await see(page, 'hold').click();
  await expect(see(page, 'status')).toContainText('Paused');
  await see(page, 'look-at-1').check();
  await see(page, 'block').selectOption({ value: '1' });
  await expect(page.locator('figure[data-kind="histogram"] h3').first()).toHaveText('Q 2: weights');
  // SGD has no size that decay and noise would bring it to.
  await expect(page.locator('figure[data-kind="spread"]').first().locator('.scatterlayer .trace')).toHaveCount(2);
  await see(page, 'look').fill('0');
  await expect(page.locator('#look-step')).toHaveText('step 0');
  // Its numbers, to compute on.
  await see(page, 'data').evaluate((details) => { details.open = true; });
  await expect(see(page, 'csv')).toBeEnabled();
  const [file] = await Promise.all([page.waitForEvent('download'), see(page, 'csv').click()]);
  const rows = (await readFile(await file.path(), 'utf8')).trim().split('\n').map((row) => row.split(','));
  expect(rows[0].slice(0, 6)).toEqual(['step', 'held-out-loss', 'block', 'gradient', 'Q std', 'Q kurtosis']);
  expect(Number(rows[1][4]) / 0.02).toBeCloseTo(1, 0);
});

test('a network that rests lets the others go ahead', async ({ page }) => {
  await begin(page);
  await see(page, 'trains-1').uncheck();
  const ahead = async () => {
    const from = await steps(page, 0);
    await expect.poll(() => steps(page, 0), { timeout: 30_000 }).toBeGreaterThan(from + 20);
  };
  // What was under way comes to its end; then, were it not at rest, it would have its turn between theirs.
  await expect(async () => {
    const rested = await steps(page, 1);
    for (const _ of [1, 2, 3]) await ahead();
    expect(await steps(page, 1)).toBe(rested);
  }).toPass({ timeout: 60_000 });
  await expect(see(page, 'trains-1')).not.toBeChecked();
});

test('it goes on after a reload, and after it was ended', async ({ page }) => {
  await begin(page);
  await expect.poll(() => steps(page), { timeout: 30_000 }).toBeGreaterThan(20);
  // A tab that is hidden is kept at once.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const kept = async () => (await page.evaluate(record, null))?.steps ?? 0;
  await expect.poll(kept, { timeout: 30_000 }).toBeGreaterThan(20);
  const known = await kept();
  await page.reload();
  // By itself, from where it was, with everything that was seen.
  await expect(see(page, 'status')).toContainText('updates so far', { timeout: 60_000 });
  await expect.poll(async () => await steps(page, 0) + await steps(page, 1), { timeout: 30_000 }).toBeGreaterThanOrEqual(known);
  await expect(see(page, 'written').locator('h3').last()).toHaveText('step 0');
  await see(page, 'end').click();
  await expect(see(page, 'status')).toContainText('Stopped after');
  await page.reload();
  // What was ended waits to be asked.
  await expect(see(page, 'take-up')).toContainText('Continue:');
  await see(page, 'take-up').click();
  await expect(see(page, 'status')).toContainText('updates so far', { timeout: 60_000 });
  expect(await steps(page, 0) + await steps(page, 1)).toBeGreaterThanOrEqual(known);
});

test('what was kept by another version is refused, and a new run begins', async ({ page }) => {
  await page.goto('./experiments.html?lang=en#e3');
  await expect(see(page, 'title')).not.toBeEmpty();
  await page.evaluate(record, { file: 'base = ""', steps: 7, bytes: [99, 1, 2], at: 0 });
  await page.reload();
  await see(page, 'take-up').click();
  await expect(see(page, 'notice')).toContainText('another version of the lab', { timeout: 60_000 });
  await expect(see(page, 'take-up')).toBeHidden();
  await expect(see(page, 'run')).toHaveText('Run all networks');
});

/** In the page: what the browser keeps of E3 to take up again; `value` replaces it. */
function record(value) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('init-lab', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('experiments');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const store = opening.result.transaction('experiments', value ? 'readwrite' : 'readonly').objectStore('experiments');
      const asking = value ? store.put({ ...value, bytes: new Uint8Array(value.bytes) }, 'e3') : store.get('e3');
      asking.onerror = () => reject(asking.error);
      asking.onsuccess = () => {
        const { file, steps } = (value ? null : asking.result) ?? {};
        store.transaction.oncomplete = () => {
          opening.result.close();
          resolve(file === undefined ? null : { file, steps });
        };
      };
    };
  });
}
