// Without a mouse, without sight of the pictures, in another language, in the dark.

import { expect, test } from './fixtures.mjs';
import { LONG, MLP } from './lab.mjs';

test('the main controls work by keyboard alone', async ({ lab, page }) => {
  await lab.open(LONG);
  await tabTo(page, 'knob-std');
  await page.keyboard.press('PageDown');
  await expect(lab.knob('init')).toHaveValue('normal');
  await lab.measured();
  await page.keyboard.press('Space');
  await expect(lab.see('pause')).toBeVisible();
  await lab.reached(5);
  await page.keyboard.press('Space');
  await lab.paused();
  const step = await lab.steps();
  await page.keyboard.press('s');
  await expect(lab.step).toHaveText(`${step + 1}`);
  await page.keyboard.press('r');
  await expect(lab.step).toHaveText('0');
  await page.keyboard.press('n');
  await expect(lab.knob('seed')).toHaveValue('4');
  await tabTo(page, 'play');
  await page.keyboard.press('Enter');
  await expect(lab.see('pause')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(lab.see('play')).toBeFocused();
  await tabTo(page, 'show-loss');
  await page.keyboard.press('Enter');
  await expect(lab.see('data-loss')).toBeVisible();
});

test('keys typed into a field are text', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.field('std').focus();
  for (const key of ['r', 's', 'n', 'Space']) await page.keyboard.press(key);
  await page.keyboard.press('Escape');
  await expect(lab.knob('seed')).toHaveValue('3');
  await expect(lab.see('play')).toBeVisible();
  await expect(lab.step).toHaveText('0');
});

test('tab goes through every control, in the order of the page, and out again', async ({ lab, page }) => {
  await lab.open(MLP);
  const visited = [];
  for (let press = 0; press < 120; press++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const all = [...document.querySelectorAll('*')];
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      return { at: all.indexOf(element), id: element.dataset.testid ?? element.tagName, marked: outlineStyle !== 'none' || boxShadow !== 'none' };
    });
    if (!focused) break;
    visited.push(focused);
  }
  expect(visited.length).toBeLessThan(120);
  const places = visited.map(({ at }) => at);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(visited.filter(({ marked }) => !marked).map(({ id }) => id)).toEqual([]);
  const ids = visited.map(({ id }) => id);
  for (const id of ['experiment', 'knob-init', 'knob-std', 'play', 'step', 'reset', 'reseed', 'knob-depth', 'knob-lr', 'show-variance']) {
    expect(ids).toContain(id);
  }
  expect(ids.indexOf('play')).toBeLessThan(ids.indexOf('knob-depth'));
});

test('everything that can be used has a name', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.unfold();
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const used = ['button', 'checkbox', 'combobox', 'link', 'slider', 'spinbutton', 'switch', 'textbox', 'image', 'img', 'DisclosureTriangle'];
  const controls = nodes.filter(({ ignored, role }) => !ignored && used.includes(role?.value));
  expect(controls.length).toBeGreaterThan(30);
  const nameless = controls.filter(({ name }) => !name?.value?.trim()).map(async ({ role, backendDOMNodeId }) => {
    const { outerHTML } = await session.send('DOM.getOuterHTML', { backendNodeId: backendDOMNodeId });
    return `${role.value}: ${outerHTML.slice(0, 200)}`;
  });
  expect(await Promise.all(nameless)).toEqual([]);
  // A picture says in a sentence what it shows; a slider its value with the unit.
  await expect(page.getByRole('img', { name: /Variance after the activation, by depth\. Measured .* Predicted/ })).toBeVisible();
  await expect(lab.knob('depth')).toHaveAttribute('aria-valuetext', '4 layers');
});

test('one heading of the first rank, and landmarks', async ({ lab, page }) => {
  await lab.open(MLP);
  await expect(page.locator('h1')).toHaveCount(1);
  for (const role of ['banner', 'main', 'contentinfo']) await expect(page.getByRole(role)).toHaveCount(1);
});

test('a table and a file hold the numbers of the picture', async ({ lab, page }) => {
  await lab.open(MLP);
  for (const chart of ['variance', 'gradient', 'loss']) {
    const table = await lab.table(chart);
    const file = await lab.csv(chart);
    expect(file.map((row) => Object.values(row)[0])).toEqual([...table.keys()]);
    for (const [first, ...numbers] of file.map((row) => Object.values(row))) {
      for (const [at, number] of numbers.entries()) {
        const shown = table.get(first)[at];
        if (number === null) expect(shown).toBeNull();
        else expect(Math.abs(shown - number)).toBeLessThanOrEqual(0.006 * Math.abs(number));
      }
    }
  }
  const drawn = await page.locator('[data-testid="chart-variance"] .canvas').evaluate((canvas) => canvas.data.at(-1).y);
  const measured = (await lab.csv('variance')).map((row) => row.post);
  for (const [at, value] of measured.entries()) if (value > 0) expect(drawn[at] / value).toBeCloseTo(1, 6);
  await expect(lab.see('data-variance').locator('caption')).toContainText('Variance');
  await expect(lab.see('data-variance').locator('th[scope="row"]').first()).toHaveText('layer 1');
});

async function tabTo(page, id) {
  for (let press = 0; press < 80; press++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.dataset.testid) === id) return;
  }
  throw new Error(`Tab does not reach ${id}.`);
}

test('letters do nothing in the bar, and nothing at all once they are switched off', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.see('lessons').focus();
  await page.keyboard.press('n');
  await expect(lab.knob('seed')).toHaveValue('3');
  await lab.knob('std').focus();
  await page.keyboard.press('n');
  await expect(lab.knob('seed')).toHaveValue('4');
  await lab.see('keys').uncheck();
  await lab.knob('std').focus();
  for (const key of ['n', 's', 'r']) await page.keyboard.press(key);
  await expect(lab.knob('seed')).toHaveValue('4');
  await page.reload();
  await lab.measured();
  await expect(lab.see('keys')).not.toBeChecked();
});
