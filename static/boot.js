// Starts the page. index.html already shows a first picture (#boot); the page's program replaces
// it when it mounts. What goes wrong before that is told here, there is nobody else to tell it.

const { page, wasm } = document.querySelector('#boot-script').dataset;

try {
  // Relative to the document, as Trunk wrote them.
  const program = await import(new URL(page, document.baseURI).href);
  await program.default({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  console.error(error);
  const notice = document.querySelector('#boot-notice');
  if (notice) {
    notice.textContent = typeof WebAssembly === 'object'
      ? `Init Lab could not start: ${error?.message ?? error}. Reloading the page may help.`
      : 'Init Lab needs WebAssembly, which this browser has not, or which is turned off in it.';
    notice.setAttribute('role', 'alert');
  }
}
