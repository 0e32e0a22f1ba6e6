// The lab's worker, asked for experiments: those train without measuring their layers.

let run = 0;
let hear;
const worker = new Worker('worker_loader.js', { type: 'module', name: 'initlab-bench' });
const ready = new Promise((begin, fail) => {
  worker.onmessage = ({ data }) => {
    const word = JSON.parse(data);
    if (word === 'Ready') begin();
    else if (word.Failed) hear({ died: JSON.stringify(word.Failed) });
    else if (word !== 'Alive') hear(word);
  };
  worker.onerror = (event) => fail(new Error(event.message));
});

/** Runs an experiment to its end. Gives its last report. */
export async function study(text) {
  await ready;
  run += 1;
  return new Promise((done, fail) => {
    let report = null;
    hear = ({ update, refused, died }) => {
      if (update) report = updated(report, update);
      if (died || refused) fail(new Error(died ?? JSON.stringify(refused)));
      if (report?.over) done(report);
    };
    worker.postMessage(JSON.stringify({ study: { run, text } }));
  });
}

/** A report with an update taken in: lists tell their length, and what changed at which place. */
function updated(report, { pictures, findings, tables, watch, ...counters }) {
  const list = (before = [], { length, changed }) => {
    const after = before.slice(0, length);
    for (const [place, item] of changed) after[place] = item;
    return after;
  };
  return {
    ...counters, pictures: list(report?.pictures, pictures), findings: list(report?.findings, findings), tables: list(report?.tables, tables),
  };
}
