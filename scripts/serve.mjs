// A small static server for the built site, with nothing but Node.js:
//   node scripts/serve.mjs [folder] [--port 8080] [--base /some/where/] [--host localhost]
// The browser tests import `serve` and start several, each an origin of its own.

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import zlib from 'node:zlib';
import { compressedBeside } from './sizes.mjs';

const TYPES = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.toml': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSED = new Set(['.bin', '.css', '.csv', '.html', '.js', '.json', '.md', '.mjs', '.svg', '.toml', '.txt', '.wasm']);

// As docs/hosting.md recommends. No X-Frame-Options: the lab is made to be embedded, also in sandboxed
// frames, whose origin is null and whose module scripts therefore need CORS.
const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Cache-Control': 'no-cache',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Content-Type-Options': 'nosniff',
};

// Quick rather than small: the next build makes it stale.
const ENCODINGS = {
  br: {
    ending: '.br',
    compress: (bytes) => promisify(zlib.brotliCompress)(bytes, {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  },
  gzip: { ending: '.gz', compress: promisify(zlib.gzip) },
};

/** Serves `root` below the path `base`; port 0 takes a free one. Gives `{ url, port, close }`. */
export async function serve({ root, port = 8080, base = '/', host = 'localhost' }) {
  const site = { root: resolve(root), base: `/${base}/`.replace(/\/+/g, '/'), cache: new Map() };
  const server = createServer((request, response) => {
    answer(site, request, response).catch((error) => {
      console.error(`serve: ${request.url}: ${error.message}`);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'the server failed');
    });
  });
  await new Promise((done, fail) => server.once('error', fail).listen(port, host, done));
  const { port: taken } = server.address();
  return {
    url: `http://${host}:${taken}${site.base}`,
    port: taken,
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

async function answer(site, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
  }
  const path = decoded(request.url.split('?')[0]);
  if (path === null) return refuse(response, 400, 'not a path');
  if (path === '/' && site.base !== '/') return redirect(response, site.base);
  if (`${path}/` === site.base) return redirect(response, site.base);
  if (!path.startsWith(site.base)) return refuse(response, 404, 'not found');

  let file = join(site.root, path.slice(site.base.length));
  if (file !== site.root && !file.startsWith(site.root.endsWith(sep) ? site.root : site.root + sep)) {
    return refuse(response, 403, 'outside the site');
  }
  let found = await stat(file).catch(() => null);
  if (found?.isDirectory()) {
    if (!path.endsWith('/')) return redirect(response, `${encodeURI(path)}/`);
    file = join(file, 'index.html');
    found = await stat(file).catch(() => null);
  }
  if (!found?.isFile()) return refuse(response, 404, 'not found');
  return send(site, request, response, file, found);
}

async function send(site, request, response, file, { size, mtimeMs }) {
  const type = extname(file).toLowerCase();
  const tag = `W/"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`;
  const headers = { ...HEADERS, 'Content-Type': TYPES[type] ?? 'application/octet-stream', ETag: tag };
  if (COMPRESSED.has(type)) headers.Vary = 'Accept-Encoding';
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, headers);
    return response.end();
  }

  const accepted = (request.headers['accept-encoding'] ?? '').split(',').map((one) => one.split(';')[0].trim());
  const encoding = COMPRESSED.has(type) && size > 1024 && Object.keys(ENCODINGS).find((one) => accepted.includes(one));
  if (!encoding) {
    response.writeHead(200, { ...headers, 'Content-Length': size });
    if (request.method === 'HEAD') return response.end();
    return createReadStream(file).on('error', () => response.destroy()).pipe(response);
  }
  const bytes = await compressed(site, file, tag, encoding);
  response.writeHead(200, { ...headers, 'Content-Encoding': encoding, 'Content-Length': bytes.length });
  return response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Takes what lies beside a file, or compresses each of its versions once, however many ask for it. */
function compressed(site, file, tag, encoding) {
  const key = `${encoding} ${file}`;
  const known = site.cache.get(key);
  if (known?.tag === tag) return known.bytes;
  const { ending, compress } = ENCODINGS[encoding];
  const bytes = compressedBeside(file, ending).then(async (beside) => beside ?? compress(await readFile(file)));
  site.cache.set(key, { tag, bytes });
  bytes.catch(() => site.cache.delete(key));
  return bytes;
}

function decoded(path) {
  try {
    const text = decodeURIComponent(path);
    return text.startsWith('/') && !text.includes('\0') ? text : null;
  } catch {
    return null;
  }
}

function redirect(response, to) {
  response.writeHead(302, { ...HEADERS, Location: to });
  response.end();
}

function refuse(response, status, why, headers = {}) {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${status}: ${why}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string', default: '8080' }, base: { type: 'string' }, host: { type: 'string' } },
  });
  const { port, ...rest } = values;
  try {
    const { url } = await serve({ root: positionals[0] ?? 'dist', port: Number(port), ...rest });
    console.log(`serve: open ${url} (Ctrl-C ends it)`);
  } catch (error) {
    const inUse = error.code === 'EADDRINUSE';
    console.error(inUse ? `serve: port ${port} is in use; take another: make serve PORT=${Number(port) + 1}` : `serve: ${error.message}`);
    process.exit(1);
  }
}
