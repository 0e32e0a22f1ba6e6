// The lab as a person meets it: what one can do there, and what one sees. Everything waits for what
// the page says of itself, nothing for time to pass.

import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { readCsv, readNumber } from './numbers.mjs';

/** Small enough to train in moments; on the CPU, whatever the machine has. */
export const MLP = 'depth=4&width=32&batch=32&init=kaiming-normal&lr=0.1&device=cpu';
/** So long that no test sees its end. */
export const LONG = `${MLP}&steps=1000000`;
export const GPT = 'model=gpt&depth=1&width=16&heads=2&context=16&batch=8&lr=0.01&device=cpu';

/** How many runs this browser keeps; to be evaluated in a page of the lab, in any browser. */
export const countKeptRuns = () => new Promise((done) => {
  const request = indexedDB.open('init-lab-runs');
  request.onsuccess = () => {
    const all = request.result.transaction('runs').objectStore('runs').getAll();
    all.onsuccess = () => { done(all.result.length); request.result.close(); };
  };
});

export class Lab {
  constructor(page) {
    this.page = page;
    this.verdict = this.see('diagnosis');
    this.notice = this.see('notice');
    this.status = this.see('status');
    this.device = this.see('device');
    this.step = this.see('status-step');
  }

  /** Opens a link and waits for the first measurement, unless that is not to come. Small labs have nothing to play. */
  async open(link = '', { measured = true, plays = true } = {}) {
    await this.page.goto(link ? `./#v=1&${link}` : './');
    await expect(plays ? this.see('play') : this.verdict).toBeAttached();
    if (measured) await this.measured();
  }

  /** Anything by its test id. */
  see(id) {
    return this.page.getByTestId(id);
  }

  /** The slider, list or switch of a knob. */
  knob(id) {
    return this.see(`knob-${id}`);
  }

  /** Where a knob's number is typed. */
  field(id) {
    return this.see(`knob-${id}-number`);
  }

  /** Opens every group of controls, and the rare ones in them. */
  async unfold() {
    await this.page.locator('details:not([data-menu])').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  }

  /** Opens the tab and the groups that a knob stands in. */
  async reveal(id) {
    await this.knob(id).evaluate((knob) => {
      const panel = knob.closest('[role="tabpanel"][hidden]');
      if (panel) document.querySelector(`[aria-controls="${panel.id}"]`).click();
      for (let around = knob.closest('details'); around; around = around.parentElement.closest('details')) around.open = true;
    });
  }

  async type(id, text) {
    await this.reveal(id);
    await this.field(id).fill(text);
    await this.field(id).press('Enter');
  }

  async choose(id, option) {
    await this.reveal(id);
    await this.knob(id).selectOption(option);
  }

  async press(id) {
    await this.see(id).click();
  }

  /** The present network was measured at its start, or later. */
  async measured(timeout = 60_000) {
    await expect(this.verdict).not.toHaveAttribute('data-verdict', 'waiting', { timeout });
  }

  async paused() {
    await expect(this.see('play')).toBeVisible();
    await expect(this.status).not.toHaveClass(/busy/);
  }

  /** Every chart shows what is known and rests, so that the next frame belongs to what comes next. */
  async settled() {
    await this.page.evaluate(() => new Promise((done) => {
      const canvases = [...document.querySelectorAll('.canvas')];
      let last = [];
      let still = 0;
      const look = () => {
        const now = canvases.map((canvas) => canvas.data);
        still = now.every((data, at) => data && data === last[at]) ? still + 1 : 0;
        last = now;
        if (still > 20) done();
        else requestAnimationFrame(look);
      };
      look();
    }));
  }

  async steps() {
    return Number(await this.step.textContent());
  }

  /** Training has come to a step. */
  async reached(step, timeout = 60_000) {
    await expect.poll(() => this.steps(), { timeout, intervals: [50] }).toBeGreaterThanOrEqual(step);
  }

  /** Presses play and waits for the run's own end. */
  async playToEnd(step, timeout = 60_000) {
    await this.press('play');
    await expect(this.step).toHaveText(`${step}`, { timeout });
    await this.paused();
  }

  /** Opens a chart's table and gives its locator. */
  async data(chart) {
    const toggle = this.see(`show-${chart}`);
    if (await toggle.getAttribute('aria-expanded') === 'false') await toggle.click();
    return this.see(`data-${chart}`);
  }

  /** A chart's table: by row, the numbers of its columns, as precise as shown. */
  async table(chart) {
    const table = await this.data(chart);
    const rows = await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [
      row.dataset.row, [...row.querySelectorAll('td')].map((cell) => cell.textContent),
    ]));
    return new Map(rows.map(([name, cells]) => [name, cells.map(readNumber)]));
  }

  /** A chart's numbers with all their digits: the file it offers, as text. */
  async file(chart) {
    const waiting = this.page.waitForEvent('download');
    await this.press(`csv-${chart}`);
    return readFile(await (await waiting).path(), 'utf8');
  }

  /** A chart's picture as a file, `svg` or `png`. */
  async picture(kind, chart) {
    const waiting = this.page.waitForEvent('download');
    await this.press(`save-${chart}`);
    await this.press(`${kind}-${chart}`);
    const file = await readFile(await (await waiting).path());
    await this.press(`save-${chart}`);
    return file;
  }

  /** The same as rows by column. */
  async csv(chart) {
    return readCsv(await this.file(chart));
  }

  /** The training loss of each step. */
  async losses() {
    return (await this.csv('loss')).map((row) => row.loss);
  }

  /** The address bar's hash. */
  link() {
    return new URL(this.page.url()).hash;
  }

  async linkBecomes(link) {
    await expect.poll(() => this.link(), { intervals: [50] }).toBe(link);
  }
}
