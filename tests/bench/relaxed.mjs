// What relaxed SIMD would gain: one product of 64 × 64 matrices, made with `f32x4.mul` and `f32x4.add`, as the engine does, and
// with `f32x4.relaxed_madd`, by turns. `node tests/bench/relaxed.mjs` prints the table of docs/relaxed-simd.md.
//
// The module is put together here, so that it needs no assembler. Its loops are those of a product that keeps 4 × 8 sums in
// registers; what differs is one instruction.

import { cpus } from 'node:os';
import { setFlagsFromString } from 'node:v8';

// Browsers have it by default since Chrome 114; Node 20 asks to be told.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const SIDE = 64;
/** Rows and vectors of columns of the sums that stay in registers. */
const [ROWS, VECTORS] = [4, 2];
/** So many products are timed at once, because one takes some microseconds. */
const [PRODUCTS, ROUNDS] = [400, 60];

/** An unsigned number, seven bits a byte. */
const leb = (number) => (number < 128 ? [number] : [(number & 127) | 128, ...leb(number >> 7)]);
/** A signed one, as constants are written. */
const signed = (number) => (number >= -64 && number < 64 ? [number & 127] : [(number & 127) | 128, ...signed(number >> 7)]);
const list = (items) => [...leb(items.length), ...items.flat()];
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
const text = (word) => list([...new TextEncoder().encode(word)].map((byte) => [byte]));

const get = (local) => [0x20, ...leb(local)];
const set = (local) => [0x21, ...leb(local)];
const constant = (number) => [0x41, ...signed(number)];
const simd = (code, ...more) => [0xfd, ...leb(code), ...more];
const PLUS = [0x6a];
const LESS = [0x49];
/** `v128.load`, `v128.load32_splat` and `v128.store` at an offset in bytes; each float is aligned to 4. */
const load = (offset) => simd(0x00, 2, ...leb(offset));
const spread = (offset) => simd(0x09, 2, ...leb(offset));
const store = (offset) => simd(0x0b, 2, ...leb(offset));
const ZERO = simd(0x0c, ...new Array(16).fill(0));
const [ADD, MULTIPLY, MADD] = [0xe4, 0xe6, 0x105].map((code) => simd(code));

/** A module whose `product(a, b, c)` writes A·B to c; all three are addresses of 64 × 64 floats. */
function module(isRelaxed) {
  const [a, b, c, row, column, k, at, from] = [0, 1, 2, 3, 4, 5, 6, 7];
  const sum = (r, v) => 8 + r * VECTORS + v;
  const vector = (v) => 8 + ROWS * VECTORS + v;
  const factor = 8 + ROWS * VECTORS + VECTORS;
  const each = (count, make) => Array.from({ length: count }, (_, one) => make(one)).flat();
  /** Repeats a body while a local, counted up in bytes, is below an end. */
  const loop = (local, step, end, body) => [
    ...constant(0), ...set(local), 0x03, 0x40, ...body,
    ...get(local), ...constant(step), ...PLUS, 0x22, ...leb(local), ...constant(end), ...LESS, 0x0d, 0, 0x0b,
  ];
  const line = 4 * SIDE;
  const accumulate = (r, v) => (isRelaxed
    ? [...get(factor), ...get(vector(v)), ...get(sum(r, v)), ...MADD, ...set(sum(r, v))]
    : [...get(sum(r, v)), ...get(factor), ...get(vector(v)), ...MULTIPLY, ...ADD, ...set(sum(r, v))]);
  const inner = [
    ...each(VECTORS, (v) => [...get(from), ...load(16 * v), ...set(vector(v))]),
    ...each(ROWS, (r) => [...get(at), ...get(k), ...PLUS, ...spread(line * r), ...set(factor), ...each(VECTORS, (v) => accumulate(r, v))]),
    ...get(from), ...constant(line), ...PLUS, ...set(from),
  ];
  const tile = [
    ...each(ROWS * VECTORS, (one) => [...ZERO, ...set(8 + one)]),
    ...get(a), ...get(row), ...PLUS, ...set(at),
    ...get(b), ...get(column), ...PLUS, ...set(from),
    ...loop(k, 4, line, inner),
    ...each(ROWS * VECTORS, (one) => [
      ...get(c), ...get(row), ...PLUS, ...get(column), ...PLUS, ...get(8 + one),
      ...store(line * Math.floor(one / VECTORS) + 16 * (one % VECTORS)),
    ]),
  ];
  const body = [...loop(row, line * ROWS, line * SIDE, loop(column, 16 * VECTORS, line, tile)), 0x0b];
  const locals = list([[...leb(5), 0x7f], [...leb(ROWS * VECTORS + VECTORS + 1), 0x7b]]);
  const code = [...locals, ...body];
  return new WebAssembly.Module(new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, list([[0x60, ...list([[0x7f], [0x7f], [0x7f]]), 0]])),
    ...section(3, list([[0]])),
    ...section(5, list([[0, 1]])),
    ...section(7, list([[...text('product'), 0, 0], [...text('memory'), 2, 0]])),
    ...section(10, list([[...leb(code.length), ...code]])),
  ]));
}

/** Numbers between −1 and 1, the same in every run. */
function numbers(seed) {
  let state = seed;
  return Float32Array.from({ length: SIDE * SIDE }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const SIZE = 4 * SIDE * SIDE;
const programs = ['mul, add', 'relaxed_madd'].map((name, at) => {
  const { product, memory } = new WebAssembly.Instance(module(at === 1)).exports;
  [numbers(1), numbers(2)].forEach((values, place) => new Float32Array(memory.buffer, place * SIZE, values.length).set(values));
  const result = () => new Float32Array(memory.buffer, 2 * SIZE, SIDE * SIDE).slice();
  return { name, product: () => product(0, SIZE, 2 * SIZE), result, best: Infinity };
});

for (let round = 0; round < ROUNDS; round += 1) {
  for (const program of programs) {
    const begun = performance.now();
    for (let at = 0; at < PRODUCTS; at += 1) program.product();
    program.best = Math.min(program.best, (performance.now() - begun) / PRODUCTS);
  }
}

const [plain, relaxed] = programs.map(({ result }) => result());
const exact = Float64Array.from(plain, (_, at) => {
  const [x, y] = [numbers(1), numbers(2)];
  let sum = 0;
  for (let k = 0; k < SIDE; k += 1) sum += x[Math.floor(at / SIDE) * SIDE + k] * y[k * SIDE + (at % SIDE)];
  return sum;
});
const largest = Math.max(...exact.map(Math.abs));
const error = (values) => Math.max(...values.map((value, at) => Math.abs(value - exact[at]))) / largest;
if (!(error(plain) < 1e-5 && error(relaxed) < 1e-5)) throw new Error('a product is wrong');
const differing = plain.filter((value, at) => value !== relaxed[at]).length;

console.log(`${cpus()[0].model}, Node ${process.versions.node}, V8 ${process.versions.v8}`);
console.log('| inner loop | microseconds a product | GFLOP/s | error |');
console.log('|---|---|---|---|');
for (const [at, { name, best }] of programs.entries()) {
  const speed = (2 * SIDE ** 3) / (best * 1e6);
  console.log(`| ${name} | ${(1000 * best).toFixed(1)} | ${speed.toFixed(1)} | ${error([plain, relaxed][at]).toExponential(1)} |`);
}
console.log(`Gain: ${(programs[0].best / programs[1].best).toFixed(2)} times. Entries that differ: ${differing} of ${SIDE * SIDE}.`);
