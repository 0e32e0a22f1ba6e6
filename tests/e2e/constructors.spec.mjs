// cubecl registers its IR by constructors. Unless the worker calls them itself, the linker wraps every
// export in a shim that runs them all again, and a step takes 18 times as long (src/bin/worker.rs).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import binaryen from 'binaryen';
import { expect, test } from './fixtures.mjs';
import { MLP } from './lab.mjs';
import { siteFolder } from './playwright.config.mjs';

/** The function that a body calls before it does anything else, or undefined. */
function firstCall(body) {
  const { id, children, target } = binaryen.getExpressionInfo(body);
  if (id === binaryen.BlockId && children.length) return firstCall(children[0]);
  return id === binaryen.CallId ? target : undefined;
}

for (const program of ['worker', 'worker-cpu']) test(`no export of the ${program} runs the constructors on its way in`, () => {
  // Reading all of it takes binaryen some five seconds and 400 MB.
  const worker = binaryen.readBinary(readFileSync(join(siteFolder, `${program}_bg.wasm`)));
  const names = Array.from({ length: worker.getNumFunctions() }, (_, at) => binaryen.getFunctionInfo(worker.getFunctionByIndex(at)).name);
  const exports = Array.from({ length: worker.getNumExports() }, (_, at) => binaryen.getExportInfo(worker.getExportByIndex(at)))
    .filter(({ kind }) => kind === binaryen.ExternalFunction);
  // Without names (wasm-opt drops them) there would be nothing to see, and the test would hold of itself.
  const constructors = names.filter((name) => name.startsWith('__wasm_call_ctors'));
  expect(constructors).toEqual(['__wasm_call_ctors']);
  expect(exports.length).toBeGreaterThan(5);
  const first = ({ value }) => firstCall(binaryen.getFunctionInfo(worker.getFunction(value)).body);
  expect(exports.filter((one) => constructors.includes(first(one))).map(({ name }) => name)).toEqual([]);
  // Where two functions have one name, binaryen puts a number behind the second.
  expect(names.filter((name) => /\.command_export(_\d+)?$/.test(name))).toEqual([]);
  worker.dispose();
});

test('calling an export costs no more than a call', async ({ lab, page }) => {
  await lab.open(MLP);
  // The module is the one that runs already: a worker, too, has each module once.
  const microseconds = await page.workers()[0].evaluate(async () => {
    const { default: load } = await import(new URL('worker-cpu.js', self.location).href);
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
