// The page is there before the engine, and works.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

test('sliders and predictions work while the engine is still on its way', async ({ lab, page }) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/worker_bg.wasm', async (route) => {
    await held;
    await route.continue();
  });
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

test('play that was pressed before the engine came is kept', async ({ lab, page }) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/worker_bg.wasm', async (route) => {
    await held;
    await route.continue();
  });
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
  const before = await lab.table('variance');
  await lab.knob('std').focus();
  await page.keyboard.press('PageUp');
  const after = await lab.table('variance');
  expect(after.get('hidden.4')[3]).toBeGreaterThan(before.get('hidden.4')[3]);

  reachable = true;
  await lab.see('later-again').first().click();
  await lab.measured();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(lab.verdict).not.toHaveAttribute('data-verdict', 'waiting');
});

test('a picture and a name are in the file itself, before any script', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto('./');
  await expect(page.getByRole('heading', { name: 'Init Lab' })).toBeVisible();
  await context.close();
});
