// The two networks that are compared: sizes, tensors, first weights, and one batch.
//
// Both peers start from the same weights and see the same batch at every step, so that their losses
// must agree. It lies on the device from the beginning, which spares them what the lab does at each
// step: fetching another one.

export const MODELS = {
  mlp: {
    name: 'MLP, 12 × 128, batch 64, SGD',
    link: 'depth=12&width=128&batch=64&init=kaiming-normal&opt=sgd&lr=0.01',
    depth: 12, width: 128, inputs: 64, classes: 10, batch: 64, lr: 0.01,
  },
  gpt: {
    name: 'GPT, 6 blocks, d 64, T 64, batch 8, AdamW',
    link: 'model=gpt&depth=6&width=64&heads=4&context=64&batch=8&opt=adamw',
    // As many classes as the lab's text has different characters.
    depth: 6, width: 64, heads: 4, context: 64, classes: 75, batch: 8, lr: 1e-3, decay: 0.1,
  },
};

export const NORM_EPSILON = 1e-5;
export const ADAM_EPSILON = 1e-8;
export const BETA_1 = 0.9;
export const BETA_2 = 0.999;

/** Every tensor in the order in which the models read them: `{ shape, values }`. */
export function tensors(kind) {
  const normal = gaussian(1);
  const tensor = (shape, value) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b));
    return { shape, values: values.map(value) };
  };
  const matrix = (rows, columns, std) => tensor([rows, columns], () => std * normal());
  const constant = (columns, value) => tensor([columns], () => value);
  return kind === 'mlp' ? mlp(MODELS.mlp, matrix, constant) : gpt(MODELS.gpt, matrix, constant);
}

function mlp({ depth, width, inputs, classes }, matrix, constant) {
  const widths = [inputs, ...Array(depth).fill(width), classes];
  return widths.slice(1).flatMap((columns, layer) => [
    matrix(widths[layer], columns, Math.sqrt(2 / widths[layer])), constant(columns, 0),
  ]);
}

function gpt({ depth, width: d, context, classes }, matrix, constant) {
  const norm = () => [constant(d, 1), constant(d, 0)];
  const linear = (rows, columns, std = 0.02) => [matrix(rows, columns, std), constant(columns, 0)];
  const writing = 0.02 / Math.sqrt(2 * depth);
  const block = () => [
    ...norm(), ...linear(d, 3 * d), ...linear(d, d, writing),
    ...norm(), ...linear(d, 4 * d), ...linear(4 * d, d, writing),
  ];
  return [matrix(classes, d, 0.02), matrix(context, d, 0.02), ...Array.from({ length: depth }, block).flat(), ...norm()];
}

/** `{ inputs, targets }`: rows of numbers and classes (mlp), or tokens and the next tokens (gpt), as flat lists. */
export function batch(kind) {
  const { batch: size, inputs, context, classes } = MODELS[kind];
  const normal = gaussian(2);
  const uniform = random(3);
  const choices = (count) => Int32Array.from({ length: count }, () => Math.floor(uniform() * classes));
  if (kind === 'mlp') return { inputs: Float32Array.from({ length: size * inputs }, normal), targets: choices(size) };
  const windows = Array.from({ length: size }, () => choices(context + 1));
  const flat = (from, to) => Int32Array.from(windows.flatMap((window) => [...window.slice(from, to)]));
  return { inputs: flat(0, -1), targets: flat(1) };
}

/** Rows of zeros with a one. */
export function oneHot(indices, classes) {
  const rows = new Float32Array(indices.length * classes);
  indices.forEach((index, row) => { rows[row * classes + index] = 1; });
  return rows;
}

/** Numbers in [0, 1): mulberry32, because the browser's own have no seed. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

function gaussian(seed) {
  const uniform = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
