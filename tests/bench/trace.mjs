// The longest task of a page's main thread: by the clock, as a person feels it, and in processor
// time, which stays the same when the machine has other work.

/** Does `work` and gives `{ wall, cpu }` in milliseconds. */
export async function longestTask(browser, page, work) {
  await browser.startTracing(page, { categories: ['-*', 'toplevel'] });
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const thread = ({ pid, tid }) => `${pid}/${tid}`;
  const main = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread));
  const tasks = traceEvents.filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && main.has(thread(event)));
  if (tasks.length === 0) throw new Error('The trace has no tasks.');
  const longest = (key) => tasks.reduce((most, task) => Math.max(most, task[key] ?? 0), 0) / 1000;
  return { wall: longest('dur'), cpu: longest('tdur') };
}
