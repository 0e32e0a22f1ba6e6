// What theory says beside its curves, and the section of its own.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

const TANH = 'act=tanh&depth=6&width=64&batch=8&std=0.1875&bias=0.05&device=cpu';
const drawn = (page, chart) => page.locator(`[data-testid="chart-${chart}"] .canvas`);

test('the first loss is near what theory expects, which stands in the picture and the table', async ({ lab, page }) => {
  await lab.open('depth=4&width=64&batch=64&init=pytorch&device=cpu');
  const [first] = await lab.csv('loss');
  expect(Math.abs(first.loss - first['predicted-loss'])).toBeLessThan(0.05);
  await expect.poll(() => drawn(page, 'loss').evaluate((canvas) => canvas.layout?.annotations.map(({ text }) => text).join()))
    .toContain(`theory at step 0: ${first['predicted-loss'].toPrecision(3)}`);
  await expect(page.getByRole('img', { name: /Training loss 2\.3.* Theory expects 2\.3/ })).toBeVisible();
  await expect(lab.see('first-loss')).toBeHidden();
});

test('a GPT with a tied head begins where theory expects', async ({ lab }) => {
  await lab.open('model=gpt&depth=2&width=32&heads=2&context=32&batch=8&std=0.1&device=cpu');
  const [first] = await lab.csv('loss');
  expect(Math.abs(first.loss - first['predicted-loss'])).toBeLessThan(0.1);
});

test('AdamW has an equilibrium, Adam has none', async ({ lab }) => {
  await lab.open(`${GPT}&lr=0.001&wd=0.1`, { measured: false });
  expect((await lab.csv('weights'))[0].equilibrium).toBeCloseTo(Math.sqrt(0.001 / 0.2), 9);
  await expect(lab.see('equilibrium')).toContainText('0.0707');
  await expect(lab.see('equilibrium')).toContainText('5000 steps');
  await lab.unfold();
  await lab.choose('opt', 'adam');
  await expect(lab.see('equilibrium')).toBeHidden();
});

test('a sentence names the layer that leaves a number format, in both languages', async ({ lab, page }) => {
  await lab.open('width=256&std=1&depth=40&batch=2&device=cpu', { measured: false });
  await expect(lab.see('range')).toContainText('Numbers overflow in f16 from layer 5 on; in bf16, f32 from layer 37 on');
  await expect.poll(() => drawn(page, 'variance').evaluate((canvas) => canvas.layout?.annotations.map(({ text }) => text).join()))
    .toContain('largest square in bf16, f32');
  await lab.press('lang-vi');
  await expect(lab.see('range')).toContainText('bị tràn trong f16 từ tầng 5');
  await lab.type('std', '0.0884');
  await expect(lab.see('range')).toBeHidden();
});

test('the section opens by keyboard, and the dot follows the slider', async ({ lab, page }) => {
  await lab.open(TANH, { measured: false });
  const summary = lab.see('theory').locator('> summary');
  await expect(lab.see('chart-phase')).toHaveCount(0);
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(lab.see('chart-phase')).toBeVisible();
  await expect(lab.see('chart-correlation')).toBeVisible();
  const words = lab.see('chart-phase').getByTestId('insight');
  await expect(words).toContainText('σ_w = 1.5, σ_b = 0.05. Chaos: χ = 1.14');
  await expect(words).toContainText('ξ_c = 16.2. Signals survive about 6·ξ_c = 97.2 layers; the network has 6.');
  const dot = () => drawn(page, 'phase').evaluate((canvas) => canvas.data?.at(-1).x[0]);
  await expect.poll(dot).toBeCloseTo(1.5, 9);
  await lab.type('std', '0.1');
  await expect(words).toContainText('Order');
  await expect.poll(dot).toBeCloseTo(0.8, 9);
  expect((await lab.table('phase')).get('here')[0]).toBeCloseTo(0.8, 3);
  expect([...(await lab.table('correlation')).keys()]).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  await lab.press('lang-vi');
  await expect(words).toContainText('Trật tự: χ =');
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(lab.see('chart-phase')).toHaveCount(0);
});

test('with a norm the section says why there is no phase', async ({ lab }) => {
  await lab.open(`${MLP}&norm=layer`, { measured: false });
  await lab.see('theory').locator('summary').click();
  await expect(lab.see('theory-absent')).toContainText('Phases are a theory of plain layers');
  await expect(lab.see('chart-phase')).toHaveCount(0);
});

test('a GPT has attention, with the scale in force', async ({ lab }) => {
  await lab.open(`${GPT}&std=0.3`, { measured: false });
  await lab.see('theory').locator('summary').click();
  const words = lab.see('chart-entropy').getByTestId('insight');
  await expect(words).toContainText('Logits are q·k times 1 / √d');
  const [{ 'logit-std': root, entropy }] = await lab.csv('entropy');
  expect(entropy).toBeLessThan(Math.log(16));
  await lab.unfold();
  await lab.choose('attention', 'linear');
  await expect(words).toContainText('Logits are q·k times 1 / d');
  // Two heads of eight numbers.
  expect((await lab.csv('entropy'))[0]['logit-std'] * Math.sqrt(8) / root).toBeCloseTo(1, 9);
});

test('asked for by a link, a chart of theory stands open, and hidden it is gone', async ({ lab }) => {
  await lab.open(`${TANH}&show=std,phase&embed=1`, { measured: false });
  await expect(lab.see('chart-phase')).toBeVisible();
  await expect(lab.see('chart-correlation')).toHaveCount(0);
  await expect(lab.see('theory')).toHaveCount(0);
  await expect(lab.see('chart-variance')).toHaveCount(0);
  await lab.open(`${TANH}&hide=correlation`, { measured: false });
  await lab.see('theory').locator('summary').click();
  await expect(lab.see('chart-phase')).toBeVisible();
  await expect(lab.see('chart-correlation')).toHaveCount(0);
});

for (const [name, link] of Object.entries({
  default: '',
  'a signal that dies': 'init=xavier-normal&depth=30&device=cpu',
  'one that grows': 'std=0.2&depth=20&device=cpu',
  'number formats': 'formats=1&std=0.3&depth=12&width=32&batch=8&device=cpu',
  'a loss that stays at chance': 'width=32&depth=10&batch=8&steps=40&autoplay=1&device=cpu',
  'a loss that falls from chance': `${MLP}&steps=40&autoplay=1`,
})) {
  test(`words beside the levels of a chart lie on no curve: ${name}`, async ({ lab, page }) => {
    await lab.open(link);
    if (link.includes('autoplay')) await lab.reached(40, 60_000);
    await lab.settled();
    for (const chart of ['variance', 'gradient', 'loss']) {
      const covered = await drawn(page, chart).evaluate((canvas) => {
        const words = [...canvas.querySelectorAll('.annotation-text')].map((word) => [word.textContent, word.getBoundingClientRect()]);
        const dots = [...canvas.querySelectorAll('.scatterlayer .points path')].map((dot) => {
          const { x, y, width, height } = dot.getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        });
        const lines = [...canvas.querySelectorAll('.scatterlayer path.js-line')].filter((line) => parseFloat(getComputedStyle(line).strokeWidth) > 0);
        const points = lines.flatMap((line) => {
          const [length, place] = [line.getTotalLength(), line.getScreenCTM()];
          return Array.from({ length: 200 }, (_, at) => line.getPointAtLength((at / 199) * length).matrixTransform(place)).map(({ x, y }) => [x, y]);
        });
        const lies = (box, [x, y]) => box.left < x && x < box.right && box.top < y && y < box.bottom;
        return words.filter(([, box]) => [...dots, ...points].some((point) => lies(box, point))).map(([text]) => text);
      });
      expect(covered, chart).toEqual([]);
    }
  });
}

for (const [link, chart, band, has] of [
  [MLP, 'gradient', 'rough-band', true],
  // The last block, which the others are compared with, has no band of its own.
  [GPT.replace('depth=1', 'depth=2'), 'gradient', 'band', true],
  [GPT.replace('depth=1', 'depth=2'), 'gradient', 'rough-band', false],
  [GPT, 'gradient', 'band', false],
  [GPT, 'variance', 'band', true],
  [`${MLP}&norm=batch`, 'variance', 'band', false],
]) {
  test(`the legend of ${chart} names a band ${has ? 'that is drawn' : 'only where one is drawn'}: ${link}`, async ({ lab }) => {
    await lab.open(link);
    const legend = lab.see(`chart-${chart}`).locator('.legend');
    await expect(legend.locator('.predicted')).toBeVisible();
    await expect(legend.locator(`.${band}`)).toBeVisible({ visible: has });
    // Theory's gradients have no size of their own, whatever the model.
    await expect(lab.see('gradient-anchor')).toContainText('drawn through');
  });
}
