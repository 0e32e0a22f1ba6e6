// The way through a lesson for somebody who hears the page: docs/screen-reader.md, step by step, as the browser's
// accessibility tree has it.

import { expect, test } from './fixtures.mjs';

const WORDS = {
  en: {
    skip: 'Skip to the content', parts: 'Parts of the site', lessons: 'Lessons', title: 'Why variance multiplies',
    sections: ['One layer', 'Two names for two factors', 'A level line is not yet a signal', 'Is there a safe band?', 'Sources'],
    ask: /^Predict, then drag\./, lab: 'Twenty ReLU layers: drag σ until the line is level', numbers: 'Show the numbers',
    chart: /^Variance after the activation, by depth\. Measured .* in layer 1, .* in the output layer\. Predicted/,
    answer: 'Compare with what we found', next: 'Next: A transformer’s start',
  },
  vi: {
    skip: 'Tới nội dung chính', parts: 'Các phần của trang', lessons: 'Bài học', title: /./, sections: null,
    ask: /./, lab: /./, numbers: /./, chart: /1.*tầng/, answer: /./, next: /./,
  },
};

for (const [lang, words] of Object.entries(WORDS)) {
  test(`${lang}: a lesson can be gone through by ear`, async ({ page }) => {
    await page.goto(`lessons/${lang}/variance.html`);
    const main = page.getByRole('main');
    await expect(main).toHaveCount(1);

    // 1. Skip link and landmarks.
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: words.skip })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(main).toBeFocused();
    const parts = page.getByRole('navigation', { name: words.parts });
    await expect(parts.getByRole('link')).toHaveCount(5);
    await expect(parts.getByRole('link', { name: words.lessons })).toHaveAttribute('aria-current', 'true');

    // 2. Headings: one title, and a section each.
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.title);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    const sections = page.getByRole('heading', { level: 2 });
    if (words.sections) await expect(sections).toHaveText(words.sections);
    else await expect(sections).toHaveCount(WORDS.en.sections.length);
    await expect(page.getByRole('heading', { level: 3 })).toHaveCount(0);

    // 3. Formulas are mathematics and not pictures.
    await expect(main.getByRole('math').first()).toBeVisible();
    await expect(main.getByRole('img')).toHaveCount(0);

    // 4. The question stands before its lab.
    const exercise = page.locator('.try').first();
    const tree = await exercise.ariaSnapshot();
    expect(tree.indexOf('paragraph')).toBeLessThan(Math.max(tree.indexOf('iframe'), tree.indexOf('link')));
    await expect(exercise.locator('.ask')).toHaveText(words.ask);

    // 5. The lab is a frame with a name.
    const frame = exercise.locator('iframe');
    await frame.scrollIntoViewIfNeeded();
    await expect(frame).toHaveAccessibleName(words.lab);
    const lab = frame.contentFrame();
    await expect(lab.getByRole('main')).toHaveCount(1);

    // 6. σ speaks its value. 7. The chart has a sentence, which follows it.
    const sigma = lab.getByTestId('knob-std');
    await expect(sigma).toHaveRole('slider');
    await expect(sigma).toHaveAttribute('aria-valuetext', /^0\.02\b/);
    await expect(sigma).toHaveAccessibleName(/σ/);
    await expect(lab.getByTestId('knob-std-number')).toHaveAccessibleName(/σ/);
    const chart = lab.getByTestId('chart-variance').getByRole('img').first();
    await expect(chart).toHaveAccessibleName(words.chart);
    const before = await chart.getAttribute('aria-label');
    await sigma.press('PageUp');
    await expect(sigma).not.toHaveAttribute('aria-valuetext', /^0\.02\b/);
    await expect(chart).not.toHaveAccessibleName(before);
    await expect(chart).toHaveAccessibleName(words.chart);
    const numbers = lab.getByTestId('show-variance');
    await expect(numbers).toHaveAccessibleName(words.numbers);
    await numbers.press('Enter');
    const table = lab.getByTestId('chart-variance').getByRole('table');
    await expect(table.getByRole('row')).toHaveCount(22);
    await expect(table.getByRole('rowheader')).toHaveCount(21);

    // 8. Nothing that changes all the time is read out.
    for (const live of await lab.locator('[aria-live], [role=status], [role=alert]').all()) {
      await expect(live.locator('.canvas, table')).toHaveCount(0);
    }

    // 9. The answer, and 10. the end.
    const answer = exercise.locator('summary');
    await expect(answer).toHaveText(words.answer);
    await expect(exercise.locator('details')).not.toHaveAttribute('open');
    await answer.press('Enter');
    await expect(exercise.locator('details')).toHaveAttribute('open');
    await expect(page.locator('nav.turn').getByRole('link')).toHaveText(words.next);
  });
}
