// The training worker, as the page of experiments needs it: started when something is to be run, and
// again after a death.

/** Number that came through JSON: what is not finite travels by name. */
export const number = (value) => (value === null || value === undefined ? null : Number(value));

export class Engine {
  #hear;
  #worker = null;
  #ready = null;

  /** `hear(word)` gets what the worker says of experiments; a death is `{ died }`, what is to be kept `{ kept }`. */
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
      const worker = new Worker('worker_loader.js', { type: 'module', name: `initlab-${crypto.randomUUID()}` });
      worker.onmessage = ({ data }) => {
        // What is to be kept comes as it is; all else is text.
        const word = typeof data === 'string' ? JSON.parse(data) : { kept: data };
        if (word === 'Ready') ready();
        else if (word.Failed) this.#die(describe(word.Failed));
        else this.#hear(word);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        this.#die(event.message || 'worker');
        ready();
      };
      this.#worker = worker;
    });
    return this.#ready;
  }

  #die(died) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = null;
    this.#hear({ died });
  }
}

function describe(failure) {
  return typeof failure === 'string' ? failure : Object.entries(failure).map(([kind, text]) => `${kind}: ${text}`).join();
}
