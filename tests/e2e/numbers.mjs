// Numbers as the page writes them for people, read back.

const SUPERSCRIPTS = new Map([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((sign, digit) => [sign, `${digit}`]).concat([['⁻', '-']]));

/** `1.23·10⁻⁵`, `0.02`, `∞`, `NaN`; `–` is null. */
export function readNumber(text) {
  const plain = text.trim().replace('−', '-');
  if (plain === '–') return null;
  if (plain.endsWith('∞')) return plain.startsWith('-') ? -Infinity : Infinity;
  const [digits, power] = plain.split('·10');
  const exponent = [...(power ?? '⁰')].map((sign) => SUPERSCRIPTS.get(sign)).join('');
  return Number(`${digits}e${exponent}`);
}

/** A CSV file as objects by column; the first column stays text, an empty cell is null. */
export function readCsv(text) {
  const [head, ...lines] = text.trimEnd().split('\n').map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(head.map((name, at) => {
    if (at === 0) return [name, cells[at]];
    return [name, cells[at] === '' ? null : Number(cells[at])];
  })));
}

/** Mean of a list. */
export const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

/** |a − b| over the larger of both. */
export const apart = (a, b) => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));
