// A lab's link, as docs/contract.md has it: what it says about the run is handed on as it is, what
// it says about the view is read, changed, and written again in as few words as will do.

export const CHARTS = ['variance', 'gradient', 'signal-share', 'loss', 'weights', 'sweep', 'phase', 'correlation', 'entropy'];
export const TEXTS = ['question', 'diagnosis', 'status'];
export const BUTTONS = ['play', 'step', 'reset', 'reseed'];
export const GROUPS = ['start', 'matrices', 'network', 'optimizer', 'run'];

/** An embedded lab has them only where `show` names them. */
const THEORY = ['signal-share', 'phase', 'correlation', 'entropy'];

const always = () => true;
const gpt = ({ model }) => model === 'gpt';
const scheme = (...begin) => (values) => {
  // Of a prepared lab nothing may be known yet; a GPT's matrices can have schemes of their own.
  const all = ['init', ...Object.keys(MATRICES).map((name) => `init.${name}`)].map((key) => values[key]);
  return values.init === undefined || all.some((init) => begin.some((start) => init?.startsWith(start)));
};
const matrix = (fits) => (values) => gpt(values) && fits(values);
const MATRICES = {
  token: always,
  position: ({ block }) => block !== 'llama',
  q: always,
  k: always,
  v: always,
  out: always,
  'mlp-in': always,
  'mlp-up': ({ block }) => block === 'llama',
  'mlp-out': always,
  head: ({ tied }) => tied === 'off',
};

/** The schemes that take a σ or a gain of one's own; a σ alone is the model's scheme with that σ. */
const STD = ['model', 'normal', 'uniform', 'truncated-normal', 'sparse', 'constant'];
const GAIN = ['xavier-normal', 'xavier-uniform', 'kaiming-normal', 'kaiming-uniform', 'orthogonal', 'mup', 'fixup', 'formula'];
const asks = (schemes, init) => init === undefined || schemes.includes(init);

/** The scheme of a matrix: its own, or what follows from its formula or from the model. */
function own(values, name) {
  const init = values[`init.${name}`];
  if (init !== undefined && init !== 'model') return init;
  return values[`formula.${name}`] === undefined ? values.init : 'formula';
}

/** Every control in the lab's order: its id, its group, and whether it means anything for these values. */
export const KNOBS = [
  ['init', 'start', always],
  ['std', 'start', always],
  ['formula', 'start', scheme('formula')],
  ['gain', 'start', always],
  ['cut', 'start', scheme('truncated-normal', 'xavier-normal', 'kaiming-normal', 'lecun-normal', 'formula')],
  ['sparsity', 'start', scheme('sparse')],
  ['writes', 'start', gpt],
  ['fan', 'start', scheme('kaiming')],
  ['bias', 'start', ({ model, block }) => model !== 'gpt' || block !== 'llama'],
  ...Object.entries(MATRICES).flatMap(([name, fits]) => [
    [`init.${name}`, 'matrices', matrix(fits)],
    [`std.${name}`, 'matrices', matrix((values) => fits(values) && asks(STD, values[`init.${name}`] ?? 'model'))],
    [`gain.${name}`, 'matrices', matrix((values) => fits(values) && asks(GAIN, own(values, name)))],
    [`formula.${name}`, 'matrices', matrix((values) => fits(values) && own(values, name) === 'formula')],
  ]),
  ['model', 'network', always],
  ['depth', 'network', always],
  ['width', 'network', always],
  ['heads', 'network', gpt],
  ['context', 'network', gpt],
  ['block', 'network', gpt],
  ['act', 'network', always],
  ['slope', 'network', ({ act }) => act === 'leaky-relu'],
  ['norm', 'network', always],
  ['pos', 'network', ({ norm }) => norm !== 'none'],
  ['residual', 'network', always],
  ['attention', 'network', gpt],
  ['tied', 'network', gpt],
  ['opt', 'optimizer', always],
  ['lr', 'optimizer', always],
  ['warmup', 'optimizer', always],
  ['schedule', 'optimizer', always],
  ['clip', 'optimizer', always],
  ['wd', 'optimizer', always],
  ['decay', 'optimizer', ({ wd, model }) => Number(wd ?? (model === 'gpt' ? 0.1 : 0)) > 0],
  ['dropout', 'optimizer', always],
  ['batch', 'optimizer', always],
  ['steps', 'optimizer', always],
  ['adapt', 'optimizer', always],
  ['adapt-at', 'optimizer', ({ adapt = 'off' }) => adapt !== 'off'],
  ['rank', 'optimizer', ({ adapt }) => adapt === 'lora'],
  ['lora-start', 'optimizer', ({ adapt }) => adapt === 'lora'],
  ['token-start', 'optimizer', ({ adapt }) => adapt === 'tokens'],
  ['data', 'run', always],
  ['seed', 'run', always],
  ['device', 'run', always],
].map(([id, group, applies]) => ({ id, group, applies }));

const KNOB_IDS = KNOBS.map(({ id }) => id);
const PARTS = [...TEXTS, ...BUTTONS, 'share', 'theory'];
const IDS = new Set([...KNOB_IDS, ...GROUPS, ...CHARTS, ...PARTS]);
const LISTS = ['show', 'hide', 'lock'];
const VIEW = new Set(['v', 'lang', 'theme', 'embed', 'autoplay', ...LISTS]);
const BY_GROUP = new Map(KNOBS.map(({ id, group }) => [id, group]));

/** Reads a hash into the run's keys and the view. What it cannot take, the lab will name. */
export function read(hash) {
  const run = new Map();
  const view = { lang: '', theme: 'auto', autoplay: false, show: [], hide: [], lock: [] };
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
    if (LISTS.includes(key)) view[key] = [...new Set(value.split(',').map((id) => id.trim()))].filter((id) => IDS.has(id));
    else if (key === 'lang' && ['en', 'vi'].includes(value)) view.lang = value;
    else if (key === 'theme' && ['auto', 'light', 'dark'].includes(value)) view.theme = value;
    else if (key === 'autoplay') view.autoplay = ['1', 'on'].includes(value);
    else if (!VIEW.has(key)) run.set(key, value);
  }
  return { run, view };
}

/** The keys and values of a link, in the lab's order. */
export function entries({ run, view }, { embed = false } = {}) {
  const all = [...run];
  if (view.lang) all.push(['lang', view.lang]);
  if (view.theme !== 'auto') all.push(['theme', view.theme]);
  if (embed) all.push(['embed', '1']);
  if (view.autoplay) all.push(['autoplay', '1']);
  for (const key of LISTS) if (view[key].length) all.push([key, view[key].join(',')]);
  return all;
}

/** The hash that restores the lab. Nothing in it needs quoting in HTML, Markdown or Python but `&`. */
export function write(lab, options) {
  return `#${[['v', '1'], ...entries(lab, options)].map(([key, value]) => `${quote(key)}=${quote(value)}`).join('&')}`;
}

function quote(text) {
  return encodeURIComponent(text)
    .replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+').replaceAll('%2C', ',').replaceAll('%2F', '/');
}

const named = (list, id) => list.includes(id) || list.includes(BY_GROUP.get(id));
const isChart = (id) => CHARTS.includes(id);

/** Whether an embedded lab shows this control, chart or part: the rules of `lab::view`. */
export function shows({ show, hide }, id) {
  if (THEORY.includes(id)) return show.includes(id) && !hide.includes(id);
  if (CHARTS.includes(id)) return (!show.some(isChart) || show.includes(id)) && !hide.includes(id);
  if (PARTS.includes(id)) return !hide.includes(id);
  return (!show.length || named(show, id)) && !named(hide, id);
}

/** Whether the lab shows it and lets nobody move it. */
export function locks(view, id) {
  return named(view.lock, id);
}

/**
 * The view that shows exactly the `wanted` of the `listed` ids and locks the `locked` of them. Ids
 * that are not listed, because they mean nothing for the present network, stay where they were named.
 */
export function choose(view, listed, wanted, locked) {
  const rest = (list) => list.filter((id) => !listed.includes(id) && !listed.some((one) => BY_GROUP.get(one) === id));
  const within = (ids) => listed.filter((id) => ids.includes(id));
  const [knobs, charts, parts] = [(id) => BY_GROUP.has(id), (id) => CHARTS.includes(id), (id) => PARTS.includes(id)].map((is) => {
    const all = listed.filter(is);
    return { on: all.filter((id) => wanted.includes(id)), off: all.filter((id) => !wanted.includes(id)) };
  });
  const away = [...parts.off, ...rest(view.hide)];
  const gone = charts.off.filter((id) => !THEORY.includes(id));
  const candidates = [
    { show: [], hide: [...gathered(knobs.off, listed), ...gone, ...away] },
    { show: [...gathered(knobs.on, listed), ...rest(view.show)], hide: [...gone, ...away] },
    { show: [...gathered(knobs.on, listed), ...charts.on, ...rest(view.show)], hide: away },
  ];
  const length = ({ show, hide }) => [...show, ...hide].join().length;
  const [best] = candidates
    .filter((candidate) => listed.every((id) => shows(candidate, id) === wanted.includes(id)))
    .sort((one, other) => length(one) - length(other));
  const lock = within(locked).filter((id) => wanted.includes(id));
  return { ...view, ...best, lock: [...gathered(lock, listed), ...rest(view.lock)] };
}

/** Ids with the name of a group in place of all its members. */
function gathered(ids, listed) {
  const whole = GROUPS.filter((group) => {
    const members = listed.filter((id) => BY_GROUP.get(id) === group);
    return members.length > 1 && members.every((id) => ids.includes(id));
  });
  return [...new Set(ids.map((id) => (whole.includes(BY_GROUP.get(id)) ? BY_GROUP.get(id) : id)))];
}

/** The ids that mean something for a network with these values, in the lab's order. */
export function listed(values) {
  const charts = CHARTS.filter((id) => {
    if (['weights', 'entropy'].includes(id)) return gpt(values);
    return !['phase', 'correlation'].includes(id) || !gpt(values);
  });
  return [...KNOBS.filter(({ applies }) => applies(values)).map(({ id }) => id), ...charts, ...TEXTS, ...BUTTONS];
}

/**
 * The knobs' values for a link, as far as they are known. A key that it does not name has the value
 * of its base: the model's, or a prepared lab's, which only the lab knows. `said` is what the lab
 * told of itself (`initlab:ready`) and of which link.
 */
export function valuesOf(run, said) {
  const values = Object.fromEntries(run);
  if (run.has('x') && said) {
    // There are two models; a link names one where its base is the other.
    const base = said.run.has('model') ? { gpt: 'mlp', mlp: 'gpt' }[said.spec.model] : said.spec.model;
    values.model ??= base;
    const told = Object.entries(said.spec).filter(([key]) => values.model === said.spec.model && !said.run.has(key));
    return { ...Object.fromEntries(told), ...values };
  }
  if (run.has('x')) return values;
  values.model ??= 'mlp';
  const own = gpt(values) ? { init: 'gpt2', block: 'gpt2', norm: 'layer', tied: 'on' } : { init: 'normal', norm: 'none' };
  const llama = values.block === 'llama' ? { norm: 'rms', tied: 'off' } : {};
  return { ...own, ...llama, ...values };
}
