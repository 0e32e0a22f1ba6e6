// The benchmark's numbers on paper, and beside the targets.

import { OURS } from './contest.mjs';
import { MODELS } from './peers/models.js';
import { sum } from './slices.mjs';

const fixed = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const task = ({ wall, cpu }) => `${fixed(wall, 0)} (cpu ${fixed(cpu, 0)})`;
const kilobytes = (bytes) => fixed(bytes / 1000, 1);

const STEP = {
  'ms/step': ({ ms }) => fixed(ms, 2),
  'dispatches/step': ({ dispatches }) => fixed(dispatches, 1),
  'submits/step': ({ submits }) => fixed(submits, 1),
  'worker µs/dispatch': ({ busyUs }) => fixed(busyUs, 0),
  'loss, first and last': (step) => `${fixed(step.first, 3)}  ${fixed(step.last, 3)}${learns(step) ? '' : ' DOES NOT LEARN'}`,
};

const RUN = {
  'ms/step': ({ slices }) => fixed(sum(slices, 'ms') / sum(slices, 'steps'), 2),
  'steps/slice': ({ slices }) => fixed(sum(slices, 'steps') / slices.length, 1),
  'dispatches/slice': ({ slices }) => fixed(sum(slices, 'dispatches') / slices.length, 0),
  'of the measurement': ({ measurement }) => fixed(measurement, 0),
  'submits/slice': ({ slices }) => fixed(sum(slices, 'submits') / slices.length, 1),
  'reads/slice': ({ slices }) => fixed(sum(slices, 'reads') / slices.length, 2),
  'first step, s': ({ first }) => fixed(first / 1000, 2),
  'open to dots, s': ({ start }) => fixed(start / 1000, 2),
  'longest task, ms': ({ longest }) => task(longest),
};

/** Guessing costs ln of the classes; whoever starts far from there, or does not improve, is another network. */
function learns({ kind, first, last }) {
  const guessing = Math.log(MODELS[kind].classes);
  return first > 0.8 * guessing && first < 3 * guessing && last < first;
}

/**
 * What it costs to look at a run, in the lab that a person has: the worker's time a step over that of a bare step, both in
 * processor time, which other work on the machine does not stretch. Beside it what the clock says.
 */
export function observing({ steps, runs }) {
  console.log('\nA step in the lab, over a bare step: what looking costs (aims: 1.25 with the usual charts, 1.5 with all)');
  const head = ['', 'bare, ms', 'in the lab, ms', 'times', 'by the clock, ms', 'slices a second', 'longest task, ms'];
  lines(head, runs.map(({ kind, device, charts, slices, longest }) => {
    const bare = steps.find((step) => step.name === OURS && step.kind === kind && step.device === device).busyMs;
    const [own, ms] = ['busy', 'ms'].map((clock) => sum(slices, clock) / sum(slices, 'steps'));
    const name = `${MODELS[kind].name} on ${device}, ${charts} charts`;
    const perSecond = slices.length / (sum(slices, 'ms') / 1000);
    return [name, ...[bare, own, own / bare, ms].map((value) => fixed(value, 2)), fixed(perSecond, 1), task(longest)];
  }));
}

/** All that was measured. */
export function print({ steps, runs, gains, drag, sizes }) {
  for (const device of new Set(runs.map((run) => run.device))) {
    const own = runs.filter((run) => run.device === device);
    console.log(`\n${own[0].adapter}`);
    console.log('A bare step: forward, backward and update. Of times the quickest; µs are processor time.');
    table(STEP, steps.filter((step) => step.device === device), ({ kind, name }) => `${MODELS[kind].name}: ${name}`);
    console.log('The lab training: a slice is some bare steps, a measurement of every layer, and a read.');
    table(RUN, own.map((run) => ({ ...run, measurement: measurement(run, steps) })), ({ kind, charts }) => `${MODELS[kind].name}, ${charts} charts`);
  }
  console.log('\nMany networks as one: a step of the study "cost"');
  lines(['', '1 network, ms', 'as one, ms', 'times faster than one by one'], gains.map((gain) => [
    `${gain.networks} networks on ${gain.device}`, fixed(gain.one, 3), fixed(gain.all, 3), fixed(gain.times, 1),
  ]));
  console.log('\nDragging σ in the lab as it opens');
  lines(['', 'median, ms', 'worst, ms', 'longest task, ms'],
    [['a gesture, theory and table', fixed(drag.gesture, 2), fixed(drag.worst, 2), task(drag.longest)]]);
  console.log(`\nDownload, kB${sizes.small ? '' : ' (not made small yet: make dist does that)'}`);
  lines(['', 'raw', 'gzip', 'brotli'], ['page', 'later', 'experiments', 'studio', 'plotly', 'worker', 'workerCpu', 'rest'].map((part) => [
    part === 'workerCpu' ? 'worker without GPU' : part, ...['raw', 'gzip', 'brotli'].map((how) => kilobytes(sizes[part][how])),
  ]));
}

/** Dispatches of a slice that its bare steps do not need. */
function measurement({ kind, device, slices }, steps) {
  const { dispatches } = steps.find((step) => step.name === OURS && step.kind === kind && step.device === device);
  // The last slice judges the network on held-out data too.
  const usual = slices.filter(({ judged }) => !judged);
  return (sum(usual, 'dispatches') - dispatches * sum(usual, 'steps')) / usual.length;
}

/** What the targets are, and what became of them. */
export function verdict({ steps, runs, gains, sizes }) {
  const longest = (clock) => Math.max(...runs.map((run) => run.longest[clock]));
  const reads = runs.filter(({ device }) => device === 'webgpu').map(({ slices }) => sum(slices, 'reads') / slices.length);
  const atMost = (what, measured, most, unit = '') => [what, measured, `at most ${most} ${unit}`.trim(), measured <= most];
  const targets = [
    ...Object.keys(MODELS).flatMap((kind) => ofSteps(kind, steps, atMost)),
    ...gains.map(({ device, networks, times }) => [
      `${networks} networks as one on ${device}, times faster than one by one`, times, 'at least 8', times >= 8,
    ]),
    atMost('page without Plotly, brotli', sizes.page.brotli / 1000, 300, 'kB'),
    ...['experiments', 'studio'].map((page) => atMost(`${page} without Plotly, brotli`, sizes[page].brotli / 1000, 200, 'kB')),
    atMost('worker, brotli', sizes.worker.brotli / 1000, 2500, sizes.small ? 'kB' : 'kB (before wasm-opt)'),
    ...(reads.length ? [atMost('readbacks a slice', Math.max(...reads), 1)] : []),
    atMost('longest task of the page while training', longest('wall'), 50, 'ms'),
    atMost('… in processor time', longest('cpu'), 50, 'ms'),
  ];
  console.log('\nTargets');
  lines(['', 'measured', 'target', ''], targets.map(([what, measured, target, held]) => [
    what, fixed(measured, measured < 10 ? 2 : 0), target, held ? 'held' : 'MISSED',
  ]));
}

function ofSteps(kind, steps, atMost) {
  const { name, depth } = MODELS[kind];
  const own = (device) => steps.filter((step) => step.kind === kind && step.device === device);
  const ours = (device) => own(device).find((step) => step.name === OURS);
  const onCpu = own('cpu').filter((step) => step.name !== OURS).sort((a, b) => a.ms - b.ms).slice(0, 1)
    .map((peer) => atMost(`${name}: CPU step, ours to the faster peer's (${peer.name})`, ours('cpu').ms / peer.ms, 0.5));
  const gpu = ours('webgpu');
  if (!gpu) return onCpu;
  const dispatches = kind === 'mlp' ? atMost(`${name}: WebGPU dispatches a bare step`, gpu.dispatches, 50)
    : atMost(`${name}: WebGPU dispatches a bare step and block`, gpu.dispatches / depth, 40);
  return [...onCpu, dispatches, atMost(`${name}: worker's processor time a dispatch`, gpu.busyUs, 40, 'µs')];
}

function table(columns, rows, title) {
  lines(['', ...Object.keys(columns)], rows.map((row) => [title(row), ...Object.values(columns).map((read) => read(row))]));
}

function lines(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at].length)));
  for (const row of all) {
    console.log(row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  '));
  }
}
