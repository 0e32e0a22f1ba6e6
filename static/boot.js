// Starts a program of the site: the lab, or the one of experiments and studio. What its script element says: `data-page`, the
// program's module; `data-wasm`, its wasm; `data-texts`, which texts it reads; `data-start`, what it shows, if it has a choice;
// `data-charts`, what draws its charts, which `early.js` fetches.
// A page shows something before that (#boot), which the program replaces. What goes wrong until then is told here: there is
// nobody else to tell it.

const { page, wasm, texts, start } = document.querySelector('#boot-script').dataset;

const known = (lang) => (['en', 'vi'].includes(lang) ? lang : null);
const asked = (text) => known(new URLSearchParams(text.slice(1)).get('lang'));
/** The reader's own language: the address says, else the browser. */
const own = asked(location.search) ?? ((navigator.language ?? '').startsWith('vi') ? 'vi' : 'en');
// A lab's link may ask for a language. It comes first in the lab; the pages beside it are the reader's.
const lang = (start ? null : asked(location.hash)) ?? asked(location.search) ?? asked(location.hash) ?? own;

/** After these pauses, in milliseconds, a file is asked for again. */
const PAUSES = [500, 2000];
/** How long a small file may take until it is asked for again, in milliseconds. */
const PATIENCE = 8000;

const wait = (time) => new Promise((done) => setTimeout(done, time));
const told = { en: {
  file: (file) => `${file} did not come. Reload the page; if that does not help, the file is missing on the server, or something between here and there holds it back.`,
  failed: (why) => `Init Lab could not start: ${why}. Reloading the page may help.`,
  wasm: 'Init Lab needs WebAssembly with SIMD, which this browser lacks or has turned off: Chrome 91, Firefox 89, Safari 16.4 or a newer one has it.',
}, vi: {
  file: (file) => `Không nhận được ${file}. Hãy tải lại trang; nếu vẫn vậy thì máy chủ thiếu tệp này, hoặc có gì đó trên đường truyền giữ nó lại.`,
  failed: (why) => `Init Lab không khởi động được: ${why}. Hãy thử tải lại trang.`,
  wasm: 'Init Lab cần WebAssembly có SIMD, mà trình duyệt này không có hoặc đã tắt: từ Chrome 91, Firefox 89, Safari 16.4 trở đi thì có.',
} }[lang];

/** Whether the browser knows the instructions that the programs are made of: the smallest program that has one. */
const runs = () => typeof WebAssembly === 'object'
  && WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]));

/** Some attempt's result, or the last one's error with the file's name in our words. What the browser has kept is taken only at first. */
async function insist(file, attempt) {
  for (const pause of [...PAUSES, null]) {
    try {
      return await attempt(pause === PAUSES[0] ? 'default' : 'reload');
    } catch (error) {
      console.warn(`${file}: ${error?.message ?? error}`);
      if (pause === null) throw Object.assign(new Error(told.file(file)), { isTold: true });
    }
    await wait(pause);
  }
}

/** The texts of a language. A host's own page in their place, or half a file, is no JSON, and neither has a text. */
function textsIn(lang) {
  const file = `lang/${lang}.${texts}.json`;
  return insist(file, async (cache) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(file, { cache, signal: stop.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const words = await response.json();
      if (Object.keys(words).length === 0) throw new Error('empty');
      return words;
    } finally {
      clearTimeout(timer);
    }
  });
}

/** The language and its texts: those that were asked for, else English, which is better than none. */
async function wordsOf(lang) {
  try {
    return [lang, await textsIn(lang)];
  } catch (error) {
    if (lang === 'en') throw error;
    return ['en', await textsIn('en')];
  }
}

/** Has the browser fetch a file that the page asks for later. */
const fetchAhead = (fields) => document.head.append(Object.assign(document.createElement('link'), fields));

/** The engine, of which there are two, as worker_loader.js chooses. Whatever else is on its way comes before it. */
async function fetchEngine() {
  const gpu = await navigator.gpu?.requestAdapter().catch(() => null);
  const engine = gpu ? 'worker' : 'worker-cpu';
  for (const file of ['worker_loader.js', `${engine}.js`, `${engine}_bg.wasm`]) fetchAhead({ rel: 'prefetch', href: file });
}

try {
  document.documentElement.lang = lang;
  const words = wordsOf(lang);
  // Nobody looks at it while the program is on its way; it is thrown where it is waited for.
  words.catch(() => {});
  // Relative to the document, as Trunk wrote them.
  const program = await insist(page.replace('./', ''), () => import(new URL(page, document.baseURI).href));
  await insist(wasm.replace('./', ''), () => program.default({ module_or_path: new URL(wasm, document.baseURI) }));
  // What draws the charts waits for this.
  window.dispatchEvent(new Event('program'));
  const [spoken, table] = await words;
  let awaitsEngine = !start;
  window.addEventListener('engine', () => { awaitsEngine = false; });
  // The lab asks for its second part as soon as it stands, and takes what is there.
  if (!start) fetchAhead({ rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href: page.replace(/\.js$/, '-split_later.wasm') });
  await program.start(spoken, own, table, start);
  // By then a small lab has said that it needs no engine.
  setTimeout(() => awaitsEngine && fetchEngine());
} catch (error) {
  console.error(error);
  const notice = document.querySelector('#boot-notice');
  if (notice) {
    const why = error?.message ?? error;
    notice.textContent = !runs() ? told.wasm : error?.isTold ? why : told.failed(why);
    notice.setAttribute('role', 'alert');
  }
}
