// The lab's worker, asked for experiments: those train without measuring their layers.

import { Engine } from '../../experiments/engine.js';

let run = 0;
let hear;
const engine = new Engine((word) => hear(word));

/** Runs an experiment to its end. Gives its last report. */
export function study(text) {
  run += 1;
  return new Promise((done, fail) => {
    hear = ({ report, refused, died }) => {
      if (died || refused) fail(new Error(died ?? JSON.stringify(refused)));
      if (report?.over) done(report);
    };
    engine.send({ study: { run, text } });
  });
}
