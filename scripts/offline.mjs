// Writes the service worker of a built site, which keeps all of it for use without a network.
//   node scripts/offline.mjs [dist]
// The pages ask for it only where site.js says so, which is for whoever calls this.

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = process.argv[2] ?? 'dist';

const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length));
// Examples are for teachers' own pages, and no page of the site leads to them.
const kept = files.filter((file) => !/\.(br|gz)$|^sw\.js$|^examples\//.test(file)).sort();

const hash = createHash('sha256');
for (const file of kept) hash.update(file).update(await readFile(join(folder, file)));
const version = hash.digest('hex').slice(0, 16);

// A folder is asked for by its own name too.
const folders = kept.filter((file) => /(^|\/)index\.html$/.test(file)).map((file) => file.replace(/index\.html$/, '') || './');
const script = (await readFile(new URL('../static/offline.js', import.meta.url), 'utf8'))
  .replace("const VERSION = '';", `const VERSION = '${version}';`)
  .replace('const FILES = [];', `const FILES = ${JSON.stringify([...folders, ...kept])};`);
if (!script.includes(version) || script.includes('const FILES = [];')) throw new Error('offline: static/offline.js is not as this script knows it');
await writeFile(join(folder, 'sw.js'), script);
console.log(`offline: version ${version}, ${kept.length} files`);
