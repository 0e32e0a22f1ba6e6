// The site without a network: a service worker that keeps every file of one version. `scripts/offline.mjs` fills in the list
// and writes it as sw.js beside the site's other files; only `make dist` does that.
//
// A version is kept whole before it is used, and used whole: what comes from it never mixes with what comes from another.
// A newer one waits until no page of the older is open, or until a reader asks for it (static/site.js).

const VERSION = '';
const FILES = [];

/** Names of other sites of the same origin are left alone. */
const MINE = `init-lab ${self.registration.scope} `;
const NAME = MINE + VERSION;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    // What the browser has kept may be of another version, so the server is asked whether it still is the same.
    await cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })));
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(MINE) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
  })());
});

self.addEventListener('message', ({ data }) => {
  if (data === 'now') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const inside = request.method === 'GET' && request.url.startsWith(self.registration.scope);
  if (!inside) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    return await cache.match(request, { ignoreSearch: true, ignoreVary: true }) ?? fetch(request);
  })());
});
