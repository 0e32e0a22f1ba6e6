// What axe can tell of accessibility: names, roles, contrast, order. It finds nothing, in either language and theme, at
// the widths of a desk, a tablet and a phone.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

const SOURCE = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url));

/** What axe finds, by rule, with the elements. */
async function violations(page) {
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

const LABS = {
  'all charts of a perceptron, with two runs': `${MLP}&steps=20&b=init=xavier-normal&charts=variance,gradient,signal-share,loss,updates,histograms,dead,spectrum,sharpness`,
  'all charts of a GPT': `${GPT}&steps=10&charts=variance,loss,weights,updates,attention-heads,histograms`,
  'a prediction': `${MLP}&predict=1`,
  'a challenge that is reached': 'depth=6&width=32&batch=16&init=normal&std=0.306&device=cpu&goal=variance-ratio<2;valLoss<9',
};

for (const [name, link] of Object.entries(LABS)) {
  for (const lang of ['en', 'vi']) {
    for (const theme of ['light', 'dark']) {
      test(`${name}, ${lang}, ${theme}`, async ({ lab, page }) => {
        await page.setViewportSize({ width: 1366, height: 800 });
        await lab.open(`${link}&lang=${lang}&theme=${theme}`, { measured: !link.includes('predict') });
        await expect(page.locator('html')).toHaveAttribute('lang', lang);
        if (link.includes('steps')) {
          await lab.press('play');
          await expect(lab.see('scrubber')).toBeVisible({ timeout: 30_000 });
          await expect(lab.see('play')).toBeVisible({ timeout: 60_000 });
        }
        await page.evaluate(await readFile(SOURCE, 'utf8'));
        for (const [width, height] of [[1366, 800], [820, 1180], [390, 844]]) {
          await page.setViewportSize({ width, height });
          expect(await violations(page), `${width} pixels`).toEqual([]);
        }
      });
    }
  }
}
