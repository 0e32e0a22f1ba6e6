// The galleries of prepared labs and of schemes.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

const cards = (page) => page.locator('.gallery li button');

test('every prepared lab has a card with a picture, in a group; a card does what the list does', async ({ lab, page }) => {
  await lab.open();
  const options = await lab.see('experiment').locator('option').evaluateAll((all) => all.map(({ value }) => value).filter(Boolean));
  await lab.press('all-labs');
  await expect(lab.see('gallery-search')).toBeFocused();
  await expect(cards(page)).toHaveCount(options.length);
  for (const id of options) {
    await expect(lab.see(`gallery-${id}`)).toHaveAccessibleName(/\S+ \S+/);
    await expect(lab.see(`gallery-${id}`).locator('.sketch :is(path:not(.level)[d^="M"], text)').first()).toBeAttached();
  }
  await expect(page.locator('.gallery section h3')).not.toHaveCount(0);
  await lab.press('gallery-tanh');
  await expect(lab.see('gallery')).toBeHidden();
  await expect(lab.see('experiment')).toHaveValue('tanh');
  await expect(lab.knob('act')).toHaveValue('tanh');
  await lab.measured();
  await expect(lab.see('play')).toBeInViewport({ ratio: 1 });
  await lab.press('all-labs');
  await expect(lab.see('gallery-tanh')).toHaveAttribute('aria-current', 'true');
});

test('by keys alone: search, choose, leave', async ({ lab, page }) => {
  await lab.open();
  await lab.see('all-labs').focus();
  await page.keyboard.press('Enter');
  await expect(lab.see('gallery-search')).toBeFocused();
  await page.keyboard.type('batchnorm: exploding');
  await expect(cards(page)).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(lab.see('gallery-batchnorm')).toBeFocused();
  // Letters do nothing to the lab behind it.
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  await expect(lab.see('experiment')).toHaveValue('batchnorm');
  await expect(lab.knob('seed')).toHaveValue('3');
  await lab.see('all-labs').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(lab.see('gallery')).toBeHidden();
  await expect(lab.see('all-labs')).toBeFocused();
});

test('a search finds Vietnamese words without their accents, and says when there is nothing', async ({ lab, page }) => {
  await lab.open('lang=vi');
  await lab.press('all-labs');
  await lab.see('gallery-search').fill('bung no');
  await expect(lab.see('gallery-explode')).toBeVisible();
  await lab.see('gallery-search').fill('xyz');
  await expect(cards(page)).toHaveCount(0);
  await expect(page.locator('.gallery .nothing')).toBeVisible();
});

test('the labs of a course stand together, whichever group they are of', async ({ lab, page }) => {
  await lab.open('lang=en');
  await lab.press('all-labs');
  await lab.see('gallery-course').selectOption('d2l');
  await expect(cards(page)).toHaveCount(3);
  for (const id of ['hundred-matrices', 'chain', 'sigmoid']) await expect(lab.see(`gallery-${id}`)).toContainText('Dive into Deep Learning');
  await expect(page.locator('.gallery section:visible')).toHaveCount(2);
  await lab.see('gallery-course').selectOption('');
  await lab.see('gallery-search').fill('karpathy');
  await expect(cards(page)).toHaveCount(4);
  await lab.press('gallery-close');
  await lab.press('all-schemes');
  await expect(lab.see('gallery-course')).toHaveCount(0);
});

test('the schemes are drawn for the present network, and a card sets the scheme', async ({ lab, page }) => {
  await lab.open(MLP);
  const zone = (id) => lab.see(`gallery-${id}`).locator('.sketch');
  await lab.press('all-schemes');
  const options = await lab.knob('init').locator('option').evaluateAll((all) => all.map(({ value }) => value));
  await expect(cards(page)).toHaveCount(options.length);
  await expect(zone('kaiming-normal').locator('.holds')).toBeAttached();
  await lab.press('gallery-close');
  await lab.type('depth', '30');
  await lab.press('all-schemes');
  await expect(zone('kaiming-normal').locator('.holds')).toBeAttached();
  await expect(zone('lecun-normal').locator('.dies')).toBeAttached();
  await lab.press('gallery-lecun-normal');
  await expect(lab.knob('init')).toHaveValue('lecun-normal');
  await expect(lab.see('all-schemes')).toBeFocused();
});

test('a press beside the dialog closes it', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.press('all-labs');
  await expect(lab.see('gallery')).toBeVisible();
  await page.mouse.click(5, 5);
  await expect(lab.see('gallery')).toBeHidden();
});

test('the map leads from the lab to its experiment', async ({ lab, page }) => {
  await lab.open(`${MLP}&lang=en`);
  const tile = lab.see('map-tile');
  await expect(tile).toContainText(/\d+ of these 256 networks learned/);
  await expect(tile.locator('path').first()).toHaveAttribute('d', /^M/);
  // It is the last thing of the lab, on a phone too.
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    const top = (await tile.boundingBox()).y;
    for (const chart of await page.locator('.chart').all()) expect((await chart.boundingBox()).y, `${width}`).toBeLessThan(top);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await tile.getByRole('link').click();
  await expect(page.getByTestId('title')).toContainText('Map');
  await lab.open(`${MLP}&embed=1`);
  await lab.measured();
  await expect(tile).toHaveCount(0);
});
