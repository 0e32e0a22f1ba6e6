// The package that the studio writes for learning platforms, unpacked and opened as one does it: the platform's API is that of
// a library which others test their packages against.

import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './fixtures.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = fromHere('results/scorm');
const START = 'depth=6&width=32&batch=16&init=normal&std=0.02&device=cpu';
const GOAL = `${START}&goal=variance-ratio<2;only=std`;
const SOLVED = '0.306';
let platform;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(fromHere('hosts/scorm.html'), `${folder}/platform.html`);
  await copyFile(createRequire(import.meta.url).resolve('scorm-again/scorm12/min'), `${folder}/scorm12.js`);
  platform = await serve({ root: folder, port: 0, host: '127.0.0.1' });
});

test.afterAll(() => platform.close());

/** Takes the package from the studio, unpacks it by another program, and gives the address of its page. */
async function packed(page, link, name, { lang = 'en', title = '' } = {}) {
  await page.goto(`studio.html?lang=${lang}#v=1&${link}`);
  await page.getByTestId('kind-lms').check();
  await page.getByTestId('title').fill(title);
  const button = page.getByTestId('save-scorm');
  await expect(button).toBeEnabled();
  // Once the preview has come, the studio has the lab as the lab writes it.
  await expect(page.frameLocator('[data-testid=preview]').getByTestId('goal')).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(file.suggestedFilename()).toMatch(/^init-lab-[\w-]+\.zip$/);
  const zip = `${folder}/${name}.zip`;
  await file.saveAs(zip);
  execFileSync('python3', ['-m', 'zipfile', '-t', zip]);
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, `${folder}/${name}`]);
  const manifest = await readFile(`${folder}/${name}/imsmanifest.xml`, 'utf8');
  const launched = await page.evaluate((text) => {
    const xml = new DOMParser().parseFromString(text, 'application/xml');
    const [item] = xml.getElementsByTagName('item');
    const resource = [...xml.getElementsByTagName('resource')].find((one) => one.getAttribute('identifier') === item.getAttribute('identifierref'));
    const adl = 'http://www.adlnet.org/xsd/adlcp_rootv1p2';
    return {
      broken: xml.getElementsByTagName('parsererror').length,
      href: resource.getAttribute('href'),
      type: resource.getAttributeNS(adl, 'scormtype'),
      version: xml.getElementsByTagName('schemaversion')[0].textContent,
      files: [...xml.getElementsByTagName('file')].map((one) => one.getAttribute('href')),
    };
  }, manifest);
  expect(launched).toEqual({ broken: 0, href: 'index.html', type: 'sco', version: '1.2', files: ['index.html', 'report.js'] });
  for (const one of launched.files) await readFile(`${folder}/${name}/${one}`);
  return `${name}/${launched.href}`;
}

/** What the platform has of a key. */
const kept = (page, key) => page.evaluate((key) => window.API.LMSGetValue(key), key);
const inside = (page) => page.frameLocator('iframe').frameLocator('iframe');

test('a student’s goal is a score in the gradebook, and the run is found again', async ({ page }) => {
  const start = await packed(page, GOAL, 'goal');
  const course = `${platform.url}platform.html?page=${start}`;
  await page.goto(course);
  const std = inside(page).getByTestId('knob-std-number');
  await expect(inside(page).getByTestId('goal')).toBeVisible({ timeout: 40_000 });
  expect(await kept(page, 'cmi.core.lesson_status')).toBe('incomplete');
  expect(await kept(page, 'cmi.core.score.raw')).toBe('');
  await std.fill(SOLVED);
  await std.press('Enter');
  await expect.poll(() => kept(page, 'cmi.core.lesson_status')).toBe('passed');
  expect(await kept(page, 'cmi.core.score.raw')).toBe('100');
  expect(await kept(page, 'cmi.core.score.max')).toBe('100');
  const code = await inside(page).getByTestId('goal-code').textContent();
  const state = JSON.parse(await kept(page, 'cmi.suspend_data'));
  expect(state.code).toBe(code);
  expect(state.link).toContain(`std=${SOLVED}`);
  // The page is as high as the lab, so that only one of them scrolls.
  const within = page.frameLocator('iframe').locator('html');
  await expect.poll(() => inside(page).locator('html').evaluate((html) => html.scrollHeight - html.clientHeight)).toBeLessThanOrEqual(0);
  expect(await within.evaluate((html) => html.scrollWidth - html.clientWidth)).toBe(0);
  await expect(page.frameLocator('iframe').locator('p:visible')).toHaveCount(0);
  // Left, it has told the time and finished, and nothing that it said was refused.
  await page.evaluate(() => document.querySelector('iframe').remove());
  const calls = await page.evaluate(() => window.calls);
  expect(calls.filter(({ error }) => error !== 0)).toEqual([]);
  expect(calls.at(-1)).toMatchObject({ name: 'LMSFinish', answer: 'true' });
  const time = calls.find(({ values }) => values[0] === 'cmi.core.session_time');
  expect(time.values[1]).toMatch(/^\d{4}:\d\d:\d\d\.\d\d$/);

  await page.goto(course);
  await expect(std).toHaveValue(SOLVED, { timeout: 40_000 });
  await expect(inside(page).getByTestId('goal-code')).toHaveText(code);
  expect(await kept(page, 'cmi.core.lesson_status')).toBe('passed');
});

test('the platform’s window may be the one that opened the page’s', async ({ page }) => {
  await page.goto(`${platform.url}platform.html?page=about:blank`);
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.evaluate(() => { window.open('goal/index.html'); })]);
  const lab = popup.frameLocator('iframe');
  await expect(lab.getByTestId('goal')).toBeVisible({ timeout: 40_000 });
  await lab.getByTestId('knob-std-number').fill(SOLVED);
  await lab.getByTestId('knob-std-number').press('Enter');
  await expect.poll(() => kept(page, 'cmi.core.score.raw')).toBe('100');
});

test('without a platform the lab works, and the page says so', async ({ page }) => {
  await page.goto(`${platform.url}goal/index.html`);
  await expect(page.locator('#alone')).toContainText('no learning platform');
  await expect(page.frameLocator('iframe').getByTestId('goal')).toBeVisible({ timeout: 40_000 });
  await expect(page.locator('#missing')).toBeHidden();
});

test('a platform that refuses is quoted', async ({ page }) => {
  await page.addInitScript(() => {
    if (window !== window.top) return;
    window.API = {
      LMSInitialize: () => 'true', LMSGetValue: () => '', LMSCommit: () => 'true', LMSFinish: () => 'true', LMSGetLastError: () => '405',
      LMSSetValue: (key) => (key === 'cmi.core.score.raw' ? 'false' : 'true'), LMSGetErrorString: () => 'Incorrect Data Type',
    };
  });
  await page.goto(`${platform.url}goal/index.html`);
  const std = page.frameLocator('iframe').getByTestId('knob-std-number');
  await std.fill(SOLVED, { timeout: 40_000 });
  await std.press('Enter');
  await expect(page.locator('#refused')).toContainText('LMSSetValue cmi.core.score.raw: 405 Incorrect Data Type');
});

test('where no lab comes, its page says so and links to it', async ({ page }) => {
  await page.clock.install();
  const blank = { contentType: 'text/html', body: '<link rel="icon" href="data:,">' };
  await page.route((url) => url.pathname === '/some/folder/', (route) => route.fulfill(blank));
  await page.goto(`${platform.url}goal/index.html`);
  await page.clock.fastForward(21_000);
  await expect(page.locator('#missing')).toContainText('did not come');
  await expect(page.locator('#missing a')).toHaveAttribute('href', /\/some\/folder\/#v=1&.*goal=/);
});

test('a package in Vietnamese, of a title with signs that mean something', async ({ page }) => {
  const title = '<b>σ</b> & "một" {title}';
  await page.goto('studio.html?lang=vi#v=1');
  await expect(page.getByTestId('save-scorm')).toBeDisabled();
  await page.getByTestId('kind-lms').check();
  await expect(page.getByTestId('scorm-note')).toContainText('đặt một thử thách');
  // A hash alone is no new page.
  await page.goto('about:blank');
  const start = await packed(page, GOAL, 'vi', { lang: 'vi', title });
  await page.goto(`${platform.url}${start}`);
  await expect(page).toHaveTitle(title);
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
  await expect(page.locator('#alone')).toContainText('hệ thống học tập');
  await expect(page.locator('b')).toHaveCount(0);
});
