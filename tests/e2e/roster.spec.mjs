// The codes of a class: a teacher pastes a column of them, and a table says what running each again has given.

import { expect, test } from './fixtures.mjs';

const GOAL = 'depth=6&width=32&batch=16&init=normal&std=0.02&device=cpu&goal=variance-ratio<2;only=std';

/** Reaches the goal with a σ and gives the code. */
async function codeOf(lab, std) {
  await lab.type('std', std);
  await expect(lab.see('goal-code')).toContainText(`std=${std};`, { timeout: 60_000 });
  return lab.see('goal-code').textContent();
}

test('a class hands in a column of codes, and each is run again', async ({ lab, page }) => {
  await lab.open(GOAL);
  const first = await codeOf(lab, '0.306');
  const second = await codeOf(lab, '0.31');
  await lab.see('goal-check').locator('summary').click();
  await lab.see('roster').locator('summary').click();
  await expect(lab.see('roster-run')).toBeDisabled();
  await lab.see('roster-codes').fill(`An\t${first}\nBình, ${second}\nChi: ${first}\nDung, ${second.replace('0.31', '0.32')}\nhello\n`);
  await lab.press('roster-run');
  await expect(lab.see('roster-progress')).toContainText('2 of 2', { timeout: 60_000 });
  const result = (line) => lab.see(`roster-${line}`);
  for (const line of [1, 2, 3]) await expect(result(line)).toHaveAttribute('data-result', 'confirmed');
  await expect(result(3)).toContainText('line 1');
  for (const line of [4, 5]) await expect(result(line)).toHaveAttribute('data-result', 'refused');
  await expect(result(4)).toContainText('check digits');
  await expect(result(1).locator('th')).toHaveText('An');

  const waiting = page.waitForEvent('download');
  await lab.press('roster-csv');
  const stream = await (await waiting).createReadStream();
  const parts = [];
  for await (const part of stream) parts.push(part);
  const rows = Buffer.concat(parts).toString().replace('\uFEFF', '').trim().split('\n');
  expect(rows).toHaveLength(6);
  expect(rows[2]).toMatch(/^2,Bình,own-\w+,own-\w+;std=0\.31;@0;/);
});

test('on a phone the table scrolls within itself, in Vietnamese', async ({ lab, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lab.open(`${GOAL}&lang=vi`);
  await lab.see('goal-check').locator('summary').click();
  await lab.see('roster').locator('summary').click();
  await lab.see('roster-codes').fill('An, không phải mã');
  await lab.press('roster-run');
  await expect(lab.see('roster-1')).toContainText('Đây không phải là mã hoàn thành');
  expect(await lab.see('goal').evaluate((panel) => panel.scrollWidth - panel.clientWidth)).toBeLessThanOrEqual(0);
});
