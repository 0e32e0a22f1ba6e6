// Files that do not come, come late, or are another's: they are asked for again, and one sentence names them.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

/** Answers the first `times` requests for files like these in another way. */
async function bend(page, pattern, times, answer) {
  let asked = 0;
  await page.route(pattern, (route) => {
    // Nobody waits for what is fetched ahead.
    if (route.request().headers()['sec-purpose'] === 'prefetch') return route.abort();
    asked += 1;
    return asked <= times ? answer(route) : route.continue();
  });
  return () => asked;
}

const GONE = (route) => route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>Not here</h1>' });
const HTML = (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Sign in to this network</h1>' });
const EMPTY = (route) => route.fulfill({ contentType: 'application/json', body: '{}' });
const CUT = (route) => route.abort();

test.beforeEach(({ troubles }) => troubles.allow(/Failed to load resource|Failed to fetch|did not come|wasm|MIME|Unexpected token/));

for (const [name, answer] of Object.entries({ GONE, HTML, EMPTY, CUT })) {
  test(`a language file that comes at the third try: ${name}`, async ({ lab, page }) => {
    const asked = await bend(page, '**/lang/vi.page.json', 2, answer);
    await lab.open(`${MLP}&lang=vi`);
    await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
    await expect(lab.status).toContainText('Sẵn sàng');
    expect(asked()).toBe(3);
  });
}

test('a language that never comes leaves English words, and no keys', async ({ lab, page }) => {
  await bend(page, '**/lang/vi.*.json', Infinity, HTML);
  await lab.open(`${MLP}&lang=vi`);
  await expect(lab.status).toContainText('Ready to train');
  expect(await page.locator('body').innerText()).not.toMatch(/\b(status|chart|knob|verdict|notice)\.[a-z-]+\b/);
  await page.goto('studio.html?lang=vi');
  await expect(page.getByRole('heading').first()).toBeVisible();
  expect(await page.locator('body').innerText()).not.toMatch(/\b(studio|status|nav)\.[a-z-]+\b/);
});

test('a program that is cut off once starts all the same', async ({ lab, page }) => {
  await bend(page, '**/page-*_bg.wasm', 1, CUT);
  await lab.open(MLP);
});

for (const [lang, words] of [['en', /page-\w+_bg\.wasm did not come\. Reload/], ['vi', /Không nhận được page-\w+_bg\.wasm/]]) {
  test(`a program that never comes is named, ${lang}`, async ({ page }) => {
    await bend(page, '**/page-*_bg.wasm', Infinity, GONE);
    await page.goto(`./#v=1&lang=${lang}`);
    await expect(page.getByRole('alert')).toHaveText(words);
  });
}

for (const [name, answer] of Object.entries({ GONE, HTML, CUT })) {
  test(`charts that are drawn by a file that comes at the third try: ${name}`, async ({ lab, page }) => {
    const asked = await bend(page, /plotly-basic\.min\.js/, 2, answer);
    await lab.open(MLP);
    await expect(page.locator('.main-svg').first()).toBeAttached();
    expect(asked()).toBe(3);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
}

test('without what draws charts, the page says so, tables stand in for them, and all else works', async ({ lab, page }) => {
  await bend(page, /plotly-basic\.min\.js/, Infinity, GONE);
  await lab.open(`${MLP}&steps=20`);
  await expect(page.getByRole('alert')).toContainText('plotly-basic.min.js could not be loaded');
  for (const chart of ['variance', 'gradient', 'share', 'loss']) await expect(lab.see(`data-${chart}`)).toBeVisible();
  await lab.playToEnd(20);
  // The tables follow the run, and can be closed like any other.
  await expect.poll(async () => (await lab.table('loss')).has('20')).toBe(true);
  await lab.press('show-loss');
  await expect(lab.see('data-loss')).toHaveCount(0);
});

/** Half of the file. */
const HALF = async (route) => {
  const response = await route.fetch();
  const whole = await response.body();
  await route.fulfill({ contentType: 'application/wasm', body: whole.subarray(0, whole.length / 2) });
};

for (const [file, answers] of Object.entries({ 'worker-cpu.js': { GONE, HTML, CUT }, 'worker-cpu_bg.wasm': { GONE, HTML, CUT, HALF } })) {
  for (const [name, answer] of Object.entries(answers)) {
    test(`an engine whose ${file} comes at the third try: ${name}`, async ({ lab, page }) => {
      const asked = await bend(page, new RegExp(`/${file.replace('.', '\\.')}`), 2, answer);
      await lab.open(`${MLP}&steps=20`);
      expect(asked()).toBe(3);
      await lab.playToEnd(20);
      await expect(lab.notice).toBeHidden();
    });
  }
}

test('an engine that never answers is asked for again', async ({ lab, page }) => {
  const asked = await bend(page, /worker-cpu_bg\.wasm/, 1, () => {});
  await lab.open(MLP, { measured: false });
  await expect.poll(asked, { timeout: 40_000 }).toBe(2);
  await lab.measured();
});

for (const [lang, words] of [['en', /^worker-cpu_bg\.wasm did not come, though it was asked for three times/], ['vi', /^Đã thử ba lần mà không nhận được worker-cpu_bg\.wasm/]]) {
  test(`an engine that never comes is named, and comes on request, ${lang}`, async ({ lab, page }) => {
    const asked = await bend(page, /worker-cpu_bg\.wasm/, 3, HTML);
    await lab.open(`${MLP}&lang=${lang}`, { measured: false });
    await expect(lab.notice).toHaveText(words);
    expect(asked()).toBe(3);
    await lab.press('reset');
    await lab.measured();
    await expect(lab.notice).toBeHidden();
  });
}

test('an experiment whose engine does not come says which file it is', async ({ page }) => {
  await bend(page, /worker-cpu_bg\.wasm/, Infinity, GONE);
  await page.goto('experiments.html#e1');
  await page.getByTestId('run').click();
  await expect(page.getByTestId('notice')).toHaveText(/worker-cpu_bg\.wasm did not come, though it was asked for three times/);
});

test('a browser without SIMD is told which has it', async ({ page }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
    const refuse = () => Promise.reject(new WebAssembly.CompileError('invalid opcode'));
    WebAssembly.instantiateStreaming = refuse;
    WebAssembly.instantiate = refuse;
    WebAssembly.compileStreaming = refuse;
  });
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('WebAssembly with SIMD');
});
