// The training worker, as the page of experiments needs it: started when something is to be run,
// watched while it lives, and started again after a death.

/** Number that came through JSON: what is not finite travels by name. */
export const number = (value) => (value === null || value === undefined ? null : Number(value));

/** How often a worker that cannot be watched is asked for a word, in milliseconds, */
const ASK = 30_000;
/** and how often in vain: it answers between two slices, and a slice of large networks takes most of a minute. */
const MOST_UNANSWERED = 6;
/** When the worker's lock is looked for: its word that it is ready may come here before its wish comes there. */
const LOOKS = [0, 20, 100, 500, 2500];

export class Engine {
  #hear;
  /** How the present experiment stands: what changes in it comes bit by bit. */
  #report = null;
  #worker = null;
  #ready = null;
  /** Ends the wait for a worker that died before it was ready. */
  #release = null;
  #unanswered = 0;

  /** `hear(word)` gets what the worker says of experiments, with the whole `{ report }` in place of each `{ update }`; a death is `{ died }`, with a text or `null` where it said none; what is to be kept `{ kept }`. */
  constructor(hear) {
    this.#hear = hear;
  }

  /** Sends an order, once there is someone to read it. */
  async send(order) {
    await this.#start();
    this.#worker?.postMessage(JSON.stringify(order));
  }

  /** Hands over what a watched experiment was kept as. */
  async takeUp(run, kept) {
    await this.#start();
    this.#worker?.postMessage({ run, kept });
  }

  #start() {
    this.#ready ??= new Promise((ready) => {
      const name = `initlab-${crypto.randomUUID()}`;
      const worker = new Worker('worker_loader.js', { type: 'module', name });
      worker.onmessage = ({ data }) => {
        this.#unanswered = 0;
        // What is to be kept comes as it is; all else is text.
        const word = typeof data === 'string' ? JSON.parse(data) : { kept: data };
        if (word === 'Ready') {
          this.#watch(worker, name);
          ready();
        } else if (word === 'Alive') {
          // An answer, and nothing else.
        } else if (word.Failed) {
          this.#die(describe(word.Failed));
        } else if (word.update) {
          this.#report = updated(this.#report, word.update);
          this.#hear({ report: this.#report });
        } else {
          this.#hear(word);
        }
      };
      worker.onerror = worker.onmessageerror = (event) => {
        event.preventDefault();
        this.#die(event.message || null);
      };
      this.#worker = worker;
      this.#release = ready;
    });
    return this.#ready;
  }

  /**
   * Waits for the worker's end. One that the browser kills says nothing, but it holds a lock of its own name from the start,
   * and only its end lets go of it. Where there are no locks it is asked for a word from time to time.
   */
  async #watch(worker, name) {
    if (await isHeld(name)) {
      try {
        await navigator.locks.request(name, () => {});
        if (this.#worker === worker) this.#die(null);
        return;
      } catch {
        // Refused: then it is asked.
      }
    }
    this.#ask(worker);
  }

  #ask(worker) {
    if (this.#worker !== worker) return;
    if (this.#unanswered >= MOST_UNANSWERED) {
      this.#die(null);
      return;
    }
    this.#unanswered += 1;
    worker.postMessage(JSON.stringify('Ping'));
    setTimeout(() => this.#ask(worker), ASK);
  }

  #die(died) {
    const worker = this.#worker;
    if (!worker) return;
    this.#worker = this.#ready = null;
    this.#unanswered = 0;
    // What it still wanted to say is of no account.
    worker.onmessage = worker.onerror = worker.onmessageerror = null;
    worker.terminate();
    this.#release();
    this.#hear({ died });
  }
}

/** A report with an update taken in. The first update of an experiment has all of it, whatever was known before. */
function updated(report, { pictures, findings, tables, watch, ...counters }) {
  const list = (before = [], { length, changed }) => {
    const after = before.slice(0, length);
    for (const [place, item] of changed) after[place] = item;
    return after;
  };
  const [watched] = list(report?.watch ? [report.watch] : [], watch);
  return {
    ...counters,
    pictures: list(report?.pictures, pictures),
    findings: list(report?.findings, findings),
    tables: list(report?.tables, tables),
    ...watched && { watch: watched },
  };
}

/** Whether somebody holds a lock, or waits for it: one that nobody took would be granted at once, and mean nothing. */
async function isHeld(name) {
  try {
    for (const wait of LOOKS) {
      await new Promise((done) => { setTimeout(done, wait); });
      const { held, pending } = await navigator.locks.query();
      if ([...held, ...pending].some((lock) => lock.name === name)) return true;
    }
  } catch {
    // No locks here: an origin of no name, or storage is blocked.
  }
  return false;
}

function describe(failure) {
  if (failure === 'Gone') return null;
  return typeof failure === 'string' ? failure : Object.entries(failure).map(([kind, text]) => `${kind}: ${text}`).join();
}
