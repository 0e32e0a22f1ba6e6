// Experiments: many networks trained in the tab, and what is found in them.

import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';

const TINY = `base = "depth=3&batch=16&steps=40&lr=0.1&device=cpu"
verdict = "band"
[title]
en = "A tiny one"
[note]
en = "Nine networks."
[[sweep]]
name = "σ"
knob = "std"
values = [0.03, 0.3, 3.0]
[[sweep]]
name = "width"
knob = "width"
values = [16, 24]
[[chart]]
kind = "curves"
x = "σ"
by = "width"
[[chart]]
kind = "map"
x = "σ"
y = "width"
`;

const PAIRED = `base = "depth=3&width=16&batch=16&steps=80&lr=0.1&device=cpu"
verdict = "paired"
[title]
en = "Pairs"
[note]
en = "Sixteen networks."
[[sweep]]
name = "scheme"
settings = [{ name = "Tiny", link = "init=normal&std=0.01" }, { name = "He", link = "init=kaiming-normal" }]
[[sweep]]
name = "seed"
knob = "seed"
from = 1
to = 8
points = 8
[[chart]]
kind = "losses"
by = "scheme"
over = "seed"
[[chart]]
kind = "pairs"
by = "scheme"
over = "seed"
measure = "train-loss"
`;

/** The page of experiments as a reader meets it. */
class Experiments {
  constructor(page) {
    this.page = page;
  }

  async open(id = 'e1', lang = 'en') {
    await this.page.goto(`./experiments.html?lang=${lang}#${id}`);
    await expect(this.see('title')).not.toBeEmpty();
  }

  see(id) {
    return this.page.getByTestId(id);
  }

  async write(text) {
    await this.see('file').evaluate((details) => { details.open = true; });
    await this.see('text').fill(text);
  }

  async over(timeout = 60_000) {
    await expect(this.see('status')).toContainText(/^All /, { timeout });
  }

  async download(button) {
    await this.see('data').evaluate((details) => { details.open = true; });
    const [file] = await Promise.all([this.page.waitForEvent('download'), this.see(button).click()]);
    return readFile(await file.path(), 'utf8');
  }
}

const experiments = test.extend({
  own: async ({ page }, use) => use(new Experiments(page)),
});

experiments('where nothing draws charts, an experiment is told by its tables, with the decimals of a spreadsheet', async ({ own, page, troubles }) => {
  troubles.allow(/plotly/);
  await page.route(/plotly-basic\.min\.js/, (route) => route.fulfill({ status: 404 }));
  await own.open();
  await expect(page.getByRole('alert').first()).toContainText('plotly-basic.min.js could not be loaded');
  await own.write(TINY);
  await own.see('run-file').click();
  await own.over();
  await expect(page.locator('#tables table').first()).toBeVisible();
  const points = await own.download('csv');
  await own.see('decimals-comma-table').click();
  const commas = await own.download('csv');
  expect(commas.split('\n')[0]).toBe(points.split('\n')[0].replaceAll(',', ';'));
  const numbers = (text, mark) => text.trim().split('\n').slice(1).map((row) => row.split(mark));
  expect(numbers(commas, ';').map((row) => row.map((cell) => cell.replace(',', '.')))).toEqual(numbers(points, ','));
  await own.see('copy-table').click();
  await expect(page.getByText('Copied, for a spreadsheet or a text')).toBeVisible();
});

experiments('a reader writes an experiment, runs it, and reads what was found', async ({ own, page }) => {
  await own.open();
  await expect(own.see('title')).toHaveText('E1: which σ can be trained?');
  await own.write(TINY);
  await own.see('run-file').click();
  await own.over();
  await expect(own.see('title')).toHaveText('A tiny one');
  await expect(own.see('status')).toContainText('CPU');
  await expect(own.see('findings').locator('li')).toHaveCount(3);
  await expect(own.see('findings').locator('li').first()).toContainText('width 16: networks learn from σ = 0.3 to 0.3, best at 0.3. Of the claimed 0.01 to 0.1, none of the 1 σ');
  const rows = (await own.download('csv')).trim().split('\n').map((row) => row.split(','));
  expect(rows).toHaveLength(7);
  expect(rows[0].slice(0, 6)).toEqual(['σ', 'width', 'train-loss', 'held-out-loss', 'train-accuracy', 'held-out-accuracy']);
  const all = JSON.parse(await own.download('json'));
  expect(all.file).toBe(TINY);
  expect(all.findings[0].values.best).toBe('0.3');
  // σ in units of He's: another axis, the same networks.
  const first = () => own.see('picture-0').locator('.xtitle').textContent();
  expect(await first()).toBe('σ');
  await own.see('units-scaled').check({ force: true });
  await expect.poll(first).toBe('σ·√(width / 2)');
  // A cell opens its network in the lab.
  await expect(own.see('picture-1').locator('.bars .point')).toHaveCount(6);
  await expect(own.see('table-networks').getByRole('link').first()).toHaveAttribute('href', /^\.\/#v=1&std=0\.03&depth=3&width=16.*&lang=en$/);
  // The reader's own version is there after a reload, what it came to as well, and the original can be had back.
  await page.reload();
  await expect(own.see('status')).toContainText(/^All 6 networks are trained\. Saved in this browser on .*CPU/);
  await expect(own.see('findings').locator('li')).toHaveCount(3);
  await expect(own.see('picture-0').locator('.xtitle')).toHaveText('σ');
  await expect(own.see('text')).toHaveValue(TINY);
  await own.see('file').evaluate((details) => { details.open = true; });
  await own.see('original').click();
  await expect(own.see('title')).toBeVisible();
  await expect(own.see('text')).toHaveValue(/^# E1/);
});

experiments('a cell of a map opens its network, in the language that the page has by then', async ({ context, own }) => {
  await own.open();
  await own.write(TINY);
  await own.see('run-file').click();
  await own.over();
  const bars = own.see('picture-1').locator('.bars .point');
  await expect(bars).toHaveCount(6);
  await own.see('other-language').click();
  await expect(own.see('picture-1').locator('.cbtitle')).toContainText('mất mát');
  await own.see('picture-1').scrollIntoViewIfNeeded();
  const [lab] = await Promise.all([context.waitForEvent('page'), bars.first().click({ force: true })]);
  await expect.poll(() => lab.url()).toMatch(/#v=1&.*lang=vi/);
});

experiments('the answer stands first: who wins where, and by how much', async ({ own, page }) => {
  const grid = PAIRED.replace('[[chart]]', `[[sweep]]
name = "depth"
knob = "depth"
values = [2, 3]
[[sweep]]
name = "batch"
knob = "batch"
values = [8, 16]
[[chart]]`).replace('depth=3&', '').replace('&batch=16', '');
  await own.open('e2');
  await own.write(grid);
  // A cell waits for its networks only for a moment.
  await page.evaluate(() => {
    const look = () => { self.waited ||= document.querySelector('[data-testid="grid"] td[data-outcome="waiting"]')?.textContent ?? ''; };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await own.see('run-file').click();
  await own.over();
  expect(await page.evaluate(() => self.waited)).toContain('not yet run');
  await expect(own.see('answer')).toHaveAttribute('data-source', 'own');
  await expect(own.see('answer-sentence')).toContainText(/^(He wins|Tiny wins|It depends|Open)/);
  await expect(own.see('grid').locator('tbody tr')).toHaveCount(2);
  await expect(own.see('grid').locator('tbody td')).toHaveCount(4);
  await expect(own.see('forest').locator('tbody tr')).toHaveCount(4);
  await expect(own.see('forest').locator('.interval')).toHaveCount(4);
  await own.see('answer-by-held-out-accuracy').check({ force: true });
  await expect(own.see('forest').locator('caption')).toContainText('held-out accuracy');
  // Statistics are for who wants them.
  await expect(own.see('findings')).toBeHidden();
  await own.see('statistics').locator('summary').click();
  await expect(own.see('findings')).toBeVisible();
});

experiments('what the site recorded is shown as recorded, until the reader has a result', async ({ own, page }) => {
  await own.open();
  await expect(own.see('answer')).toHaveAttribute('data-source', 'recorded');
  await expect(own.see('answer-recorded')).toContainText('recorded with the site');
  await expect(own.see('forest').locator('tbody tr')).toHaveCount(12);
  await own.write(TINY);
  await own.see('run-file').click();
  await own.over();
  await expect(own.see('answer')).toHaveAttribute('data-source', 'own');
  await expect(own.see('answer-recorded')).toBeHidden();
  await expect(own.see('forest').locator('tbody tr')).toHaveCount(2);
  // A result of the reader's own file does not stand for the site's experiment on its card.
  await own.see('all-experiments').click();
  await expect(own.see('card-e1')).toContainText('recorded');
  await expect(own.see('title')).toHaveText('Experiments');
});

experiments('the gallery says what each experiment found, and nothing that was run is lost', async ({ own, page }) => {
  await page.goto('./experiments.html?lang=en');
  await expect(own.see('gallery').locator('li')).toHaveCount(20);
  await expect(own.see('card-map').locator('svg')).toBeVisible();
  await expect(own.see('card-coordinates')).toContainText(/50 networks, \d+ s where it was recorded/);
  await expect(own.see('card-e3')).toContainText('for as long as you like');
  await own.see('card-coordinates').getByRole('link').click();
  await expect(own.see('title')).toHaveText(/^Coordinate check/);
  await own.see('run').click();
  await own.over(120_000);
  const found = await own.see('answer-sentence').textContent();
  // Another experiment, the gallery, the lab and back: the result stands everywhere.
  await own.see('choices').selectOption('map');
  await expect(own.see('title')).toHaveText(/^Map/);
  await own.see('all-experiments').click();
  await expect(own.see('card-coordinates')).toContainText('found here');
  await expect(own.see('card-coordinates')).toContainText(found.trim());
  await expect(own.see('card-coordinates')).toContainText(/50 networks, took \d+ s here/);
  await expect(own.see('card-overflow')).toContainText(/13 networks, about \d+ (s|min) here/);
  await own.see('back').click();
  await expect(page.getByTestId('play')).toBeVisible();
  await page.goBack();
  await expect(own.see('card-coordinates')).toContainText('found here');
  await own.see('card-coordinates').getByRole('link').click();
  await expect(own.see('status')).toContainText(/^All 50 networks are trained\. Saved in this browser/);
  await expect(own.see('answer-sentence')).toHaveText(found.trim());
});

experiments('pairs are compared, in both languages', async ({ own }) => {
  await own.open('e2');
  await own.write(PAIRED);
  await own.see('run-file').click();
  await own.over();
  await expect(own.see('findings').locator('li').first()).toContainText(/He ends with the lower training loss, by .* over 8 pairs \(95 % interval .* to .*; p = 0\.00781, after Holm 0\.0234\)/);
  await expect(own.see('findings').locator('li').last()).toContainText('Here 3 comparisons are made');
  await expect(own.see('picture-0').locator('.legend')).toContainText('He');
  await own.see('other-language').click();
  await expect(own.see('findings').locator('li').first()).toContainText('He kết thúc với mất mát huấn luyện thấp hơn');
});

experiments('pairs in which a network left f32 are counted, not left out', async ({ own }) => {
  await own.open('e2');
  await own.write(PAIRED.replace('init=normal&std=0.01', 'init=normal&std=100&lr=100'));
  await own.see('run-file').click();
  await own.over();
  const findings = own.see('findings').locator('li');
  await expect(findings.first()).toContainText('of 8 pairs, Tiny left f32 in 8 and He in 0');
  await expect(findings.nth(1)).toContainText('in training loss, He does better (p = 0.00781, after Holm 0.0234). Too few pairs');
  await expect(own.see('picture-0').locator('.legend')).toContainText('Tiny (8 left f32)');
  await expect(own.see('picture-1').locator('.legend')).toContainText('8 left f32');
  await own.see('other-language').click();
  await expect(findings.first()).toContainText('Tiny vượt phạm vi f32 ở 8 cặp');
});

experiments('what is trained goes on while another experiment is looked at, and nothing is lost', async ({ own, page }) => {
  await own.open();
  await own.write(TINY);
  await own.see('run-file').click();
  await own.over();
  await own.see('choices').selectOption('map');
  await expect(own.see('title')).toHaveText(/^Map/);
  await expect(own.see('findings')).toBeHidden();
  await expect(own.see('choices').locator('option[value=e1]')).toHaveText(/ ✓$/);
  await own.see('run').click();
  await expect(own.see('status')).toContainText(/^[1-9]\d* of 256 networks are trained/, { timeout: 60_000 });
  // Back at the first: what it came to stands there, and the map goes on.
  await own.see('choices').selectOption('e1');
  await expect(own.see('title')).toHaveText('A tiny one');
  await expect(own.see('findings').locator('li')).toHaveCount(3);
  await expect(own.see('picture-1').locator('.bars .point')).toHaveCount(6);
  const other = async () => Number((await own.see('elsewhere').textContent()).match(/: (\d+) of 256/)[1]);
  const before = await other();
  await expect.poll(other, { timeout: 60_000 }).toBeGreaterThan(before);
  // To run it again ends the map, which keeps what it has.
  await own.see('run').click();
  await expect(own.see('elsewhere')).toBeHidden();
  await own.over();
  await own.see('choices').selectOption('map');
  await expect(own.see('status')).toContainText(/^Stopped: [1-9]\d* of 256/);
  await expect(own.see('picture-0').locator('.bars .point')).toHaveCount(256);
  await page.reload();
  await expect(own.see('status')).toContainText(/^Stopped: [1-9]\d* of 256.*Saved in this browser/);
});

experiments('a worker that vanishes without a word is missed, and the next run has another', async ({ own, page }) => {
  await own.open('map');
  await own.see('run').click();
  await expect(own.see('status')).toContainText(/^[1-9]\d* of 256 networks are trained/, { timeout: 60_000 });
  await page.workers()[0].evaluate(() => self.close()).catch(() => {});
  await expect(own.see('notice')).toContainText('vanished without a word', { timeout: 30_000 });
  await expect(own.see('status')).toContainText(/^Stopped: [1-9]\d* of 256/);
  await expect(own.see('picture-0').locator('.bars .point')).toHaveCount(256);
  await own.see('run').click();
  await expect(own.see('notice')).toBeHidden();
  await expect(own.see('status')).toContainText(/^\d+ of 256 networks are trained/, { timeout: 60_000 });
});

experiments('where a worker cannot be watched, it is asked, and missed when it does not answer', async ({ own, page }) => {
  await page.clock.install();
  await page.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  await own.open('map');
  await own.see('run').click();
  await expect(own.see('status')).toContainText(/^[1-9]\d* of 256 networks are trained/, { timeout: 60_000 });
  await page.workers()[0].evaluate(() => self.close()).catch(() => {});
  for (let question = 0; question < 8; question++) await page.clock.fastForward(31_000);
  await expect(own.see('notice')).toContainText('vanished without a word');
});

experiments('the address of a download outlives the click: some browsers ask first where to save', async ({ lab, own, page }) => {
  await page.addInitScript(() => {
    globalThis.revoked = [];
    const revoke = URL.revokeObjectURL.bind(URL);
    URL.revokeObjectURL = (address) => {
      globalThis.revoked.push(address);
      revoke(address);
    };
  });
  const saved = async (press) => {
    const [file] = await Promise.all([page.waitForEvent('download'), press()]);
    expect((await readFile(await file.path(), 'utf8')).length).toBeGreaterThan(10);
    // A timer of no time would be over by now.
    await page.evaluate(() => new Promise((done) => { setTimeout(done); }));
    expect(await page.evaluate(() => globalThis.revoked)).not.toContain(file.url());
  };
  await own.open();
  await own.write(TINY);
  await own.see('run-file').click();
  await own.over();
  await own.see('data').evaluate((details) => { details.open = true; });
  for (const button of ['csv', 'json']) await saved(() => own.see(button).click());
  await lab.open('depth=3&width=16&batch=16&device=cpu');
  await saved(() => lab.press('csv-variance'));
});

experiments('the page leads back to the lab that it was opened from', async ({ lab, own, page }) => {
  await lab.open('depth=5&width=32&batch=16&std=0.07&device=cpu&autoplay=0');
  await lab.press('lang-vi');
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
  await lab.see('experiments').click();
  await expect(own.see('title')).not.toBeEmpty();
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
  await own.see('choices').selectOption('map');
  await expect(own.see('title')).toContainText('Bản đồ');
  await page.reload();
  await expect(own.see('title')).toContainText('Bản đồ');
  await own.see('back').click();
  await expect(lab.field('depth')).toHaveValue('5');
  await expect(lab.field('std')).toHaveValue('0.07');
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
});

experiments('before it begins, it says how much there is to do and how long this machine takes', async ({ own }) => {
  await own.open();
  await own.write(TINY);
  await expect(own.see('cost')).toHaveText(/^6 networks, 240 steps together: about \d+ (s|min) on this machine/, { timeout: 30_000 });
  // A file that is none has no time, and a run begins all the same.
  await own.write('no file');
  await expect(own.see('cost')).not.toContainText('steps together');
  await own.write(TINY);
  await expect(own.see('cost')).toContainText('240 steps together');
  await own.see('run-file').click();
  await own.over();
  await expect(own.see('status')).toContainText('6');
});

experiments('what many networks cost is measured', async ({ own }) => {
  await own.open('cost');
  await own.write((await own.see('text').inputValue()).replace('to = 64', 'to = 4').replace('points = 64', 'points = 4').replace('opt=sgd', 'opt=sgd&device=cpu'));
  await own.see('run-file').click();
  await own.over();
  await expect(own.see('findings')).toContainText(/On cpu, 4 networks cost [\d.]+ times/);
  await expect(own.see('picture-0').locator('.points path')).toHaveCount(3);
});

experiments('numbers are passed forward until they leave each format, and theory is held against them', async ({ own }) => {
  await own.open('overflow');
  await own.write((await own.see('text').inputValue()).replace('width=256&depth=100', 'width=64&depth=60').replace('points = 13', 'points = 3'));
  await own.see('run-file').click();
  await own.over();
  await expect(own.see('status')).toContainText('All 3 forward passes are done. Computed on: CPU');
  await expect(own.see('findings').locator('li')).toHaveCount(3);
  await expect(own.see('findings').locator('li').first()).toContainText(/^in f16, 1 of 3 values of σ overflow within 60 layers, and 2 underflow\. The largest distance .* in layers: [0-2] \(/);
  // Three marks for each of three formats, and one for each of three marks in the legend's keys.
  await expect(own.see('picture-0').locator('.scatterlayer .points path.point')).toHaveCount(9);
  await expect(own.see('picture-0').locator('.legend')).toContainText('closed form');
  const rows = (await own.download('csv')).trim().split('\n').map((row) => row.split(','));
  expect(rows[0]).toEqual(['σ', 'format', 'way', 'layer', 'predicted-way', 'predicted-layer', 'link']);
  expect(rows).toHaveLength(10);
  expect(rows[9].slice(0, 3)).toEqual(['1', 'f32', 'overflow']);
  await own.see('other-language').click();
  await expect(own.see('findings').locator('li').first()).toContainText(/^với f16, 1 trên 3 giá trị của σ bị tràn trên/);
});

experiments('the power with which sizes grow is found, from the start on', async ({ own }) => {
  await own.open('coordinates');
  await own.write((await own.see('text').inputValue()).replace('[32, 64, 128, 256, 512]', '[16, 32, 64]').replace('[0, 1, 2, 4, 8]', '[0, 4]').replace('opt=adam', 'opt=adam&device=cpu'));
  await own.see('run-file').click();
  await own.over();
  await expect(own.see('findings').locator('li')).toHaveCount(4);
  await expect(own.see('findings').locator('li').nth(1)).toContainText(/^steps 4: the logits go as width\^-?\d\.\d\d ± \d\.\d\d \(Kaiming\), width\^-?\d\.\d\d ± \d\.\d\d \(μP\)/);
  // A picture for each measure and scheme, with its widths marked along.
  await expect(own.see('picture-3')).toBeVisible();
  await expect(own.see('picture-0').locator('.xtick text')).toHaveText(['16', '32', '64']);
  await expect(own.see('picture-0').locator('.points path')).toHaveCount(6);
  const rows = (await own.download('csv')).trim().split('\n').map((row) => row.split(','));
  expect(rows).toHaveLength(13);
  const size = rows[0].indexOf('logit-size');
  for (const row of rows.slice(1)) expect(Number(row[size])).toBeGreaterThan(0);
});

experiments('it waits, goes on and ends when told to, and keeps what it has', async ({ own }) => {
  await own.open('map');
  await own.see('run').click();
  await expect(own.see('status')).toContainText(/^[1-9]\d* of 256 networks are trained\. About/, { timeout: 60_000 });
  await own.see('hold').click();
  await expect(own.see('status')).toContainText('Paused');
  await own.see('hold').click();
  await expect(own.see('status')).toContainText('About');
  await own.see('end').click();
  await expect(own.see('status')).toContainText(/^Stopped: \d+ of 256/);
  await expect(own.see('picture-0').locator('.bars .point')).toHaveCount(256);
  await expect(own.see('run')).toBeVisible();
});

experiments('a file that is no experiment is refused at its line', async ({ own }) => {
  await own.open();
  await own.write(TINY.replace('steps=40', 'stops=40'));
  await own.see('run-file').click();
  await expect(own.see('notice')).toContainText('The lab does not take this as it stands');
  await own.write(TINY.replace('knob = "width"', 'knob = width'));
  await own.see('run-file').click();
  await expect(own.see('notice')).toContainText(/^Line 13: This is not an experiment/);
  const chosen = await own.see('text').evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  expect(chosen).toBe('knob = width');
  await own.write(TINY);
  await own.see('run-file').click();
  await own.over();
  await expect(own.see('notice')).toBeHidden();
});
