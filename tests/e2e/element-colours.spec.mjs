// The colours of <init-lab>: those of the page around, whenever and however they change.

import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';

test('light and dark follow the page around, without a new run', async ({ foreign, page }) => {
  const dark = (id) => expect(foreign.inside(id).locator('body')).toHaveCSS('background-color', 'rgb(15, 18, 22)');
  const light = (id) => expect(foreign.inside(id).locator('body')).toHaveCSS('background-color', 'rgb(246, 246, 243)');
  await foreign.open(`<init-lab id="a" ${TINY} show="variance" height="300"></init-lab>
    <init-lab id="b" ${TINY} theme="light" show="variance" height="300"></init-lab>`, { head: '<style>:root { color-scheme: light dark } .night { color-scheme: dark }</style>' });
  await foreign.frame('a');
  await foreign.call('a', 'step', 3);
  const { run } = await foreign.frame('a', 3);
  await light('a');
  await page.emulateMedia({ colorScheme: 'dark' });
  await dark('a');
  await light('b');
  await page.emulateMedia({ colorScheme: 'light' });
  await light('a');
  await page.evaluate(() => document.documentElement.classList.add('night'));
  await dark('a');
  await light('b');
  await foreign.set('b', 'theme', 'dark');
  await dark('b');
  await expect(foreign.inside('a').getByTestId('status-step')).toHaveText('3');
  expect((await foreign.told('a', 'frame')).at(-1).run).toBe(run);
  const history = await page.evaluate(() => history.length);
  await page.evaluate(() => document.documentElement.classList.remove('night'));
  await light('a');
  expect(await page.evaluate(() => history.length)).toBe(history);
});

for (const [name, styles, night] of [
  ['Quarto', 'body { background: #fff; color: #343a40; transition: background 50ms } body.quarto-dark { background: #111; color: #eee }', (on) => document.body.classList.toggle('quarto-dark', on)],
  ['Material', 'body { background-color: hsla(0, 0%, 100%, 1); color: hsla(0, 0%, 0%, .87) } [data-md-color-scheme=slate] { background-color: hsla(232, 15%, 14%, 1); color: hsla(226, 46%, 90%, .82) }', (on) => document.body.setAttribute('data-md-color-scheme', on ? 'slate' : 'default')],
  ['Sphinx', ':root { color-scheme: light dark } html { background: #fff } main { color: oklch(0.28 0.02 260) } html[data-theme=dark] { background: oklch(0.2 0.02 260) } html[data-theme=dark] main { color: oklch(0.9 0.01 260) }', (on) => { document.documentElement.dataset.theme = on ? 'dark' : 'light'; }],
  ['slides', 'body { background: #fff } main.has-dark-background { color: #fff }', (on) => document.querySelector('main').classList.toggle('has-dark-background', on)],
]) {
  test(`dark where the page is, which does not say so: ${name}`, async ({ foreign, page }) => {
    const ground = (colour) => expect(foreign.inside('a').locator('body')).toHaveCSS('background-color', colour);
    await foreign.open(`<main><init-lab id="a" ${TINY} show="variance" height="300"></init-lab></main>`, { head: `<style>${styles}</style>` });
    await foreign.frame('a');
    await foreign.call('a', 'step', 2);
    const { run } = await foreign.frame('a', 2);
    await ground('rgb(246, 246, 243)');
    await page.evaluate(night, true);
    await ground('rgb(15, 18, 22)');
    // The reader's system is light or dark, but this is the page's.
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.evaluate(night, false);
    await ground('rgb(246, 246, 243)');
    await foreign.call('a', 'step', 1);
    expect((await foreign.frame('a', 3)).run).toBe(run);
  });
}

test('a page that changes its colours while the lab is not shown', async ({ foreign, page }) => {
  const ground = (colour) => expect(foreign.inside('a').locator('body')).toHaveCSS('background-color', colour);
  const styles = 'body { background: #fff; color: #000 } .night { background: #111; color: #eee }';
  await foreign.open(`<init-lab id="a" ${TINY} show="variance" height="300"></init-lab>`, { head: `<style>${styles}</style>` });
  await foreign.frame('a');
  const { run } = (await foreign.told('a', 'frame')).at(-1);
  await foreign.lab('a').evaluate((lab) => { lab.hidden = true; });
  await expect(foreign.lab('a')).not.toBeInViewport();
  await page.evaluate(() => { document.body.className = 'night'; });
  await foreign.lab('a').evaluate((lab) => { lab.hidden = false; });
  await ground('rgb(15, 18, 22)');
  expect((await foreign.told('a', 'frame')).at(-1).run).toBe(run);
});

test('dark from the start, and light where the element says so', async ({ foreign }) => {
  const styles = '<style>body { background: rgba(0, 0, 0, 0.9) } .card { background: #fff8f0 } .clear { background: rgb(255 255 255 / 0.2) } .light { color-scheme: light }</style>';
  const lab = (id) => `<init-lab id="${id}" ${TINY} show="variance" height="200"></init-lab>`;
  await foreign.open(`${lab('a')}<div class="card">${lab('b')}</div><div class="clear">${lab('c')}</div><div class="light">${lab('d')}</div>`, { head: styles });
  for (const [id, colour] of [['a', 'rgb(15, 18, 22)'], ['b', 'rgb(246, 246, 243)'], ['c', 'rgb(15, 18, 22)'], ['d', 'rgb(246, 246, 243)']]) {
    await expect(foreign.inside(id).locator('body')).toHaveCSS('background-color', colour);
  }
});

test('in browsers that make no style sheets and know no light-dark()', async ({ foreign, page }) => {
  await page.addInitScript(() => {
    if (window.top === window) {
      window.CSSStyleSheet = function CSSStyleSheet() { throw new TypeError('Illegal constructor'); };
    }
  });
  // Unknown to the browser is the same as never written.
  await page.route('**/embed.js', async (route) => {
    const answer = await route.fetch();
    const old = (await answer.text()).replace(/light-dark\([^)]*\)/, 'unknown(#000)');
    expect(old).toContain('unknown(#000)');
    await route.fulfill({ response: answer, body: old });
  });
  await foreign.open(`<init-lab id="a" ${TINY} show="variance" height="300"></init-lab>`, { head: '<style>body { background: #222; color: #ddd }</style>' });
  await foreign.frame('a');
  await expect(foreign.inside('a').locator('body')).toHaveCSS('background-color', 'rgb(15, 18, 22)');
  expect(await foreign.lab('a').locator('iframe').evaluate((frame) => [frame.offsetHeight, getComputedStyle(frame).visibility])).toEqual([300, 'visible']);
});
