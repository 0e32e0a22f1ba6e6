// A frame whose sandbox takes its origin away: no script of the site is of its origin, there are no
// locks and no storage. Course platforms embed like this.

import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';

test('a lab in a sandboxed frame trains', async ({ host }) => {
  await host.openSandboxed(MLP);
  const first = await host.frame(0);
  await host.ask('step', { n: 40 });
  const last = await host.frame(40);
  expect(last.loss).toBeLessThan(first.loss);
});

test('there, a worker that vanishes without a word is missed after a while, and replaced', async ({ host, page }) => {
  await page.clock.install();
  await host.openSandboxed(MLP);
  await host.frame(0);
  const first = page.workers()[0];
  await first.evaluate(() => self.close()).catch(() => {});
  // Six questions, half a minute apart, and each needs an answer's time.
  for (let question = 0; question < 8; question++) await page.clock.fastForward(31_000);
  const failed = await host.next({ type: 'initlab:failed' });
  expect(failed).toMatchObject({ v: 1, failure: 'Gone' });
  await host.frame(0);
  expect(page.workers()[0]).not.toBe(first);
});

test('there, a worker that lives is left alone', async ({ host, page }) => {
  await page.clock.install();
  await host.openSandboxed(MLP);
  await host.frame(0);
  for (let question = 0; question < 12; question++) {
    await page.clock.fastForward(31_000);
    // Its answer is on the way; a round of the protocol is longer.
    await host.state();
  }
  expect(await host.heard('failed')).toEqual([]);
  await host.ask('step', { n: 1 });
  await host.frame(1);
});
