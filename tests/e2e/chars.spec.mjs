// A perceptron that predicts the next character of the text from the three before it.

import { expect, test } from './fixtures.mjs';
import { mean } from './numbers.mjs';

const GUESSING = Math.log(75);
const CHARS = 'data=chars&depth=1&width=64&act=tanh&init=formula&formula=gain/sqrt(fan_in)*0.1^(layer-1)&lr=0.1&steps=300&device=cpu';

test('a bare link begins at guessing among 75 characters', async ({ lab }) => {
  await lab.open('data=chars');
  await expect(lab.notice).toBeHidden();
  await expect(lab.knob('data')).toHaveValue('chars');
  expect((await lab.losses())[0]).toBeCloseTo(GUESSING, 2);
});

test('it begins near chance level and learns more than how common characters are', async ({ lab, page }) => {
  await lab.open(CHARS);
  const [first] = await lab.losses();
  expect(Math.abs(first - GUESSING)).toBeLessThan(0.1);
  await expect(page.locator('.foot')).toContainText('the next character, from the three before it');
  await lab.playToEnd(300);
  const rows = await lab.csv('loss');
  expect(mean(rows.slice(-20).map((row) => row.loss))).toBeLessThan(3.02 - 0.4);
  expect(page.url()).toContain('data=chars');
});

test('it is chosen in the list, in either language, and the code reads 225 inputs', async ({ lab, page }) => {
  await lab.open('depth=1&width=64&act=tanh&init=xavier-normal&lang=vi&device=cpu');
  await lab.choose('data', 'chars');
  await expect.poll(() => lab.link()).toContain('data=chars');
  await lab.measured();
  await expect(page.locator('.foot')).toContainText('ký tự kế tiếp, từ ba ký tự đứng trước');
  expect(Math.abs((await lab.losses())[0] - GUESSING)).toBeLessThan(1);
  await lab.see('code').locator('summary').click();
  await expect(lab.see('code')).toContainText('225');
  // The subset goes up to what there is.
  await lab.type('examples', '5000');
  await expect.poll(() => lab.link()).toContain('examples=5000');
  await lab.type('examples', '9000');
  await expect(lab.field('examples')).toHaveValue('8000');
  expect(page.url()).toContain('data=chars');
});

test('a prepared lab compares makemore’s first loss with a modest start', async ({ lab, page }) => {
  await lab.open('x=next-character&steps=20&device=cpu');
  await expect(page.locator('.note')).toContainText('ln 75 = 4.32');
  const [loud] = await lab.losses();
  expect(loud).toBeGreaterThan(25);
  await lab.playToEnd(20);
});

test('on a phone of 320 pixels nothing is cut, and an embedded lab has it too', async ({ lab, page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  for (const link of [CHARS, `${CHARS}&embed=1&show=data,examples,std,loss,question`, 'x=next-character&lang=vi&device=cpu']) {
    await lab.open(link);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), link).toBeLessThanOrEqual(320);
  }
  await lab.open(`${CHARS}&embed=1&show=data,loss`);
  await expect(lab.knob('data')).toHaveValue('chars');
  const box = await lab.knob('data').boundingBox();
  expect(box.x + box.width).toBeLessThanOrEqual(320);
});
