// Material for MkDocs itself, with its plugin `privacy`, which puts a copy of our script on the course's own host, with pages
// that change without a reload, and with its switch between light and dark.

import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';
import { Guest } from './guest.mjs';
import { labUrl } from './playwright.config.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = fromHere('results/material');
/** Pages that say where the lab is, or do not, by their titles. */
const PAGES = {
  Untold: `<init-lab ${TINY}></init-lab>`,
  Told: `<init-lab home="${labUrl}" ${TINY}></init-lab>`,
};
const hosts = [];

/** A server of its own; files may come into its folder later. */
async function open(root, host = '127.0.0.1') {
  await mkdir(root, { recursive: true });
  hosts.push(await serve({ root, port: 0, host }));
  return hosts.at(-1).url;
}

/** Builds the course, whose pages take the script of the lab at `script`, and gives the course's address and what the plugin copied. */
async function build(name, script = labUrl, plugin = {}) {
  const work = `${folder}/${name}`;
  const url = await open(`${work}/site`);
  await cp(fromHere('../../examples/mkdocs/docs'), `${work}/docs`, { recursive: true });
  for (const [page, element] of Object.entries(PAGES)) await writeFile(`${work}/docs/${page}.md`, `# ${page}\n\n${element}\n`);
  for (const page of ['en/weight-initializations', 'vi/khoi-tao-trong-so']) {
    const text = await readFile(`${work}/docs/${page}.md`, 'utf8');
    await writeFile(`${work}/docs/${page}.md`, text.replaceAll('https://init-lab.example/', labUrl));
  }
  const config = await readFile(fromHere('../../examples/material/mkdocs.yml'), 'utf8');
  // The theme asks for Mermaid as soon as the plugin runs, which the tests do without.
  const options = { cache_dir: `${work}/cache`, ...plugin, assets_exclude: ['unpkg.com/*', ...plugin.assets_exclude ?? []] };
  await writeFile(`${work}/mkdocs.yml`, config.replace('https://course.example/', url).replace('https://init-lab.example/', script)
    .replace('../mkdocs/docs', 'docs').replace('- privacy', `- privacy: ${JSON.stringify(options)}`));
  await appendFile(`${work}/mkdocs.yml`, Object.keys(PAGES).map((page) => `  - ${page}: ${page}.md\n`).join(''));
  // While it is built, the servers of this process answer.
  await promisify(execFile)(fromHere('../../scripts/host.sh'), ['mkdocs', 'build', '--quiet', '--strict', '--config-file', `${work}/mkdocs.yml`, '--site-dir', `${work}/site`]);
  return { url, copy: `${url}assets/external/${script.replace('http://', '')}` };
}

test.beforeAll(() => rm(folder, { recursive: true, force: true }));

test.afterAll(() => Promise.all(hosts.map((host) => host.close())));

/** Follows a link of the course, by which the page changes without a reload. */
async function turn(page, name) {
  await page.evaluate(() => { window.sameDocument = true; });
  await page.locator('.md-sidebar--primary').getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  expect(await page.evaluate(() => window.sameDocument)).toBe(true);
}

test('the lab is found from a copy of its script, page after page, in light and dark', async ({ page }) => {
  const { url, copy } = await build('course');
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url);
  const guest = new Guest(page.locator('init-lab'));
  await turn(page, 'Weight initializations');
  await guest.isHere();
  expect(asked).toContain(`${copy}embed.js`);
  expect(asked).not.toContain(`${labUrl}embed.js`);
  await guest.isLight();
  const moved = await guest.moveSigma();
  await page.locator('label[title="Dark"]').click();
  await guest.isDark();
  await expect(guest.slider).toHaveValue(moved);
  await turn(page, 'Khởi tạo trọng số');
  await guest.isHere('vi');
  await guest.isDark();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Weight initializations' })).toBeVisible();
  await guest.isHere();
  await page.locator('label[title="Light"]').click();
  await guest.isLight();
});

test('it is found by `home`, and where the page says nothing, the place says so', async ({ page, troubles }) => {
  // The course's host has no lab beside the copy.
  troubles.allow(/404/);
  const { url, copy } = await build('told');
  const guest = new Guest(page.locator('init-lab'));
  await page.goto(url);
  await turn(page, 'Told');
  await guest.isHere();
  await turn(page, 'Untold');
  await guest.isLost(copy);
});

test('it is found by the address that make dist wrote into the script, and where the plugin leaves the script alone', async ({ page }) => {
  const text = await readFile(fromHere('../../www/embed.js'), 'utf8');
  // By another name than the course's, since the plugin tells hosts apart by name alone.
  const script = await open(`${folder}/script`, 'localhost');
  await writeFile(`${folder}/script/embed.js`, text.replace("const BASE = '';", `const BASE = '${labUrl}';`));
  const guest = new Guest(page.locator('init-lab'));
  for (const { url } of [await build('written', script), await build('excluded', labUrl, { assets_exclude: [`${new URL(labUrl).host}/*`] })]) {
    await page.goto(url);
    await turn(page, 'Untold');
    await guest.isHere();
  }
});
