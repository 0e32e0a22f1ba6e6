// Just enough of the WebAssembly format to see what an exported function calls first.

import { readFileSync } from 'node:fs';

const [CUSTOM, IMPORT, EXPORT, CODE] = [0, 2, 7, 10];
const CALL = 0x10;

/** Names and exports of a module, and the first call of each exported function. */
export function readModule(path) {
  const bytes = readFileSync(path);
  const reader = new Reader(bytes, 8);
  const sections = { imports: 0, exports: [], bodies: [], names: new Map() };
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const end = reader.number() + reader.at;
    if (id === IMPORT) sections.imports = countImportedFunctions(reader);
    if (id === EXPORT) sections.exports = readExports(reader);
    if (id === CODE) sections.bodies = readBodies(reader);
    if (id === CUSTOM && reader.text() === 'name') sections.names = readFunctionNames(reader, end);
    reader.at = end;
  }
  const { imports, exports, bodies, names } = sections;
  return {
    names,
    exports: exports.map(({ name, index }) => ({ name, index, first: index < imports ? null : firstCall(bytes, bodies[index - imports]) })),
  };
}

class Reader {
  constructor(bytes, at) {
    Object.assign(this, { bytes, at });
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }
}

function countImportedFunctions(reader) {
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind === 0) {
      functions += 1;
      reader.number();
    } else if (kind === 1) {
      reader.byte();
      reader.limits();
    } else if (kind === 2) {
      reader.limits();
    } else if (kind === 3) {
      reader.at += 2;
    } else {
      throw new Error(`An import of kind ${kind}.`);
    }
  }
  return functions;
}

function readExports(reader) {
  const functions = [];
  for (let left = reader.number(); left > 0; left--) {
    const [name, kind, index] = [reader.text(), reader.byte(), reader.number()];
    if (kind === 0) functions.push({ name, index });
  }
  return functions;
}

function readBodies(reader) {
  return Array.from({ length: reader.number() }, () => {
    const size = reader.number();
    const at = reader.at;
    reader.at += size;
    return at;
  });
}

function readFunctionNames(reader, end) {
  const names = new Map();
  while (reader.at < end) {
    const [kind, size] = [reader.byte(), reader.number()];
    const next = reader.at + size;
    if (kind === 1) for (let left = reader.number(); left > 0; left--) names.set(reader.number(), reader.text());
    reader.at = next;
  }
  return names;
}

/** The function that a body calls before it does anything else, or null. */
function firstCall(bytes, at) {
  const reader = new Reader(bytes, at);
  for (let left = reader.number(); left > 0; left--) {
    reader.number();
    reader.byte();
  }
  return reader.byte() === CALL ? reader.number() : null;
}
