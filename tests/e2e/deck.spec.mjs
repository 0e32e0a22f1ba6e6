// A slide in a deck of reveal.js, on another origin than the lab: it is reached by an arrow key, it measures, nothing scrolls
// in it, and Escape gives the keys back to the deck.

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './fixtures.mjs';
import { labUrl } from './playwright.config.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = fromHere('results/deck');
let host;

test.beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const reveal = dirname(createRequire(import.meta.url).resolve('reveal.js'));
  for (const part of ['reset.css', 'reveal.css', 'reveal.js', 'theme/white.css']) await cp(`${reveal}/${part}`, `${folder}/reveal/${part}`);
  const deck = await readFile(fromHere('hosts/deck.html'), 'utf8');
  await writeFile(`${folder}/index.html`, deck.replaceAll('https://init-lab.example/', labUrl));
  host = await serve({ root: folder, port: 0, host: '127.0.0.1' });
});

test.afterAll(() => host.close());

const slide = (page) => page.evaluate(() => Reveal.getCurrentSlide().id);

/** Goes on by the arrow key to the slide of this id. */
async function goOn(page, id) {
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => slide(page)).toBe(id);
}

/** The lab of the slide has measured, fills the window, and has nothing to scroll. */
async function works(page, outside, lab) {
  await expect(lab.getByTestId('diagnosis')).not.toHaveAttribute('data-verdict', 'waiting', { timeout: 60_000 });
  for (const id of ['question', 'diagnosis', 'knob-std', 'play', 'chart-variance']) await expect(lab.getByTestId(id), id).toBeInViewport({ ratio: 0.999 });
  const room = await lab.locator('html').evaluate((html) => [html.scrollWidth - html.clientWidth, html.scrollHeight - html.clientHeight]);
  expect(room).toEqual([0, 0]);
  const { width, height } = page.viewportSize();
  const { x, y, width: wide, height: high } = await outside.boundingBox();
  expect([x, y, wide, high].map(Math.round)).toEqual([0, 0, width, height]);
}

/** Takes the keys, which then move σ and not the deck, and gives them back by Escape. */
async function takesKeysAndGivesThemBack(page, lab, here, next) {
  const slider = lab.getByTestId('knob-std');
  await slider.focus();
  const before = await slider.inputValue();
  await page.keyboard.press('ArrowRight');
  await expect(slider).not.toHaveValue(before);
  expect(await slide(page)).toBe(here);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => document.activeElement === document.body && document.hasFocus())).toBe(true);
  // Escape is the lab's own: the deck does not show its overview of all slides.
  expect(await page.evaluate(() => Reveal.isOverview())).toBe(false);
  await goOn(page, next);
}

for (const [width, height] of [[1280, 720], [960, 540]]) {
  test(`a frame and an element in reveal.js, ${width} × ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.goto(host.url);
    await page.waitForFunction(() => window.Reveal?.isReady());
    expect(await slide(page)).toBe('before');
    await goOn(page, 'frame');
    const frame = page.locator('#frame iframe');
    await works(page, frame, frame.contentFrame());
    await takesKeysAndGivesThemBack(page, frame.contentFrame(), 'frame', 'between');
    await goOn(page, 'element');
    const element = page.locator('init-lab');
    await works(page, element, element.frameLocator('iframe'));
    await takesKeysAndGivesThemBack(page, element.frameLocator('iframe'), 'element', 'after');
  });
}
