// The page is there before the engine, and works.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

/** Holds back a file of the site, and gives what lets it come. */
async function hold(page, file) {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route(file, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

test('sliders and predictions work while the engine is still on its way', async ({ lab, page }) => {
  const release = await hold(page, '**/worker-cpu_bg.wasm');
  await lab.open(MLP, { measured: false });
  await expect(lab.status).toContainText('Downloading the engine');
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'waiting');

  const before = await lab.table('variance');
  await lab.knob('std').focus();
  await page.keyboard.press('PageUp');
  const after = await lab.table('variance');
  expect(before.get('hidden.4')[0]).toBeNull();
  expect(after.get('hidden.4')[3]).toBeGreaterThan(before.get('hidden.4')[3]);

  await lab.press('play');
  await expect(lab.see('pause')).toBeVisible();
  await lab.press('pause');
  await expect(lab.status).toContainText('Downloading the engine');

  release();
  await lab.measured();
  await expect(lab.status).toContainText('Ready to train');
  const measured = await lab.table('variance');
  expect(measured.get('hidden.4')[1]).toBeGreaterThan(0);
  expect(measured.get('hidden.4').slice(2)).toEqual(after.get('hidden.4').slice(2));
});

/** What is drawn before Plotly comes. */
const DRAFT = '[data-chart="variance"] canvas.draft';

/** Opens the lab without waiting until all of its files have come. */
const enter = (page) => page.goto(`./#v=1&${MLP}`, { waitUntil: 'commit' });

/** From which to which height of its chart a draft has pixels of a colour of the theme, in CSS pixels. */
const heights = (draft, token) => draft.evaluate((canvas, token) => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(${token})`;
  const color = getComputedStyle(probe).color.match(/\d+/g).map(Number);
  probe.remove();
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const isOf = (at) => [0, 1, 2].every((part) => Math.abs(data[at + part] - color[part]) < 4) && data[at + 3] > 250;
  const found = [];
  for (let at = 0; at < data.length; at += 4) if (isOf(at)) found.push(Math.floor(at / 4 / canvas.width) * canvas.clientHeight / canvas.height);
  return [Math.min(...found), Math.max(...found)];
}, token);

test('theory’s line follows a slider before Plotly has come, and stands where Plotly will draw it', async ({ lab, page }) => {
  const charts = await hold(page, /plotly-basic\.min\.js/);
  const engine = await hold(page, '**/worker-cpu_bg.wasm');
  await enter(page);
  const draft = page.locator(DRAFT);
  await expect(draft).toBeVisible();
  const before = await heights(draft, '--accent');
  await lab.knob('std').focus();
  await page.keyboard.press('PageUp');
  await expect.poll(() => heights(draft, '--accent'), 'the line moves').not.toEqual(before);
  const [top, bottom] = await heights(draft, '--accent');

  charts();
  await expect(page.locator('[data-chart="variance"] .scatterlayer .js-line').last()).toBeVisible();
  await expect(draft).toHaveCount(0);
  const line = await page.evaluate(() => {
    const chart = document.querySelector('[data-chart="variance"] .canvas');
    const boxes = [...chart.querySelectorAll('.scatterlayer .js-line')].map((path) => path.getBoundingClientRect());
    const box = boxes.at(-1);
    return [box.top - chart.getBoundingClientRect().top, box.bottom - chart.getBoundingClientRect().top];
  });
  expect(Math.abs(line[0] - top)).toBeLessThan(3);
  expect(Math.abs(line[1] - bottom)).toBeLessThan(3);
  engine();
  await lab.measured();
});

test('measured dots are drawn before Plotly has come', async ({ lab, page }) => {
  const charts = await hold(page, /plotly-basic\.min\.js/);
  await enter(page);
  await lab.measured();
  await expect.poll(async () => (await heights(page.locator(DRAFT), '--ink'))[0]).toBeLessThan(240);
  charts();
  await expect(page.locator('[data-chart="variance"] .points path').first()).toBeVisible();
  await expect(page.locator(DRAFT)).toHaveCount(0);
});

test('over a slow network what draws the charts lets the engine go first', async ({ lab, page }) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url().split('/').pop()));
  const program = await hold(page, '**/page*_bg.wasm');
  const engine = await hold(page, '**/worker-cpu_bg.wasm');
  await enter(page);
  await page.waitForFunction(() => performance.now() > 2100);
  program();
  await expect(page.locator(DRAFT)).toBeVisible();
  await expect(lab.status).toContainText('Downloading the engine');
  expect(asked.filter((file) => /plotly/.test(file))).toEqual([]);
  engine();
  await lab.measured();
  await expect(page.locator('[data-chart="variance"] .points path').first()).toBeVisible();
});

test('the engine is on its way before the second part of the page has come', async ({ lab, page }) => {
  const later = await hold(page, '**/page-*later.wasm');
  const engine = page.waitForRequest(/worker-cpu_bg\.wasm/);
  await enter(page);
  await engine;
  later();
  await lab.measured();
});

test('play that was pressed before the engine came is kept', async ({ lab, page }) => {
  const release = await hold(page, '**/worker-cpu_bg.wasm');
  await lab.open(`${MLP}&steps=20`, { measured: false });
  await lab.press('play');
  release();
  await expect(lab.step).toHaveText('20', { timeout: 60_000 });
});

test('sliders and predictions wait for nothing that comes later, which can be asked for again', async ({ lab, page, troubles }) => {
  troubles.allow(/split_later|Failed to fetch/);
  let reachable = false;
  await page.route('**/page-*later.wasm', (route) => (reachable ? route.continue() : route.abort()));
  await lab.open(MLP, { measured: false });
  await expect(page.getByRole('alert').first()).toContainText('could not be loaded');
  await page.waitForFunction(() => document.querySelector('[data-testid="chart-variance"] .canvas')?.data?.[2]);
  const predicted = () => page.evaluate(() => Number(document.querySelector('[data-testid="chart-variance"] .canvas').data[2].y.at(-1)));
  const before = await predicted();
  await lab.knob('std').focus();
  await page.keyboard.press('PageUp');
  await expect.poll(predicted).toBeGreaterThan(before);
  // What is typed waits for the code that reads it.
  await lab.field('std').fill('√(2/50)');
  await lab.field('std').press('Enter');

  reachable = true;
  await lab.see('later-again').first().click();
  await lab.measured();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(lab.verdict).not.toHaveAttribute('data-verdict', 'waiting');
  await expect(lab.field('std')).toHaveValue('0.2');
});

test('the question and its picture are in the file itself, before any script', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto('./');
  await expect(page.getByText('Init Lab', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Will 20 ReLU layers .* learn from σ = 0\.02\?/);
  await expect(page.getByRole('img', { name: /Variance of the signal by depth/ })).toBeVisible();
  await expect(page.locator('link[rel="stylesheet"]'), 'its styles are in it').toHaveCount(0);
  await context.close();
});

for (const [width, height] of [[1366, 657], [390, 844]]) {
  test(`what is seen first stands where the lab will be, ${width} pixels wide`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height });
    const go = await hold(page, '**/page*_bg.wasm');
    await page.goto('./#v=1&device=cpu', { waitUntil: 'commit' });
    const first = page.locator('#boot [data-chart="variance"]');
    await expect(first.getByRole('img')).toBeVisible();
    const before = { chart: await first.boundingBox(), question: await page.locator('#boot h1').boundingBox() };
    go();
    await lab.measured();
    await expect(page.locator('#boot')).toHaveCount(0);
    const chart = await page.locator('[data-chart="variance"]').boundingBox();
    const question = await page.getByTestId('question').boundingBox();
    expect(Math.abs(question.x - before.question.x)).toBeLessThan(2);
    expect(chart.width).toBeCloseTo(before.chart.width, 0);
    if (width > 720) expect(Math.abs(chart.y - before.chart.y), 'the chart does not jump').toBeLessThan(8);
  });
}

test('a prepared lab has its own question and line before the program comes', async ({ lab, page }) => {
  const go = await hold(page, '**/page*_bg.wasm');
  await page.goto('./#v=1&x=explode&device=cpu', { waitUntil: 'commit' });
  const first = page.locator('#boot [data-chart="variance"]');
  await expect(page.locator('#boot h1')).toHaveText(/30 ReLU layers .* learn from σ = 0\.5\?/);
  await expect(first.getByRole('img', { name: /Variance of the signal by depth/ })).toBeVisible();
  const heights = (await first.locator('polyline').getAttribute('points')).split(' ').map((point) => Number(point.split(',')[1]));
  expect(heights[0] - heights.at(-1), 'the line goes up').toBeGreaterThan(50);
  const before = await first.boundingBox();
  go();
  await lab.measured();
  await expect(page.locator('#boot')).toHaveCount(0);
  const chart = await page.locator('[data-chart="variance"]').boundingBox();
  // Its words are not those of the lab as it opens, and may be a little higher.
  expect(Math.abs(chart.y - before.y), 'the chart does not jump').toBeLessThan(16);
});

test('what a student is to predict is not shown before, and a lab without this chart has none', async ({ page, troubles }) => {
  troubles.allow(/no-such-lab/);
  const ids = async () => (await page.locator('#prepared').getAttribute('data-ids')).split(' ');
  await page.route('**/page*_bg.wasm', () => {});
  await page.goto('./', { waitUntil: 'commit' });
  expect(await ids()).toContain('explode');
  for (const id of ['chain-fifty', 'no-such-lab']) {
    expect(await ids()).not.toContain(id);
    await page.goto(`./?${id}#v=1&x=${id}`, { waitUntil: 'commit' });
    await expect(page.locator('#boot .first-picture')).toBeHidden();
  }
});

test('another lab than the one that opens by itself has neither its question nor its line', async ({ page }) => {
  await page.route('**/page*_bg.wasm', () => {});
  await page.goto('./#v=1&act=tanh', { waitUntil: 'commit' });
  await expect(page.locator('#boot [data-chart="variance"]')).toBeVisible();
  await expect(page.locator('#boot .first-picture')).toBeHidden();
  await expect(page.getByText('Will 20 ReLU layers')).toBeHidden();
});

test('a reader of Vietnamese has the first picture in Vietnamese', async ({ page }) => {
  await page.route('**/page*_bg.wasm', () => {});
  await page.goto('./?lang=vi', { waitUntil: 'commit' });
  await expect(page.locator('#boot h1')).toContainText('có học được từ');
  await expect(page.locator('#boot h2 [lang="en"]')).toBeHidden();
});
