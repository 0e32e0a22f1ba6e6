// Takes out of a program what only the tools needed that made it, before it is sent to every visitor:
//   node scripts/slim.mjs name.js name_bg.wasm
// wasm-bindgen gives each function of the browser that a program calls a long name with a checksum, which stands in the wasm
// and in the JavaScript and does not compress: both get a short one. And it offers the classes of every library that has
// some, with all that is behind them, though no page asks for any: without their exports, wasm-opt finds that nobody calls it.

import { readFile, writeFile } from 'node:fs/promises';

/** The numbers of the sections that are made anew. */
const IMPORTS = 2;
const EXPORTS = 7;
/** How long a program's version is, behind which its sections begin. */
const VERSION_LENGTH = 8;
/** What stands behind the names of an import, by its kind: function, table, memory, global. */
const KINDS = ['number', 'byte limits', 'limits', 'byte byte'].map((kind) => kind.split(' '));
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Reads a program from its beginning to its end. */
class Reader {
  at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  byte() {
    return this.take(1)[0];
  }

  number() {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = this.byte();
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  }

  name() {
    return this.take(this.number()).toString();
  }

  /** At least so many and, where a flag says so, at most so many. */
  limits() {
    if (this.number() % 2 === 1) this.number();
    this.number();
  }

  /** The bytes that a function reads. */
  span(read) {
    const start = this.at;
    read();
    return this.bytes.subarray(start, this.at);
  }

  list(read) {
    return Array.from({ length: this.number() }, read);
  }
}

const number = (value) => (value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([128 + (value % 128)]), number(Math.floor(value / 128))]));
const sized = (bytes) => Buffer.concat([number(bytes.length), bytes]);
const list = (entries) => Buffer.concat([number(entries.length), ...entries]);

/** `a` to `z`, then `aa`, `ab` and so on. */
function shortName(index) {
  const [before, last] = [Math.floor(index / LETTERS.length), LETTERS[index % LETTERS.length]];
  return before === 0 ? last : shortName(before - 1) + last;
}

/** The program with some of its sections made anew. */
function remade(wasm, changes) {
  const reader = new Reader(wasm);
  const parts = [reader.take(VERSION_LENGTH)];
  while (reader.at < wasm.length) {
    const section = reader.byte();
    const body = reader.take(reader.number());
    parts.push(Buffer.from([section]), sized(changes[section]?.(new Reader(body)) ?? body));
  }
  return Buffer.concat(parts);
}

/** The imports of the program, with other names where there are some. */
const renamed = (names) => (reader) => list(reader.list(() => {
  const [module, field] = [reader.name(), reader.name()];
  const kind = reader.span(() => KINDS[reader.byte()].forEach((part) => reader[part]()));
  return Buffer.concat([...[module, field].map((name) => sized(Buffer.from(names.get(name) ?? name))), kind]);
}));

/** The exports of the program without those of these names. */
const without = (dropped) => (reader) => list(reader.list(() => {
  let name;
  const entry = reader.span(() => {
    name = reader.name();
    reader.byte();
    reader.number();
  });
  return dropped.has(name) ? [] : [entry];
}).flat());

const [scriptPath, wasmPath] = process.argv.slice(2);
let script = await readFile(scriptPath, 'utf8');
const calls = (text) => text.match(/(?<=\bwasm\.)\w+/g);

// A class, how it is disposed of, and who does that where nobody else did.
const offered = calls(script);
for (const [whole, name] of script.matchAll(/^export class (\w+) \{\n.*?^\}\n(?:if \(Symbol\.dispose\)[^\n]*\n)?/gms)) {
  script = script.replace(whole, '');
  script = script.replace(new RegExp(`^const ${name}Finalization = .*\\n(?:    .*\\n)*`, 'm'), '');
}
const called = new Set(calls(script));
const dropped = new Set(offered.filter((name) => !called.has(name)));

const module = `./${wasmPath.split('/').at(-1).replace('.wasm', '.js')}`;
const names = new Map([[module, 'a']]);
for (const [, name] of script.matchAll(/^ {8}(__wb\w+): function/gm)) names.set(name, shortName(names.size - 1));
for (const [long, short] of names) {
  const key = long === module ? `"${long}": ` : `        ${long}: function`;
  if (script.split(key).length !== 2) throw new Error(`slim: ${long} does not stand where this script knows it`);
  script = script.replace(key, () => key.replace(long, short));
}
const wasm = remade(await readFile(wasmPath), { [IMPORTS]: renamed(names), [EXPORTS]: without(dropped) });
if (!WebAssembly.validate(wasm)) throw new Error('slim: what came out is no program');
await writeFile(wasmPath, wasm);
await writeFile(scriptPath, script);
