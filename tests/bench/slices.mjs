// What a slice of training cost, from the counter's marks at the slices' ends.

const COUNTS = ['dispatches', 'submits', 'reads', 'pipelines'];

/** The slices between marks: `{ steps, ms, judged, … }`, with the counts of each. */
export function slicesOf(marks) {
  return marks.slice(1).map((mark, at) => {
    const before = marks[at];
    const counts = Object.fromEntries(COUNTS.map((name) => [name, mark[name] - before[name]]));
    return { steps: mark.step - before.step, ms: mark.at - before.at, judged: mark.judged, ...counts };
  });
}

export const sum = (slices, key) => slices.reduce((total, slice) => total + slice[key], 0);
