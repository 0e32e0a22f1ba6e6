// A page of another origin that embeds labs and talks to them: tests/e2e/hosts/lesson.html.

import { hostsUrl, labUrl } from './playwright.config.mjs';

const labs = (links) => links.map((link) => `lab=${encodeURIComponent(`${labUrl}#v=1&embed=1&${link}`)}`).join('&');

export class Host {
  constructor(page) {
    this.page = page;
    /** How long a message may take, in milliseconds. */
    this.patience = 40_000;
  }

  /** Opens the foreign page with a lab in it for each link. */
  async open(...links) {
    await this.page.goto(`${hostsUrl}lesson.html?${labs(links)}`);
  }

  /** The same, with the labs in sandboxed frames that may run scripts and nothing else. */
  async openSandboxed(...links) {
    await this.page.goto(`${hostsUrl}lesson.html?sandbox=allow-scripts&${labs(links)}`);
  }

  /** Says something to a lab. `message` may be anything that can be posted. */
  async say(message, lab = 0) {
    await this.page.evaluate(([lab, message]) => window.say(lab, message), [lab, message]);
  }

  /** Asks for something of the protocol. */
  async ask(type, fields = {}, lab = 0) {
    await this.say({ v: 1, type: `initlab:${type}`, ...fields }, lab);
  }

  /** The first message that has these fields, among those not yet consumed by `next`, or to come. */
  async next(fields, lab = 0) {
    return this.page.evaluate(([lab, fields, patience]) => window.next(lab, fields, patience), [lab, fields, this.patience]);
  }

  /** The first frame of a step. */
  async frame(step, lab = 0) {
    return this.next({ type: 'initlab:frame', step }, lab);
  }

  /** Everything that a lab has said, in order. */
  async heard(type, lab = 0) {
    const all = await this.page.evaluate((lab) => window.heard[lab], lab);
    return type ? all.filter((message) => message?.type === `initlab:${type}`) : all;
  }

  /** Asks for the state, when there is a frame already, and hears the answer: the state and that frame. */
  async state(lab = 0) {
    await this.page.evaluate((lab) => window.skip(lab), lab);
    await this.ask('get', {}, lab);
    const state = await this.next({ type: 'initlab:state' }, lab);
    await this.next({ type: 'initlab:frame' }, lab);
    return state;
  }

  /** The lab's own document. */
  inside(lab = 0) {
    return this.page.frameLocator('iframe').nth(lab);
  }
}
