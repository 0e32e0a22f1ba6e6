// The site from far, in fourteen states: wide, laptop, phone; light, dark; English, Vietnamese; embedded. Each looks as
// it was recorded, up to what fonts and smoothing change. `make pictures` records them again, and leaves the pictures
// themselves in tests/e2e/results/pictures, to be looked at.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.mjs';
import { brightness, difference } from './pictures.mjs';

const RECORDED = fileURLToPath(new URL('pictures.json', import.meta.url));
const FOLDER = fileURLToPath(new URL('results/pictures/', import.meta.url));
const RECORDS = process.env.INIT_LAB_PICTURES === 'record';
/** This share of the cells may be another brightness. */
const TOLERANCE = 0.08;

const WIDE = { width: 1440, height: 900 };
const LAPTOP = { width: 1366, height: 657 };
const PHONE = { width: 390, height: 844 };
const EMBED = 'embed=1&show=std,variance,play,step,reset,question,diagnosis';

/** Where each state is. A lab is measured first; of other pages the headings are awaited. */
const STATES = [
  { name: 'lab-wide-light-en', size: WIDE, lab: 'device=cpu&lang=en' },
  { name: 'lab-laptop-light-en', size: LAPTOP, lab: 'device=cpu&lang=en' },
  { name: 'lab-wide-dark-vi', size: WIDE, dark: true, lab: 'device=cpu&lang=vi' },
  { name: 'lab-phone-light-vi', size: PHONE, lab: 'device=cpu&lang=vi' },
  { name: 'lab-phone-dark-en', size: PHONE, dark: true, lab: 'device=cpu&lang=en' },
  { name: 'gpt-wide-light-en', size: WIDE, lab: 'model=gpt&depth=3&width=32&context=16&device=cpu&lang=en' },
  { name: 'embed-light-en', size: { width: 640, height: 560 }, lab: `${EMBED}&device=cpu&lang=en` },
  { name: 'embed-phone-dark-vi', size: { width: 340, height: 640 }, dark: true, lab: `${EMBED}&device=cpu&lang=vi` },
  { name: 'lessons-wide-light-en', size: WIDE, path: 'lessons/en/' },
  { name: 'lesson-phone-dark-vi', size: PHONE, dark: true, path: 'lessons/vi/variance.html' },
  { name: 'experiments-wide-light-en', size: WIDE, path: 'experiments.html?lang=en' },
  { name: 'experiments-phone-dark-vi', size: PHONE, dark: true, path: 'experiments.html?lang=vi' },
  { name: 'schemes-laptop-light-en', size: LAPTOP, path: 'schemes/en.html' },
  { name: 'studio-laptop-light-vi', size: LAPTOP, path: 'studio.html?lang=vi' },
];

for (const { name, size, dark, lab: link, path } of STATES) {
  test(`${name} looks as it was recorded`, async ({ page, lab, context }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
    if (link) {
      await lab.open(link);
      await expect(page.locator('.canvas .main-svg').first()).toBeVisible();
      // The default network gets a fix beside its verdict, which is searched for a moment and moves what is below it.
      if (!link.includes('model=gpt')) await expect(lab.see('fix')).toBeVisible();
      await lab.settled();
    } else {
      await page.goto(path);
      await expect(page.locator('h1')).toBeVisible();
    }
    await page.evaluate(() => document.fonts.ready);
    const png = await page.screenshot({ animations: 'disabled', scale: 'css' });
    const blank = await context.newPage();
    const now = await brightness(blank, png);
    await mkdir(FOLDER, { recursive: true });
    await writeFile(`${FOLDER}${name}.png`, png);
    const recorded = JSON.parse(await readFile(RECORDED, 'utf8').catch(() => '{}'));
    if (RECORDS) {
      const all = Object.entries({ ...recorded, [name]: now }).sort(([one], [other]) => one.localeCompare(other));
      await writeFile(RECORDED, `${JSON.stringify(Object.fromEntries(all), null, 1)}\n`);
      return;
    }
    const share = difference(now, recorded[name]);
    expect(share, `${(100 * share).toFixed(1)} % of the picture is another one: see tests/e2e/results/pictures/${name}.png`).toBeLessThan(TOLERANCE);
  });
}

test('a page without its styles is another picture', async ({ page, context }) => {
  await page.setViewportSize(LAPTOP);
  await page.goto('schemes/en.html');
  const blank = await context.newPage();
  const seen = async () => brightness(blank, await page.screenshot({ scale: 'css' }));
  const before = await seen();
  expect(difference(before, await seen())).toBe(0);
  await page.evaluate(() => document.querySelectorAll('link[rel=stylesheet]').forEach((sheet) => sheet.remove()));
  expect(difference(before, await seen())).toBeGreaterThan(TOLERANCE);
});
