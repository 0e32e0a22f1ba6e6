// What docs/embed.md and the studio say of heights is what a lab takes, in both languages.

import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';

const page = await readFile(new URL('../../docs/embed.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `show=')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
const widths = page.split('\n').find((line) => line.startsWith('| in a column of')).split('|').slice(2, -1).map(Number);

test('there is a table of heights', () => {
  expect(rows.length).toBe(3);
  expect(widths).toEqual([360, 700, 1000]);
});

for (const [name, ...said] of rows) {
  test(`heights of ${name}`, async ({ foreign }) => {
    const attributes = [...name.matchAll(/`(\w+)=([\w,]+)`/g)].map(([, key, value]) => `${key}="${value}"`).join(' ');
    await foreign.page.setViewportSize({ width: 1100, height: 800 });
    const labs = ['en', 'vi'].flatMap((lang) => widths.map((width) => `<div style="width: ${width}px"><init-lab id="${lang}${width}" act="tanh" device="cpu" lang="${lang}" ${attributes}></init-lab></div>`));
    await foreign.open(labs.join(''));
    const measured = Object.fromEntries(widths.map((width) => [width, 0]));
    for (const lang of ['en', 'vi']) {
      for (const width of widths) {
        const lab = foreign.lab(`${lang}${width}`);
        await lab.scrollIntoViewIfNeeded();
        await foreign.frame(`${lang}${width}`);
        // What comes later has come, and the height rests.
        await expect.poll(async () => {
          const before = await lab.evaluate((one) => one.offsetHeight);
          await lab.evaluate(() => new Promise((done) => {
            let pictures = 0;
            const next = () => (++pictures < 60 ? requestAnimationFrame(next) : done());
            next();
          }));
          return await lab.evaluate((one) => one.offsetHeight) - before;
        }).toBe(0);
        measured[width] = Math.max(measured[width], await lab.evaluate((one) => one.offsetHeight));
      }
    }
    for (const [at, width] of widths.entries()) {
      const all = JSON.stringify(measured);
      expect(Number(said[at]), `${width}: ${all}`).toBeGreaterThanOrEqual(measured[width]);
      expect(Number(said[at]), `${width}: ${all}`).toBeLessThanOrEqual(measured[width] + 30);
    }
  });
}

/** What a page around frames notes of each: how high its lab is, and whether it has measured. */
const LISTENS = `<script>
  window.heights = {};
  window.measured = {};
  addEventListener('message', ({ source, data }) => {
    const frame = [...document.querySelectorAll('iframe')].find((one) => one.contentWindow === source);
    if (data?.type === 'initlab:resize') heights[frame.id] = data.height;
    if (data?.type === 'initlab:frame') measured[frame.id] = true;
  });
</script>`;

for (const [name, link] of [['one slider and one chart', 'act=tanh&show=std,variance'], ['a prepared lab as it is', 'x=vanish'], ['a small lab', 'x=one-weight']]) {
  test(`the height that the studio writes is enough for ${name}, at any width and in both languages`, async ({ foreign, page }) => {
    await page.goto(`studio.html#v=1&${link}&device=cpu`);
    await expect(page.getByTestId('ruler')).toHaveCount(0);
    // It is looked for before it comes, because a small lab is measured in a moment.
    const ruler = page.getByTestId('ruler').waitFor({ state: 'attached' });
    await page.getByTestId('kind-html').check();
    await ruler;
    await expect(page.getByTestId('ruler')).toHaveCount(0, { timeout: 60_000 });
    const written = await page.getByTestId('out-html').textContent();
    const [, height] = /height="(\d+)"/.exec(written);
    const [, src] = /src="([^"]+)"/.exec(written);
    expect(await page.getByTestId('height').getAttribute('placeholder')).toBe(height);

    await page.setViewportSize({ width: 1100, height: 800 });
    const frames = ['en', 'vi'].flatMap((lang) => widths.map((width) => `<iframe id="${lang}${width}" src="${src}&amp;lang=${lang}" width="${width}" height="${height}" style="display:block;border:0"></iframe>`));
    await foreign.open(frames.join(''), { element: false, head: LISTENS });
    for (const lang of ['en', 'vi']) {
      for (const width of widths) {
        const id = `${lang}${width}`;
        await page.locator(`#${id}`).scrollIntoViewIfNeeded();
        if (name !== 'a small lab') await page.waitForFunction((id) => window.measured[id], id);
        await expect.poll(() => page.evaluate(async (id) => {
          const before = window.heights[id];
          await new Promise((done) => { setTimeout(done, 1000); });
          return window.heights[id] === before && before > 0;
        }, id)).toBe(true);
      }
    }
    const needed = await page.evaluate(() => window.heights);
    const most = Math.max(...Object.values(needed));
    expect(Number(height), JSON.stringify(needed)).toBeGreaterThanOrEqual(most);
    expect(Number(height), JSON.stringify(needed)).toBeLessThanOrEqual(most + 30);
    expect(most).toBe(Math.max(needed.en360, needed.vi360));
  });
}
