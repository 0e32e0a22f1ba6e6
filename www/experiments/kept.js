// What a long experiment can be taken up from, in this browser: one record an experiment. Where
// storage is blocked, nothing is kept and nothing fails.

const STORE = 'experiments';
const RUNNING = 'init-lab/running';

/** Keeps `{ file, steps, bytes, at }`: the file, the updates made, the worker's bytes, and when. Answers whether it could. */
export const keep = async (id, record) => await using('readwrite', (store) => store.put(record, id)) !== undefined;

/** The record of an experiment; undefined if there is none. */
export const find = (id) => using('readonly', (store) => store.get(id));

/** Lets go of it. */
export const forget = (id) => using('readwrite', (store) => store.delete(id));

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
