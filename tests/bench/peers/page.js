// What the benchmark asks of a page: a model trained by a peer, or an experiment by the lab's worker.

import { study } from './lab.js';

const LIBRARIES = { 'TensorFlow.js': './tfjs.js', 'jax-js': './jax.js' };
/** Wall time of a slice, and its most steps: as in the lab's experiments. */
const SLICE_MS = 200;
const MOST_STEPS = 100;

let model;
let stepMs = SLICE_MS;

self.study = study;

/** Builds a model and makes its first step. Gives the loss before it. */
self.open = async (library, kind, backend) => {
  const { open } = await import(LIBRARIES[library]);
  model = await open(kind, backend);
  return model.read(model.step());
};

/** Makes steps, slice by slice, each with one read at its end. Gives the loss before the last step. */
self.train = async (steps) => {
  let loss;
  self.counter.mark(0);
  for (let made = 0; made < steps;) {
    const room = Math.floor(Math.min(MOST_STEPS, Math.max(1, SLICE_MS / stepMs)));
    const count = Math.min(room, steps - made);
    const begun = performance.now();
    for (let at = 1; at < count; at += 1) await model.pass(model.step());
    loss = await model.read(model.step());
    stepMs = 0.5 * (stepMs + (performance.now() - begun) / count);
    made += count;
    self.counter.mark(made);
  }
  return loss;
};

self.ready = true;
