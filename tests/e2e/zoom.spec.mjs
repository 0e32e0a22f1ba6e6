// Where the browser zooms, heights are no whole pixels: an element that is as high as its lab has no bar within, and comes to rest.

import { expect, test } from './fixtures.mjs';
import { Foreign, TINY } from './foreign.mjs';

for (const zoom of [0.67, 1.1, 1.25, 1.5]) {
  test(`no inner scroll bar and no endless resize at ${Math.round(zoom * 100)} %`, async ({ browser }) => {
    const context = await browser.newContext({ deviceScaleFactor: zoom, viewport: { width: Math.round(1280 / zoom), height: Math.round(800 / zoom) } });
    const page = await context.newPage();
    const foreign = new Foreign(page);
    await foreign.open(`<main><init-lab id="a" ${TINY} show="std,variance"></init-lab></main>`);
    await foreign.frame('a');
    for (const width of ['100%', '733px', '700.3px', '360.7px']) {
      await page.evaluate((width) => { document.querySelector('main').style.width = width; }, width);
      const inside = foreign.inside('a').locator('html');
      await expect.poll(() => inside.evaluate((html) => html.scrollHeight - html.clientHeight), width).toBeLessThanOrEqual(0);
      expect(await inside.evaluate((html) => innerWidth - html.clientWidth), width).toBe(0);
      // It rests: in a hundred pictures no height is told.
      await expect.poll(async () => {
        const told = (await foreign.told('a', 'resize')).length;
        await page.evaluate(() => new Promise((done) => {
          let pictures = 0;
          const next = () => (++pictures < 100 ? requestAnimationFrame(next) : done());
          next();
        }));
        return (await foreign.told('a', 'resize')).length - told;
      }, width).toBe(0);
    }
    foreign.close();
    await context.close();
  });
}
