// The files of experiments: the site's, and the reader's own versions of them, kept in this browser.

export const IDS = [
  'e1', 'e2', 'e3', 'map', 'rescue', 'optimizers', 'norms', 'default', 'tanh-gain', 'symmetry', 'lsuv', 'mup', 'attention', 'residual-scale', 'dropout', 'lora', 'tokens', 'overflow', 'coordinates', 'cost',
];

/** The site's files by id, in order; one that cannot be had is left out. */
export async function load() {
  const found = new Map();
  await Promise.all(IDS.map(async (name) => {
    const answer = await fetch(`studies/${name}.toml`).catch(() => null);
    if (answer?.ok) found.set(name, await answer.text());
  }));
  return new Map(IDS.filter((name) => found.has(name)).map((name) => [name, found.get(name)]));
}

/** A text of a file in a language: enough of TOML for what stands above the experiments. */
export function field(source, table, lang) {
  const part = source.split(/^(?=\[)/m).find((text) => text.startsWith(`[${table}]`)) ?? '';
  const line = (key) => new RegExp(`^${key}\\s*=\\s*"(.*)"\\s*$`, 'm').exec(part)?.[1].replaceAll('\\"', '"');
  return line(lang) ?? line('en');
}

const place = (id) => `init-lab/experiment/${id}`;

/** The reader's own version of a file, if there is one. */
export const own = (id) => stored((storage) => storage.getItem(place(id)));

/** Keeps the reader's own version; `null` is none. */
export const setOwn = (id, text) => stored((storage) => (text === null ? storage.removeItem(place(id)) : storage.setItem(place(id), text)));

function stored(ask) {
  try {
    return ask(localStorage) ?? null;
  } catch {
    return null; // Storage is blocked: it lives as long as the page.
  }
}
