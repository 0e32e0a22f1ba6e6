// What nobody means, by a seed: links, messages and experiment files in a real browser. Nothing breaks, nothing becomes
// markup, and the lab works behind it. `make fuzz` sends 20,000 links and 5,000 messages; the suite a small part.

import { readFile, readdir } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';
import { Fuzzer } from './fuzz.mjs';
import { MLP } from './lab.mjs';

const at = (path) => new URL(`../../${path}`, import.meta.url);
const whole = Boolean(process.env.INIT_LAB_FUZZ);
const COUNTS = whole ? { links: 20_000, messages: 5000, files: 500 } : { links: 150, messages: 200, files: 50 };
const SEED = Number(process.env.INIT_LAB_FUZZ_SEED ?? 1);

const recorded = JSON.parse(await readFile(at('tests/golden/recorded.json'), 'utf8'));
const links = recorded.links.map(({ link }) => link);
const fuzzer = new Fuzzer(SEED, links, Object.keys(recorded.models.gpt));

test.describe.configure({ timeout: whole ? 6 * 3_600_000 : 120_000 });

/** No text became markup or ran, and the page is one page. */
async function unharmed(page) {
  expect(await page.evaluate(() => [window.broken, document.querySelectorAll('img[src="x"], main').length])).toEqual([undefined, 1]);
}

/** The page's memory after the garbage is gone, in bytes. */
async function memory(session) {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

test(`${COUNTS.links} links of seed ${SEED} harm nothing`, async ({ lab, page }) => {
  const session = await page.context().newCDPSession(page);
  await lab.open(MLP);
  let before;
  for (let sent = 0; sent < COUNTS.links; sent++) {
    const link = fuzzer.link();
    await test.step(link.slice(0, 300), () => page.evaluate((link) => new Promise((done) => {
      location.hash = link;
      requestAnimationFrame(() => requestAnimationFrame(done));
    }), link));
    if ((sent + 1) % 50 > 0) continue;
    await unharmed(page);
    await page.evaluate((link) => { location.hash = link; }, `#v=1&${MLP}`);
    await lab.measured();
    await expect(lab.field('depth')).toHaveValue(/^\d+$/);
    if (sent + 1 === 1000) before = await memory(session);
  }
  await lab.press('step');
  await expect(lab.step).toHaveText('1');
  if (before) expect(await memory(session) / before).toBeLessThan(1.5);
});

test(`${COUNTS.messages} messages of seed ${SEED} harm nothing`, async ({ host }) => {
  await host.open(MLP);
  await host.next({ type: 'initlab:ready' });
  for (let sent = 0; sent < COUNTS.messages; sent++) {
    await host.say(fuzzer.message());
    if ((sent + 1) % 50 > 0) continue;
    await host.ask('get');
    await host.next({ type: 'initlab:state' });
    await unharmed(host.page.frames().find((frame) => frame.url().includes('embed=1')));
  }
});

test('a flood of messages is answered within a second', async ({ host }) => {
  await host.open(MLP);
  await host.next({ type: 'initlab:ready' });
  await host.frame(0);
  for (const fields of [{ type: 'initlab:step', count: 1 }, { type: 'initlab:set', set: { std: 0.1 } }]) {
    await host.page.evaluate((fields) => {
      for (let sent = 0; sent < 2000; sent++) window.say(0, { v: 1, ...fields });
      window.skip(0);
      window.say(0, { v: 1, type: 'initlab:get' });
      window.flooded = performance.now();
    }, fields);
    await host.next({ type: 'initlab:state' });
    const took = await host.page.evaluate(() => performance.now() - window.flooded);
    test.info().annotations.push({ type: 'answered after', description: `${took.toFixed(0)} ms` });
    expect(took).toBeLessThan(1000);
  }
});

test(`${COUNTS.files} experiment files of seed ${SEED} get a sentence or a run`, async ({ page }) => {
  const names = (await readdir(at('static/studies'))).filter((name) => name.endsWith('.toml'));
  const files = await Promise.all(names.map((name) => readFile(at(`static/studies/${name}`), 'utf8')));
  await page.goto('experiments.html?lang=en#norms');
  const see = (id) => page.getByTestId(id);
  await see('file').evaluate((details) => { details.open = true; });
  for (let sent = 0; sent < COUNTS.files; sent++) {
    const file = fuzzer.file(fuzzer.one(files));
    await see('text').fill(file);
    await see('run-file').click();
    // Either it says what is wrong with the file, or it runs, and is ended at once.
    await expect.poll(async () => (await see('notice').textContent()).trim() !== '' || await see('end').isVisible()).toBe(true);
    if (await see('end').isVisible()) await see('end').click();
  }
  await unharmed(page);
});
