// The page's own words, and the lab's, which it shares: the names of charts and controls are read
// from the site's files of texts.

import { WORDS } from './words.js';

/** A file of texts as a function of `table.key`. Such a file is tables of one-line strings without escapes. */
export function parse(file) {
  const texts = new Map();
  let table = '';
  for (const line of file.split('\n')) {
    const head = /^\[([^\]]+)\]/.exec(line);
    if (head) table = `${head[1]}.`;
    const pair = /^([\w-]+) = "(.*)"\s*$/.exec(line);
    if (pair) texts.set(table + pair[1], pair[2]);
  }
  return (key) => texts.get(key) ?? key;
}

const files = new Map();

/** The lab's texts in a language. Without a net their keys have to do. */
export function labTexts(lang) {
  if (!files.has(lang)) {
    const text = fetch(new URL(`../lang/${lang}.toml`, import.meta.url))
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(`lang/${lang}.toml: ${answer.status}`))));
    files.set(lang, text.catch((error) => {
      console.warn(error);
      // The net may be back when they are asked for again.
      files.delete(lang);
      return '';
    }).then(parse));
  }
  return files.get(lang);
}

/** The studio's texts in a language. */
export function words(lang) {
  return (key) => WORDS[lang][key];
}

/** A chart's, control's or part's name, from the lab's texts or the studio's. */
export function nameOf(id, lab, own) {
  const [kind, matrix] = id.split('.');
  if (matrix) return lab(`knob-of.${kind}`).replace('{matrix}', lab(`role.${matrix}`));
  const places = [`knob.${id}`, `chart.${id}-title`, `transport.${id}`];
  const found = places.find((key) => lab(key) !== key);
  return found ? lab(found) : own(id) ?? id;
}
