// JupyterLab itself: a notebook with the lab in its outputs, opened, run, scrolled through, in light and dark.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.mjs';
import { Guest } from './guest.mjs';
import { labUrl } from './playwright.config.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = fromHere('results/jupyterlab');
let program;
let url;

/** What JupyterLab would ask others about (news, newer versions, extensions), it does not. */
const SETTINGS = { '@jupyterlab/apputils-extension:notification': { checkForUpdates: false, fetchNews: 'false' } };

test.beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const part of ['notebooks', 'settings', 'config/labconfig']) await mkdir(`${folder}/${part}`, { recursive: true });
  await writeFile(`${folder}/config/labconfig/default_setting_overrides.json`, JSON.stringify(SETTINGS));
  const own = { CONFIG: 'config', DATA: 'data', RUNTIME: 'runtime' };
  program = spawn(fromHere('../../scripts/host.sh'), ['jupyter', 'lab', '--no-browser', '--allow-root', '--ip=127.0.0.1', '--port=0',
    '--IdentityProvider.token=', '--LabApp.extension_manager=readonly', `--ServerApp.root_dir=${folder}/notebooks`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env, JUPYTERLAB_SETTINGS_DIR: `${folder}/settings`, JUPYTERLAB_WORKSPACES_DIR: `${folder}/workspaces`, IPYTHONDIR: `${folder}/ipython`,
      ...Object.fromEntries(Object.entries(own).map(([name, part]) => [`JUPYTER_${name}_DIR`, `${folder}/${part}`])),
    },
  });
  // It takes a free port, and says which when it listens there.
  const said = [];
  for await (const line of createInterface({ input: program.stderr })) {
    said.push(line);
    url = / (http:\/\/127\.0\.0\.1:\d+\/)lab$/.exec(line)?.[1];
    if (url) break;
  }
  program.stderr.resume();
  if (!url) throw new Error(`JupyterLab did not start:\n${said.join('\n')}`);
});

test.afterAll(async () => {
  const gone = once(program, 'exit');
  // Its kernels end with it.
  program.kill('SIGTERM');
  await gone;
});

/** Opens the example's notebook, so long that its labs can be scrolled far away, and so that they have much to train. */
async function open(page, name, windowingMode) {
  const tracker = `${folder}/settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings`;
  await mkdir(dirname(tracker), { recursive: true });
  await writeFile(tracker, JSON.stringify({ windowingMode }));
  const text = await readFile(fromHere('../../examples/jupyter/lesson.ipynb'), 'utf8');
  const notebook = JSON.parse(text.replaceAll('https://init-lab.example/', labUrl).replaceAll('<init-lab ', '<init-lab steps=\\"1000000\\" '));
  for (let at = 0; at < 40; at += 1) notebook.cells.push({ cell_type: 'markdown', id: `text-${at}`, metadata: {}, source: ['Far to go.\n\n'.repeat(20)] });
  await writeFile(`${folder}/notebooks/${name}.ipynb`, JSON.stringify(notebook));
  await page.goto(`${url}lab/tree/${name}.ipynb?reset`);
  await expect(page.getByText('Python 3 (ipykernel) | Idle')).toBeVisible({ timeout: 60_000 });
}

/** Takes an entry of a menu. */
async function choose(page, menu, ...entries) {
  await page.getByRole('menuitem', { name: menu, exact: true }).click();
  for (const entry of entries.slice(0, -1)) await page.getByText(entry, { exact: true }).hover();
  await page.getByText(entries.at(-1), { exact: true }).click();
}

/** Scrolls by so many pixels from the top until this holds: JupyterLab measures cells as they come, and may move them again. */
async function scroll(page, top, holds) {
  await expect(async () => {
    await page.locator('.jp-WindowedPanel-outer').evaluate((one, top) => { one.scrollTop = top; }, top);
    await holds();
  }).toPass();
}

/** Takes the theme of this name. */
async function dress(page, name) {
  await choose(page, 'Settings', 'Theme', name);
  await expect(page.locator('body')).toHaveAttribute('data-jp-theme-name', name);
}

const isInSight = (element) => expect(element).toBeInViewport({ timeout: 1000 });

// The first is what JupyterLab does unless it is told otherwise; the second takes cells out of sight away.
for (const mode of ['contentVisibility', 'full']) {
  test(`the labs of a notebook, with cells out of sight as ${mode} has them`, async ({ page }) => {
    await open(page, mode, mode);
    // Nobody trusts this notebook yet: JupyterLab shows what is allowed to everyone.
    await expect(page.getByRole('link', { name: 'Open the lab' })).toBeVisible();
    await expect(page.locator('init-lab')).toHaveCount(0);
    await choose(page, 'Run', 'Run All Cells');
    await expect(page.locator('init-lab')).toHaveCount(2, { timeout: 30_000 });
    const guest = new Guest(page.locator('init-lab[lang=en]'));
    const toTheLab = () => scroll(page, 0, () => isInSight(guest.element));
    const farAway = async () => {
      // The active cell goes along where it is still there: JupyterLab scrolls back to it.
      if (mode === 'contentVisibility') await page.getByText('Far to go.').last().click();
      await scroll(page, 1e6, async () => {
        await expect(guest.element).not.toBeInViewport({ timeout: 1000 });
        await expect.poll(async () => (await guest.last('state')).running, { timeout: 1000 }).toBe(false);
      });
    };
    await toTheLab();
    await guest.isHere();
    const other = new Guest(page.locator('init-lab[lang=vi]'));
    await scroll(page, 600, () => isInSight(other.element));
    await other.isHere('vi');
    const frame = page.locator('iframe[height="690"]');
    await scroll(page, 1200, () => isInSight(frame));
    await expect(frame.contentFrame().getByTestId('chart-variance')).toBeVisible({ timeout: 40_000 });

    await toTheLab();
    await guest.isLight();
    await guest.listen();
    const sigma = await guest.moveSigma();
    await guest.lab.getByTestId('play').click();
    await expect.poll(async () => (await guest.last('frame'))?.step).toBeGreaterThan(0);

    // Out of sight it rests, and back in sight it goes on with the same network.
    await farAway();
    const before = await guest.last('frame');
    await toTheLab();
    await expect.poll(async () => (await guest.last('frame')).step).toBeGreaterThan(before.step);
    expect((await guest.last('frame')).run).toBe(before.run);
    await expect(guest.slider).toHaveValue(sigma);

    // In sight and out of it, it takes the notebook's colours.
    await dress(page, 'JupyterLab Dark');
    await guest.isDark();
    await farAway();
    await dress(page, 'JupyterLab Light');
    await toTheLab();
    await guest.isLight();
    expect((await guest.last('frame')).run).toBe(before.run);
  });
}
