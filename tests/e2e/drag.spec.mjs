// The predicted curve is in the hand: it moves in the frame of the gesture, the measured one soon after.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

const LAB = `depth=6&width=32&batch=16&std=0.1&device=cpu`;

/**
 * Moves σ's slider as an input event does, and says what the table and the picture show after one
 * animation frame: the second callback runs before anything that the second frame would draw.
 */
async function drag(page, place) {
  // Pictures are drawn one after another, and the first may come after its numbers.
  await page.waitForFunction(() => document.querySelector('[data-testid="chart-variance"] .canvas')?.data?.[2]);
  return page.evaluate(async (place) => {
    const slider = document.querySelector('[data-testid="knob-std"]');
    const predicted = () => Number(document.querySelector('[data-testid="chart-variance"] .canvas').data[2].y.at(-1));
    const cell = () => document.querySelector('[data-testid="data-variance"] tr[data-row="output"] td:nth-of-type(3)').textContent;
    const before = { picture: predicted(), table: cell() };
    slider.value = place;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return { before, after: { picture: predicted(), table: cell() } };
  }, String(place));
}

test('the predicted curve follows the slider in the same frame', async ({ lab, page }) => {
  await lab.open(LAB);
  await lab.data('variance');
  for (const place of [300, 700, 200, 650]) {
    await lab.settled();
    const { before, after } = await drag(page, place);
    expect(after.table).not.toBe(before.table);
    // The output's z has no prediction of an activation; the picture ends with what the table has.
    expect(after.picture).not.toBe(before.picture);
  }
});

test('the measured curve follows soon, and ends where the hand does', async ({ lab, page }) => {
  await lab.open(LAB);
  const before = await lab.table('variance');
  for (const place of [400, 450, 500, 550, 600]) await drag(page, place);
  await lab.measured(5_000);
  const after = await lab.table('variance');
  for (const layer of ['hidden.1', 'hidden.6']) {
    const [, measured, , predicted] = after.get(layer);
    expect(measured).toBeGreaterThan(before.get(layer)[1]);
    // Six layers of 32 units: the spread of single networks is wide, orders of magnitude are not.
    expect(Math.abs(Math.log10(measured / predicted))).toBeLessThan(1);
  }
});

test('the mouse drags it', async ({ lab, page }) => {
  await lab.open(LAB);
  await lab.data('variance');
  const box = await lab.knob('std').boundingBox();
  const y = box.y + box.height / 2;
  const output = async () => (await lab.table('variance')).get('hidden.6')[3];
  await page.mouse.move(box.x + 0.3 * box.width, y);
  await page.mouse.down();
  const seen = [await output()];
  for (const share of [0.4, 0.5, 0.6, 0.7]) {
    await page.mouse.move(box.x + share * box.width, y);
    seen.push(await output());
  }
  await page.mouse.up();
  for (const [at, value] of seen.entries()) if (at > 0) expect(value).toBeGreaterThan(seen[at - 1]);
  await lab.measured(5_000);
});

test('arrow keys turn it finely, page keys coarsely, and the step is felt in the number', async ({ lab, page }) => {
  await lab.open(LAB);
  await lab.knob('std').focus();
  await page.keyboard.press('ArrowRight');
  await expect(lab.field('std')).toHaveValue('0.102');
  await page.keyboard.press('PageUp');
  await expect(lab.field('std')).toHaveValue('0.128');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(lab.field('std')).toHaveValue('0.0993');
});

test('a number can be typed, with a point or a comma', async ({ lab }) => {
  await lab.open(LAB);
  await lab.type('std', '0.25');
  await expect(lab.notice).toBeHidden();
  await expect(lab.field('std')).toHaveValue('0.25');
  await lab.type('std', '0,5');
  await expect(lab.field('std')).toHaveValue('0.5');
  await lab.type('std', '1e-5');
  await expect(lab.field('std')).toHaveValue('1e-5');
  await expect(lab.knob('std')).toHaveValue('0');
});

test('a number is typed as arithmetic, and what is none stays in the field with the reason', async ({ lab }) => {
  await lab.open(LAB);
  const [field, problem, link] = [lab.field('std'), lab.see('knob-std-problem'), lab.link()];
  await lab.type('std', 'sqrt(2/)');
  await expect(problem).toContainText('sqrt(2/▸)');
  await expect(problem).toHaveAttribute('role', 'alert');
  await expect(field).toHaveValue('sqrt(2/)');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(/sqrt/);
  expect(lab.link()).toBe(link);
  // It goes as soon as the text can be read, which is taken when all is typed.
  await field.fill('√(2/128)');
  await expect(problem).toBeHidden();
  await field.press('Enter');
  await expect(field).toHaveValue('0.125');
  await lab.type('std', '1/0');
  await expect(problem).toContainText('divides by 0');
  await field.press('Escape');
  await expect(problem).toBeHidden();
  await expect(field).toHaveValue('0.125');
  await lab.type('std', 'banana');
  await expect(problem).toContainText('banana');
  await lab.knob('std').press('ArrowRight');
  await expect(problem).toBeHidden();
  await expect(field).toHaveValue(/^0\.1/);
  await expect(lab.notice).toBeHidden();
});

test('a number out of range is moved to its bound', async ({ lab }) => {
  await lab.open(LAB);
  await lab.type('std', '5000');
  await expect(lab.notice).toContainText('5000');
  await expect(lab.field('std')).toHaveValue('100');
  await lab.press('dismiss');
  await expect(lab.notice).toBeHidden();
});

test('depth decides how many layers are drawn and measured', async ({ lab }) => {
  await lab.open(LAB);
  expect([...(await lab.table('variance')).keys()]).toHaveLength(7);
  await lab.type('depth', '11');
  await expect((await lab.data('variance')).locator('tbody tr')).toHaveCount(12);
  await lab.measured();
  const rows = await lab.table('variance');
  expect([...rows.keys()]).toEqual([...Array.from({ length: 11 }, (_, at) => `hidden.${at + 1}`), 'output']);
  for (const [, [pre]] of rows) expect(pre).toBeGreaterThan(0);
});

test('a scheme tells the σ that results, and dragging σ leaves the scheme behind', async ({ lab, page }) => {
  await lab.open(MLP);
  // √2/√32 = 0.25 for the hidden layers, √2/√64 for the first.
  await expect(lab.see('sigma')).toContainText('0.25');
  await expect(lab.see('sigma')).toContainText('0.177');
  await expect(lab.field('std')).toHaveValue('0.25');
  await lab.knob('std').focus();
  await page.keyboard.press('ArrowRight');
  await expect(lab.knob('init')).toHaveValue('normal');
  await expect(lab.field('std')).toHaveValue('0.256');
});

test('another kind of network brings its own controls and charts', async ({ lab }) => {
  await lab.open('depth=2&width=16&device=cpu');
  await expect(lab.knob('heads')).toBeHidden();
  await expect(lab.see('chart-weights')).toBeHidden();
  await lab.choose('model', 'gpt');
  await lab.type('depth', '2');
  await lab.type('width', '16');
  await lab.type('context', '16');
  await expect(lab.knob('heads')).toBeVisible();
  await lab.measured();
  expect([...(await lab.table('variance')).keys()]).toEqual(['embedding', 'block.1', 'block.2', 'head']);
  const weights = await lab.table('weights');
  expect([...weights.keys()]).toEqual(['block.1', 'block.2']);
  // Q, K and V; beside them stands where AdamW would bring them.
  for (const std of weights.get('block.2').slice(0, 3)) expect(Math.abs(std - 0.02)).toBeLessThan(0.004);
});
