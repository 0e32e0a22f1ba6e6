// A student predicts the variance by depth, and then sees it.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

/** How many curves the picture has; less than none before it is drawn. */
const curves = (page) => page.evaluate(() => document.querySelector('[data-chart="variance"] .canvas').data
  ?.filter((trace) => trace.y.some((value) => value !== null)).length ?? -1);

test('the variance is hidden until it is drawn, by keys', async ({ lab, page }) => {
  await lab.open(`${MLP}&std=0.02&init=normal&predict=1`, { measured: false });
  await expect(lab.see('predict')).toBeVisible();
  await expect(lab.see('predict-1')).toBeEnabled();
  await expect.poll(() => curves(page)).toBe(0);
  await expect(lab.see('csv-variance')).toBeHidden();
  await expect(lab.verdict).toHaveCount(0);
  const point = lab.see('predict-1');
  await point.focus();
  const before = await point.getAttribute('aria-valuenow');
  await page.keyboard.press('ArrowDown');
  await expect(point).not.toHaveAttribute('aria-valuenow', before);
  await lab.press('predict-show');
  await expect(lab.see('predict-words')).not.toBeEmpty();
  await expect.poll(() => curves(page)).toBeGreaterThan(2);
  await expect(lab.verdict).toBeVisible();
  await lab.press('predict-again');
  await expect.poll(() => curves(page)).toBe(0);
});

test('a point follows the mouse and lies on the axis', async ({ lab, page }) => {
  await lab.open(`${MLP}&predict=1`, { measured: false });
  const point = lab.see('predict-2');
  await expect(point).toBeVisible();
  const box = await point.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 30, { steps: 5 });
  await page.mouse.up();
  const moved = await point.boundingBox();
  expect(Math.abs(moved.y - box.y - 30)).toBeLessThan(3);
  await lab.press('predict-show');
  await expect(lab.see('predict-words')).not.toBeEmpty();
});

test('one of four curves can be chosen instead', async ({ lab, page }) => {
  await lab.open(`${MLP}&std=0.02&init=normal&predict=choice`, { measured: false });
  const choices = lab.see('predict').locator('button');
  await expect(choices).toHaveCount(4);
  await choices.first().click();
  await expect(lab.see('predict-words')).not.toBeEmpty();
  await expect.poll(() => curves(page)).toBeGreaterThan(2);
});
