// Starts the engine in its worker: all of it, or where there is no GPU its half for the CPU, a fraction of the size. Its two
// files are by far the largest of the site: each is asked for again if it does not come, and missed by name, which the page
// puts into words (`port::page`).

/** After these pauses, in milliseconds, a file is asked for again. */
const PAUSES = [500, 2000];
/** How long the first word of a file may take, and how long it may be silent in between, in milliseconds. */
const PATIENCE = 20000;

/** How long a GPU may take to answer, in milliseconds. */
const GPU_PATIENCE = 5000;

const wait = (time) => new Promise((done) => { setTimeout(done, time); });

/** Whether there is a GPU: `there`, `none`, or `silent` where one was asked for and does not answer. */
async function lookForGpu() {
  try {
    const silence = wait(GPU_PATIENCE).then(() => 'silent');
    return await Promise.race([self.navigator.gpu.requestAdapter().then((adapter) => (adapter ? 'there' : 'none')), silence]);
  } catch {
    return 'none';
  }
}

/** Some attempt's result; after the last one an error that names the file. */
async function insist(file, attempt) {
  for (const pause of [...PAUSES, null]) {
    try {
      return await attempt(pause === PAUSES[0] ? '' : `?again=${pause}`);
    } catch (error) {
      console.warn(`${file}: ${error?.message ?? error}`);
      if (pause === null) throw new Error(`missing file: ${file}`);
      await wait(pause);
    }
  }
}

/** Compiles the program while it comes. Given up when nothing more of it has come for a while. */
async function compiled(url) {
  const stop = new AbortController();
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(new Error('nothing more came')), PATIENCE);
  };
  soon();
  try {
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const [whole, watched] = [response, response.clone()];
    // Not all browsers iterate over a stream. What has come whole may be compiled for as long as it takes.
    const look = async () => {
      const reader = watched.body.getReader();
      while (!(await reader.read()).done) soon();
      clearTimeout(timer);
    };
    const type = response.headers.get('Content-Type') ?? '';
    // Some hosts call it something else, and then it cannot be compiled while it comes.
    const module = type.startsWith('application/wasm') ? WebAssembly.compileStreaming(whole) : whole.arrayBuffer().then((bytes) => WebAssembly.compile(bytes));
    look().catch(() => {});
    return await module;
  } finally {
    clearTimeout(timer);
  }
}

try {
  const beside = (file) => new URL(file, import.meta.url).href;
  // A page may ask for the half for the CPU, which tells the page why it has no GPU (`port::worker`).
  self.gpu = new URL(import.meta.url).searchParams.has('cpu') ? 'none' : await lookForGpu();
  const [script, wasm] = self.gpu === 'there' ? ['worker.js', 'worker_bg.wasm'] : ['worker-cpu.js', 'worker-cpu_bg.wasm'];
  const [program, module] = await Promise.all([
    insist(script, (again) => import(beside(script) + again)),
    insist(wasm, (again) => compiled(beside(wasm) + again)),
  ]);
  await program.default({ module_or_path: module });
} catch (error) {
  // The page hears of it as of any other failure: an error that nobody catches, in a task of its own.
  setTimeout(() => { throw error; });
}
