// Starts a program of the site: the lab, or the one of experiments and studio. What its script element says: `data-page`, the
// program's module; `data-wasm`, its wasm; `data-texts`, which texts it reads; `data-start`, what it shows, if it has a choice.
// A page shows something before that (#boot), which the program replaces. What goes wrong until then is told here: there is
// nobody else to tell it.

const { page, wasm, texts, start } = document.querySelector('#boot-script').dataset;

const known = (lang) => (['en', 'vi'].includes(lang) ? lang : null);
const asked = (text) => known(new URLSearchParams(text.slice(1)).get('lang'));
/** The reader's own language: the address says, else the browser. */
const own = asked(location.search) ?? ((navigator.language ?? '').startsWith('vi') ? 'vi' : 'en');

async function textsIn(lang) {
  const response = await fetch(`lang/${lang}.${texts}.json`);
  if (!response.ok) throw new Error(`lang/${lang}.${texts}.json: ${response.status}`);
  return response.json();
}

try {
  // A lab's link may ask for a language. It comes first in the lab; the pages beside it are the reader's.
  const lang = (start ? null : asked(location.hash)) ?? asked(location.search) ?? asked(location.hash) ?? own;
  document.documentElement.lang = lang;
  const words = textsIn(lang);
  // Relative to the document, as Trunk wrote them.
  const program = await import(new URL(page, document.baseURI).href);
  await program.default({ module_or_path: new URL(wasm, document.baseURI) });
  await program.start(lang, own, await words, start);
} catch (error) {
  console.error(error);
  const notice = document.querySelector('#boot-notice');
  if (notice) {
    notice.textContent = typeof WebAssembly === 'object'
      ? `Init Lab could not start: ${error?.message ?? error}. Reloading the page may help.`
      : 'Init Lab needs WebAssembly, which this browser lacks or has turned off.';
    notice.setAttribute('role', 'alert');
  }
}
