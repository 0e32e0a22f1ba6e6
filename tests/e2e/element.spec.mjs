// <init-lab> in pages of another origin: what it takes, tells, does by itself, and leaves alone.

import { readFile } from 'node:fs/promises';
import { constants, brotliCompressSync } from 'node:zlib';
import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';
import { labUrl } from './playwright.config.mjs';

const GAP = '<p style="height: 4000px">Far to go.</p>';

test('one file of less than 3 kB', async () => {
  const bytes = await readFile(new URL('../../www/embed.js', import.meta.url));
  const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  expect(small.length).toBeLessThan(3000);
});

test('it starts when it is scrolled near, in the place that was kept for it', async ({ foreign, page }) => {
  await foreign.open(`${GAP}<init-lab id="a" ${TINY} height="500"></init-lab><p id="after">After.</p>`);
  await expect(foreign.lab('a').locator('iframe')).toHaveCount(0);
  await expect(foreign.lab('a').getByRole('link')).toHaveAttribute('href', new RegExp(`^${labUrl}#v=1&.*depth=3`));
  const before = await page.locator('#after').evaluate((after) => after.offsetTop);
  expect(before).toBeGreaterThan(4500);
  await page.locator('#after').scrollIntoViewIfNeeded();
  await foreign.frame('a');
  expect(await page.locator('#after').evaluate((after) => after.offsetTop)).toBe(before);
});

test('without a height of its own it takes the lab’s', async ({ foreign }) => {
  await foreign.open(`<init-lab id="a" ${TINY} show="std,variance"></init-lab>`);
  const { height } = await foreign.hears('a', { name: 'resize' });
  await expect.poll(() => foreign.lab('a').evaluate((lab) => lab.offsetHeight)).toBe(height);
  await foreign.set('a', 'height', '333');
  await expect.poll(() => foreign.lab('a').evaluate((lab) => lab.offsetHeight)).toBe(333);
});

test('its attributes are the lab’s, and HTML’s own are not', async ({ foreign }) => {
  await foreign.open(`<init-lab id="a" class="wide" title="Two layers" data-x="1" aria-label="x" experiment="tanh" ${TINY}
    show="std,variance" lock="std"></init-lab>`);
  expect((await foreign.hears('a', { name: 'ready' })).spec).toMatchObject({ act: 'tanh', depth: 3, width: 16, init: 'kaiming-normal' });
  await foreign.frame('a');
  await expect(foreign.inside('a').getByTestId('notice')).toBeHidden();
  await expect(foreign.inside('a').getByTestId('knob-std')).toBeDisabled();
  await expect(foreign.lab('a').locator('iframe')).toHaveAttribute('title', 'Two layers');
});

test('every event of the contract comes, and methods are obeyed', async ({ foreign }) => {
  await foreign.open(`<init-lab id="a" ${TINY} steps="5"></init-lab>`);
  expect(await foreign.hears('a', { name: 'ready' })).toMatchObject({ type: 'initlab:ready', v: 1, device: 'cpu' });
  expect((await foreign.frame('a')).layers).toHaveLength(4);
  await foreign.call('a', 'step', 2);
  await foreign.frame('a', 2);
  let told = await foreign.count('a');
  await foreign.call('a', 'reset');
  await foreign.frame('a', 0, told);
  await foreign.call('a', 'play');
  expect(await foreign.hears('a', { name: 'finished' })).toMatchObject({ step: 5, why: 'done' });
  await foreign.call('a', 'set', { depth: 5, std: 0.2, init: 'normal' });
  await expect.poll(async () => (await foreign.told('a', 'frame')).at(-1).layers.length).toBe(6);
  expect((await foreign.told('a', 'state')).at(-1).link).toMatch(/^#v=1&(?=.*std=0.2)(?=.*depth=5)/);
  told = await foreign.count('a');
  await foreign.call('a', 'play');
  await foreign.hears('a', { name: 'state', running: true }, told);
  await foreign.call('a', 'pause');
  await foreign.hears('a', { name: 'state', running: false }, told);
});

test('a method that is called early starts the lab, and is obeyed when it listens', async ({ foreign, page }) => {
  await foreign.open(`${GAP}<init-lab id="a" ${TINY}></init-lab>`);
  await foreign.call('a', 'step', 3);
  await foreign.frame('a', 3);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('attributes that change reach the lab', async ({ foreign }) => {
  await foreign.open(`<init-lab id="a" ${TINY}></init-lab>`);
  await foreign.frame('a');
  await foreign.set('a', 'depth', '5');
  await expect.poll(async () => (await foreign.told('a', 'frame')).at(-1).layers.length).toBe(6);
  // What the student did since stays, but for what changed.
  await foreign.call('a', 'set', { seed: 7 });
  await foreign.set('a', 'std', '0.3');
  await foreign.set('a', 'init', 'normal');
  await expect.poll(async () => (await foreign.told('a', 'state')).at(-1).link).toMatch(/(?=.*seed=7)(?=.*std=0.3)(?!.*init)/);

  // Looks change no run.
  await foreign.call('a', 'step', 4);
  const { run } = await foreign.frame('a', 4);
  await foreign.set('a', 'lang', 'vi');
  await foreign.set('a', 'hide', 'loss');
  await expect(foreign.inside('a').locator('html')).toHaveAttribute('lang', 'vi');
  await expect(foreign.inside('a').getByTestId('chart-loss')).toHaveCount(0);
  await expect(foreign.inside('a').getByTestId('status-step')).toHaveText('4');
  expect((await foreign.told('a', 'frame')).at(-1).run).toBe(run);

  // An attribute that goes brings back what the others say.
  await foreign.set('a', 'depth', null);
  await expect.poll(async () => (await foreign.told('a', 'frame')).at(-1).layers.length).toBe(21);
  expect((await foreign.told('a', 'state')).at(-1).link).not.toContain('seed');
});

test('twice on a page they share nothing, and one trains at a time', async ({ foreign }) => {
  // None is done before the other begins.
  await foreign.open(`<init-lab id="a" ${TINY} steps="1000000" show="variance" height="300"></init-lab>
    <init-lab id="b" depth="2" std="0.3" ${TINY} steps="1000000" show="variance" height="300"></init-lab>`);
  await Promise.all([foreign.frame('a'), foreign.frame('b')]);
  await foreign.call('a', 'play');
  await foreign.hears('a', { name: 'state', running: true });
  await foreign.call('b', 'play');
  await foreign.hears('b', { name: 'state', running: true });
  await foreign.hears('a', { name: 'state', running: false });
  // In its own frame, as a student does.
  await foreign.inside('a').getByTestId('play').click();
  await foreign.hears('b', { name: 'state', running: false });
  expect((await foreign.told('a', 'state')).at(-1).running).toBe(true);
  const told = await foreign.count('b');
  await foreign.call('b', 'step', 2);
  await foreign.hears('b', { name: 'state', running: false }, told);
  expect((await foreign.told('a', 'state')).at(-1).running).toBe(true);
  expect((await foreign.told('b', 'state')).every(({ link }) => !link.includes('depth=3'))).toBe(true);
});

test('those marked together train together', async ({ foreign }) => {
  await foreign.open(`<init-lab id="a" ${TINY} steps="1000000" together show="variance" height="300"></init-lab>
    <init-lab id="b" ${TINY} steps="1000000" together show="variance" height="300"></init-lab>`);
  await Promise.all([foreign.frame('a'), foreign.frame('b')]);
  await foreign.call('a', 'play');
  await foreign.call('b', 'play');
  for (const id of ['a', 'b']) await foreign.hears(id, { name: 'state', running: true });
  // Both go on, a long way.
  for (const id of ['a', 'b', 'a', 'b']) await foreign.hears(id, { name: 'frame' }, await foreign.count(id));
  expect((await foreign.told('a', 'state')).at(-1).running).toBe(true);
});

test('out of sight it rests, and goes on where it was', async ({ foreign, page }) => {
  await foreign.open(`<init-lab id="a" ${TINY} steps="1000000" show="variance" height="300"></init-lab>${GAP}<p id="end">End.</p>`);
  await foreign.frame('a');
  await foreign.call('a', 'play');
  await foreign.hears('a', { name: 'state', running: true });
  await page.locator('#end').scrollIntoViewIfNeeded();
  await foreign.hears('a', { name: 'state', running: false });
  const { run, step } = (await foreign.told('a', 'frame')).at(-1);
  let told = await foreign.count('a');
  await page.evaluate(() => scrollTo(0, 0));
  await foreign.hears('a', { name: 'state', running: true }, told);
  const next = await foreign.hears('a', { name: 'frame' }, told);
  expect(next.run).toBe(run);
  expect(next.step).toBeGreaterThan(step);

  // A tab in the background is out of sight too.
  told = await foreign.count('a');
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await foreign.hears('a', { name: 'state', running: false }, told);
  // Who paused it himself finds it paused.
  await foreign.call('a', 'pause');
  const paused = (await foreign.told('a', 'frame')).at(-1).step;
  await page.evaluate(() => {
    delete document.hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await foreign.call('a', 'step', 1);
  await foreign.frame('a', paused + 1);
});

test('removed it is gone, and added again it begins again', async ({ foreign, page }) => {
  await foreign.open(`<init-lab id="a" ${TINY}></init-lab>`);
  await foreign.frame('a');
  await foreign.call('a', 'set', { depth: 5 });
  await expect.poll(async () => (await foreign.told('a', 'frame')).at(-1).layers.length).toBe(6);
  expect(page.workers()).toHaveLength(1);
  await page.evaluate(() => {
    window.kept = document.querySelector('init-lab');
    window.kept.remove();
  });
  await expect.poll(() => page.frames().length).toBe(1);
  await expect.poll(() => page.workers().length).toBe(0);
  await page.evaluate(() => window.kept.play());
  const told = await foreign.count('a');
  await page.evaluate(() => document.body.append(window.kept));
  expect((await foreign.frame('a', 0, told)).layers).toHaveLength(4);
  expect((await foreign.told('a')).slice(told).filter(({ name }) => name === 'ready')).toHaveLength(1);
});

test('light and dark follow the page around, without a new run', async ({ foreign, page }) => {
  const dark = (id) => expect(foreign.inside(id).locator('body')).toHaveCSS('background-color', 'rgb(15, 18, 22)');
  const light = (id) => expect(foreign.inside(id).locator('body')).toHaveCSS('background-color', 'rgb(246, 246, 243)');
  await foreign.open(`<init-lab id="a" ${TINY} show="variance" height="300"></init-lab>
    <init-lab id="b" ${TINY} theme="light" show="variance" height="300"></init-lab>`, { head: '<style>:root { color-scheme: light dark } .night { color-scheme: dark }</style>' });
  await foreign.frame('a');
  await foreign.call('a', 'step', 3);
  const { run } = await foreign.frame('a', 3);
  await light('a');
  await page.emulateMedia({ colorScheme: 'dark' });
  await dark('a');
  await light('b');
  await page.emulateMedia({ colorScheme: 'light' });
  await light('a');
  await page.evaluate(() => document.documentElement.classList.add('night'));
  await dark('a');
  await light('b');
  await foreign.set('b', 'theme', 'dark');
  await dark('b');
  await expect(foreign.inside('a').getByTestId('status-step')).toHaveText('3');
  expect((await foreign.told('a', 'frame')).at(-1).run).toBe(run);
  const history = await page.evaluate(() => history.length);
  await page.evaluate(() => document.documentElement.classList.remove('night'));
  await light('a');
  expect(await page.evaluate(() => history.length)).toBe(history);
});

test('a strict policy of the page is enough', async ({ foreign }) => {
  const lab = new URL(labUrl).origin;
  const policy = `default-src 'none'; script-src ${lab}; frame-src ${lab}; img-src data:`;
  await foreign.open(`<init-lab id="a" ${TINY} height="400"></init-lab>`, { headers: { 'Content-Security-Policy': policy } });
  await foreign.frame('a');
  expect(await foreign.lab('a').evaluate((lab) => lab.offsetHeight)).toBe(400);
});

test('the way to the whole lab keeps its state', async ({ foreign }) => {
  await foreign.open(`<init-lab id="a" ${TINY} show="std,variance"></init-lab>`);
  await foreign.frame('a');
  await foreign.call('a', 'set', { depth: 2, seed: 9 });
  const link = foreign.inside('a').getByTestId('full-lab');
  await expect(link).toHaveAttribute('href', /^http.*#v=1&(?=.*depth=2)(?=.*seed=9)(?!.*embed)/);
});

test('the script may come twice, late, and beside scripts that change everything', async ({ foreign, page }) => {
  await foreign.open(`<init-lab id="a" ${TINY} height="300"></init-lab>
    <script>
      // As typesetters do: walk over every text and element, and put copies in their place.
      for (const one of document.querySelectorAll('body *')) one.setAttribute('data-seen', '1');
    </script>
    <script src="${labUrl}embed.js" defer></script>`, { head: '<style>iframe { height: 7px !important; max-width: 3px } a { display: none }</style>' });
  await foreign.frame('a');
  expect(await foreign.lab('a').locator('iframe').evaluate((frame) => frame.offsetHeight)).toBe(300);
  await page.evaluate(() => {
    const lab = document.createElement('init-lab');
    lab.id = 'b';
    for (const [name, value] of Object.entries({ depth: 2, width: 8, batch: 8, device: 'cpu' })) lab.setAttribute(name, value);
    document.body.prepend(lab);
  });
  expect((await foreign.frame('b')).layers).toHaveLength(3);
});
