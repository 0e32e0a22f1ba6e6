// The site on a USB stick: packed, unpacked, and served by the one file that lies beside it.

import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';
import { siteFolder } from './playwright.config.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = fromHere('results/usb');
const stick = `${folder}/init-lab`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  execFileSync(fromHere('../../scripts/usb.sh'), [siteFolder, `${folder}/stick.zip`], { stdio: 'inherit' });
  execFileSync('python3', ['-m', 'zipfile', '-e', `${folder}/stick.zip`, folder]);
});

/** Starts the server as a teacher does, and gives its address and what it says. */
async function started(...options) {
  const server = spawn('python3', [`${stick}/serve.py`, '--quiet', ...options], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complaints = '';
  server.stderr.on('data', (text) => { complaints += text; });
  await new Promise((done, fail) => {
    server.stdout.on('data', (text) => {
      said += text;
      if (/to stop/.test(said)) done();
    });
    server.on('exit', () => fail(new Error(complaints)));
  });
  return {
    url: /Init Lab: (\S+)/.exec(said)[1],
    said: () => said,
    complaints: () => complaints,
    stop: () => server.kill(),
  };
}

test('the lab, a lesson and the studio run from it, and nothing stays in the browser', async ({ page, lab }) => {
  const server = await started('--port', '0');
  await page.goto(`${server.url}#v=1&${MLP}`);
  await lab.measured();
  await expect(page.locator('.main-svg').first()).toBeAttached();
  await page.goto(`${server.url}lessons/vi/variance.html`);
  await expect(page.locator('h1')).toBeVisible();
  await page.goto(`${server.url}studio.html`);
  await expect(page.getByTestId('out-link')).toContainText(server.url);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  expect(server.complaints()).toBe('');
  server.stop();
});

test('types and headers are those that browsers ask for, whatever the system thinks', async ({ request }) => {
  const server = await started('--port', '0');
  const files = await readdir(`${stick}/site`, { recursive: true, withFileTypes: true });
  const endings = new Set(files.filter((file) => file.isFile()).map(({ name }) => name.slice(name.lastIndexOf('.'))));
  const known = await readFile(`${stick}/serve.py`, 'utf8');
  for (const ending of endings) expect(known, `the server knows ${ending}`).toContain(`"${ending}":`);
  for (const [path, type] of [['worker_bg.wasm', 'application/wasm'], ['worker.js', 'text/javascript'], ['', 'text/html'], ['lang/vi.page.json', 'application/json']]) {
    const answer = await request.get(server.url + path);
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()['content-type'], path).toContain(type);
    expect(answer.headers()['x-content-type-options']).toBe('nosniff');
  }
  for (const path of ['serve.py', '..%2fserve.py', '%2e%2e/serve.py', 'lessons', 'lang/', 'no/such/file']) {
    const answer = await request.get(server.url + path, { maxRedirects: 0 });
    expect([301, 404], path).toContain(answer.status());
  }
  server.stop();
});

test('where the port is taken it takes another, and for a class it says an address', async ({ request }) => {
  const taken = createServer();
  await new Promise((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address();
  const server = await started('--port', `${port}`);
  expect(server.url).not.toContain(`:${port}/`);
  expect((await request.get(server.url)).status()).toBe(200);
  server.stop();
  taken.close();
  const room = await started('--class', '--port', '0');
  expect(room.said()).toMatch(/For the class .*http:\/\/\S+:\d+\//);
  room.stop();
});

test('opened by a double click, the page says what to start', async ({ browser }) => {
  const page = await browser.newPage();
  await page.goto(`${pathToFileURL(`${stick}/site/index.html`)}`);
  await expect(page.getByRole('alert')).toContainText('start serve.py');
  await page.close();
});
