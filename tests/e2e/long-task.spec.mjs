// The page answers while a network trains. The target of 50 ms is the benchmark's; a test machine is
// noisy, so here only what a person would surely feel fails.

import { expect, test } from './fixtures.mjs';

// Open: not seen to pass on the landing machine; see the changelog.
test.fixme('no task of the page lasts 200 ms while the lab as it opens trains', async ({ lab, page }) => {
  await page.addInitScript(() => {
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => entry.duration)))
      .observe({ type: 'longtask' });
  });
  await lab.open('device=cpu');
  await page.evaluate(() => { window.tasks.length = 0; });
  await lab.press('play');
  await lab.reached(100);
  await lab.press('pause');
  const worst = Math.max(0, ...await page.evaluate(() => window.tasks));
  test.info().annotations.push({ type: 'worst task', description: `${worst.toFixed(0)} ms` });
  expect(worst).toBeLessThan(200);
});
