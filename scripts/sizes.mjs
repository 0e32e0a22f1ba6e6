// What a visitor downloads: the sizes of the built site's files, raw and as a host would send them.
//   node scripts/sizes.mjs [dist] [--keep]
// With --keep the compressed files stay beside the others, for hosts that look for them (nginx with
// gzip_static and brotli_static, Caddy with precompressed, scripts/serve.mjs).

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import zlib from 'node:zlib';

const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;

/** By the ending of the compressed file. As small as it gets: a file is compressed once and sent often. */
const COMPRESSORS = {
  '.gz': (bytes) => promisify(zlib.gzip)(bytes, { level: 9 }),
  '.br': (bytes) => promisify(zlib.brotliCompress)(bytes, {
    params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }),
};

/** What lies compressed beside a file, if it was made after it. */
async function compressedBeside(path, ending) {
  const [one, other] = await Promise.all([path, path + ending].map((each) => stat(each).catch(() => null)));
  return one && other && other.mtimeMs >= one.mtimeMs ? readFile(path + ending) : null;
}

/** Rows of `{ name, raw, gzip, brotli }` in bytes, the largest first. */
export async function sizes(folder = 'dist', { keep = false } = {}) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath ?? file.path, file.name));
  const rows = paths.filter((path) => !Object.keys(COMPRESSORS).some((ending) => path.endsWith(ending))).map(async (path) => {
    const bytes = await readFile(path);
    const [gzip, brotli] = await Promise.all(Object.entries(COMPRESSORS).map(async ([ending, compress]) => {
      const small = await compressedBeside(path, ending) ?? await compress(bytes);
      if (keep && small.length < bytes.length) await writeFile(path + ending, small);
      return small.length;
    }));
    return { name: path.slice(join(folder, '/').length), raw: bytes.length, gzip, brotli };
  });
  return (await Promise.all(rows)).sort((one, other) => other.raw - one.raw);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' } } });
  const kilobytes = (bytes) => (bytes / 1000).toFixed(1).padStart(9);
  console.log('       kB     gzip   brotli');
  for (const { name, raw, gzip, brotli } of await sizes(positionals[0], values)) {
    console.log(`${kilobytes(raw)}${kilobytes(gzip)}${kilobytes(brotli)}  ${name}`);
  }
}
