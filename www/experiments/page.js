// Experiments: many networks trained in this tab, what they show, and what is found in it.
//
// The worker reads the file, trains, draws conclusions and says how it stands; this page shows that.

import { make } from '../studio/parts.js';
import { Engine } from './engine.js';
import { IDS, field, load, own, setOwn } from './files.js';
import * as kept from './kept.js';
import { Pictures } from './pictures.js';
import { csv, json, save, tables } from './table.js';
import { Watch } from './watch.js';
import { say as text } from './words.js';

const at = (id) => document.getElementById(id);

let lang; // this page's language
let files; // the experiments' files, by id
let unreachable = false; // not all of them could be had
let run = 0; // the number of the last order
let shown = null; // the experiment that is shown: a sitting
let present = null; // the one that the worker was last asked for
let fallen = null; // one whose worker died while another was shown

/**
 * What is known of each experiment that was opened, by id: its `phase` (idle, loading, running, held, over or ended), the number
 * of its last order, its `file` and when it ended, how it stands (`report`), what began (`begun`: title, note, device), what went
 * wrong (`wrong`: key, values, line), and what a watched one can be taken up from (`record`: file, steps, bytes, at). To look at
 * another loses nothing: what trains goes on, what is over stays.
 */
const sittings = new Map();
/** What was ordered, by number: { sitting, file }. */
const orders = new Map();
/** Experiments of which a result is kept in this browser. */
let results = new Set();

const say = (key, values) => text(lang, key, values);
/** Where a network opens in the lab, in this page's language. */
const inLab = (link) => `./${link}&lang=${lang}`;
const isBusy = (sitting) => ['loading', 'running', 'held'].includes(sitting?.phase);
const engine = new Engine(hear);
const pictures = new Pictures(at('pictures'), say, inLab);
// Of what the worker has left, nothing more can be asked.
const watch = new Watch((order) => shown === present && engine.send(order), say, inLab);

lang = languageAsked();
const interrupted = kept.running();
[files, results] = await Promise.all([load(), kept.results()]);
unreachable = files.size < IDS.length;
await open();
document.querySelector('main').hidden = false;
if (files.has(interrupted)) {
  const sitting = sittingOf(interrupted);
  await lookUp(sitting);
  if (sitting.record && !isBusy(present)) takeUp(sitting);
}

addEventListener('hashchange', open);
addEventListener('resize', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
at('run').addEventListener('click', () => start(at('text').value));
at('take-up').addEventListener('click', () => takeUp(shown));
document.addEventListener('visibilitychange', () => {
  // A tab that is out of sight may be thrown away.
  if (document.visibilityState !== 'hidden' || !isBusy(present) || !present.report) return;
  if (!present.report.watch) keepResult({ ...present, phase: 'ended' });
  else if (present.phase === 'running') engine.send('keep');
});
at('run-file').addEventListener('click', () => start(at('text').value));
at('hold').addEventListener('click', hold);
at('end').addEventListener('click', () => engine.send('finish'));
at('units').addEventListener('change', draw);
at('choices').addEventListener('change', () => { location.hash = at('choices').value; });
at('csv').addEventListener('click', () => save(`${shown.id}.csv`, 'text/csv', csv(shown.report)));
at('json').addEventListener('click', () => save(`${shown.id}.json`, 'application/json', json(shown.report, shown.file)));
at('text').addEventListener('input', keep);
at('data').querySelector('details').addEventListener('toggle', () => show());
at('original').addEventListener('click', () => {
  at('text').value = files.get(shown.id);
  keep();
});
at('other').addEventListener('click', (event) => {
  event.preventDefault();
  lang = lang === 'vi' ? 'en' : 'vi';
  const address = new URL(location.href);
  address.searchParams.set('lang', lang);
  history.replaceState(null, '', address);
  speak();
});

function languageAsked() {
  return (new URLSearchParams(location.search).get('lang') ?? navigator.language ?? '').startsWith('vi') ? 'vi' : 'en';
}

function sittingOf(id) {
  if (!sittings.has(id)) {
    sittings.set(id, { id, phase: 'idle', run: 0, file: '', at: null, report: null, begun: null, wrong: null, record: null, asked: null });
  }
  return sittings.get(id);
}

/** Shows the experiment of the address, or the first one. What trains goes on. */
async function open() {
  const asked = location.hash.slice(1);
  const next = files.has(asked) ? asked : files.keys().next().value;
  if (next === undefined || next === shown?.id) return speak();
  shown = sittingOf(next);
  at('text').value = own(next) ?? files.get(next);
  pictures.clear();
  watch.begin(shown.report?.watch?.chosen);
  keep();
  speak();
  const sitting = shown;
  await lookUp(sitting);
  if (sitting === shown) show();
}

/** Takes in what this browser kept of an experiment, unless it was begun anew meanwhile. */
function lookUp(sitting) {
  sitting.asked ??= (async () => {
    const [record, result] = await Promise.all([kept.find(sitting.id), kept.result(sitting.id)]);
    sitting.record ??= record ?? null;
    if (!result || sitting.phase !== 'idle') return;
    const { phase, file, report, begun, at } = result;
    Object.assign(sitting, { phase, file, report, begun, at });
  })();
  return sitting.asked;
}

/** Puts everything into the language. */
function speak() {
  document.documentElement.lang = lang;
  document.title = `${say('page')} · Init Lab`;
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = say(element.dataset.text);
  const other = lang === 'vi' ? { lang: 'en', text: 'English' } : { lang: 'vi', text: 'Tiếng Việt' };
  const address = new URL(location.href);
  address.searchParams.set('lang', other.lang);
  Object.assign(at('other'), { lang: other.lang, hreflang: other.lang, href: `${address.search}${address.hash}`, textContent: other.text });
  at('back').href = back();
  at('units').setAttribute('aria-label', say('units'));
  choices();
  show();
}

/** The lab that this page was opened from, in this page's language. */
function back() {
  const link = new URLSearchParams(new URLSearchParams(location.search).get('lab') ?? '');
  link.delete('v');
  link.set('lang', lang);
  return `./#v=1&${link}`;
}

/** The experiments by name, and which of them have results. */
function choices() {
  const name = ([id, source]) => `${field(source, 'title', lang) ?? id}${results.has(id) ? ' ✓' : ''}`;
  at('choices').replaceChildren(...[...files].map((file) => make('option', { value: file[0], textContent: name(file) })));
  if (shown) at('choices').value = shown.id;
}

/** Keeps the reader's own version of the file. */
function keep() {
  const changed = at('text').value !== files.get(shown.id);
  at('original').disabled = !changed;
  setOwn(shown.id, changed ? at('text').value : null);
}

/** Begins an experiment's next run. Another that is on its way ends here, and what it has found stays. */
function begin(sitting, file) {
  if (isBusy(present)) {
    engine.send('finish');
    present.phase = 'ended';
  }
  run += 1;
  orders.set(run, { sitting, file });
  present = Object.assign(sitting, { run, phase: 'loading', file, at: null, report: null, begun: null, wrong: null });
  if (sitting === shown) {
    pictures.clear();
    watch.begin();
  }
  show();
}

async function start(file) {
  begin(shown, file);
  await engine.send({ study: { run, text: file } });
}

/** Goes on with what is kept. */
async function takeUp(sitting) {
  const { file, bytes } = sitting.record;
  if (sitting === shown) {
    at('text').value = file;
    keep();
  }
  begin(sitting, file);
  await engine.takeUp(run, bytes);
}

function hold() {
  shown.phase = shown.phase === 'running' ? 'held' : 'running';
  engine.send({ hold: shown.phase === 'held' });
  show();
}

/** Keeps what the worker hands over, under the experiment it belongs to. */
async function store({ run: of, steps, kept: bytes }) {
  const order = orders.get(of);
  if (!order || !steps) return;
  const { sitting, file } = order;
  const fresh = { file, steps, bytes, at: Date.now() };
  if (await kept.keep(sitting.id, fresh)) {
    sitting.record = fresh;
    if (sitting === shown) show();
  }
}

/** Keeps what an experiment came to, so that it is there after a reload too. A watched one has its record. */
async function keepResult(sitting) {
  const { id, phase, file, report, begun } = sitting;
  if (report.watch || !report.done) return;
  results.add(id);
  choices();
  await kept.keepResult(id, { phase, file, report, begun, at: Date.now() });
}

/** Takes in what the worker says. What is of an older order of the same experiment is of no account. */
function hear(word) {
  const { refused, begun: began, report: news, died, kept: given } = word;
  if (given) {
    store(given);
    return;
  }
  const sitting = died !== undefined ? present : orders.get(refused?.run ?? began?.run ?? news?.run)?.sitting;
  if (!sitting) return;
  if (died !== undefined) {
    // One that had nothing to do takes nothing along.
    if (isBusy(sitting)) {
      sitting.wrong = died === null ? { key: 'vanished' } : { key: 'died', values: { detail: died } };
      sitting.phase = 'ended';
      if (sitting !== shown) fallen = sitting;
      if (sitting.report) keepResult(sitting);
    }
    present = null;
  } else if (refused?.run === sitting.run) {
    refuse(sitting, refused.why);
  } else if (began?.run === sitting.run) {
    sitting.begun = began;
    sitting.phase = 'running';
  } else if (news?.run === sitting.run) {
    sitting.report = news;
    if (news.over) {
      sitting.phase = news.done === news.networks ? 'over' : 'ended';
      keepResult(sitting);
    }
  } else {
    return;
  }
  if (sitting === shown) show();
  else others();
}

function refuse(sitting, { line, key, detail }) {
  sitting.wrong = { key: key === 'link' ? 'bad-link' : key, values: { detail }, line };
  sitting.phase = 'idle';
  if (key === 'kept-unreadable') {
    // Of another version of the lab: it would never be read again.
    kept.forget(sitting.id);
    sitting.record = null;
  } else if (sitting === shown) {
    at('file').open = true;
    select(line);
  }
}

/** Shows the reader the line that cannot be read. */
function select(line) {
  if (!line) return;
  const lines = at('text').value.split('\n');
  const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  at('text').focus();
  at('text').setSelectionRange(from, from + (lines[line - 1] ?? '').length);
}

/** Says which other experiment is on its way, or was until its worker died, and notes what goes on by itself after a reload. */
function others() {
  if (fallen === shown || isBusy(present)) fallen = null;
  const other = isBusy(present) && present !== shown ? present : fallen;
  at('elsewhere').hidden = !other;
  if (other) {
    const { done, networks } = other.report ?? { done: 0, networks: '…' };
    const title = field(other.file, 'title', lang) ?? other.id;
    at('elsewhere').replaceChildren(make('a', { href: `#${other.id}`, textContent: title }), ` ${other === fallen ? say(other.wrong.key, other.wrong.values) : say('elsewhere', { done, networks })}`);
  }
  kept.setRunning(present?.phase === 'running' && present.report?.watch ? present.id : null);
}

/** Everything but the pictures, and those in the next frame. */
function show() {
  if (!shown) return;
  const { id, phase, file, report, begun, record } = shown;
  const source = begun ? file : at('text').value;
  at('title').textContent = field(source, 'title', lang) ?? id;
  at('note').textContent = field(source, 'note', lang) ?? '';
  const busy = isBusy(shown);
  const watched = report?.watch;
  others();
  at('run').hidden = busy;
  at('run').textContent = say(record ? 'anew' : 'run');
  at('run').classList.toggle('first', !record);
  at('take-up').hidden = busy || !record;
  if (record) at('take-up').textContent = say('take-up', { steps: record.steps.toLocaleString(lang) });
  at('run-file').disabled = busy;
  at('hold').hidden = at('end').hidden = phase !== 'running' && phase !== 'held';
  at('hold').textContent = say(phase === 'held' ? 'go' : 'hold');
  // What goes on for as long as one likes comes nowhere near an end.
  at('progress').hidden = !busy || Boolean(watched);
  watch.show(watched);
  at('progress').value = report?.share ?? 0;
  at('progress').setAttribute('aria-label', say('run-title'));
  at('status').textContent = [status(), begun && say('device', { device: adapter(begun.device) }), begun && refusal(begun.device)].filter(Boolean).join(' ');
  const wrong = shown.wrong ?? (unreachable ? { key: 'unreachable' } : null);
  at('notice').hidden = !wrong;
  if (wrong) {
    const why = say(wrong.key, wrong.values);
    at('notice').textContent = wrong.line ? say('at-line', { line: wrong.line, why }) : why;
  }
  at('found').hidden = !report?.findings.length;
  at('findings').replaceChildren(...(report?.findings ?? []).map((finding) => make('li', { textContent: told(finding) })));
  // What is watched tells its numbers only to those who want to see them.
  at('data').hidden = !report;
  at('csv').disabled = at('json').disabled = !report?.tables.length;
  if (report?.tables.length && at('data').querySelector('details').open) at('tables').replaceChildren(...tables(report, say, inLab));
  draw();
}

/** A finding as a sentence. A measure is named as everywhere. */
function told({ key, values }) {
  return say(key, values.measure ? { ...values, measure: say(values.measure) } : values);
}

function status() {
  const { phase, report, record, at: ended } = shown;
  const { done, networks, secondsLeft: left } = report ?? {};
  if (phase === 'loading') return say('loading');
  if (phase === 'idle' || !report) return record ? say('kept', { date: new Date(record.at).toLocaleString(lang) }) : '';
  if (report.watch) {
    const steps = report.watch.networks.reduce((sum, { step }) => sum + step, 0);
    const time = report.watch.stepMs === null ? '' : say('a-step', { time: Math.round(report.watch.stepMs) });
    return [say(`watch-${phase}`, { steps: steps.toLocaleString(lang) }), time].filter(Boolean).join(' ');
  }
  // It was there before this page was opened.
  const date = ended === null ? '' : say('kept', { date: new Date(ended).toLocaleString(lang) });
  const untrained = { cost: 'sizes', overflow: 'passes' }[report.pictures[0]?.kind];
  if (untrained) return [say(`${phase}-${untrained}`, { done, networks }), date].filter(Boolean).join(' ');
  if (phase !== 'running') return [say(phase, { done, networks }), date].filter(Boolean).join(' ');
  const time = (seconds) => (seconds < 90 ? say('seconds', { time: Math.ceil(seconds) }) : say('minutes', { time: Math.ceil(seconds / 60) }));
  return say('running', { done, networks, left: left === null ? say('soon') : time(left) });
}

/** Why a GPU that is there does not compute it. */
function refusal({ reason }) {
  return ['too-large', 'wrong-numbers', 'died'].includes(reason) && say(`device-${reason}`);
}

function adapter({ device, adapter: name }) {
  return device === 'cpu' ? `CPU (${name})` : name;
}

/** Draws the pictures, σ in units of He's where the reader wants that. */
function draw() {
  const report = shown?.report;
  if (!report) return;
  const scalable = report.pictures.find(({ curves }) => curves.some((curve) => curve.scaled));
  at('units').hidden = !scalable;
  if (scalable) {
    const { name } = scalable.x;
    at('unit-plain').textContent = name;
    at('unit-scaled').textContent = say('scaled', { name });
  }
  const scaled = Boolean(scalable) && document.querySelector('[name="units"]:checked').value === 'scaled';
  pictures.draw({ pictures: report.pictures, scaled, lang });
}
