// The numbers of an experiment: as tables to read, and as files to compute on.

import { make } from '../studio/parts.js';
import { number } from './engine.js';
import { shown } from './draw.js';

/** Tables to read; a link of a network opens it where `inLab` says. */
export function tables(report, say, inLab) {
  return report.tables.map(({ id, columns, rows }) => {
    const head = make('tr', {}, ...columns.map((name) => make('th', { scope: 'col', textContent: say(name) })));
    const body = rows.map((row) => make('tr', {}, ...row.map((cell) => make('td', {}, content(cell, say, inLab)))));
    const table = make('table', { data: { testid: `table-${id}` } },
      make('caption', { textContent: say(id) }), make('thead', {}, head), make('tbody', {}, ...body));
    return make('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: say(id) }, table);
  });
}

function content(cell, say, inLab) {
  if (typeof cell === 'string' && cell.startsWith('#v=')) return make('a', { href: inLab(cell), textContent: say('open') });
  const value = isNumber(cell) ? number(cell) : cell;
  return value === null ? '' : typeof value === 'number' ? shown(value) : value;
}

const isNumber = (cell) => typeof cell === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(cell);

/** The networks as comma-separated values. */
export function csv(report) {
  const { columns, rows } = report.tables[0];
  const quoted = (cell) => (/[",\n]/.test(`${cell}`) ? `"${`${cell}`.replaceAll('"', '""')}"` : `${cell ?? ''}`);
  return [columns, ...rows].map((row) => row.map(quoted).join(',')).join('\n') + '\n';
}

/** Everything that is known, with the file it came from. */
export function json(report, file) {
  const { tables: known, findings, pictures } = report;
  return `${JSON.stringify({ file, findings, tables: known, pictures }, null, 2)}\n`;
}

/** So long a browser may take to read what it saves: some ask first where to. */
const SAVED = 60_000;

/** Lets the reader save a text. */
export function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), SAVED);
}
