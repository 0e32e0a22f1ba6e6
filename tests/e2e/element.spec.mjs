// <init-lab> in pages of another origin: what it takes, tells, does by itself, and leaves alone.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { constants, brotliCompressSync } from 'node:zlib';
import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';
import { labUrl } from './playwright.config.mjs';

const GAP = '<p style="height: 4000px">Far to go.</p>';

test('one file of less than 3 kB, as make dist makes it', () => {
  const [terser, file] = ['../../node_modules/.bin/terser', '../../www/embed.js'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const bytes = execFileSync(terser, [file, '--compress', '--mangle']);
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
  await foreign.hears('a', { name: 'resize' });
  // It is told more than once: what comes later has a height too.
  const told = async () => (await foreign.told('a', 'resize')).at(-1).height;
  await expect(foreign.inside('a').getByTestId('full-lab')).toBeVisible();
  await expect.poll(async () => (await foreign.lab('a').evaluate((lab) => lab.offsetHeight)) - await told()).toBe(0);
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

test('on and off as frameworks write them', async ({ foreign }) => {
  const on = ['autoplay="true" together="true"', 'autoplay="autoplay" together="together"', 'autoplay together'];
  await foreign.open(`${on.map((one, at) => `<init-lab id="on${at}" ${TINY} steps="3" show="variance" height="150" ${one}></init-lab>`).join('')}
    <init-lab id="off" ${TINY} steps="3" show="variance" height="150" autoplay="false" residual="true" classname="wide"></init-lab>`);
  for (const at of on.keys()) await foreign.hears(`on${at}`, { name: 'finished', step: 3 });
  await foreign.frame('off');
  await expect(foreign.inside('off').getByTestId('notice')).toBeHidden();
  expect((await foreign.told('off', 'ready'))[0].spec).toMatchObject({ residual: 'on' });
  expect(await foreign.told('off', 'finished')).toEqual([]);
});

test('together="false" is not together', async ({ foreign }) => {
  const lab = (id, together) => `<init-lab id="${id}" ${TINY} steps="1000000" show="variance" height="300" together="${together}"></init-lab>`;
  await foreign.open(lab('a', 'false') + lab('b', 'false'));
  await Promise.all([foreign.frame('a'), foreign.frame('b')]);
  await foreign.call('a', 'play');
  await foreign.hears('a', { name: 'state', running: true });
  await foreign.call('b', 'play');
  await foreign.hears('a', { name: 'state', running: false });
});

test('attributes of other libraries are theirs, and come and go without a new run', async ({ foreign }) => {
  const theirs = { 'x-data': '{}', 'x-cloak': '', 'v-cloak': '', 'ng-version': '17', exportparts: 'a', loading: 'lazy', classname: 'wide', ':class': 'x', '@click': 'x', 'adapt-to': 'x' };
  await foreign.open(`<init-lab id="a" ${TINY} adapt="lora" adapt-at="50" ${Object.entries(theirs).map(([name, value]) => `${name}="${value}"`).join(' ')}></init-lab>`);
  await foreign.frame('a');
  await expect(foreign.inside('a').getByTestId('notice')).toBeHidden();
  // The lab's own may have a hyphen too.
  expect((await foreign.told('a', 'ready'))[0].spec).toMatchObject({ 'adapt-at': 50 });
  await foreign.call('a', 'step', 4);
  const { run } = await foreign.frame('a', 4);
  for (const name of Object.keys(theirs)) await foreign.set('a', name, null);
  // Frameworks write again what is there.
  await foreign.set('a', 'depth', '3');
  await foreign.call('a', 'step', 1);
  expect((await foreign.frame('a', 5)).run).toBe(run);
});

test('a whole link in one attribute, and differences from it', async ({ foreign }) => {
  await foreign.open(`<init-lab id="a" link="#v=1&amp;model=gpt&amp;init.q=zeros&amp;std.mlp-in=0.5&amp;depth=1&amp;width=16&amp;context=16&amp;device=cpu&amp;lang=vi" width="32"></init-lab>
    <init-lab id="b" link="v=1&amp;depth=2&amp;foo=1" ${TINY.replace('depth="3"', '')}></init-lab>`);
  await foreign.frame('a');
  expect((await foreign.told('a', 'ready'))[0].spec).toMatchObject({ model: 'gpt', 'init.q': 'zeros', 'std.mlp-in': 0.5, depth: 1, width: 32 });
  await expect(foreign.inside('a').locator('html')).toHaveAttribute('lang', 'vi');
  expect((await foreign.frame('b')).layers).toHaveLength(3);
  await expect(foreign.inside('b').getByTestId('notice')).toContainText('foo');
  await foreign.set('b', 'link', '#v=1&depth=4');
  await expect.poll(async () => (await foreign.told('b', 'frame')).at(-1).layers.length).toBe(5);
});

test('a width that looks like pixels is named, and percent are no units', async ({ foreign }) => {
  const tiny = TINY.replace('width="16"', 'depth="2"');
  await foreign.open(`<init-lab id="a" width="100%" ${tiny} height="300"></init-lab><init-lab id="b" width="320" ${tiny} height="300"></init-lab>
    <init-lab id="c" link="#v=1&amp;width=320" ${tiny} height="300"></init-lab><init-lab id="d" width="1920px" ${tiny.replace('"en"', '"vi"')} height="300"></init-lab>`);
  for (const id of ['a', 'b', 'c', 'd']) await foreign.frame(id);
  const words = (id) => foreign.lab(id).locator('p');
  await expect(words('a')).toContainText('width="100%" is the network’s');
  await expect(words('b')).toContainText('width="320" is the network’s');
  await expect(words('c')).toBeHidden();
  await expect(words('d')).toContainText('width="1920px" là của mạng');
  const widths = await Promise.all(['a', 'b', 'c', 'd'].map(async (id) => (await foreign.told(id, 'ready'))[0].spec.width));
  expect(widths).toEqual([128, 320, 320, 128]);
  await foreign.set('b', 'width', '64');
  await expect(words('b')).toBeHidden();
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

test('removed it is gone, and added again it is where the student was', async ({ foreign, page }) => {
  await foreign.open(`<init-lab id="a" ${TINY}></init-lab><section></section>`);
  await foreign.frame('a');
  await foreign.call('a', 'set', { depth: 5, seed: 8 });
  await expect.poll(async () => (await foreign.told('a', 'frame')).at(-1).layers.length).toBe(6);
  await foreign.call('a', 'step', 7);
  const { loss } = await foreign.frame('a', 7);
  expect(page.workers()).toHaveLength(1);
  await page.evaluate(() => {
    window.kept = document.querySelector('init-lab');
    window.kept.remove();
  });
  await expect.poll(() => page.frames().length).toBe(1);
  await expect.poll(() => page.workers().length).toBe(0);
  await page.evaluate(() => window.kept.play());
  let told = await foreign.count('a');
  await page.evaluate(() => document.body.append(window.kept));
  expect(await foreign.frame('a', 7, told)).toMatchObject({ loss, layers: { length: 6 } });
  expect((await foreign.told('a')).slice(told).filter(({ name }) => name === 'ready')).toHaveLength(1);

  // Moved, as hosts sort and wrap what they show.
  told = await foreign.count('a');
  await page.evaluate(() => document.querySelector('section').append(window.kept));
  expect((await foreign.frame('a', 7, told)).loss).toBe(loss);

  // Other attributes are another lab.
  told = await foreign.count('a');
  await page.evaluate(() => {
    window.kept.remove();
    window.kept.setAttribute('depth', '2');
    document.body.append(window.kept);
  });
  expect((await foreign.frame('a', 0, told)).layers).toHaveLength(3);
  expect((await foreign.told('a', 'ready')).at(-1).spec.seed).toBe('3');
});

test('moved by moveBefore it loses nothing', async ({ foreign, page }) => {
  await foreign.open(`<init-lab id="a" ${TINY}></init-lab><section></section>`);
  await foreign.frame('a');
  await foreign.call('a', 'step', 3);
  const { run } = await foreign.frame('a', 3);
  await page.evaluate(() => document.querySelector('section').moveBefore(document.querySelector('init-lab'), null));
  await foreign.call('a', 'step', 1);
  expect((await foreign.frame('a', 4)).run).toBe(run);
  expect(await foreign.told('a', 'ready')).toHaveLength(1);
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
