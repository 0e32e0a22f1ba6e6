// Starts the page. index.html already shows a first picture (#boot); the page's program replaces
// it when it mounts. What goes wrong before that is told here, there is nobody else to tell it.

const { page, wasm } = document.querySelector('#boot-script').dataset;

/** The language that the page will most likely want, of those in lang/; it can fetch another. The link says, else the address. */
function language() {
  const known = (lang) => (['en', 'vi'].includes(lang) ? lang : null);
  const asked = [location.hash, location.search].map((text) => known(new URLSearchParams(text.slice(1)).get('lang')));
  return asked[0] ?? asked[1] ?? ((navigator.language ?? '').startsWith('vi') ? 'vi' : 'en');
}

async function textsOf(language) {
  const response = await fetch(`lang/${language}.toml`);
  if (!response.ok) throw new Error(`lang/${language}.toml: ${response.status}`);
  return response.text();
}

try {
  const lang = language();
  const texts = textsOf(lang);
  // Relative to the document, as Trunk wrote them.
  const program = await import(new URL(page, document.baseURI).href);
  await program.default({ module_or_path: new URL(wasm, document.baseURI) });
  program.start(lang, await texts);
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
