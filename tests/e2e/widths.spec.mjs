// Layers of unequal width: typed in the panel, seen in headline and charts, trained, carried by the link, and refused.

import { expect, test } from './fixtures.mjs';

const PLAIN = 'depth=3&width=32&init=kaiming-normal&opt=adam&lr=0.003&steps=60&device=cpu';
const field = (lab) => lab.see('knob-widths');

/** Types a list with the keyboard alone, and presses Enter. */
async function enter(lab, page, list) {
  await field(lab).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type(list);
  await page.keyboard.press('Enter');
}

test('a list that is typed makes layers of these widths, which train', async ({ lab, page }) => {
  await lab.open(PLAIN);
  await lab.reveal('widths');
  await expect(field(lab)).toHaveValue('');
  await enter(lab, page, '96, 48, 24, 12');
  await expect(lab.see('question')).toContainText('4 ReLU layers of widths 96-48-24-12');
  await expect(field(lab)).toHaveValue('96-48-24-12');
  await expect.poll(() => lab.link()).toContain('widths=96-48-24-12');
  expect(lab.link()).not.toMatch(/depth=|width=/);
  await lab.measured();
  // Four hidden layers and the output.
  expect(await lab.csv('variance')).toHaveLength(5);
  await lab.playToEnd(60);
  const losses = await lab.losses();
  expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]);
});

test('each layer multiplies the variance by its own width', async ({ lab }) => {
  await lab.open('widths=200-100-50-25&std=0.1&device=cpu');
  const rows = await lab.csv('variance');
  // 200, 100 and 50 times 0.01 · ½, where layers of one width would have 200 three times.
  for (const row of rows.slice(0, 4)) {
    expect(row['predicted-pre']).toBeGreaterThan(0);
    expect(Math.abs(Math.log(row.pre / row['predicted-pre']))).toBeLessThan(1);
  }
  expect(rows[3]['predicted-pre'] / rows[0]['predicted-pre']).toBeCloseTo(1 * 0.5 * 0.25, 5);
});

test('a link opens them, alone and embedded, and PyTorch’s code has them', async ({ lab }) => {
  await lab.open('widths=784-96-24-10&init=kaiming-normal&device=cpu');
  await expect(lab.see('notice')).toContainText('the hidden layers are 96-24');
  await expect(lab.see('question')).toContainText('2 ReLU layers of widths 96-24');
  await lab.open('widths=96-24&init=kaiming-normal&embed=1&show=widths,std,variance,code,question&device=cpu', { measured: false });
  await expect(lab.see('question')).toContainText('widths 96-24');
  await expect(field(lab)).toHaveValue('96-24');
  await lab.see('code').locator('summary').click();
  await expect(lab.see('code')).toContainText('L, widths = 2, [96, 24]');
});

test('a bad list gets its sentence and leaves the network as it was', async ({ lab, page }) => {
  await lab.open(`${PLAIN}&widths=64-32`);
  await lab.reveal('widths');
  for (const [list, sentence] of [['a-b', '“a-b” cannot be read'], ['0-5', '0-5 is out of range'], ['96-96', 'depth 2 and width 96']]) {
    await enter(lab, page, list);
    await expect(lab.see('notice')).toContainText(sentence);
    if (list === 'a-b') await expect(field(lab)).toHaveValue('64-32');
  }
  await lab.open('widths=-5-3&device=cpu');
  await expect(lab.see('notice')).toContainText('Write whole numbers with hyphens between them');
});

test('turning the depth makes layers equal again and says how to return', async ({ lab, page }) => {
  await lab.open(`${PLAIN}&widths=64-32-16`);
  await lab.knob('depth').focus();
  await page.keyboard.press('ArrowRight');
  await expect(lab.see('notice')).toContainText('type 64-32-16');
  await expect(lab.see('question')).toContainText('4 ReLU layers of width 64');
  await expect.poll(() => lab.link()).toContain('depth=4');
  expect(lab.link()).not.toContain('widths');
});
