// Experiments: many networks trained in this tab, what they show, and what is found in it.
//
// The worker reads the file, trains, draws conclusions and says how it stands; this page shows that.

import { make } from '../studio/parts.js';
import { figure } from './draw.js';
import { Engine } from './engine.js';
import { csv, json, save, tables } from './table.js';
import { say as text } from './words.js';

const IDS = [
  'e1', 'e2', 'map', 'rescue', 'optimizers', 'norms', 'default', 'tanh-gain', 'symmetry', 'lsuv', 'mup', 'attention', 'residual-scale', 'dropout', 'cost',
];
const at = (id) => document.getElementById(id);

let lang; // this page's language
let files; // the experiments, by id: { source, title: { en, vi }, note }
let id; // the one that is shown
let phase = 'idle'; // idle, loading, running, held, over or ended
let run = 0; // the number of the last order
let report = null; // how it stands
let begun = null; // what began: { title, note, device }
let ran = ''; // its file
let wrong = null; // what went wrong: { key, values, line }
let drawing = false;
let again = false; // whether there is news since

const say = (key, values) => text(lang, key, values);
const engine = new Engine(hear);

lang = languageAsked();
files = await load();
open();
document.querySelector('main').hidden = false;

addEventListener('hashchange', open);
addEventListener('resize', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
at('run').addEventListener('click', () => start(at('text').value));
at('run-file').addEventListener('click', () => start(at('text').value));
at('hold').addEventListener('click', hold);
at('end').addEventListener('click', () => engine.send('finish'));
at('units').addEventListener('change', draw);
at('choices').addEventListener('change', () => { location.hash = at('choices').value; });
at('csv').addEventListener('click', () => save(`${id}.csv`, 'text/csv', csv(report)));
at('json').addEventListener('click', () => save(`${id}.json`, 'application/json', json(report, ran)));
at('text').addEventListener('input', keep);
at('data').querySelector('details').addEventListener('toggle', show);
at('original').addEventListener('click', () => {
  at('text').value = files.get(id).source;
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

/** The experiments of the site. One that cannot be had is left out, and said. */
async function load() {
  const found = new Map();
  await Promise.all(IDS.map(async (name) => {
    const answer = await fetch(`studies/${name}.toml`).catch(() => null);
    if (answer?.ok) found.set(name, await answer.text());
    else wrong = { key: 'unreachable' };
  }));
  return new Map(IDS.filter((name) => found.has(name)).map((name) => [name, { source: found.get(name) }]));
}

/** Shows the experiment of the address, or the first one. */
function open() {
  const asked = location.hash.slice(1);
  const next = files.has(asked) ? asked : files.keys().next().value;
  if (next === undefined || next === id) return speak();
  if (phase === 'running' || phase === 'held') engine.send('finish');
  [id, phase, report, begun] = [next, 'idle', null, null];
  run += 1;
  if (files.size === IDS.length) wrong = null;
  at('text').value = kept(id) ?? files.get(id).source;
  at('pictures').replaceChildren();
  keep();
  speak();
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
  at('choices').replaceChildren(...[...files].map(([name, { source }]) => make('option', { value: name, textContent: field(source, 'title') })));
  at('choices').value = id;
  show();
}

/** A text of a file in this language: enough of TOML for what stands above the experiments. */
function field(source, table) {
  const part = source.split(/^(?=\[)/m).find((text) => text.startsWith(`[${table}]`)) ?? '';
  const line = (key) => new RegExp(`^${key}\\s*=\\s*"(.*)"\\s*$`, 'm').exec(part)?.[1].replaceAll('\\"', '"');
  return line(lang) ?? line('en') ?? id;
}

function storage(name) {
  return `init-lab/experiment/${name}`;
}

function kept(name) {
  try {
    return localStorage.getItem(storage(name));
  } catch {
    return null; // Storage is blocked: then nothing was kept.
  }
}

/** Keeps the reader's own version of the file. */
function keep() {
  const own = at('text').value !== files.get(id).source;
  at('original').disabled = !own;
  try {
    if (own) localStorage.setItem(storage(id), at('text').value);
    else localStorage.removeItem(storage(id));
  } catch {
    // Storage is blocked: it lives as long as the page.
  }
}

async function start(file) {
  run += 1;
  [phase, report, begun, ran, wrong] = ['loading', null, null, file, null];
  at('pictures').replaceChildren();
  show();
  await engine.send({ study: { run, text: file } });
}

function hold() {
  phase = phase === 'held' ? 'running' : 'held';
  engine.send({ hold: phase === 'held' });
  show();
}

/** Takes in what the worker says. What is of an older order is of no account. */
function hear(word) {
  const { refused, begun: began, report: news, died } = word;
  if (died !== undefined) {
    wrong = { key: 'died', values: { detail: died } };
    phase = phase === 'idle' ? 'idle' : 'ended';
  } else if (refused?.run === run) {
    const { line, key, detail } = refused.why;
    wrong = { key: key === 'link' ? 'bad-link' : key, values: { detail }, line };
    phase = 'idle';
    at('file').open = true;
    select(line);
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
  at('title').textContent = field(source, 'title');
  at('note').textContent = field(source, 'note');
  const busy = ['loading', 'running', 'held'].includes(phase);
  at('run').hidden = busy;
  at('run-file').disabled = busy;
  at('hold').hidden = at('end').hidden = phase !== 'running' && phase !== 'held';
  at('hold').textContent = say(phase === 'held' ? 'go' : 'hold');
  at('progress').hidden = !busy;
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
  at('data').hidden = !report;
  if (report && at('data').querySelector('details').open) at('tables').replaceChildren(...tables(report, say));
  draw();
}

function status() {
  const { done, networks, secondsLeft: left } = report ?? {};
  if (phase === 'loading') return say('loading');
  if (phase === 'idle' || !report) return '';
  if (report.pictures.some(({ kind }) => kind === 'cost')) return say(phase === 'over' ? 'over-sizes' : 'running-sizes', { done, networks });
  if (phase !== 'running') return say(phase, { done, networks });
  const time = (seconds) => (seconds < 90 ? say('seconds', { time: Math.ceil(seconds) }) : say('minutes', { time: Math.ceil(seconds / 60) }));
  return say('running', { done, networks, left: left === null ? say('soon') : time(left) });
}

function adapter({ device, adapter: name }) {
  return device === 'cpu' ? `CPU (${name})` : name;
}

/** Draws the pictures, at most once a frame, and never while Plotly is still at the last ones. */
function draw() {
  if (drawing) {
    again = true;
    return;
  }
  drawing = true;
  requestAnimationFrame(async () => {
    again = false;
    try {
      if (report && globalThis.Plotly) await Promise.all(render());
    } finally {
      drawing = false;
    }
    if (again) draw();
  });
}

/** Begins to draw; answers with what to wait for. */
function render() {
  const scaled = report.pictures.some(({ curves }) => curves.some((curve) => curve.scaled));
  at('units').hidden = !scaled;
  if (scaled) {
    const { name } = report.pictures.find(({ curves }) => curves.some((curve) => curve.scaled)).x;
    at('unit-plain').textContent = name;
    at('unit-scaled').textContent = say('scaled', { name });
  }
  const inUnits = scaled && document.querySelector('[name="units"]:checked').value === 'scaled';
  const places = at('pictures');
  while (places.children.length < report.pictures.length) places.append(frame(places.children.length));
  return report.pictures.map(async (picture, index) => {
    const place = places.children[index];
    place.querySelector('h3').textContent = [picture.panel, say({ losses: 'train-loss', cost: 'ms' }[picture.kind] ?? picture.measure)].filter(Boolean).join(': ');
    const canvas = place.querySelector('.canvas');
    if (canvas.clientWidth === 0) return; // Not laid out yet.
    if (canvas.dataset.width !== `${canvas.clientWidth}`) {
      // In another width the legend takes other rows, which Plotly works out only for a new picture.
      Plotly.purge(canvas);
      canvas.dataset.width = canvas.clientWidth;
      delete canvas.dataset.listens;
    }
    await Plotly.react(canvas, figure(picture, { say, scaled: inUnits, width: canvas.clientWidth, height: canvas.clientHeight }));
    if (picture.kind === 'map' && !canvas.dataset.listens) {
      canvas.dataset.listens = 'yes';
      canvas.on('plotly_click', ({ points }) => points[0]?.customdata && globalThis.open(`./${points[0].customdata}`, '_blank', 'noopener'));
    }
  });
}

function frame(index) {
  return make('figure', { className: 'panel picture', data: { testid: `picture-${index}` } }, make('h3'), make('div', { className: 'canvas' }));
}
