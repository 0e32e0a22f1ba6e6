// A small static server for the built site:
//   node scripts/serve.mjs [folder] [--port 8080] [--base /some/where/] [--host localhost]
// The browser tests import `serve` and start several, each an origin of its own.

import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import sirv from 'sirv';

// As docs/hosting.md recommends. No X-Frame-Options: the lab is made to be embedded, also in sandboxed
// frames, whose origin is null and whose module scripts therefore need CORS.
const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Cache-Control': 'no-cache',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** What sirv leaves out: it names the encoding of HTML alone, and a browser saves application/toml instead of showing it. */
const TEXTS = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.mjs': 'text/javascript',
  '.toml': 'text/plain',
  '.txt': 'text/plain',
};

/** Serves `root` below the path `base`; port 0 takes a free one. Gives `{ url, port, close }`. */
export async function serve({ root, port = 8080, base = '/', host = 'localhost' }) {
  const home = `/${base}/`.replace(/\/+/g, '/');
  const files = sirv(root, {
    // Looks for a file when it is asked for: the next build brings others.
    dev: true,
    etag: true,
    // What `make dist` compressed beside each file; without it, a file goes as it is: on one machine
    // compressing costs more than it saves.
    brotli: true,
    gzip: true,
    // A path is that of a file, without an ending to guess.
    extensions: [],
    setHeaders: (response, path) => {
      const type = TEXTS[extname(path).toLowerCase()];
      if (type) response.setHeader('Content-Type', `${type}; charset=utf-8`);
    },
  });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!['GET', 'HEAD'].includes(request.method)) return refuse(response, 405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
    const path = request.url.split('?')[0];
    if (path === '/' && home !== '/' || `${path}/` === home) return redirect(response, home);
    if (!path.startsWith(home)) return refuse(response, 404, 'not found');

    // sirv would leave open what a reader turned away from, and end the server over what cannot be read.
    response.on('pipe', (file) => {
      response.on('close', () => file.destroy());
      file.on('error', () => response.destroy());
    });
    const inside = path.slice(home.length - 1);
    request.url = inside.endsWith('/') ? `${inside}index.html` : inside;
    return files(request, response, () => {
      // Without the slash, the page's own links would lead out of its folder.
      if (existsSync(join(root, inside, 'index.html'))) redirect(response, `${path}/`);
      else refuse(response, 404, 'not found');
    });
  });
  await new Promise((done, fail) => server.once('error', fail).listen(port, host, done));
  const { port: taken } = server.address();
  return {
    url: `http://${host}:${taken}${home}`,
    port: taken,
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

function redirect(response, to) {
  response.writeHead(302, { Location: to }).end();
}

function refuse(response, status, why, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(`${status}: ${why}\n`);
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
