// The site as it is, with the counter before the worker's program and this folder beside it.

import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A copy of a folder of the site, in which pages of `bench/` can be opened. The caller removes it. */
export async function staged(site) {
  const folder = await mkdtemp(join(tmpdir(), 'init-lab-bench-'));
  await cp(site, folder, { recursive: true });
  const counter = await readFile(new URL('counter.js', import.meta.url), 'utf8');
  const loader = join(folder, 'worker_loader.js');
  await writeFile(loader, `${counter}\n${await readFile(loader, 'utf8')}`);
  // What make dist compressed beside it has no counter, and would be sent instead.
  for (const ending of ['.br', '.gz']) await rm(loader + ending, { force: true });
  await symlink(fileURLToPath(new URL('.', import.meta.url)), join(folder, 'bench'));
  return folder;
}
