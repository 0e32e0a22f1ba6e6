// Without a network: after one visit the whole site works, a newer version waits until it is wanted, and none mix.

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serve } from '../../scripts/serve.mjs';
import { expect, test as base } from './fixtures.mjs';
import { Lab, MLP } from './lab.mjs';
import { siteFolder } from './playwright.config.mjs';

const SCRIPT = fileURLToPath(new URL('../../scripts/offline.mjs', import.meta.url));

/** A site of its own, as `make dist` makes it, which may get a newer version. */
class KeptSite {
  static async open() {
    const site = new KeptSite();
    site.folder = await mkdtemp(join(tmpdir(), 'init-lab-'));
    await cp(siteFolder, site.folder, { recursive: true });
    await site.change('site.js', 'const OFFLINE = false;', 'const OFFLINE = true;');
    site.server = await serve({ root: site.folder, port: 0, base: '/a/folder/' });
    site.url = site.server.url;
    return site;
  }

  /** Changes a file, and makes that a version. */
  async change(file, from, to) {
    const path = join(this.folder, file);
    const text = await readFile(path, 'utf8');
    expect(text).toContain(from);
    await writeFile(path, text.replace(from, to));
    await promisify(execFile)('node', [SCRIPT, this.folder]);
  }

  async close() {
    await this.server.close();
    await rm(this.folder, { recursive: true });
  }
}

const test = base.extend({
  site: async ({}, use) => {
    const site = await KeptSite.open();
    await use(site);
    await site.close();
  },
});

/** The service worker has kept everything. */
const kept = (page) => page.evaluate(async () => {
  const { active } = await navigator.serviceWorker.ready;
  if (active.state !== 'activated') await new Promise((done) => active.addEventListener('statechange', done, { once: true }));
});

test('the site is not kept before the lab has what it opens with', async ({ page, site }) => {
  const lab = new Lab(page);
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/worker-cpu_bg.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${site.url}#v=1&${MLP}&lang=en`);
  await expect(lab.status).toContainText('Downloading the engine');
  await page.waitForFunction(() => performance.now() > 6000);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  release();
  await lab.measured();
  await kept(page);
});

test('after one visit the lab trains without a network, and every page of the site opens', async ({ page, context, site }) => {
  const lab = new Lab(page);
  await page.goto(`${site.url}#v=1&${MLP}&lang=en`);
  await lab.measured();
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await lab.measured();
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
  await page.goto(`${site.url}experiments.html?lang=vi#e1`);
  await expect(page.getByTestId('title')).toBeVisible();
  await page.goto(`${site.url}lessons/en/variance.html`);
  await expect(page.locator('h1')).toBeVisible();
  await page.goto(`${site.url}schemes/vi.html`);
  await expect(page.locator('article').first()).toBeVisible();
  await page.goto(`${site.url}studio.html?lang=en`);
  await expect(page.getByTestId('out-link')).not.toBeEmpty();
});

test('a newer version waits until the reader wants it', async ({ page, site }) => {
  await page.goto(`${site.url}lessons/en/index.html`);
  await kept(page);
  await site.change('lessons/en/index.html', '<h1>Lessons', '<h1>Newer lessons');
  await page.reload();
  await expect(page.locator('h1')).toHaveText(/^Lessons/);
  const offer = page.getByTestId('update');
  await expect(offer).toContainText('newer version');
  await offer.getByRole('button', { name: 'Not now' }).click();
  await expect(offer).toHaveCount(0);
  await page.reload();
  await expect(page.locator('h1')).toHaveText(/^Lessons/);
  await offer.getByRole('button', { name: 'Reload' }).click();
  await expect(page.locator('h1')).toHaveText(/^Newer lessons/);
});

test('the test site, which is no dist, keeps nothing', async ({ page }) => {
  await page.goto('./');
  await expect(page.getByTestId('play')).toBeVisible();
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});
