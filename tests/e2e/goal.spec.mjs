// Challenges: a student reaches a goal and gets a code, a teacher makes its run once more.

import { expect, test } from './fixtures.mjs';
import { hostsUrl, labUrl } from './playwright.config.mjs';

const TINY = 'depth=6&width=32&batch=16&init=normal&std=0.02&device=cpu';
const GOAL = `${TINY}&goal=variance-ratio<2;only=std`;
/** Held to ×1.0 by the measurement at 0.25, from which five layers stray by ×7.6: 0.25 · 7.6^(1/10). */
const SOLVED = '0.306';

/** Reaches the goal of `GOAL` and gives the code. */
async function solve(lab) {
  await lab.open(GOAL);
  await expect(lab.see('goal')).toBeVisible();
  await expect(lab.see('goal-code')).toHaveCount(0);
  // The button beside the verdict would be the answer.
  await expect(lab.verdict).toHaveAttribute('data-verdict', 'vanishing');
  await expect(lab.see('fix')).toHaveCount(0);
  await lab.type('std', SOLVED);
  await expect(lab.see('goal-code')).toBeVisible();
  return lab.see('goal-code').textContent();
}

test('a student reaches a goal and sees the code, a teacher makes its run again', async ({ lab, page }) => {
  const code = await solve(lab);
  expect(code).toMatch(/^own-\w{7};std=0\.306;@0;1\.\d+;[0-9A-Z]{7}$/);
  await expect(lab.see('goal')).toContainText('proves a run, not a person');
  // Another start loses the goal, and keeps the code.
  await lab.type('std', '0.02');
  await expect(lab.see('goal-1')).not.toHaveClass(/holds/);
  await expect(lab.see('goal-code')).toHaveText(code);
  // The teacher has the link of the challenge, with the code behind it.
  await page.goto('about:blank');
  await lab.open(`${GOAL}&code=${code}`);
  await expect(lab.see('goal-check-words')).toHaveAttribute('data-result', 'confirmed', { timeout: 60_000 });
  await expect(lab.field('std')).toHaveValue(SOLVED);
});

test('a code that was changed is refused, and a wrong number is found', async ({ lab, page }) => {
  const code = await solve(lab);
  await lab.see('goal-check').locator('summary').click();
  await lab.see('goal-check-code').fill(code.replace('0.306', '0.307'));
  await lab.press('goal-check-run');
  await expect(lab.see('goal-check-words')).toHaveAttribute('data-result', 'refused');
  await expect(lab.see('goal-check-words')).toContainText('check digits');
  // The check digits of a number that never was are right, and its run gives another.
  const forged = await page.evaluate((code) => {
    const text = code.replace(/@0;1\.\d+;.*/, '@0;1.9');
    let sum = ~0;
    for (const byte of new TextEncoder().encode(text)) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xEDB88320 : 0);
    }
    const number = BigInt((~sum) >>> 0);
    const digits = [6, 5, 4, 3, 2, 1, 0].map((at) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Number((number >> BigInt(5 * at)) & 31n)]);
    return `${text};${digits.join('')}`;
  }, code);
  await lab.see('goal-check-code').fill(forged);
  await lab.press('goal-check-run');
  await expect(lab.see('goal-check-words')).toHaveAttribute('data-result', 'different', { timeout: 60_000 });
});

test('training comes to the very step of a goal, and goes on', async ({ lab }) => {
  await lab.open('depth=3&width=32&batch=32&init=kaiming-normal&lr=0.1&device=cpu&steps=60&goal=valLoss<2.2@=40;keep=lr');
  await lab.playToEnd(60);
  await expect(lab.see('goal').locator('h2')).toContainText('40');
  await expect(lab.see('goal-code')).toContainText('@40;');
});

test('what was to be left is named, and does not count', async ({ lab }) => {
  await lab.open(GOAL);
  await lab.type('depth', '1');
  await lab.measured();
  await expect(lab.see('goal-obstacles')).toContainText('Depth');
  await expect(lab.see('goal-code')).toHaveCount(0);
});

test('hints come one at a time, the knob before the number', async ({ lab }) => {
  await lab.open(GOAL);
  const hints = lab.see('goal-hints').locator('li');
  await expect(hints).toHaveCount(0);
  await lab.press('goal-hint');
  await expect(hints).toHaveCount(1);
  await lab.press('goal-hint');
  await expect(hints).toHaveCount(2);
  await expect(hints.nth(1)).toContainText('σ');
  await expect(hints.nth(1)).not.toContainText(/\d/);
  await lab.press('goal-hint');
  await expect(hints.nth(2)).toContainText(/0\.\d/);
  await expect(lab.see('goal-hint')).toBeHidden();
});

test('a goal that cannot be read gets a notice, and the lab works', async ({ lab }) => {
  await lab.open(`${TINY}&goal=beauty<2`);
  await expect(lab.notice).toContainText('beauty');
  await expect(lab.see('goal')).toHaveCount(0);
});

test('an embedded lab tells its page of the goal', async ({ host }) => {
  await host.open(`${TINY}&goal=${encodeURIComponent('variance-ratio<2;only=std')}`);
  const open = await host.next({ type: 'initlab:goal' });
  expect(open).toMatchObject({ v: 1, goal: 'variance-ratio<2;only=std', reached: false, step: null, values: [], code: null });
  await host.frame(0);
  await host.ask('set', { link: `std=${SOLVED}` });
  const told = await host.next({ type: 'initlab:goal', reached: true });
  expect(told.step).toBe(0);
  expect(told.values[0]).toBeLessThan(2);
  expect(told.code).toContain(`std=${SOLVED}`);
  await expect(host.inside().getByTestId('goal-code')).toHaveText(told.code);
  await expect(host.inside().getByTestId('goal-check')).toHaveCount(0);
});

test('a prepared challenge is told in Vietnamese, on a phone, by keys', async ({ lab, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lab.open('x=find-sigma&lang=vi&device=cpu');
  await expect(lab.see('goal')).toContainText('Thử thách');
  await expect(lab.see('goal-words')).toContainText('×2');
  const wide = await lab.see('goal').evaluate((panel) => panel.scrollWidth - panel.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await lab.see('goal-hint').focus();
  await page.keyboard.press('Enter');
  await expect(lab.see('goal-hints').locator('li')).toHaveCount(1);
  await lab.type('std', '0.177');
  await expect(lab.see('goal-code')).toBeVisible();
  await lab.see('goal-code').focus();
  await page.keyboard.press('Tab');
  await expect(lab.see('goal-copy')).toBeFocused();
});

test('a course that speaks SPLICE gets the score, and its student finds the run again', async ({ page }) => {
  const lab = page.frameLocator('iframe');
  const host = `${hostsUrl}splice.html?lab=${encodeURIComponent(`${labUrl}#v=1&${GOAL}&embed=1`)}`;
  await page.goto(host);
  await expect(lab.getByTestId('goal')).toBeVisible();
  const std = lab.getByTestId('knob-std-number');
  await expect(lab.getByTestId('goal-code')).toHaveCount(0);
  expect(await page.evaluate(() => window.reports.length)).toBe(0);
  await std.fill(SOLVED);
  await std.press('Enter');
  await expect(lab.getByTestId('goal-code')).toBeVisible();
  await page.waitForFunction(() => window.reports.length > 0);
  const [{ score, state, message_id: id }] = await page.evaluate(() => window.reports);
  expect(score).toBe(1);
  expect(id).toMatch(/^initlab-/);
  expect(state.link).toContain(`std=${SOLVED}`);
  expect(state.code).toBe(await lab.getByTestId('goal-code').textContent());
  await page.goto(host);
  await expect(std).toHaveValue(SOLVED);
  await expect(lab.getByTestId('goal-code')).toHaveText(state.code);
});

test('a host that asks for learning records is sent one, in a frame and by the element, and nobody else', async ({ host, foreign }) => {
  await host.open(GOAL.replace('variance-ratio<2;only=std', encodeURIComponent('variance-ratio<2;only=std')));
  await host.next({ type: 'initlab:goal', reached: false });
  await host.frame(0);
  await host.ask('set', { link: `std=${SOLVED}` });
  const { code } = await host.next({ type: 'initlab:goal', reached: true });
  await host.state();
  expect(await host.heard('xapi')).toEqual([]);
  await host.ask('xapi');
  const { statement } = await host.next({ type: 'initlab:xapi' });
  expect(statement.verb.id).toBe('http://adlnet.gov/expapi/verbs/completed');
  expect(statement.result).toMatchObject({ completion: true, success: true, score: { scaled: 1 }, response: code });
  const { id, definition } = statement.object;
  expect(id).toContain(`${labUrl}#v=1&`);
  expect(id).toContain('depth=6');
  expect(id, 'the challenge begins at the default σ').not.toContain('std=0');
  expect(definition.name.en).toContain('×2');
  expect(statement.result.extensions[`${labUrl}#run`]).toContain(`std=${SOLVED}`);
  expect(statement.actor).toBeUndefined();

  const [, ...attributes] = GOAL.split(/(?:^|&)(\w+)=/);
  const lab = attributes.reduce((all, text, at) => (at % 2 ? `${all}="${text}"` : `${all} ${text}`), '').replace('<', '&lt;');
  await foreign.open(`<init-lab id="a" lang="vi"${lab}></init-lab>`);
  const told = foreign.lab('a').evaluate((lab, std) => new Promise((done) => {
    lab.addEventListener('goal', () => { lab.xapi(); lab.set({ std }); }, { once: true });
    lab.addEventListener('xapi', ({ detail }) => done(detail.statement), { once: true });
  }), SOLVED);
  expect((await told).result.response).toContain(`std=${SOLVED}`);
  expect((await told).object).toMatchObject({ id, definition: { name: { vi: expect.stringContaining('×2') } } });
});
