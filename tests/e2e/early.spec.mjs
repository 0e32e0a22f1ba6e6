// What works before a program has come, and what is said where none will: static/early.js.

import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';
import { labUrl, siteFolder } from './playwright.config.mjs';

test('Escape gives the keys back to the page around, once nothing is open', async ({ foreign, page }) => {
  await foreign.open(`<input id="deck"><init-lab id="a" ${TINY} show="std,variance"></init-lab><script>
    addEventListener('keydown', ({ key }) => { (window.keys ??= []).push(key); });
  </script>`);
  await foreign.frame('a');
  const slider = foreign.inside('a').getByTestId('knob-std');
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => window.keys)).toBeUndefined();

  // The first press closes the menu.
  await foreign.inside('a').getByTestId('save-variance').click();
  await page.keyboard.press('Escape');
  await expect(foreign.inside('a').getByTestId('svg-variance')).toBeHidden();
  expect(await foreign.told('a', 'leave')).toHaveLength(0);
  await page.keyboard.press('Escape');
  await foreign.hears('a', { name: 'leave' });
  await expect.poll(() => page.evaluate(() => document.activeElement === document.body && document.hasFocus())).toBe(true);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('PageDown');
  expect(await page.evaluate(() => window.keys)).toEqual(['ArrowRight', 'PageDown']);
});

for (const [name, lang, files, words] of [
  ['en', 'en-GB', ['index.html', 'studio.html', 'experiments.html'], /opened from the disk.*python3 -m http\.server 8000/],
  ['vi', 'vi-VN', ['index.html', 'studio.html', 'experiments.html'], /mở từ ổ đĩa.*python3 -m http\.server 8000/],
]) {
  test(`opened from the disk, each page says why nothing comes and what to do, ${name}`, async ({ browser }) => {
    const context = await browser.newContext({ locale: lang });
    const page = await context.newPage();
    for (const file of files) {
      await page.goto(`${pathToFileURL(join(siteFolder, file))}#v=1&act=tanh`);
      await expect(page.getByRole('alert')).toHaveText(words);
    }
    await context.close();
  });
}

test('a program whose first script does not come is named', async ({ page, troubles }) => {
  troubles.allow(/Failed to load resource/);
  await page.route('**/boot.js', (route) => route.fulfill({ status: 404, contentType: 'text/html', body: 'no' }));
  for (const file of ['index.html', 'studio.html', 'experiments.html']) {
    await page.goto(file);
    await expect(page.getByRole('alert')).toContainText('boot.js could not be loaded');
  }
});

test('a link whose hash became a query is that link', async ({ lab, page }) => {
  for (const query of ['v=1&act=tanh&depth=3&device=cpu', 'v%3D1%26act%3Dtanh%26depth%3D3%26device%3Dcpu', 'utm_source=x&v=1&act=tanh&depth=3&device=cpu']) {
    await page.goto(`?${query}`);
    await expect(lab.knob('act')).toHaveValue('tanh');
    await expect(lab.field('depth')).toHaveValue('3');
    await expect.poll(() => page.url()).toBe(`${labUrl}#v=1&depth=3&act=tanh&device=cpu`);
  }
  // A hash that says something comes first.
  await page.goto('?v=1&act=tanh&utm_source=x#v=1&depth=4&device=cpu');
  await expect(lab.field('depth')).toHaveValue('4');
  await expect(lab.knob('act')).toHaveValue('relu');
});

test('in a frame without an origin too', async ({ foreign, page }) => {
  await foreign.open(`<iframe sandbox="allow-scripts" src="${labUrl}?v=1&amp;act=tanh&amp;embed=1&amp;device=cpu" height="600"></iframe>`, { element: false });
  await expect(page.frameLocator('iframe').getByTestId('knob-act')).toHaveValue('tanh');
});

/** Touches as a finger makes them, through the browser's own input. */
async function swipe(page, from, by, steps = 8) {
  const client = await page.context().newCDPSession(page);
  const touch = (type, at) => client.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [{ x: from.x + at[0], y: from.y + at[1] }] : [] });
  await touch('touchStart', [0, 0]);
  for (let step = 1; step <= steps; step += 1) await touch('touchMove', [by[0] * step / steps, by[1] * step / steps]);
  await touch('touchEnd');
  await client.detach();
}

test('a swipe that begins on a slider scrolls and changes nothing; a drag and a tap change it', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto('./#v=1&depth=3&width=16&batch=16&device=cpu&embed=1&show=std,variance');
  const slider = page.getByTestId('knob-std');
  await page.getByTestId('chart-variance').waitFor();
  await page.evaluate(() => {
    document.body.style.paddingBottom = '3000px';
    window.began = 0;
    addEventListener('pointerdown', ({ target }) => { window.began += Number(target.type === 'range'); }, true);
  });
  const value = () => page.getByTestId('knob-std-number').inputValue();
  /** A place on the slider, when the page has stopped to scroll at its top. */
  const at = async (share) => {
    await page.evaluate(() => new Promise((done) => {
      let still = 0;
      const look = () => {
        still = scrollY === 0 ? still + 1 : 0;
        scrollTo(0, 0);
        if (still > 10) done();
        else requestAnimationFrame(look);
      };
      look();
    }));
    const { x, y, width, height } = await slider.boundingBox();
    return { x: x + width * share, y: y + height / 2 };
  };
  const before = await value();
  const place = await slider.evaluate((one) => one.value);
  for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    await swipe(page, await at(share), [3, -60]);
    await expect.poll(() => page.evaluate(() => scrollY), `at ${share}`).toBeGreaterThan(20);
    expect(await value(), `at ${share}`).toBe(before);
    expect(await slider.evaluate((one) => one.value), `at ${share}`).toBe(place);
  }
  expect(await page.evaluate(() => window.began)).toBe(5);

  await swipe(page, await at(0.2), [120, 4]);
  await expect.poll(value).not.toBe(before);
  const dragged = await value();
  const { x, y } = await at(0.1);
  await page.touchscreen.tap(x, y);
  await expect.poll(value).not.toBe(dragged);
  await context.close();
});
