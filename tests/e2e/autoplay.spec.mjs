// A lab that is to play by itself waits until it is seen.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';
import { hostsUrl, labUrl } from './playwright.config.mjs';

test('autoplay begins once the lab is scrolled into view', async ({ host, page }) => {
  const lab = encodeURIComponent(`${labUrl}#v=1&embed=1&autoplay=1&${MLP}&steps=20`);
  await page.goto(`${hostsUrl}lesson.html?below&lab=${lab}`);
  await host.frame(0);
  expect((await host.state()).running).toBe(false);
  await page.locator('iframe').scrollIntoViewIfNeeded();
  await host.frame(20);
  expect(await host.next({ type: 'initlab:finished' })).toMatchObject({ why: 'done' });
});

test('autoplay plays in a page of its own', async ({ lab }) => {
  await lab.open(`${MLP}&steps=20&autoplay=1`, { measured: false });
  await expect(lab.step).toHaveText('20', { timeout: 60_000 });
});
