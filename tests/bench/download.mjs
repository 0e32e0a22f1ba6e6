// What a visitor downloads, in the two parts that matter apart: the page, which must be there at
// once, and the worker, which may take its time.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sizes } from '../../scripts/sizes.mjs';

/** Sums of raw, gzip and brotli by part, in bytes; whether wasm-opt has been over the worker. */
export async function download(site) {
  const parts = { page: [], plotly: [], worker: [], rest: [] };
  for (const row of await sizes(site)) parts[part(row.name)].push(row);
  const sum = (rows, key) => rows.reduce((total, row) => total + row[key], 0);
  const sums = Object.fromEntries(Object.entries(parts).map(([name, rows]) => [
    name, { raw: sum(rows, 'raw'), gzip: sum(rows, 'gzip'), brotli: sum(rows, 'brotli') },
  ]));
  const worker = await WebAssembly.compile(await readFile(join(site, 'worker_bg.wasm')));
  // wasm-opt drops the names.
  return { ...sums, small: WebAssembly.Module.customSections(worker, 'name').length === 0 };
}

function part(name) {
  if (name.startsWith('plotly')) return 'plotly';
  if (/^worker.*\.(js|wasm)$/.test(name)) return 'worker';
  // The element belongs to pages that embed the lab; the lab does not load it.
  if (/^[^/]*\.(js|wasm)$/.test(name) && name !== 'embed.js') return 'page';
  return 'rest';
}
