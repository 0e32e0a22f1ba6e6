// The browser tests: a real Chromium, the built site below a folder of one origin, and the pages
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

function browserPath() {
  if (process.env.INIT_LAB_CHROMIUM) return process.env.INIT_LAB_CHROMIUM;
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const folders = process.env.PATH.split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error('No Chromium found: run scripts/setup.sh browser, or set INIT_LAB_CHROMIUM.');
  return found;
}

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
    { name: 'cpu', testIgnore: '**/*.webgpu.spec.mjs', use: chromium() },
    // The software adapter takes all cores by itself.
    { name: 'webgpu', testMatch: '**/*.webgpu.spec.mjs', workers: 1, use: chromium(...softwareGpu) },
  ],
  webServer: [
    server(siteFolder, '/some/folder/', 'localhost', port),
    server(fromHere('hosts'), '/', '127.0.0.1', port + 1),
  ],
});
