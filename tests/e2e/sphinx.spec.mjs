// Sphinx itself, with the theme Furo and its switch between light, dark and whatever the reader's system has.

import { execFile } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './fixtures.mjs';
import { Guest } from './guest.mjs';
import { labUrl } from './playwright.config.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = fromHere('results/sphinx');
const PAGES = ['en/weight-initializations', 'vi/khoi-tao-trong-so'];
let host;

test.beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await cp(fromHere('../../examples/mkdocs/docs'), `${folder}/docs`, { recursive: true });
  await cp(fromHere('../../examples/sphinx/conf.py'), `${folder}/docs/conf.py`);
  for (const file of ['conf.py', ...PAGES.map((page) => `${page}.md`)]) {
    const text = await readFile(`${folder}/docs/${file}`, 'utf8');
    await writeFile(`${folder}/docs/${file}`, text.replaceAll('https://init-lab.example/', labUrl));
  }
  // A warning would be a failure.
  await promisify(execFile)(fromHere('../../scripts/host.sh'), ['sphinx-build', '--quiet', '--fail-on-warning', `${folder}/docs`, `${folder}/site`]);
  host = await serve({ root: `${folder}/site`, port: 0, host: '127.0.0.1' });
});

test.afterAll(() => host.close());

/** Presses the theme's switch until the page is so. */
async function turn(page, theme) {
  await expect(async () => {
    await page.locator('.theme-toggle:visible').click();
    await expect(page.locator('body')).toHaveAttribute('data-theme', theme, { timeout: 1000 });
  }).toPass();
}

test('the labs of a course, in light and dark, in both languages', async ({ page }) => {
  // What sets its formulas comes from elsewhere.
  await page.route('https://cdn.jsdelivr.net/**', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  const guest = new Guest(page.locator('init-lab'));
  await page.goto(`${host.url}${PAGES[0]}.html`);
  await guest.isHere();
  await guest.isLight();
  const moved = await guest.moveSigma();
  await turn(page, 'dark');
  await guest.isDark();
  await expect(guest.slider).toHaveValue(moved);
  // The theme remembers.
  await page.goto(`${host.url}${PAGES[1]}.html`);
  await guest.isHere('vi');
  await guest.isDark();
  await turn(page, 'auto');
  await guest.isLight();
  await page.emulateMedia({ colorScheme: 'dark' });
  await guest.isDark();
});
