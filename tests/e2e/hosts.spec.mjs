// The examples of pages that embed the lab, built as a course builds them, from another origin:
// bare HTML, MkDocs, a Jupyter notebook. And that such pages stay masters of their house.

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';
import { labUrl } from './playwright.config.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = fromHere('results/hosts');
let hosts;

test.beforeAll(async () => {
  execFileSync(fromHere('../../scripts/examples.sh'), [labUrl, folder], { stdio: 'inherit' });
  hosts = await serve({ root: folder, port: 0, host: '127.0.0.1' });
});

test.afterAll(() => hosts.close());

/** Brings a lab into view, in a frame of its own or in the element, and waits for what it measured. */
async function works(page, frame, lang) {
  await frame.scrollIntoViewIfNeeded();
  await expect(frame.locator('iframe').or(frame).last()).toBeVisible();
  const lab = (await frame.evaluate((one) => one.localName)) === 'iframe' ? frame.contentFrame() : frame.frameLocator('iframe');
  await expect(lab.locator('html')).toHaveAttribute('lang', lang, { timeout: 40_000 });
  await expect(lab.getByTestId('chart-variance')).toBeVisible();
  await lab.getByTestId('show-variance').click();
  await expect(lab.getByTestId('data-variance').locator('tbody td').first()).toHaveText(/\d/, { timeout: 40_000 });
  await expect(lab.getByTestId('notice')).toBeHidden();
  await lab.getByTestId('show-variance').click();
  // Nothing is cut off, and there is no bar within, however wide the page.
  const width = page.viewportSize().width;
  for (const other of [360, 733, width]) {
    await page.setViewportSize({ width: other, height: 800 });
    await expect.poll(() => lab.locator('html').evaluate((html) => html.scrollHeight - html.clientHeight), `${other} px`).toBeLessThanOrEqual(0);
  }
}

test('a bare HTML page', async ({ page }) => {
  await page.goto(`${hosts.url}html/`);
  await works(page, page.locator('#tanh'), 'en');
  await expect(page.locator('#said')).toHaveText(/Variance in the last hidden layer: [\d.e-]+\./);
  await works(page, page.locator('#relu'), 'vi');
});

test('an MkDocs site, in both languages', async ({ page }) => {
  await page.goto(`${hosts.url}mkdocs/`);
  await page.locator('[role=main]').getByRole('link', { name: 'Weight initializations' }).first().click();
  await works(page, page.locator('init-lab'), 'en');
  await works(page, page.locator('iframe[title="Variance by depth"]'), 'en');
  await page.goto(`${hosts.url}mkdocs/vi/khoi-tao-trong-so/`);
  await works(page, page.locator('init-lab'), 'vi');
});

test('a page made of a Jupyter notebook', async ({ page, troubles }) => {
  troubles.allow(/favicon\.ico/);
  await page.goto(`${hosts.url}jupyter/`);
  await works(page, page.locator('init-lab').nth(0), 'en');
  await works(page, page.locator('init-lab').nth(1), 'vi');
  await works(page, page.locator('iframe[height="690"]'), 'en');
});

for (const lang of ['en', 'vi']) {
  test(`nothing is asked of any other place, ${lang}`, async ({ foreign, page }) => {
    const asked = new Set();
    page.on('request', (request) => asked.add(request.url()));
    await foreign.open(`<init-lab id="a" ${TINY.replace('lang="en"', `lang="${lang}"`)}></init-lab>`);
    await foreign.frame('a');
    await foreign.call('a', 'step', 2);
    await foreign.frame('a', 2);
    const elsewhere = [...asked].filter((url) => !url.startsWith(labUrl) && !/^(data|blob):/.test(url));
    expect(elsewhere).toEqual([page.url()]);
  });

  test(`the keyboard goes through an embedded lab and out again, ${lang}`, async ({ foreign, page }) => {
    await foreign.open(`<button id="before">Before</button>
      <init-lab id="a" ${TINY.replace('lang="en"', `lang="${lang}"`)} show="std,variance" height="500"></init-lab><button id="after">After</button>`);
    await foreign.frame('a');
    const at = () => page.evaluate(() => document.activeElement.id);
    await page.locator('#before').focus();
    await page.keyboard.press('Tab');
    // A frame of another origin is another process, and takes the focus a moment later.
    await expect.poll(at).toBe('a');
    const slider = foreign.inside('a').getByTestId('knob-std');
    let stops = 1;
    let dragged = false;
    for (; stops < 60 && await at() !== 'after'; stops += 1) {
      if (!dragged && await slider.evaluate((one) => one === document.activeElement)) {
        const before = (await foreign.told('a', 'frame')).at(-1).run;
        await page.keyboard.press('ArrowRight');
        await expect.poll(async () => (await foreign.told('a', 'frame')).at(-1).run).toBeGreaterThan(before);
        dragged = true;
      }
      await page.keyboard.press('Tab');
    }
    expect(await at()).toBe('after');
    expect(dragged).toBe(true);
    for (let back = 0; back < 60 && await at() !== 'before'; back += 1) await page.keyboard.press('Shift+Tab');
    expect(await at()).toBe('before');
  });
}

test('a hundred kinds of garbage change nothing', async ({ foreign, page }) => {
  await foreign.open(`<init-lab id="a" ${TINY} height="500"></init-lab>`);
  await foreign.frame('a');
  await foreign.call('a', 'step', 3);
  const frame = await foreign.frame('a', 3);
  const height = await foreign.lab('a').evaluate((lab) => lab.offsetHeight);
  const kinds = await foreign.lab('a').evaluate((lab) => {
    const cycle = {};
    cycle.self = cycle;
    let deep = {};
    for (let level = 0; level < 2000; level += 1) deep = { deep };
    const values = [undefined, null, true, false, 0, -1, NaN, Infinity, 1n, '', 'initlab:play', '{"v":1,"type":"initlab:play"}', '{',
      JSON.stringify({ context: 'iframe.resize', height: 9 }), 'x'.repeat(1e6), [], [1, 2], ['initlab:play'], {}, cycle, deep, new Date(0), /x/g,
      new Map([['v', 1]]), new Set(['initlab:play']), new Error('no'), new ArrayBuffer(1e6), new Uint8Array(9), new Float64Array([NaN]),
      new Blob(['x']), new DataView(new ArrayBuffer(3)), new ImageData(2, 2), new DOMRect(), Object(1), Object('s'), Object(true), new Array(1e5)];
    const types = ['play', 'initlab', 'initlab:', 'initlab:Play', ' initlab:play', 'initlab:play ', 'initlab:ready', 'initlab:frame', 'initlab:state',
      'initlab:resize', 'initlab:finished', 'initlab:failed', 'initlab:eval', 'initlab:__proto__', 'initlab:constructor', 'INITLAB:PLAY', 'initlab:play\0'];
    const objects = [
      ...types.map((type) => ({ v: 1, type, height: 1, running: true, link: '#v=1&depth=1' })),
      ...[undefined, null, 0, 2, 1.5, '1', NaN, true, [1], {}, -1].map((v) => ({ v, type: 'initlab:play' })),
      ...[undefined, null, 0, 1, true, [], {}, ['initlab:play'], { toString: 'initlab:play' }].map((type) => ({ v: 1, type })),
      ...[undefined, null, 0, 1, true, [], {}, NaN].map((link) => ({ v: 1, type: 'initlab:set', link })),
      ...[0, -1, 1.5, NaN, Infinity, '3', null, [], {}, true, -1e308, 1e-9].map((n) => ({ v: 1, type: 'initlab:step', n })),
      { subject: 'lti.frameResize', height: 3 }, { context: 'iframe.resize', height: 3 }, { type: 'webpackOk' }, { source: 'react-devtools-bridge' },
      { jsonrpc: '2.0', method: 'play' }, Object.assign(Object.create(null), { type: 'initlab:play' }),
      JSON.parse('{"__proto__":{"v":1},"type":"initlab:play"}'), { v: 1, type: 'initlab:play'.split('') },
      { v: 1, type: 'initlab:set', link: cycle },
    ];
    const all = [...values, ...objects];
    const inside = lab.shadowRoot.querySelector('iframe').contentWindow;
    for (const one of all) {
      inside.postMessage(one, '*');
      // Its own page may say what it likes to itself, too: only the lab's frame is believed.
      window.postMessage(one, '*');
    }
    const { port1, port2 } = new MessageChannel();
    inside.postMessage({ v: 1, type: 'initlab:frame' }, '*', [port1]);
    port2.postMessage('initlab:play');
    return all.length;
  });
  expect(kinds).toBeGreaterThanOrEqual(100);
  const told = await foreign.count('a');
  await foreign.call('a', 'step', 1);
  const next = await foreign.frame('a', 4);
  expect(next.run).toBe(frame.run);
  expect((await foreign.told('a')).slice(told).every(({ name }) => ['frame', 'state'].includes(name))).toBe(true);
  expect(await foreign.lab('a').evaluate((lab) => lab.offsetHeight)).toBe(height);
  await expect(foreign.inside('a').getByTestId('notice')).toBeHidden();
});

test('links that mean nothing are named, and the lab goes on', async ({ foreign }) => {
  await foreign.open(`<init-lab id="a" ${TINY}></init-lab>`);
  await foreign.frame('a');
  const links = ['', '#', '&&&', '=', '%', '%zz', 'v=2', 'v=', 'x=none', 'depth=NaN', 'depth=1e999', 'std=-1', 'std=0x', 'init=', 'model=cnn', '💥=💥',
    '<script>=1', 'show=<img>', 'lang=../..', 'theme=url(x)', 'y'.repeat(1e5), 'depth=3&'.repeat(3000), '__proto__=1', 'formula=((((', 'data=/etc', 'embed=maybe'];
  let run = 0;
  for (const link of links) {
    const told = await foreign.count('a');
    await foreign.lab('a').evaluate((lab, link) => lab.shadowRoot.querySelector('iframe').contentWindow
      .postMessage({ v: 1, type: 'initlab:set', link }, '*'), link);
    const frame = await foreign.frame('a', 0, told);
    expect(frame.run, link).toBeGreaterThan(run);
    run = frame.run;
  }
  await foreign.call('a', 'step', 2);
  await foreign.frame('a', 2, await foreign.count('a') - 2);
});

test('the site is served as docs/hosting.md recommends', async ({ request }) => {
  const page = await readFile(fromHere('../../docs/hosting.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| `([^`]+)` \|/gm)];
  expect(rows.length).toBe(5);
  for (const path of ['', 'embed.js', 'worker.js', 'lessons/vi/variance.html', 'no/such/file']) {
    const headers = (await request.get(`${labUrl}${path}`)).headers();
    for (const [, name, value] of rows) expect(headers[name.toLowerCase()], `${path} ${name}`).toBe(value);
    expect(headers['x-frame-options']).toBeUndefined();
    expect(headers['content-security-policy']).toBeUndefined();
  }
});

test('the example that comes with the site drives the lab', async ({ page }) => {
  await page.goto('examples/host.html');
  await expect(page.locator('#said')).toHaveText(/Step 0: variance/, { timeout: 40_000 });
});
