// A worker that dies is replaced, and the page says what happened.

import { expect, test } from './fixtures.mjs';
import { LONG, MLP } from './lab.mjs';

/** What kills a worker, and what the console will say of it. */
const deaths = {
  'vanishes without a word': { kill: () => self.close(), told: 'vanished without a word' },
  'throws': {
    kill: () => { setTimeout(() => { throw new Error('broken on purpose'); }); },
    told: 'broken on purpose',
  },
};

async function kill(page, how) {
  // The answer may die with the worker.
  await page.workers()[0].evaluate(how).catch(() => {});
}

for (const [name, { kill: how, told }] of Object.entries(deaths)) {
  test(`a worker that ${name} in mid-run: the page says so and trains on, on the CPU`, async ({ lab, page, troubles }) => {
    troubles.allow(/broken on purpose/);
    await lab.open(LONG.replace('&device=cpu', ''));
    await lab.press('play');
    await lab.reached(20);
    const first = page.workers()[0];
    await kill(page, how);
    await expect(lab.notice).toContainText(told);
    await expect(lab.notice).toContainText('continues on the CPU');
    await expect(lab.see('pause')).toBeVisible();
    // The weights died with the worker: the same run, from its start.
    await lab.measured();
    await lab.reached(20);
    expect(page.workers()).toHaveLength(1);
    expect(page.workers()[0]).not.toBe(first);
    await expect(lab.device).toHaveAttribute('data-device', 'cpu');
    const losses = await lab.losses();
    expect(losses.at(-1)).toBeLessThan(losses[0]);
  });
}

test('a run that was kept goes on where it was kept', async ({ lab, page }) => {
  await page.clock.install();
  await lab.open(LONG);
  await lab.press('play');
  await lab.reached(20);
  await page.clock.fastForward(31_000);
  // It is kept between two slices, and the page hears of it in its order among the frames.
  const kept = Number(await lab.steps());
  await lab.reached(kept + 300);
  await lab.press('pause');
  await lab.paused();
  const before = await lab.csv('loss');
  const end = Number(before.at(-1).step);
  await lab.press('play');
  await kill(page, deaths['vanishes without a word'].kill);
  await expect(lab.notice).toContainText(/goes on from step \d+, on the CPU/);
  const from = Number(/from step (\d+)/.exec(await lab.notice.textContent())[1]);
  expect(from).toBeGreaterThanOrEqual(20);
  await lab.reached(end + 20);
  await lab.press('pause');
  await lab.paused();
  // The steps that were lost are made again, to the same numbers. A long curve leaves some out.
  const known = (rows) => rows.filter(({ loss }) => loss !== null);
  const after = new Map(known(await lab.csv('loss')).map(({ step, loss }) => [step, loss]));
  const both = known(before).filter(({ step }) => after.has(step));
  expect(both.length).toBeGreaterThan(20);
  expect(both.map(({ step }) => after.get(step))).toEqual(both.map(({ loss }) => loss));
});

test('where nobody chose the CPU, the page does not say that somebody did', async ({ lab, page }) => {
  await lab.open(MLP.replace('&device=cpu', ''));
  await kill(page, deaths['vanishes without a word'].kill);
  await expect(lab.notice).toBeVisible();
  await lab.measured();
  await expect(lab.status).not.toContainText('As you chose');
});

test('a setting that kills every worker is not tried for ever; another one is', async ({ lab, page }) => {
  await lab.open(MLP);
  for (const _ of [1, 2]) {
    await lab.measured();
    await kill(page, deaths['vanishes without a word'].kill);
    await expect(lab.verdict).toHaveAttribute('data-verdict', 'waiting');
  }
  await expect(lab.notice).toContainText('does not restart by itself');
  await expect(lab.status).toContainText('The engine stopped');
  expect(page.workers()).toHaveLength(0);
  await lab.type('depth', '3');
  await lab.measured();
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
});

// A foreign frame may have no locks (where third-party storage is blocked, as here): a worker that
// vanishes is missed late there (sandbox.spec.mjs); one that fails says so itself.
test('a page around the lab is told', async ({ host, page, troubles }) => {
  troubles.allow(/broken on purpose/);
  await host.open(MLP);
  await host.frame(0);
  await kill(page, deaths.throws.kill);
  const failed = await host.next({ type: 'initlab:failed' });
  expect(Object.keys(failed).sort()).toEqual(['failure', 'message', 'type', 'v']);
  expect(failed).toMatchObject({ v: 1, failure: 'Panic' });
  expect(failed.message).toMatch(/\S/);
  await host.frame(0);
});

test('the engine cannot be fetched: the page says so and works on without it', async ({ lab, page, troubles }) => {
  troubles.allow(/worker|Failed to load|ERR_FAILED|fetch/i);
  await page.route(/worker-cpu_bg\.wasm/, (route) => route.abort());
  await lab.open(MLP, { measured: false });
  await expect(lab.notice).toBeVisible();
  await expect(lab.status).toContainText('The engine stopped');
  const before = await lab.table('variance');
  await lab.knob('std').focus();
  await page.keyboard.press('PageUp');
  expect((await lab.table('variance')).get('hidden.4')[3]).toBeGreaterThan(before.get('hidden.4')[3]);
});
