// Ranges: a teacher says between which numbers a knob may be moved, and a reader meets a slider that ends there.

import { expect, test } from './fixtures.mjs';

const TINY = 'depth=3&width=16&batch=16&device=cpu';

test('a slider ends where the teacher said, and what is asked beyond is told', async ({ lab }) => {
  await lab.open(`${TINY}&std=0.01..0.3`);
  await expect(lab.field('std')).toHaveValue('0.02');
  await expect(lab.notice).toHaveCount(0);

  await lab.knob('std').fill('1000');
  await expect(lab.field('std')).toHaveValue('0.3');
  await lab.knob('std').press('PageUp');
  await expect(lab.field('std')).toHaveValue('0.3');
  await lab.knob('std').fill('0');
  await expect(lab.field('std')).toHaveValue('0.01');
  await expect(lab.notice, 'the slider itself asks for nothing else').toHaveCount(0);

  await lab.type('std', '√(2/2)');
  await expect(lab.field('std')).toHaveValue('0.3');
  await expect(lab.notice).toContainText('from 0.01 to 0.3');
  await lab.measured();
  await expect.poll(() => lab.link()).toContain('std=0.3@0.01..0.3');
  await expect(lab.see('level'), 'σ = √(2/16) lies outside').toHaveCount(0);

  await lab.page.goto(`./#v=1&${TINY}&lang=vi&std=0.3..0.01`);
  await expect(lab.notice).toContainText('số đầu phải nhỏ hơn số sau');
});

test('the numbers below σ are those of its slider', async ({ lab, page }) => {
  const marks = () => page.locator('.decades span').allTextContents();
  await lab.open(TINY, { measured: false });
  expect(await marks()).toEqual(['0.001', '0.01', '0.1', '1']);
  await lab.open(`${TINY}&std=0.02..0.5`, { measured: false });
  expect(await marks()).toEqual(['0.02', '0.5', '0.1']);
});

test('a page around cannot leave the range without taking it away', async ({ host }) => {
  await host.open(`${TINY}&std=0.01..0.3`);
  await host.frame(0);
  const field = host.inside().getByTestId('knob-std-number');
  const notice = host.inside().getByTestId('notice');
  await host.ask('set', { link: 'std=5' });
  await expect(field).toHaveValue('0.3');
  await expect(notice).toContainText('0.01');
  await host.ask('set', { link: 'std=5@..' });
  await expect(field).toHaveValue('5');
  await expect(notice).toHaveCount(0);
});

test('the studio sets a range beside each number, and the preview has it', async ({ page }) => {
  await page.goto(`./studio.html?lang=en#v=1&${TINY}`);
  const preview = page.frameLocator('[data-testid="preview"]');
  await expect(preview.getByTestId('play')).toBeAttached();
  await page.locator('#groups details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  const field = page.getByTestId('range-std');
  const problem = page.getByTestId('range-std-problem');
  await expect(field).toHaveAttribute('placeholder', '0.001..3');

  await field.fill('0.05 .. 0.3');
  await field.press('Enter');
  await expect(page.getByTestId('out-link')).toContainText('std=0.05%400.05..0.3');
  await expect(field).toHaveValue('0.05..0.3');
  await expect(preview.getByTestId('knob-std-number')).toHaveValue('0.05');
  await preview.getByTestId('knob-std').fill('1000');
  await expect(preview.getByTestId('knob-std-number')).toHaveValue('0.3');
  await expect(page.getByTestId('out-link')).toContainText('std=0.3%400.05..0.3');

  await field.fill('0.3..0.05');
  await field.press('Enter');
  await expect(problem).toContainText('smaller');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('out-link'), 'the lab keeps the range that it had').toContainText('0.05..0.3');
  await field.fill('');
  await field.press('Enter');
  await expect(problem).toHaveCount(0);
  await expect(page.getByTestId('out-link')).not.toContainText('..');

  await page.getByTestId('range-act').waitFor({ state: 'detached' });
  await page.getByTestId('show-std').uncheck();
  await expect(field).toBeDisabled();
});
