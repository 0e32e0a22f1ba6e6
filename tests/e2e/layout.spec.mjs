// Wide, narrow, light and dark.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

for (const width of [320, 390, 768, 1024, 1280, 1920]) {
  test(`${width} pixels wide: nothing sticks out`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await lab.open(MLP);
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(client);
    // Words have room to the edges of the window, those below everything too.
    const [left, right] = await page.locator('.lab > footer').evaluate((foot) => {
      const words = document.createRange();
      words.selectNodeContents(foot);
      const boxes = [...words.getClientRects()].filter((box) => box.width > 0);
      return [Math.min(...boxes.map((box) => box.left)), Math.max(...boxes.map((box) => box.right))];
    });
    expect(left).toBeGreaterThanOrEqual(8);
    expect(right).toBeLessThanOrEqual(client - 8);
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

test('embedded on a phone, the knobs that the page names are in sight, and the others a touch away', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open(`${MLP}&embed=1&show=std,gain,bias,optimizer,data,variance`);
  for (const id of ['std', 'gain', 'bias', 'data']) await expect(lab.knob(id)).toBeVisible();
  await expect(lab.knob('lr')).toBeHidden();
  await page.locator('[data-group="optimizer"] > summary').click();
  await expect(lab.knob('lr')).toBeVisible();
});

test('embedded on a phone without a choice of knobs, there are the names of their groups', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open(`${MLP}&embed=1&show=variance,start,network`);
  await expect(page.locator('.group > summary')).toHaveCount(2);
  for (const id of ['gain', 'depth']) await expect(lab.knob(id)).toBeHidden();
});

/** How many charts stand in each row. */
const ROWS = {
  'variance,gradient,loss,weights': [1, 3],
  'variance,loss,weights': [1, 2],
  'variance,gradient,weights': [1, 2],
  'variance,gradient,loss': [1, 2],
  'variance,gradient,entropy': [1, 2],
  'variance,weights': [1, 1],
  'loss,weights': [2],
  'gradient,loss,weights,entropy': [2, 2],
  weights: [1],
};

for (const width of [1280, 1100]) {
  test(`${width} pixels wide: whatever charts a page chooses, they fill their rows`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 800 });
    for (const [charts, rows] of Object.entries(ROWS)) {
      await lab.open(`${GPT}&show=${charts}`);
      const ids = charts.split(',');
      await expect.poll(() => page.locator('.stage .chart').evaluateAll((all) => all.map((chart) => chart.dataset.chart))).toEqual(ids);
      const seen = await page.locator('.stage').evaluate((stage) => {
        const all = [...stage.querySelectorAll('.chart')].map((chart) => chart.getBoundingClientRect());
        const gap = parseFloat(getComputedStyle(stage).columnGap);
        return [...Map.groupBy(all, ({ top }) => Math.round(top)).values()].map((row) => ({
          charts: row.length,
          empty: Math.round(stage.clientWidth - row.reduce((sum, one) => sum + one.width + gap, -gap)),
        }));
      });
      // Where there is no room for three in a row, the third has one to itself.
      const expected = width < 1180 ? rows.flatMap((row) => (row === 3 ? [2, 1] : [row])) : rows;
      expect(seen, charts).toEqual(expected.map((charts) => ({ charts, empty: 0 })));
    }
  });
}

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

for (const lang of ['en', 'vi']) {
  test(`the words of the buttons stay inside them: ${lang}`, async ({ lab, page }) => {
    for (const width of [360, 1366]) {
      await page.setViewportSize({ width, height: 800 });
      await lab.open(`${MLP}&lang=${lang}`);
      const wide = await page.locator('.transport .action').evaluateAll((buttons) => buttons
        .filter((button) => button.scrollWidth > button.clientWidth || button.querySelector('span').getBoundingClientRect().width > button.clientWidth)
        .map((button) => button.textContent));
      expect(wide).toEqual([]);
    }
  });
}
