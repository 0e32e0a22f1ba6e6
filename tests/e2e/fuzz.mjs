// Links, messages and files as nobody means them: made from a seed, so that what breaks can be seen again.

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const MARKUP = '<img src=x onerror="window.broken=1">';

/** Words that have broken readers of links before. */
const ODD = [
  '', ' ', '%', '%00', '%E0%A4%A', '%ff%fe', 'NaN', '-NaN', 'Infinity', '-0', '1e999', '-1e999', '1e-400', '0x10', '1_000',
  '٣', '１２', '½', '√(2/0)', '1/0', '((((((((', '2^2^2^2', 'sqrt(-1)', '__proto__', 'constructor', 'toString', 'null',
  'undefined', 'true', '[object Object]', '\ud800', '\u202e', '\u0000', '💩', 'é'.repeat(2000), '9'.repeat(400),
  `,${','.repeat(300)}`, ';;;', '|', '..', '../../etc/passwd', 'javascript:window.broken=1', MARKUP,
  `"'><script>window.broken=1</script>`, '${window.broken=1}', '{{7*7}}', '&amp;', '#', '##v=1#v=1', '?', '//evil.example',
];
const KEYS = [
  'v', 'x', 'lang', 'theme', 'embed', 'autoplay', 'show', 'hide', 'lock', 'charts', 'predict', 'formats', 'goal', 'from',
  'together', 'b', 'c', 'd', 'name', 'toString', 'hasOwnProperty', 'utm_source', 'std.', '.std', 'init.no-such-matrix',
];

export class Fuzzer {
  /** `links` are good ones to begin with, and `keys` the names of knobs. */
  constructor(seed, links, keys) {
    this.next = random(seed);
    this.links = links;
    this.keys = [...KEYS, ...keys];
  }

  below(count) {
    return Math.floor(this.next() * count);
  }

  one(list) {
    return list[this.below(list.length)];
  }

  /** A value: an odd word, a number of any size, a piece of another link, or random signs. */
  value() {
    switch (this.below(4)) {
      case 0: return this.one(ODD);
      case 1: return String((this.next() - 0.3) * 10 ** (this.below(24) - 10));
      case 2: return this.one(this.links).split('&').map((part) => part.split('=')[1] ?? part).at(this.below(8)) ?? '';
      default: return Array.from({ length: this.below(12) }, () => String.fromCharCode(32 + this.below(96))).join('');
    }
  }

  /** A hash: a good one, with parts changed, doubled, cut off or added. */
  link() {
    let parts = this.one(this.links).replace(/^#/, '').split('&');
    for (let change = this.below(5); change >= 0; change--) {
      const at = this.below(parts.length + 1);
      switch (this.below(6)) {
        case 0: parts.splice(at, 1); break;
        case 1: parts.splice(at, 0, `${this.one(this.keys)}=${this.value()}`); break;
        case 2: parts.splice(at, 1, `${(parts[at] ?? 'std').split('=')[0]}=${this.value()}`); break;
        case 3: parts = parts.concat(this.one(this.links).split('&').slice(0, 3)); break;
        case 4: parts.splice(at, 0, this.one(ODD)); break;
        default: parts.splice(at, 0, `${this.one(['b', 'c', 'from', 'goal'])}=${encodeURIComponent(this.one(this.links))}`);
      }
    }
    const text = parts.join('&');
    return `#${this.below(12) === 0 ? text.slice(0, this.below(text.length)) : text}`;
  }

  /** Anything that can be posted: a message of the protocol with odd fields, or no message at all. */
  message() {
    const types = ['set', 'get', 'play', 'pause', 'step', 'reset', 'xapi', 'key', 'theme', 'resize', 'frame', 'nothing'];
    const odd = () => this.one([this.value(), this.next() * 1e9, -1, null, undefined, true, [], [[]], {}, { toString: 1 }, new Date(0)]);
    if (this.below(8) === 0) return odd();
    const message = { v: this.below(10) ? 1 : odd(), type: `initlab:${this.one(types)}` };
    for (let field = this.below(4); field > 0; field--) message[this.one([...this.keys, 'count', 'spec', 'steps', 'set', 'value'])] = odd();
    if (message.type === 'initlab:set') {
      message.set = Object.fromEntries(Array.from({ length: this.below(4) }, () => [this.one(this.keys), odd()]));
    }
    return message;
  }

  /** An experiment's file: a good one with lines changed, doubled, cut off or swapped. */
  file(good) {
    const lines = good.split('\n');
    for (let change = this.below(4); change >= 0; change--) {
      const at = this.below(lines.length);
      switch (this.below(5)) {
        case 0: lines.splice(at, 1); break;
        case 1: lines.splice(at, 0, lines[this.below(lines.length)]); break;
        case 2: lines[at] = `${lines[at].split('=')[0]}= ${this.one([`"${this.value()}"`, this.value(), '[]', '[[[', '{}', '1e400', '-1', '"""', '\ud800'])}`; break;
        case 3: lines[at] = lines[at].slice(0, this.below(lines[at].length + 1)) + this.one(ODD); break;
        default: lines.push(`[${this.value()}]`, `${this.one(this.keys)} = ${this.value()}`);
      }
    }
    return lines.join('\n');
  }
}
