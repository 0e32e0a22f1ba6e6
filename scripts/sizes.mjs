// What a visitor downloads: the sizes of the built site's files, raw and as a host would send them.
//   node scripts/sizes.mjs [dist]

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** Rows of `{ name, raw, gzip, brotli }` in bytes, the largest first. */
export async function sizes(folder = 'dist') {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const rows = files.filter((file) => file.isFile()).map(async (file) => {
    const path = join(file.parentPath ?? file.path, file.name);
    const bytes = await readFile(path);
    const [gzip, brotli] = await Promise.all([
      promisify(zlib.gzip)(bytes, { level: 9 }),
      promisify(zlib.brotliCompress)(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9 } }),
    ]);
    return { name: path.slice(folder.length + 1), raw: bytes.length, gzip: gzip.length, brotli: brotli.length };
  });
  return (await Promise.all(rows)).sort((one, other) => other.raw - one.raw);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(9);
  console.log('       kB     gzip   brotli');
  for (const { name, raw, gzip, brotli } of await sizes(process.argv[2])) {
    console.log(`${kilobytes(raw)}${kilobytes(gzip)}${kilobytes(brotli)}  ${name}`);
  }
}
