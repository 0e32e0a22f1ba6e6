// Numbers go into the reader's spreadsheet: as a file or by the clipboard, with a decimal point or comma.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

test('a table is copied with all its digits, into cells or as a table', async ({ lab, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open(MLP);
  await lab.settled();
  const [, first] = (await lab.file('variance')).trim().split('\n').map((row) => row.split(','));
  await lab.data('variance');
  await lab.press('copy-variance');
  await expect(page.getByText('Copied, for a spreadsheet or a text')).toBeVisible();
  const items = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return Promise.all(['text/plain', 'text/html'].map(async (kind) => (await item.getType(kind)).text()));
  });
  const rows = items[0].trim().split('\n').map((row) => row.split('\t'));
  expect(rows[0][0]).toBe('Layer');
  expect(rows[1].slice(1)).toEqual(first.slice(1));
  expect(items[1]).toContain(`<td>${first[2]}</td>`);
});

test('the decimal comma of a spreadsheet is chosen once, for copies and for files', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.settled();
  const points = await lab.file('variance');
  await lab.data('variance');
  await expect(lab.see('decimals-point-variance')).toHaveAttribute('aria-pressed', 'true');
  await lab.press('decimals-comma-variance');
  await expect(lab.see('decimals-comma-variance')).toHaveAttribute('aria-pressed', 'true');
  const commas = await lab.file('variance');
  expect(commas).toBe(points.replaceAll(',', ';').replaceAll(/(\d)\.(\d)/g, '$1,$2'));
  // It is one choice: another table shows it, and the next visit too.
  await lab.data('gradient');
  await expect(lab.see('decimals-comma-gradient')).toHaveAttribute('aria-pressed', 'true');
  await page.reload();
  await lab.measured();
  await lab.settled();
  expect(await lab.file('variance')).toBe(commas);
});

test('a lab in a frame without rights to the clipboard copies all the same', async ({ foreign, page }) => {
  await foreign.open('<init-lab id="a" depth="2" width="16" batch="16" device="cpu" lang="en" show="std,variance"></init-lab>');
  const frame = page.frameLocator('init-lab iframe');
  await frame.getByTestId('show-variance').click();
  await frame.getByTestId('decimals-comma-variance').click();
  await frame.getByTestId('copy-variance').click();
  await expect(frame.getByText('Copied, for a spreadsheet or a text')).toBeVisible();
});
