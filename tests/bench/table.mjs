// The benchmark's numbers on paper, and beside the targets.

const fixed = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const task = ({ wall, cpu }) => `${fixed(wall, 0)} (cpu ${fixed(cpu, 0)})`;
const kilobytes = (bytes) => fixed(bytes / 1000, 1);

const RUN = {
  'ms/step': (run) => fixed(run.ms / run.steps, 2),
  'dispatches/step': (run) => fixed(run.dispatches / run.steps, 1),
  'submits/step': (run) => fixed(run.submits / run.steps, 1),
  'reads/step': (run) => fixed(run.reads / run.steps, 2),
  'steps/slice': (run) => fixed(run.steps / run.slices, 1),
  'reads/slice': (run) => fixed(run.reads / run.slices, 2),
  'first step, s': (run) => fixed(run.first / 1000, 2),
  'open to dots, s': (run) => fixed(run.start / 1000, 2),
  'longest task, ms': (run) => task(run.longest),
};

/** The runs by device, the drag, and the download. */
export function print(runs, sizes, drag) {
  for (const device of new Set(runs.map((run) => run.device))) {
    const own = runs.filter((run) => run.device === device);
    console.log(`\n${own[0].adapter}`);
    lines(['', ...Object.keys(RUN)], own.map((run) => [run.model, ...Object.values(RUN).map((read) => read(run))]));
  }
  console.log('\nDragging σ in the lab as it opens');
  lines(['', 'median, ms', 'worst, ms', 'longest task, ms'],
    [['a gesture, theory and table', fixed(drag.gesture, 2), fixed(drag.worst, 2), task(drag.longest)]]);
  console.log(`\nDownload, kB${sizes.small ? '' : ' (not made small yet: make dist does that)'}`);
  lines(['', 'raw', 'gzip', 'brotli'], ['page', 'plotly', 'worker', 'rest'].map((part) => [
    part, ...['raw', 'gzip', 'brotli'].map((how) => kilobytes(sizes[part][how])),
  ]));
}

/** What the targets are, and what became of them. */
export function verdict(runs, sizes) {
  const gpu = runs.filter((run) => run.device === 'webgpu');
  const longest = (clock) => Math.max(...runs.map((run) => run.longest[clock]));
  const targets = [
    ['page without Plotly, brotli', sizes.page.brotli / 1000, 250, 'kB'],
    ['worker, brotli', sizes.worker.brotli / 1000, 2500, sizes.small ? 'kB' : 'kB (before wasm-opt)'],
    ...gpu.slice(0, 1).map(() => ['readbacks a slice', Math.max(...gpu.map((run) => run.reads / run.slices)), 1, '']),
    ['longest task of the page while training', longest('wall'), 50, 'ms'],
    ['… in processor time', longest('cpu'), 50, 'ms'],
  ];
  console.log('\nTargets');
  lines(['', 'measured', 'at most', ''], targets.map(([what, measured, most, unit]) => [
    what, fixed(measured, measured < 10 ? 2 : 0), `${most} ${unit}`.trim(), measured <= most ? 'held' : 'MISSED',
  ]));
}

function lines(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at].length)));
  for (const row of all) {
    console.log(row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  '));
  }
}
