// The plane with what the network says, drawn while it learns.

import { expect, test } from './fixtures.mjs';

const CIRCLES = 'data=circles&depth=2&width=32&init=kaiming-normal&opt=adam&lr=0.01&device=cpu';
const sentence = (lab) => lab.see('chart-boundary').locator('.sentence');
const order = (page) => page.locator('.stage > .chart').evaluateAll((all) => all.map((chart) => chart.dataset.chart));

/** The colour of the picture at a point of the plane, a little beside the middle of its cell. */
const colorAt = (lab, x, y) => lab.see('plane').evaluate((canvas, [x, y]) => {
  const place = (value) => Math.floor((value + 2.5) / 5 * 32) * 8 + 1;
  return [...canvas.getContext('2d').getImageData(place(x), place(-y), 1, 1).data].slice(0, 3);
}, [x, y]);
const distance = (one, other) => Math.hypot(...one.map((channel, at) => channel - other[at]));

test('the plane stands with the data of two inputs, and shows a boundary that the network learns', async ({ lab, page }) => {
  await lab.open(`${CIRCLES}&steps=300`);
  await expect(sentence(lab)).toContainText('At step 0');
  await lab.playToEnd(300);
  await expect(sentence(lab)).toContainText(/At step 300 the network says class 0 in \d+ %, class 1 in \d+ % of the picture/);
  // Inside is one class, and on the ring outside the other.
  const inside = await colorAt(lab, 0, 0);
  for (const [x, y] of [[1.8, 0], [-1.8, 0], [0, 1.8], [0, -1.8]]) {
    expect(distance(inside, await colorAt(lab, x, y))).toBeGreaterThan(60);
  }
  const rows = await lab.csv('boundary');
  expect(rows).toHaveLength(64);
  const wrong = rows.filter((row) => Math.hypot(row['plane-x'], row['plane-y']) < 0.9 && row.guess !== 0);
  expect(wrong).toEqual([]);
  // The playhead takes the picture back too.
  await lab.see('scrubber').focus();
  await page.keyboard.press('Home');
  await expect(sentence(lab)).toContainText('At step 0');
});

test('the points over it are those held out or those of training, told apart by their signs', async ({ lab, page }) => {
  await lab.open(CIRCLES);
  const drawn = () => lab.see('plane-points').locator('path').evaluateAll((all) => all.map((path) => path.getAttribute('d').split('M').length - 1));
  expect(await drawn()).toEqual([75, 75]);
  await lab.see('plane-training').focus();
  await page.keyboard.press('Enter');
  await expect.poll(drawn).toEqual([300, 300]);
  await expect(lab.see('plane-training')).toHaveAttribute('aria-pressed', 'true');
  const [disc, square] = await lab.see('plane-points').locator('path').evaluateAll((all) => all.map((path) => path.getAttribute('d').replace(/[-\d. ]/g, '').slice(0, 4)));
  expect(disc).not.toBe(square);
});

test('the picture has a name for a screen reader, a note, and room on a phone', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await lab.open('data=xor&depth=2&width=16&init=kaiming-normal&device=cpu');
  await expect(lab.see('plane')).toHaveAccessibleName(/^At step 0 the network says class/);
  await lab.press('read-boundary');
  await expect(lab.see('chart-boundary').locator('.reading')).toContainText('decision boundary');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const box = await lab.see('plane').boundingBox();
  expect(Math.abs(box.width - box.height)).toBeLessThan(2);
});

test('to look at the plane changes no number of the run', async ({ lab }) => {
  await lab.open(`${CIRCLES}&steps=20&charts=variance,loss`);
  await lab.playToEnd(20);
  const bare = await lab.losses();
  await lab.open(`${CIRCLES}&steps=20&charts=variance,loss,boundary`);
  await lab.playToEnd(20);
  expect(await lab.losses()).toEqual(bare);
});

test('other data and labs that name their charts have no plane', async ({ lab, page }) => {
  for (const link of ['device=cpu', 'data=xor&charts=variance,loss', 'data=xor&show=std,variance', 'data=xor&embed=1']) {
    await lab.open(`depth=2&width=16&${link}`, { measured: false });
    await expect(lab.see('chart-variance')).toBeVisible();
    expect(await order(page)).not.toContain('boundary');
  }
  await lab.open('data=xor&depth=2&width=16&embed=1&show=variance,boundary&device=cpu', { measured: false });
  await expect(sentence(lab)).toContainText('At step 0');
});
