// The lab names what happens, with the layer and the step, and offers a start that would do.

import { expect, test } from './fixtures.mjs';

const verdicts = [
  ['vanishing', 'depth=20&width=64&batch=16&std=0.02', /less than a thousandth/],
  ['exploding', 'depth=20&width=64&batch=16&std=0.5', /more than ten thousand times/],
  ['steady', 'depth=20&width=64&batch=16&init=kaiming-normal', /gradients reach every layer/],
  ['symmetric', 'depth=4&width=64&batch=16&init=zeros', /stay equal forever/],
  ['vanishing-gradient', 'depth=20&width=64&batch=16&act=sigmoid&init=xavier-normal', /On its way back the gradient shrinks/],
  ['symmetric', 'depth=4&width=64&batch=16&init=constant&std=0.015625', /no more than a single unit/],
  ['symmetric', `model=gpt&depth=1&width=16&heads=2&context=16&batch=8&init=zeros`, /every gradient/],
  ['forgets', 'depth=10&init=pytorch&batch=16', /differs from input to input/],
  ['closed', 'depth=20&width=64&batch=16&residual=on&init=rezero', /branches open as they learn/],
  ['normed', 'depth=20&width=64&batch=16&norm=layer&std=0.5', /The norm undoes that/],
];

for (const [verdict, link, words] of verdicts) {
  test(`${verdict}: ${link}`, async ({ lab }) => {
    await lab.open(`${link}&device=cpu`);
    await expect(lab.verdict).toHaveAttribute('data-verdict', verdict);
    await expect(lab.verdict).toContainText(words);
  });
}

test('the verdict follows the slider from dying to exploding', async ({ lab }) => {
  await lab.open('depth=20&width=64&batch=16&std=0.02&device=cpu');
  await lab.type('std', '0.5');
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'exploding');
  await lab.type('std', '0.177');
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'steady');
});

test('numbers that leave f32 before training are named with their layer', async ({ lab }) => {
  await lab.open('depth=60&width=64&batch=8&std=2&device=cpu', { measured: false });
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'diverged', { timeout: 60_000 });
  await expect(lab.verdict).toContainText(/Before any training, the numbers of layer 3[4-8] leave the range of f32/);
  await expect(lab.status).toContainText('Blew up at step 0');
});

test('a run that blows up says at which step and in which layer', async ({ lab }) => {
  await lab.open('depth=4&width=32&batch=16&init=kaiming-normal&lr=60&device=cpu');
  await lab.press('play');
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'diverged', { timeout: 60_000 });
  const step = await lab.steps();
  expect(step).toBeGreaterThan(0);
  await expect(lab.verdict).toContainText(new RegExp(`At step ${step} the (numbers|gradient) of (layer \\d|the output layer)`));
  await expect(lab.verdict).toContainText('smaller learning rate');
  await expect(lab.status).toHaveClass(/blown/);
  await expect(lab.status).toContainText(`Blew up at step ${step}`);
  await expect(lab.see('play')).toBeVisible();
  const losses = await lab.losses();
  expect(losses).toHaveLength(step + 1);
  expect(Number.isFinite(losses.at(-1))).toBe(false);
  expect(losses.slice(0, -1).every(Number.isFinite)).toBe(true);
  // A result and no error: the lab goes on.
  await expect(lab.notice).toBeHidden();
  await lab.press('reset');
  await lab.measured();
  await expect(lab.step).toHaveText('0');
});

test('one click takes a start that holds the signal', async ({ lab }) => {
  await lab.open('depth=20&width=64&batch=16&std=0.02&device=cpu');
  await expect(lab.see('fix')).toContainText('Kaiming normal');
  await lab.press('fix');
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'steady');
  await expect(lab.knob('init')).toHaveValue('kaiming-normal');
  await expect(lab.see('fix')).toBeHidden();
});

test('zeros teach a network nothing but how common each class is', async ({ lab }) => {
  await lab.open('depth=3&width=32&batch=32&init=zeros&lr=0.1&steps=200&device=cpu');
  await lab.playToEnd(200);
  const losses = await lab.losses();
  // ln 10 = 2.3026.
  expect(losses[0]).toBeCloseTo(Math.log(10), 5);
  expect(Math.min(...losses)).toBeGreaterThan(2.1);
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'symmetric');
});

test('a start that is too large is the cause, not the rate', async ({ lab }) => {
  await lab.open('depth=20&width=128&batch=16&std=0.345&lr=0.01&device=cpu');
  await lab.press('play');
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'diverged', { timeout: 60_000 });
  await expect(lab.verdict).toContainText('σ = 0.345 is 2.8 times too large');
  await expect(lab.verdict).toContainText('0.125');
  await expect(lab.verdict).not.toContainText('smaller learning rate');
});

test('the heading never contradicts the run', async ({ lab }) => {
  await lab.open('depth=8&width=96&batch=16&init=xavier-normal&device=cpu');
  await expect(lab.verdict.locator('h2')).toHaveText('The signal fades');
  await expect(lab.verdict).toHaveClass(/qualified/);
});

test('a chart says that its dots are 0', async ({ lab }) => {
  await lab.open('depth=4&width=32&batch=16&init=zeros&device=cpu');
  await expect(lab.see('gap-gradient')).toContainText(/dots are missing.*exactly 0/);
});

test('a screen reader hears the start and the end, not each number', async ({ lab, page }) => {
  await lab.open('depth=4&width=32&batch=16&init=kaiming-normal&lr=0.1&steps=150&device=cpu');
  const spoken = lab.see('diagnosis-spoken');
  await expect(spoken).not.toBeEmpty();
  await expect(page.locator('[data-testid="diagnosis"][aria-live]')).toHaveCount(0);
  await spoken.evaluate((element) => {
    window.heard = [];
    new MutationObserver(() => window.heard.push(element.textContent))
      .observe(element, { childList: true, characterData: true, subtree: true });
  });
  await lab.playToEnd(150);
  await expect.poll(() => page.evaluate(() => window.heard.length)).toBeGreaterThan(0);
  expect(await page.evaluate(() => window.heard.length)).toBeLessThanOrEqual(6);
});
