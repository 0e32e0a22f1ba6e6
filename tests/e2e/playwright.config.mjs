// The browser tests: a real Chromium (and Firefox, for each page once), the built site below a folder of one origin, and the pages
// that embed it (tests/e2e/hosts) on another.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const port = Number(process.env.INIT_LAB_TEST_PORT ?? 4173);

/** Where the lab is. Below a folder, because any host may put it there. */
export const labUrl = `http://localhost:${port}/some/folder/`;
/** Where the foreign pages are: another site to the browser, not only another port. */
export const hostsUrl = `http://127.0.0.1:${port + 1}/`;

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The built site; the environment may name another build of it. */
export const siteFolder = process.env.INIT_LAB_SITE ?? fromHere('../../dist');

/** The first of these programs that is installed; a variable of the environment may name another. */
function installed(browser, variable, names) {
  if (process.env[variable]) return process.env[variable];
  const folders = process.env.PATH.split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error(`No ${browser} found: run scripts/setup.sh browser, or set ${variable}.`);
  return found;
}

const browserPath = () => installed('Chromium', 'INIT_LAB_CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']);
export const firefoxPath = () => installed('Firefox', 'INIT_LAB_FIREFOX', ['firefox-esr', 'firefox']);

const quiet = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
// Gives an adapter without a graphics card: SwiftShader, which comes with Chromium.
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan,WebGPU'];

const chromium = (...args) => ({ launchOptions: { executablePath: browserPath(), args: [...quiet, ...args] } });
const server = (folder, base, host, at) => ({
  command: `node ${JSON.stringify(fromHere('../../scripts/serve.mjs'))} ${JSON.stringify(folder)} --base ${base} --host ${host} --port ${at}`,
  port: at,
  reuseExistingServer: false,
});

export default defineConfig({
  testDir: fromHere('.'),
  testMatch: '**/*.spec.mjs',
  outputDir: fromHere('results/artifacts'),
  reporter: [['list'], ['json', { outputFile: fromHere('results/report.json') }]],
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // Training wants a whole core, and there may be two. A test that another one's training disturbed gets a second try, and
  // is called flaky where that is what it took.
  workers: 2,
  retries: 1,
  use: { baseURL: labUrl, screenshot: 'only-on-failure', viewport: { width: 1280, height: 800 } },
  projects: [
    { name: 'cpu', testIgnore: ['**/*.webgpu.spec.mjs', '**/*.firefox.spec.mjs'], use: chromium() },
    // The software adapter takes all cores by itself.
    { name: 'webgpu', testMatch: '**/*.webgpu.spec.mjs', workers: 1, use: chromium(...softwareGpu) },
    // It drives its browser itself.
    { name: 'firefox', testMatch: '**/*.firefox.spec.mjs', workers: 1 },
  ],
  webServer: [
    server(siteFolder, '/some/folder/', 'localhost', port),
    server(fromHere('hosts'), '/', '127.0.0.1', port + 1),
  ],
});
