// What every browser test gets: the lab, a foreign page, and a console that must stay clean.

import { expect, test as base } from '@playwright/test';
import { Foreign } from './foreign.mjs';
import { Host } from './host.mjs';
import { Lab } from './lab.mjs';

export { expect };

export const test = base.extend({
  /** Console errors and uncaught ones, of pages, frames and workers. A test that causes one on purpose allows it. */
  troubles: [async ({ page }, use) => {
    const seen = [];
    const allowed = [];
    page.on('console', (message) => {
      if (message.type() === 'error') seen.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => seen.push(`uncaught: ${error.message}`));
    page.on('crash', () => seen.push('the page crashed'));
    await use({ allow: (pattern) => allowed.push(pattern) });
    expect(seen.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
  }, { auto: true }],

  lab: async ({ page }, use) => use(new Lab(page)),

  host: async ({ page }, use) => use(new Host(page)),

  foreign: async ({ page }, use) => {
    const foreign = new Foreign(page);
    await use(foreign);
    foreign.close();
  },
});
