// Every scheme, a formula of one's own, the cards, and matrices with a start of their own.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';
import { apart } from './numbers.mjs';

test('every scheme of the list starts a network, and its card has its formula', async ({ lab }) => {
  await lab.open('depth=3&width=16&batch=16&device=cpu');
  await lab.see('card').locator('summary').click();
  const ids = await lab.knob('init').locator('option').evaluateAll((options) => options.map(({ value }) => value));
  expect(ids.length).toBeGreaterThan(20);
  for (const id of ids) {
    await lab.choose('init', id);
    await lab.measured();
    await expect(lab.knob('init')).toHaveValue(id);
    const card = lab.see('card-text').locator('article');
    await expect(card.locator('math')).toHaveCount(1);
    await expect(card.locator('.try')).toHaveAttribute('href', new RegExp(`init=${id}\\b|^#v=1`));
    await expect(card.locator('.pytorch')).not.toBeEmpty();
  }
  await lab.choose('init', 'kaiming-normal');
  await expect(lab.see('card-text')).toContainText('kaiming_normal_');
});

test('the card comes in the language of the page, and its link opens the lab as it says', async ({ lab }) => {
  await lab.open(`${MLP}&lang=vi`);
  await lab.see('card').locator('summary').click();
  await expect(lab.see('card-text').locator('.law b')).toHaveText('Bảo toàn');
  await expect(lab.see('card').locator('.spreads')).toContainText('tầng đầu');
  await lab.see('card-text').locator('.try').click();
  await expect(lab.knob('depth')).toHaveValue(/./);
  await lab.measured();
  await expect(lab.notice).toBeHidden();
});

test('a formula is read at every key, and its mistakes are marked where they are', async ({ lab, page }) => {
  await lab.open(`${MLP}&init=formula`);
  const box = lab.knob('formula');
  await box.fill('sqrt(2 / fan_in)');
  await lab.linkBecomes('#v=1&init=formula&formula=sqrt(2+/+fan_in)&depth=4&width=32&lr=0.1&batch=32&device=cpu');
  await expect(lab.see('sigma')).toContainText('0.25');
  await lab.measured();
  await box.fill('sqrt(2 / fan_im)');
  await expect(lab.see('formula-problem')).toContainText('not known');
  await expect(lab.see('formula-problem').locator('pre')).toHaveText(/^ {9}▴$/);
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  // The network keeps the last formula that could be read.
  await expect(lab.see('sigma')).toContainText('0.25');
  await box.fill('0.05');
  await expect(lab.see('sigma')).toContainText('0.05');
  await expect(box).toHaveAttribute('aria-invalid', 'false');
  await box.fill('1 - layer');
  await expect(lab.notice).toContainText('which is no σ');
  await page.reload();
  await expect(lab.knob('formula')).toBeVisible();
});

test('a matrix has a start of its own', async ({ host }) => {
  await host.open(`${GPT}&init=normal&std=0.1&init.q=normal&std.q=0.5&init.v=zeros&writes=sqrt`);
  const { weights } = await host.frame(0);
  const std = new Map(weights.map(({ name, std }) => [name, std]));
  expect(apart(std.get('block.1.q'), 0.5)).toBeLessThan(0.15);
  expect(apart(std.get('block.1.k'), 0.1)).toBeLessThan(0.15);
  expect(std.get('block.1.v')).toBe(0);
  expect(apart(std.get('block.1.out'), 0.1 / Math.SQRT2)).toBeLessThan(0.15);
});

test('a LLaMA block trains, and what cannot be says why', async ({ lab }) => {
  await lab.open(GPT.replace('heads=2', 'heads=4'));
  await lab.choose('block', 'llama');
  await expect(lab.knob('act')).toHaveValue('silu');
  await expect(lab.knob('norm')).toHaveValue('rms');
  await lab.measured();
  await lab.press('play');
  await lab.reached(30);
  await lab.press('pause');
  const losses = await lab.losses();
  expect(losses.at(-1)).toBeLessThan(losses[0]);
  await lab.type('width', '12');
  await expect(lab.notice).toContainText('Rotary positions');
});

for (const [setting, words] of [
  ['depth=40&width=16&init=kaiming-normal', 'wide layers'],
  ['depth=60&width=64&std=1', 'f32'],
  ['depth=4&init=identity', 'not random'],
]) {
  test(`what theory assumes and does not get is said: ${words}`, async ({ lab }) => {
    await lab.open(`${setting}&batch=16&device=cpu`, { measured: false });
    await expect(lab.see('assumptions')).toContainText(words);
  });
}

test('measurement lies in the predicted band, for three starts', async ({ lab }) => {
  for (const setting of ['init=kaiming-normal', 'init=lecun-normal&act=selu', 'init=xavier-normal&act=tanh']) {
    await lab.page.goto('about:blank');
    await lab.open(`${setting}&depth=6&width=64&batch=64&device=cpu`);
    const table = await lab.table('variance');
    let inside = 0;
    for (const [name, [, post, , , low, high]] of table) {
      if (name !== 'output' && post >= low && post <= high) inside += 1;
    }
    expect(inside, setting).toBeGreaterThanOrEqual(5);
  }
});

test('the page of schemes has a picture of each, and is searched by words', async ({ page }) => {
  await page.goto('schemes/en.html');
  const cards = page.locator('article');
  const all = await cards.count();
  await expect(page.locator('article .sketch')).toHaveCount(all);
  await expect(page.locator('#kaiming-normal .sketch.holds .variance')).toHaveAttribute('d', /^M0\.0 /);
  await expect(page.locator('#zeros .sketch text')).toHaveText('= 0');
  const search = page.getByTestId('search');
  await search.fill('glorot UNIFORM');
  await expect(page.locator('#xavier-uniform')).toBeVisible();
  await expect(page.locator('#orthogonal')).toBeHidden();
  await expect(page.locator('nav a[href="#orthogonal"]')).toBeHidden();
  await expect(page.locator('output')).toHaveText(/^\d+ found$/);
  await search.fill('nowhere to be found');
  await expect(page.locator('output')).toHaveText('No card has all these words.');
  await search.fill('');
  await expect(page.locator('article:visible')).toHaveCount(all);
  await page.goto('schemes/vi.html');
  await page.getByTestId('search').fill('truc giao');
  await expect(page.locator('#orthogonal')).toBeVisible();
  await expect(page.locator('#zeros')).toBeHidden();
});
