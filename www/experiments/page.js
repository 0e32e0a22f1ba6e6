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
let id; // the one that is shown
let phase = 'idle'; // idle, loading, running, held, over or ended
let run = 0; // the number of the last order
let report = null; // how it stands
let begun = null; // what began: { title, note, device }
let ran = ''; // its file
let wrong = null; // what went wrong: { key, values, line }
let record = null; // what is kept of this experiment in this browser, to be taken up: { file, steps, bytes, at }

const say = (key, values) => text(lang, key, values);
const engine = new Engine(hear);
const pictures = new Pictures(at('pictures'), say);
const watch = new Watch((order) => engine.send(order), say);
/** What was ordered, by number: { id, file }. */
const orders = new Map();

lang = languageAsked();
const interrupted = kept.running();
files = await load();
if (files.size < IDS.length) wrong = { key: 'unreachable' };
await open();
document.querySelector('main').hidden = false;
if (record && interrupted === id) takeUp();

addEventListener('hashchange', open);
addEventListener('resize', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
at('run').addEventListener('click', () => start(at('text').value));
at('take-up').addEventListener('click', takeUp);
document.addEventListener('visibilitychange', () => {
  // A tab that is out of sight may be thrown away.
  if (document.visibilityState === 'hidden' && phase === 'running' && report?.watch) engine.send('keep');
});
at('run-file').addEventListener('click', () => start(at('text').value));
at('hold').addEventListener('click', hold);
at('end').addEventListener('click', () => engine.send('finish'));
at('units').addEventListener('change', draw);
at('choices').addEventListener('change', () => { location.hash = at('choices').value; });
at('csv').addEventListener('click', () => save(`${id}.csv`, 'text/csv', csv(report)));
at('json').addEventListener('click', () => save(`${id}.json`, 'application/json', json(report, ran)));
at('text').addEventListener('input', keep);
at('data').querySelector('details').addEventListener('toggle', () => show());
at('original').addEventListener('click', () => {
  at('text').value = files.get(id);
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

/** Shows the experiment of the address, or the first one. */
async function open() {
  const asked = location.hash.slice(1);
  const next = files.has(asked) ? asked : files.keys().next().value;
  if (next === undefined || next === id) return speak();
  if (phase === 'running' || phase === 'held') engine.send('finish');
  [id, phase, report, begun, record] = [next, 'idle', null, null, null];
  run += 1;
  if (files.size === IDS.length) wrong = null;
  at('text').value = own(id) ?? files.get(id);
  pictures.clear();
  keep();
  speak();
  const found = await kept.find(next);
  if (id !== next || phase !== 'idle') return;
  record = found ?? null;
  show();
}

/** Puts everything into the language. */
function speak() {
  document.documentElement.lang = lang;
  document.title = `${say('page')} · Init Lab`;
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = say(element.dataset.text);
  const other = lang === 'vi' ? { lang: 'en', text: 'English' } : { lang: 'vi', text: 'Tiếng Việt' };
  Object.assign(at('other'), { lang: other.lang, hreflang: other.lang, href: `?lang=${other.lang}${location.hash}`, textContent: other.text });
  at('back').href = `./#v=1&lang=${lang}`;
  at('units').setAttribute('aria-label', say('units'));
  at('choices').replaceChildren(...[...files].map(([name, source]) => make('option', { value: name, textContent: field(source, 'title', lang) ?? name })));
  at('choices').value = id;
  show();
}

/** Keeps the reader's own version of the file. */
function keep() {
  const changed = at('text').value !== files.get(id);
  at('original').disabled = !changed;
  setOwn(id, changed ? at('text').value : null);
}

function begin(file) {
  run += 1;
  orders.set(run, { id, file });
  [phase, report, begun, ran, wrong] = ['loading', null, null, file, null];
  pictures.clear();
  watch.begin();
  show();
}

async function start(file) {
  begin(file);
  await engine.send({ study: { run, text: file } });
}

/** Goes on with what is kept. */
async function takeUp() {
  const { file, bytes } = record;
  at('text').value = file;
  keep();
  begin(file);
  await engine.takeUp(run, bytes);
}

function hold() {
  phase = phase === 'running' ? 'held' : 'running';
  engine.send({ hold: phase === 'held' });
  show();
}

/** Keeps what the worker hands over, under the experiment it belongs to. */
async function store({ run: of, steps, kept: bytes }) {
  const order = orders.get(of);
  if (!order || !steps) return;
  const fresh = { file: order.file, steps, bytes, at: Date.now() };
  if (await kept.keep(order.id, fresh) && order.id === id) {
    record = fresh;
    show();
  }
}

/** Takes in what the worker says. What is of an older order is of no account. */
function hear(word) {
  const { refused, begun: began, report: news, died, kept: given } = word;
  if (given) {
    store(given);
    return;
  }
  if (died !== undefined) {
    wrong = { key: 'died', values: { detail: died } };
    phase = phase === 'idle' ? 'idle' : 'ended';
  } else if (refused?.run === run) {
    const { line, key, detail } = refused.why;
    wrong = { key: key === 'link' ? 'bad-link' : key, values: { detail }, line };
    phase = 'idle';
    if (key === 'kept-unreadable') {
      // Of another version of the lab: it would never be read again.
      kept.forget(id);
      record = null;
    } else {
      at('file').open = true;
      select(line);
    }
  } else if (began?.run === run) {
    begun = began;
    phase = 'running';
  } else if (news?.run === run) {
    report = news;
    if (news.over) phase = news.done === news.networks ? 'over' : 'ended';
  } else {
    return;
  }
  show();
}

/** Shows the reader the line that cannot be read. */
function select(line) {
  if (!line) return;
  const lines = at('text').value.split('\n');
  const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  at('text').focus();
  at('text').setSelectionRange(from, from + (lines[line - 1] ?? '').length);
}

/** Everything but the pictures, and those in the next frame. */
function show() {
  const source = begun ? ran : at('text').value;
  at('title').textContent = field(source, 'title', lang) ?? id;
  at('note').textContent = field(source, 'note', lang) ?? '';
  const busy = ['loading', 'running', 'held'].includes(phase);
  const watched = report?.watch;
  kept.setRunning(phase === 'running' && watched ? id : null);
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
  at('status').textContent = [status(), begun && say('device', { device: adapter(begun.device) })].filter(Boolean).join(' ');
  at('notice').hidden = !wrong;
  if (wrong) {
    const why = say(wrong.key, wrong.values);
    at('notice').textContent = wrong.line ? say('at-line', { line: wrong.line, why }) : why;
  }
  at('found').hidden = !report?.findings.length;
  at('findings').replaceChildren(...(report?.findings ?? []).map(({ key, values }) => make('li', { textContent: say(key, values) })));
  // What is watched tells its numbers only to those who want to see them.
  at('data').hidden = !report;
  at('csv').disabled = at('json').disabled = !report?.tables.length;
  if (report?.tables.length && at('data').querySelector('details').open) at('tables').replaceChildren(...tables(report, say));
  draw();
}

function status() {
  const { done, networks, secondsLeft: left } = report ?? {};
  if (phase === 'loading') return say('loading');
  if (phase === 'idle' || !report) return record ? say('kept', { date: new Date(record.at).toLocaleString(lang) }) : '';
  if (report.watch) {
    const steps = report.watch.networks.reduce((sum, { step }) => sum + step, 0);
    const time = report.watch.stepMs === null ? '' : say('a-step', { time: Math.round(report.watch.stepMs) });
    return [say(`watch-${phase}`, { steps: steps.toLocaleString(lang) }), time].filter(Boolean).join(' ');
  }
  const untrained = { cost: 'sizes', overflow: 'passes' }[report.pictures[0]?.kind];
  if (untrained) return say(`${phase}-${untrained}`, { done, networks });
  if (phase !== 'running') return say(phase, { done, networks });
  const time = (seconds) => (seconds < 90 ? say('seconds', { time: Math.ceil(seconds) }) : say('minutes', { time: Math.ceil(seconds / 60) }));
  return say('running', { done, networks, left: left === null ? say('soon') : time(left) });
}

function adapter({ device, adapter: name }) {
  return device === 'cpu' ? `CPU (${name})` : name;
}

/** Draws the pictures, σ in units of He's where the reader wants that. */
function draw() {
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
