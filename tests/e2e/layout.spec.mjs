// Wide, narrow, light and dark.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

for (const width of [320, 390, 768, 1024, 1280, 1920]) {
  test(`${width} pixels wide: nothing sticks out`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await lab.open(MLP);
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(client);
  });
}

test('on a phone σ and play are there without scrolling', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open(MLP);
  await expect(lab.knob('std')).toBeInViewport({ ratio: 1 });
  await expect(lab.see('play')).toBeInViewport({ ratio: 1 });
  const { height } = await lab.see('play').boundingBox();
  expect(height).toBeGreaterThanOrEqual(40);
});

for (const scheme of ['light', 'dark']) {
  test(`${scheme}: text stands out from its ground, and the charts have the theme's colours`, async ({ lab, page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await lab.open(MLP);
    const faint = await page.evaluate(() => {
      const rgb = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
      const light = ([r, g, b]) => [r, g, b].reduce((sum, channel, at) => {
        const share = channel / 255;
        return sum + [0.2126, 0.7152, 0.0722][at] * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
      }, 0);
      const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
          const color = rgb(getComputedStyle(at).backgroundColor);
          if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
      };
      const texts = [...document.querySelectorAll('.lab *')].filter((element) => (
        element.checkVisibility() && !element.closest('.canvas, [disabled], [aria-hidden="true"]')
        && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
      ));
      return texts.map((element) => {
        const [a, b] = [light(rgb(getComputedStyle(element).color)), light(ground(element))];
        return { text: element.textContent.trim().slice(0, 30), contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
      }).filter(({ contrast }) => contrast < 4.5);
    });
    expect(faint).toEqual([]);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
    if (scheme === 'dark') expect(Math.max(...paper)).toBeLessThan(80);
    else expect(Math.min(...paper)).toBeGreaterThan(200);
  });
}

test('the theme can be switched while the lab runs, and back', async ({ lab, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await lab.open(MLP);
  const ink = () => page.locator('[data-testid="chart-variance"] .canvas').evaluate((canvas) => canvas.layout.font.color);
  await expect.poll(() => page.locator('[data-testid="chart-variance"] .canvas').evaluate((canvas) => Boolean(canvas.layout))).toBe(true);
  const light = await ink();
  await lab.press('theme');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(ink).not.toBe(light);
  await lab.press('theme');
  await expect.poll(ink).toBe(light);
  await expect.poll(() => lab.link()).not.toContain('theme');
});
