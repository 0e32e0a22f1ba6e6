// One site: every page leads to every part, and what the reader chose goes along.

import { expect, test } from './fixtures.mjs';

const PAGES = ['./#v=1&depth=2&width=16&batch=16&device=cpu', 'lessons/en/index.html', 'lessons/en/variance.html', 'schemes/en.html', 'experiments.html?lang=en', 'studio.html?lang=en'];

for (const address of PAGES) {
  test(`the parts of the site are one press away, and the bar can be skipped: ${address}`, async ({ page }) => {
    await page.goto(address);
    const nav = page.getByRole('navigation', { name: 'Parts of the site' });
    await expect(nav.getByRole('link')).toHaveText(['Lab', 'Lessons', 'Experiments', 'Schemes', 'Embed']);
    await expect(nav.locator('[aria-current]')).toHaveCount(1);
    // The bar is a bar, whatever the page's own sheet says of lists of links.
    expect((await page.locator('.top').boundingBox()).height).toBeLessThan(60);
    await expect(page.locator('main').first()).toBeAttached();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('main').first()).toBeFocused();
  });
}

for (const [width, address] of [390, 320].flatMap((width) => PAGES.map((address) => [width, address]))) {
  test(`no page is wider than a phone: ${width} ${address}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(address);
    await expect(page.getByRole('navigation', { name: 'Parts of the site' })).toBeVisible();
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  });
}

test('the lab that the reader was in, and their colours, go along and come back', async ({ lab, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await lab.open('depth=4&width=32&batch=32&std=0.31&device=cpu');
  await lab.press('theme');
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await lab.see('lessons').click();
  await expect(page).toHaveURL(/lessons\/en\//);
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('link', { name: 'Schemes' }).click();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Light or dark colours' }).click();
  await expect(root).toHaveAttribute('data-theme', 'light');
  await page.getByRole('link', { name: 'Experiments' }).click();
  await expect(root).toHaveAttribute('data-theme', 'light');
  await expect(page.getByRole('navigation', { name: 'Parts of the site' })).toBeVisible();
  await page.goto('schemes/en.html');
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await expect(lab.see('play')).toBeVisible();
  await expect(lab.field('std')).toHaveValue('0.31');
  // The bare address has the reader's colours too.
  await page.goto('./');
  await expect(root).toHaveAttribute('data-theme', 'light');
});

test('labs in a lesson have the reader’s colours', async ({ page }) => {
  await page.goto('lessons/en/variance.html');
  await page.evaluate(() => localStorage.setItem('init-lab/theme', 'dark'));
  await page.reload();
  await expect(page.locator('init-lab iframe').first()).toHaveAttribute('src', /theme=dark/);
});
