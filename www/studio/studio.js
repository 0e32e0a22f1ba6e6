// The studio: a lab in a frame, what of it is shown, and what to paste to have it in another page.
//
// The run belongs to the preview: what is set there comes back as its link. The view belongs to the
// choices; the preview's hash follows them, which begins no new run.

import { BUTTONS, CHARTS, GROUPS, KNOBS, TEXTS, choose, listed, locks, read, shows, valuesOf, write } from './link.js';
import { outputs } from './output.js';
import { group, make, outputBox } from './parts.js';
import { labTexts, nameOf, words } from './text.js';

const HOME = new URL('./', location.href).href;
const BOXES = {
  link: ['link'], html: ['html'], markdown: ['markdown', 'markdown-link'], element: ['element'], jupyter: ['jupyter'], lms: ['lms'],
};
/** Until the lab says how high it is. */
const UNMEASURED = 640;
/** Safari refuses more than a hundred changes of the address in half a minute. */
const REST = 400;

const at = (id) => document.getElementById(id);
const form = at('choices');
const kind = () => document.querySelector('[name="kind"]:checked').value;

let wanted; // the language that was asked for last,
let lang; // this page's language,
let texts; // the lab's texts in it,
let own; // and the studio's
let lab; // what the link restores: { run, view }
let frame; // the preview,
let said = null; // what it told of itself (its spec, and of which run),
let telling = null; // what it tells just now,
let silent = true; // whether it spoke already,
let measured = UNMEASURED; // and how high it is;
let usual = UNMEASURED; // how high at the desk
let ids = []; // what can be chosen
let title = ''; // what the frame is called unless a title was typed
let writing;

await speak(languageAsked());
open();
at('local').hidden = !/^(localhost|127\..*|\[::1\])$/.test(location.hostname);
document.querySelector('main').hidden = false;

addEventListener('hashchange', open);
addEventListener('message', ({ source, data }) => {
  if (source === frame.contentWindow && data?.v === 1) hear(data);
});
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('change', ({ target }) => change(target));
form.addEventListener('input', ({ target }) => {
  if (target.type === 'text' || target.type === 'number') tell();
});
at('kinds').addEventListener('change', tell);
at('widths').addEventListener('change', ({ target }) => {
  at('stage').dataset.width = target.value;
  // Anew: which groups of controls come up open depends on the width.
  load(write(lab, { embed: true }));
});
at('other').addEventListener('click', async (event) => {
  event.preventDefault();
  const next = wanted === 'vi' ? 'en' : 'vi';
  await speak(next);
  if (wanted !== next) return;
  const address = new URL(location.href);
  address.searchParams.set('lang', lang);
  history.replaceState(null, '', address);
  build();
});

function languageAsked() {
  const asked = new URLSearchParams(location.search).get('lang') ?? (read(location.hash).view.lang || navigator.language || '');
  return asked.startsWith('vi') ? 'vi' : 'en';
}

/** Puts the page into a language, unless another was asked for before its texts came. */
async function speak(next) {
  wanted = next;
  const found = await labTexts(next);
  if (wanted !== next) return;
  texts = found;
  lang = next;
  own = words(lang);
  document.documentElement.lang = lang;
  document.title = `${own('title')} · Init Lab`;
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = own(element.dataset.text);
  for (const element of document.querySelectorAll('[data-lab]')) element.textContent = texts(element.dataset.lab);
  const other = lang === 'vi' ? { lang: 'en', text: 'English' } : { lang: 'vi', text: 'Tiếng Việt' };
  Object.assign(at('other'), { lang: other.lang, hreflang: other.lang, href: `?lang=${other.lang}`, textContent: other.text });
  at('outputs').replaceChildren(...Object.values(BOXES).flat().map((id) => outputBox({ id, own, copy })));
}

/** Begins with the lab of the address. What is wrong with it, the preview says. */
function open() {
  lab = read(location.hash);
  said = null;
  load(`#v=1&embed=1&${location.hash.slice(1)}`);
  build();
}

function load(hash) {
  silent = true;
  frame = make('iframe', { src: HOME + hash, title: own('preview'), data: { testid: 'preview' } });
  frame.style.height = `${measured}px`;
  at('stage').replaceChildren(frame);
}

/** Takes in what the preview says. */
function hear({ type, link, height, spec }) {
  const ask = (what) => frame.contentWindow.postMessage({ v: 1, type: `initlab:${what}` }, '*');
  if (type === 'initlab:resize') {
    // The first word of a lab. From here on it knows its link, with all that was wrong put right.
    if (silent) ask('get');
    silent = false;
    measured = Math.ceil(height);
    if (at('stage').dataset.width === 'desktop') usual = measured;
    tell();
  } else if (type === 'initlab:ready') {
    telling = spec;
    ask('get');
  } else if (type === 'initlab:state') {
    lab.run = read(link).run;
    if (telling) said = { spec: telling, run: lab.run };
    telling = null;
    const now = listed(valuesOf(lab.run, said));
    if (`${now}` === `${ids}`) show();
    else build();
  }
}

/** Does what was chosen. */
function change({ name, value, checked, dataset }) {
  const { view } = lab;
  if (dataset.what) {
    const chosen = dataset.id ? [dataset.id] : members(dataset.group);
    const [wanted, locked] = [shows, locks].map((is, at) => {
      const mine = at === (dataset.what === 'show' ? 0 : 1);
      return ids.filter((id) => (mine && chosen.includes(id) ? checked : is(view, id)));
    });
    lab.view = choose(view, ids, wanted, locked);
  } else if (name === 'device') {
    if (value === 'auto') lab.run.delete('device');
    else lab.run.set('device', value);
  } else if (name === 'autoplay') {
    view.autoplay = checked;
    frame.contentWindow.postMessage({ v: 1, type: `initlab:${checked ? 'play' : 'pause'}` }, '*');
  } else if (name === 'lang' || name === 'theme') {
    view[name] = value;
  }
  show();
  // Not by `initlab:set`, which begins a new run.
  frame.contentWindow.location.replace(HOME + write(lab, { embed: true }));
}

function members(name) {
  const lists = { charts: CHARTS, texts: TEXTS, buttons: BUTTONS };
  const all = lists[name] ?? KNOBS.filter(({ group }) => group === name).map(({ id }) => id);
  return ids.filter((id) => all.includes(id));
}

/** Lays the choices out anew: others mean something, or their names changed. */
function build() {
  ids = listed(valuesOf(lab.run, said));
  const places = at('groups');
  const before = new Map([...places.children].map(({ dataset, open }) => [dataset.group, open]));
  const wide = matchMedia('(min-width: 721px)').matches;
  const all = ['charts', ...GROUPS, 'texts', 'buttons'].filter((name) => members(name).length);
  places.replaceChildren(...all.map((id) => group({
    id,
    name: GROUPS.includes(id) ? texts(`group.${id}`) : own(id),
    rows: members(id).map((row) => [row, nameOf(row, texts, own)]),
    lockable: id !== 'charts' && id !== 'texts',
    open: before.get(id) ?? (id === 'charts' || (id === 'start' && wide)),
    own,
  })));
  show();
}

/** Shows the present choices, and what they come to. */
function show() {
  const { run, view } = lab;
  for (const box of form.querySelectorAll('[data-id]')) {
    const shown = shows(view, box.dataset.id);
    box.checked = box.dataset.what === 'show' ? shown : shown && locks(view, box.dataset.id);
    box.disabled = box.dataset.what === 'lock' && !shown;
  }
  for (const details of at('groups').children) {
    const all = members(details.dataset.group);
    const on = all.filter((id) => shows(view, id));
    details.querySelector('small').textContent = `${on.length}/${all.length}`;
    for (const box of details.querySelectorAll('[data-group] [data-group]')) {
      const few = box.dataset.what === 'show' ? on : on.filter((id) => locks(view, id));
      box.checked = few.length === all.length;
      box.indeterminate = few.length > 0 && !box.checked;
      box.disabled = box.dataset.what === 'lock' && !on.length;
    }
  }
  const { lang, theme, device, autoplay } = form.elements;
  lang.value = view.lang;
  theme.value = view.theme;
  device.value = run.get('device') ?? 'auto';
  autoplay.checked = view.autoplay;
  tell();
  name();
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, '', write(lab)), REST);
}

/** Calls the frame what the lab calls itself, in the language that its readers get. */
async function name() {
  const wanted = lab.view.lang || lang;
  const found = (await labTexts(wanted))('title');
  if (wanted !== (lab.view.lang || lang)) return;
  title = found === 'title' ? 'Init Lab' : found;
  tell();
}

/** Writes out what can be copied, and gives the preview its height. */
function tell() {
  const { height, title: typed } = form.elements;
  const fixed = height.value && height.validity.valid ? Number(height.value) : null;
  const texts = outputs({ home: HOME, lab, title: typed.value.trim() || title, height: fixed, usual });
  for (const box of at('outputs').children) {
    const { output } = box.dataset;
    const code = box.querySelector('code');
    if (code.textContent !== texts[output]) code.textContent = texts[output];
    box.hidden = !BOXES[kind()].includes(output);
  }
  height.placeholder = usual;
  typed.placeholder = title;
  frame.title = own('preview');
  frame.style.height = `${fixed ?? measured}px`;
  const { lang, theme } = lab.view;
  at('back').href = HOME + write({ run: lab.run, view: { lang, theme, show: [], hide: [], lock: [] } });
}

/** Copies a text, or where that is not allowed selects it. */
async function copy(code, button) {
  let outcome = 'copied';
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code);
    outcome = 'selected';
  }
  button.textContent = at('said').textContent = own(outcome);
  setTimeout(() => {
    button.textContent = own('copy');
    at('said').textContent = '';
  }, 2000);
}
