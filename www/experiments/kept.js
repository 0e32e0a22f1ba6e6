// What experiments came to, and what a long one can be taken up from, in this browser: a result and a
// record an experiment. Where storage is blocked, nothing is kept and nothing fails.

const STORE = 'experiments';
const RUNNING = 'init-lab/running';
/** Results stand beside records, under a longer name. */
const RESULT = 'result/';
/** Of what a report has: another number lets go of all that is kept. */
const VERSION = 1;

/** Keeps `{ file, steps, bytes, at }`: the file, the updates made, the worker's bytes, and when. Answers whether it could. */
export const keep = async (id, record) => await using('readwrite', (store) => store.put(record, id)) !== undefined;

/** The record of an experiment; undefined if there is none. */
export const find = (id) => using('readonly', (store) => store.get(id));

/** Lets go of it. */
export const forget = (id) => using('readwrite', (store) => store.delete(id));

/** What an experiment came to; only this page's own versions of it can be drawn. */
export async function result(id) {
  const found = await using('readonly', (store) => store.get(place(id)));
  return found?.version === VERSION ? found : undefined;
}

/** Keeps what an experiment came to: `{ phase, file, report, begun, at }`. */
export const keepResult = (id, known) => using('readwrite', (store) => store.put({ ...known, version: VERSION }, place(id)));

/** The experiments that have a result here. */
export async function results() {
  // Not the records, which have megabytes.
  const theirs = () => IDBKeyRange.bound(RESULT, `${RESULT}\uffff`);
  const all = await using('readonly', (store) => store.getAll(theirs())) ?? [];
  const keys = await using('readonly', (store) => store.getAllKeys(theirs())) ?? [];
  return new Set(keys.filter((key, at) => all[at]?.version === VERSION).map((key) => key.slice(RESULT.length)));
}

const place = (id) => `${RESULT}${id}`;

/** The experiment that this tab trained when it was reloaded: it goes on by itself. */
export const running = () => session((storage) => storage.getItem(RUNNING));

/** Notes what this tab trains; `null` is nothing. */
export const setRunning = (id) => session((storage) => (id === null ? storage.removeItem(RUNNING) : storage.setItem(RUNNING, id)));

function session(ask) {
  try {
    return ask(sessionStorage) ?? null;
  } catch {
    return null; // Storage is blocked: then a reload begins anew.
  }
}

async function using(mode, ask) {
  try {
    const base = await opened();
    try {
      const transaction = base.transaction(STORE, mode);
      const answer = ask(transaction.objectStore(STORE));
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
      return answer.result;
    } finally {
      base.close();
    }
  } catch (error) {
    console.info('Nothing is kept in this browser:', error);
    return undefined;
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('init-lab', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
