// What a visitor downloads, in the parts that matter apart: the page, which must be there at once, what comes after it, and
// the worker, which may take its time, or where there is no GPU its half for the CPU; and the pages beside the lab.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sizes } from '../../scripts/sizes.mjs';

/** Sums of raw, gzip and brotli by part, in bytes; whether wasm-opt has been over the worker. */
export async function download(site) {
  const parts = { page: [], later: [], experiments: [], studio: [], plotly: [], worker: [], workerCpu: [], rest: [] };
  for (const row of await sizes(site)) for (const name of partsOf(row.name)) parts[name].push(row);
  const sum = (rows, key) => rows.reduce((total, row) => total + row[key], 0);
  const sums = Object.fromEntries(Object.entries(parts).map(([name, rows]) => [
    name, { raw: sum(rows, 'raw'), gzip: sum(rows, 'gzip'), brotli: sum(rows, 'brotli') },
  ]));
  const worker = await WebAssembly.compile(await readFile(join(site, 'worker_bg.wasm')));
  // wasm-opt drops the names.
  return { ...sums, small: WebAssembly.Module.customSections(worker, 'name').length === 0 };
}

/** The parts that a file belongs to. What both pages beside the lab need counts for each of them. */
function partsOf(name) {
  if (name.startsWith('plotly')) return ['plotly'];
  if (name === 'worker_loader.js') return ['worker', 'workerCpu'];
  if (/^worker-cpu.*\.(js|wasm)$/.test(name)) return ['workerCpu'];
  if (/^worker.*\.(js|wasm)$/.test(name)) return ['worker'];
  if (/^page-.*later\.wasm$/.test(name)) return ['later'];
  if (/^(page-.*\.(js|wasm)|boot\.js)$/.test(name)) return ['page'];
  if (/^desk.*\.(js|wasm)$/.test(name)) return ['experiments', 'studio'].filter((page) => !name.includes('split_') || name.includes(page));
  return ['rest'];
}
