// What threads of the browser were busy with: by the clock, as a person feels it, and in processor
// time, which stays the same when the machine has other work.

/** The longest task of the page's main thread while `work` is done, `{ wall, cpu }` in milliseconds. */
export async function longestTask(browser, page, work) {
  return longest(await traced(browser, page, ['toplevel'], work));
}

/** The longest task, and the processor time between the counter's marks, as `busyMs`, of the same work. */
export async function longestAndBusy(browser, page, work) {
  const events = await traced(browser, page, ['toplevel', 'blink.user_timing'], work);
  return { longest: longest(events), busy: between(events) };
}

function longest(events) {
  const main = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread));
  const tasks = events.filter((event) => isTask(event) && main.has(thread(event)));
  if (tasks.length === 0) throw new Error('The trace has no tasks.');
  const most = (key) => tasks.reduce((most, task) => Math.max(most, task[key] ?? 0), 0) / 1000;
  return { wall: most('dur'), cpu: most('tdur') };
}

/** The processor time of the thread that the counter marks, between its marks, in milliseconds. */
export async function busyMs(browser, page, work) {
  return between(await traced(browser, page, ['toplevel', 'blink.user_timing'], work));
}

function between(events) {
  const marks = events.filter(({ name, ph }) => name === 'slice' && ph !== 'M').sort((a, b) => a.ts - b.ts);
  const tasks = events.filter((event) => isTask(event) && thread(event) === thread(marks[0]));
  return marks.slice(1).map((mark, at) => {
    const own = tasks.filter(({ ts }) => ts > marks[at].ts && ts < mark.ts);
    // A task of less than a microsecond has none.
    return own.reduce((total, { tdur = 0 }) => total + tdur, 0) / 1000;
  });
}

async function traced(browser, page, categories, work) {
  await browser.startTracing(page, { categories: ['-*', ...categories] });
  await work();
  return JSON.parse(await browser.stopTracing()).traceEvents;
}

const thread = ({ pid, tid }) => `${pid}/${tid}`;
const isTask = ({ ph, name }) => ph === 'X' && name.endsWith('RunTask');
