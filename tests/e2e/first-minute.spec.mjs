// What a reader meets in the first minute: the answer above the fold, hints, σ's zones, and where its numbers come from.

import { expect, test } from './fixtures.mjs';

const SMALL = 'width=32&batch=16&device=cpu';

for (const [width, height, link] of [[1366, 657, SMALL], [390, 844, SMALL], [760, 600, `embed=1&${SMALL}`]]) {
  test(`question and verdict are above the fold, with what would do: ${width} × ${height} ${link}`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height });
    await lab.open(link);
    await expect(lab.verdict).toHaveAttribute('data-verdict', 'vanishing');
    await expect(lab.see('fix')).toBeVisible();
    const bottom = async (locator) => locator.evaluate((element) => element.getBoundingClientRect().bottom);
    expect(await bottom(lab.verdict)).toBeLessThan(height);
    expect(await bottom(lab.see('fix'))).toBeLessThan(height);
    const question = await bottom(lab.see('question'));
    const top = await lab.verdict.evaluate((element) => element.getBoundingClientRect().top);
    expect(top - question).toBeGreaterThanOrEqual(0);
    expect(top - question).toBeLessThan(140);
  });
}

test('the reasons of a verdict stay open while it changes', async ({ lab }) => {
  await lab.open(`depth=3&init=kaiming-normal&lr=0.1&${SMALL}&steps=1000000`);
  await lab.press('play');
  const reasons = lab.see('reasons');
  await expect(lab.verdict).toContainText('It learns');
  await expect(reasons.locator('p')).toBeHidden();
  await reasons.locator('summary').click();
  const step = await lab.steps();
  await lab.reached(step + 50);
  await expect(reasons.locator('p')).toBeVisible();
  await expect(reasons.locator('p')).not.toBeEmpty();
});

test('each hint is put away by doing it, and none comes back', async ({ lab, page }) => {
  await lab.open(`depth=6&${SMALL}&steps=1000000`);
  const hint = (name) => lab.see(`hint-${name}`);
  for (const name of ['level', 'play', 'scheme']) await expect(hint(name)).not.toHaveClass(/done/);
  await lab.type('std', '0.25');
  await expect(hint('level')).toHaveClass(/done/);
  await lab.measured();
  await lab.press('play');
  await expect(hint('play')).toHaveClass(/done/);
  await lab.press('pause');
  await expect(hint('scheme')).not.toHaveClass(/done/);
  await page.reload();
  await expect(hint('play')).toHaveClass(/done/);
  await lab.choose('init', 'xavier-normal');
  await expect(lab.see('hints')).toBeHidden();
  await page.reload();
  await lab.measured();
  await expect(lab.see('hints')).toBeHidden();
});

test('the hints can be put away, and a prepared lab has its own advice', async ({ lab }) => {
  await lab.open('x=kaiming&device=cpu');
  await expect(lab.see('hints')).toHaveCount(0);
  await lab.open(SMALL);
  await lab.press('hints-away');
  await expect(lab.see('hints')).toBeHidden();
});

test('factors lead to their controls, and the product can be made 1', async ({ lab, page }) => {
  await lab.open('depth=20&width=128&std=0.02&batch=16&device=cpu');
  const derivation = lab.see('derivation');
  await expect(derivation).toContainText('0.02²');
  await expect(derivation).toContainText('0.0256');
  await expect(derivation).toContainText('10⁻³⁰');
  await lab.see('factor-width').hover();
  await expect(page.locator('.knob[data-knob="width"]')).toHaveClass(/lit/);
  await expect(lab.see('derivation-words')).toContainText('the width');
  await lab.see('factor-act').focus();
  await expect(page.locator('.knob[data-knob="act"]')).toHaveClass(/lit/);
  await lab.see('factor-width').click();
  await expect(lab.knob('width')).toBeFocused();
  await lab.press('level');
  await expect(lab.field('std')).toHaveValue('0.125');
  await expect(lab.see('level')).toHaveCount(0);
  await lab.measured();
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'steady');
});

test('the track of σ says where the signal dies, holds and explodes', async ({ lab, page }) => {
  await lab.open('depth=20&width=128&batch=16&device=cpu');
  await expect(lab.see('zones')).toContainText(/σ from .* to .*: the signal dies/);
  for (const zone of ['dies', 'holds', 'explodes']) {
    await expect.poll(() => page.evaluate(() => document.documentElement.style.getPropertyValue('--zones'))).toContain(`var(--${zone})`);
  }
  // Where the verdict is another one, so is the zone.
  const zones = await page.evaluate(() => document.documentElement.style.getPropertyValue('--zones'));
  await lab.choose('act', 'tanh');
  await expect.poll(() => page.evaluate(() => document.documentElement.style.getPropertyValue('--zones'))).not.toBe(zones);
});

test('the axis stands still while σ is dragged, and settles when it is let go', async ({ lab, page }) => {
  await lab.open(`depth=12&std=0.05&${SMALL}`);
  const range = () => page.locator('[data-testid="chart-variance"] .canvas').evaluate((canvas) => canvas.layout.yaxis.range.map(Number));
  const moved = async () => page.locator('[data-testid="chart-variance"] .canvas').evaluate((canvas) => Number(canvas.data[2].y.at(-1)));
  await lab.settled();
  const [low] = await range();
  const box = await lab.knob('std').boundingBox();
  const y = box.y + box.height / 2;
  const before = await moved();
  await page.mouse.move(box.x + 0.3 * box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width, y, { steps: 4 });
  await expect.poll(moved).toBeGreaterThan(1e3 * before);
  expect((await range())[0]).toBeLessThanOrEqual(low);
  await page.mouse.up();
  await expect.poll(async () => (await range())[0]).toBeGreaterThan(low);
});

test('what is below the verdict stays where it is when the fix comes', async ({ lab, page }) => {
  await page.addInitScript(() => {
    window.heights = new Set();
    const look = () => {
      const verdict = document.querySelector('[data-testid="diagnosis"][data-verdict^="vanishing"]');
      if (verdict) window.heights.add(Math.round(verdict.getBoundingClientRect().height));
      requestAnimationFrame(look);
    };
    look();
  });
  await lab.open('device=cpu&lang=en');
  await expect(lab.see('fix')).toBeVisible();
  await lab.settled();
  const heights = await page.evaluate(() => [...window.heights]);
  expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(2);
});
