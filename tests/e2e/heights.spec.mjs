// What docs/embed.md says of heights is what a lab takes, in both languages.

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
