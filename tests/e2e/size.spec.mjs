// How much comes before the first view. `make bench` measures what a host sends; this sees in every run of the suite that
// nothing large has come back into the first part, on files without wasm-opt and with a quick compressor.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { expect, test } from './fixtures.mjs';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** A program without what wasm-opt drops: the names of its functions. */
function withoutNames(wasm) {
  const parts = [wasm.subarray(0, 8)];
  for (let at = 8; at < wasm.length;) {
    const start = at;
    const section = wasm[at++];
    let [length, unit] = [0, 1];
    for (let more = true; more; unit *= 128) {
      more = wasm[at] >= 128;
      length += (wasm[at++] % 128) * unit;
    }
    at += length;
    if (section !== 0) parts.push(wasm.subarray(start, at));
  }
  return Buffer.concat(parts);
}

const compressed = (bytes) => brotliCompressSync(bytes, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 22 },
}).length / 1000;

/** The size of a program's files together, as far as a page needs them for its first view. */
async function kilobytes(isNeeded) {
  const names = (await readdir(DIST)).filter((name) => name.endsWith('.wasm') && isNeeded(name));
  expect(names.length).toBeGreaterThan(0);
  const sizes = await Promise.all(names.map(async (name) => compressed(withoutNames(await readFile(join(DIST, name))))));
  return sizes.reduce((sum, size) => sum + size);
}

/** Whether a file is of this part of the program of the pages beside the lab, or shared by it with others (`split.sh`). */
async function ofPart(part) {
  const script = await readFile(join(DIST, 'desk-split.js'), 'utf8');
  const shared = [...script.matchAll(/^\/\* (.+) \*\/\nconst __(chunk_\d+) /gm)].filter(([, parts]) => parts.split(', ').includes(part));
  expect(shared.length).toBeGreaterThan(0);
  const files = new Set(['desk_bg', `desk-split_${part}`, ...shared.map(([, , chunk]) => `desk-${chunk}`)]);
  return (name) => files.has(name.replace('.wasm', ''));
}

test('what comes before the first view stays small', async () => {
  expect(await kilobytes((name) => /^page-.*_bg\.wasm$/.test(name)), 'the lab').toBeLessThan(305);
  expect(await kilobytes(await ofPart('experiments')), 'the gallery of experiments').toBeLessThan(200);
  expect(await kilobytes(await ofPart('studio')), 'the studio').toBeLessThan(245);
});
