// Foreign pages made on the spot: any HTML, with any headers, on an origin that is not the lab's.
// A server of their own, because Chromium takes what a test answers in its place for a public page,
// which may not reach into this machine.

import { createServer } from 'node:http';
import { labUrl } from './playwright.config.mjs';

/** Small enough to train in moments; as attributes of <init-lab>. */
export const TINY = 'depth="3" width="16" batch="16" init="kaiming-normal" lr="0.1" device="cpu" lang="en"';

const NOT_FOUND = '<!doctype html><title>Not found</title><h1>The host has no such page</h1>';

export class Foreign {
  constructor(page) {
    this.page = page;
  }

  /**
   * Opens a page with this body, which loads embed.js as any page would, unless it only frames the
   * lab. `files` are scripts of its own, by path.
   */
  async open(body, { head = '', headers = {}, files = {}, element = true } = {}) {
    await this.page.addInitScript(() => {
      window.told = [];
      for (const name of ['ready', 'frame', 'finished', 'failed', 'state', 'resize', 'leave']) {
        document.addEventListener(name, ({ target, detail }) => {
          if (target.localName === 'init-lab') window.told.push({ id: target.id, name, ...detail });
        }, true);
      }
    });
    const html = `<!doctype html><html><head><meta charset="utf-8"><title>A foreign page</title>
      <link rel="icon" href="data:,">${head}${element ? `<script src="${labUrl}embed.js"></script>` : ''}</head><body>${body}</body></html>`;
    this.server = createServer(({ url }, response) => {
      const found = url === '/' ? html : files[url];
      const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
      response.writeHead(found ? 200 : 404, { 'Content-Type': `${type}; charset=utf-8`, ...headers }).end(found ?? NOT_FOUND);
    });
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.server.address().port}/`;
    await this.page.goto(this.url);
  }

  close() {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  /** The element of this id. */
  lab(id) {
    return this.page.locator(`init-lab#${id}`);
  }

  /** The lab's own document. */
  inside(id) {
    return this.lab(id).frameLocator('iframe');
  }

  /** Runs a method of the element. */
  async call(id, method, ...values) {
    await this.lab(id).evaluate((lab, [method, values]) => lab[method](...values), [method, values]);
  }

  async set(id, name, value) {
    await this.lab(id).evaluate((lab, [name, value]) => (value === null ? lab.removeAttribute(name) : lab.setAttribute(name, value)), [name, value]);
  }

  /** What an element has told so far, all of it or of one name. */
  async told(id, name) {
    return this.page.evaluate(([id, name]) => window.told.filter((one) => one.id === id && (!name || one.name === name)), [id, name]);
  }

  /** Waits for an event with these fields among those after the first `skip`, and gives it. */
  async hears(id, fields, skip = 0) {
    const found = await this.page.waitForFunction(([id, fields, skip]) => window.told.filter((one) => one.id === id).slice(skip)
      .find((one) => Object.entries(fields).every(([key, value]) => one[key] === value)), [id, fields, skip], { timeout: 40_000 });
    return found.jsonValue();
  }

  /** The first frame of a step. */
  async frame(id, step = 0, skip = 0) {
    return this.hears(id, { name: 'frame', step }, skip);
  }

  /** How many events an element has told of. */
  async count(id) {
    // It is counted in the page: a lab that trains has told of thousands of frames, which take longer to come here than to be made.
    return this.page.evaluate((id) => window.told.filter((one) => one.id === id).length, id);
  }
}
