// A page with twenty labs: those that nobody sees give their engines back, and go on when they are seen again.

import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';

const LABS = Array.from({ length: 20 }, (_, index) => `lab${index}`);

/**
 * The memory of the processes that show pages, in megabytes, once they have let go of what they do not use: pages of memory
 * that several of them share count once.
 */
async function memory(page) {
  const session = await page.context().newCDPSession(page.frames().at(-1));
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  const system = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  await system.detach();
  const shown = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = await Promise.all(shown.map(async ({ id }) => {
    const share = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
    return Number(/Pss:\s+(\d+)/.exec(share)?.[1] ?? 0) / 1024;
  }));
  return sizes.reduce((sum, size) => sum + size, 0);
}

test('twenty labs on a page have an engine only while they are seen, and keep what they trained', async ({ foreign, page }) => {
  test.setTimeout(300_000);
  await page.clock.install();
  await foreign.open(LABS.map((id) => `<p>A page of text.</p><init-lab id="${id}" ${TINY} steps="1000"></init-lab>`).join(''));
  for (const id of LABS) {
    await foreign.lab(id).scrollIntoViewIfNeeded();
    await foreign.frame(id);
    await foreign.call(id, 'step', 7);
    await foreign.frame(id, 7);
  }
  const { loss } = await foreign.frame('lab0', 7);
  // Twice, because an engine may have been busy the first time.
  await expect.poll(async () => {
    await page.clock.fastForward(31_000);
    return page.workers().length;
  }, { timeout: 60_000 }).toBeLessThanOrEqual(3);
  await expect.poll(() => memory(page), { timeout: 30_000 }).toBeLessThan(600);

  // The first has what it had, shows it, and trains on.
  await expect(foreign.inside('lab0').locator('[data-chart="variance"] .points path').first()).toBeAttached();
  const told = await foreign.count('lab0');
  await foreign.lab('lab0').scrollIntoViewIfNeeded();
  expect((await foreign.frame('lab0', 7, told)).loss).toBe(loss);
  await foreign.call('lab0', 'step', 1);
  await foreign.frame('lab0', 8, told);
  // One that rests does what the page around asks, without being seen.
  const before = await foreign.count('lab9');
  await foreign.call('lab9', 'step', 2);
  await foreign.frame('lab9', 9, before);
});
