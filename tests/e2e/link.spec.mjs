// The address bar is the lab.

import { expect, test } from './fixtures.mjs';

test('the address follows the controls and holds only what differs', async ({ lab }) => {
  await lab.open();
  expect(lab.link()).toBe('');
  await lab.type('depth', '3');
  await lab.choose('act', 'tanh');
  await lab.type('std', '0.1');
  await lab.reveal('residual');
  await lab.knob('residual').check();
  await lab.linkBecomes('#v=1&std=0.1&depth=3&act=tanh&residual=on');
  await lab.knob('residual').uncheck();
  await lab.choose('act', 'relu');
  await lab.linkBecomes('#v=1&std=0.1&depth=3');
});

test('a link that is written over before it is heard of counts all the same', async ({ lab, page }) => {
  const link = (depth) => `#v=1&depth=${depth}&width=16&batch=16&device=cpu`;
  await lab.open(link(3).slice(5));
  // As the lab may do, with the link that it had, between a page's change of the hash and its event.
  await page.evaluate((changed) => {
    const before = location.hash;
    location.hash = changed;
    history.replaceState(null, '', before);
  }, link(4));
  await expect(lab.field('depth')).toHaveValue('4');
  await lab.linkBecomes(link(4));
});

test('a link restores exactly this lab', async ({ lab, page }) => {
  await lab.open('depth=3&width=24&batch=16&init=xavier-uniform&gain=1.5&act=silu&norm=rms&pos=post&residual=on&opt=adam'
    + '&lr=0.003&steps=50&seed=18446744073709551615&device=cpu&lang=vi&theme=dark');
  const link = lab.link();
  const read = () => page.locator('[data-testid^="knob-"]').evaluateAll((all) => all.map((input) => [
    input.dataset.testid, input.type === 'checkbox' ? input.checked : input.value,
  ]));
  const [knobs, variance] = [await read(), await lab.file('variance')];
  await page.reload();
  await lab.measured();
  expect(await read()).toEqual(knobs);
  expect(await lab.file('variance')).toBe(variance);
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(lab.notice).toBeHidden();
  expect(lab.link()).toBe(link);
});

test('a bad link says what it could not take, and the lab works', async ({ lab }) => {
  await lab.open('depth=9999&width=16&batch=16&std=banana&act=nope&frobnicate=1&device=cpu&x=no-such-lab');
  for (const word of ['9999', 'banana', 'nope', 'frobnicate', 'no-such-lab']) await expect(lab.notice).toContainText(word);
  await expect(lab.field('depth')).toHaveValue('100');
  await expect(lab.field('std')).toHaveValue('0.02');
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
  await lab.linkBecomes('#v=1&depth=100&width=16&batch=16&device=cpu');
});

test('hostile links do not break the page', async ({ lab, page }) => {
  const hostile = [
    '%', '%00%ff', '&&&&===', 'v=2', 'std=NaN', 'std=Infinity', 'depth=-1', 'depth=1e99', 'seed=-1', '__proto__=1',
    'lang=<script>alert(1)</script>', `x=${'é'.repeat(3000)}`, 'show=%F0%9F%92%A9', 'width=2&heads=32&model=gpt',
  ];
  await lab.open('depth=2&width=8&batch=4&device=cpu');
  for (const text of hostile) {
    await page.evaluate((text) => { location.hash = `${text}&depth=2&width=8&batch=4&device=cpu`; }, text);
    await lab.measured();
    await expect(lab.see('play')).toBeVisible();
  }
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
});

test('a changed address is followed, and back leads to the lab before', async ({ lab, page }) => {
  await lab.open('depth=3&width=16&batch=16&device=cpu');
  await page.evaluate(() => { location.hash = '#v=1&depth=5&width=16&batch=16&device=cpu'; });
  await expect(lab.field('depth')).toHaveValue('5');
  await lab.measured();
  await page.goBack();
  await expect(lab.field('depth')).toHaveValue('3');
  await lab.measured();
  expect([...(await lab.table('variance')).keys()]).toHaveLength(4);
});

test('dragging leaves no trail in the history', async ({ lab, page }) => {
  await lab.open('depth=3&width=16&batch=16&device=cpu');
  const before = await page.evaluate(() => history.length);
  await lab.knob('std').focus();
  for (let press = 0; press < 15; press++) await page.keyboard.press('PageUp');
  await expect.poll(() => lab.link()).toContain('std=');
  expect(await page.evaluate(() => history.length)).toBe(before);
});

test('a prepared lab is a short link with differences on top', async ({ lab }) => {
  await lab.open('x=kaiming&depth=4&width=32&batch=16&device=cpu');
  await expect(lab.knob('init')).toHaveValue('kaiming-normal');
  await expect(lab.see('experiment')).toHaveValue('kaiming');
  await lab.type('depth', '6');
  await lab.linkBecomes('#v=1&x=kaiming&depth=6&width=32&batch=16&device=cpu');
});

test('the link button copies this very address', async ({ lab, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open('depth=3&width=16&batch=16&device=cpu');
  await lab.type('depth', '4');
  await lab.press('share');
  await expect(lab.see('share')).toContainText('Link copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await lab.linkBecomes('#v=1&depth=4&width=16&batch=16&device=cpu');
  expect(copied).toBe(page.url());
});
