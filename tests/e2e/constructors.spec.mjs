// cubecl registers its IR by constructors. Unless the worker calls them itself, the linker wraps every
// export in a shim that runs them all again, and a step takes 18 times as long (src/bin/worker.rs).

import { join } from 'node:path';
import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';
import { siteFolder } from './playwright.config.mjs';
import { readModule } from './wasm.mjs';

test('no export of the worker runs the constructors on its way in', () => {
  const { names, exports } = readModule(join(siteFolder, 'worker_bg.wasm'));
  const constructors = [...names].filter(([, name]) => name === '__wasm_call_ctors').map(([index]) => index);
  // Without names (wasm-opt drops them) there would be nothing to see, and the test would hold of itself.
  expect(constructors).toHaveLength(1);
  expect(exports.length).toBeGreaterThan(5);
  expect(exports.filter(({ first }) => constructors.includes(first)).map(({ name }) => name)).toEqual([]);
  expect([...names.values()].filter((name) => name.endsWith('.command_export'))).toEqual([]);
});

test('calling an export costs no more than a call', async ({ lab, page }) => {
  await lab.open(MLP);
  // The module is the one that runs already: a worker, too, has each module once.
  const microseconds = await page.workers()[0].evaluate(async () => {
    const { default: load } = await import(new URL('worker.js', self.location).href);
    const { __wbindgen_malloc: take, __wbindgen_free: give } = await load();
    const count = 2000;
    const begun = performance.now();
    for (let call = 0; call < count; call++) give(take(16, 8), 16, 8);
    return (1000 * (performance.now() - begun)) / (2 * count);
  });
  test.info().annotations.push({ type: 'a call', description: `${microseconds.toFixed(2)} µs` });
  // One run of the constructors registers thousands of operations: milliseconds.
  expect(microseconds).toBeLessThan(20);
});
