// What goes along from page to page of the site: the reader's light or dark colours, and the lab that they were in. It comes
// before the page is drawn, so that a dark page never flashes. A page in another page's frame is that page's.

(() => {
  const root = document.documentElement;
  // Of the lab's page, before it is drawn: what its program will show is not always the picture that it opens with.
  const asked = [...new URLSearchParams(location.hash.slice(1)).keys()];
  root.toggleAttribute('data-other-lab', asked.some((key) => !['v', 'lang', 'theme', 'device'].includes(key)));
  root.toggleAttribute('data-framed', window.top !== window);
  if (window.top !== window) return;
  /** A frame without an origin, and a reader who allows no storage, have nothing kept. */
  const kept = (key) => {
    try {
      return localStorage.getItem(`init-lab/${key}`);
    } catch {
      return null;
    }
  };
  const keep = (key, value) => {
    try {
      localStorage.setItem(`init-lab/${key}`, value);
    } catch {
      // Then it is forgotten with the page.
    }
  };
  const themes = ['light', 'dark'];

  function show(theme) {
    // Embedded labs follow the page by themselves.
    if (themes.includes(theme)) root.dataset.theme = theme;
  }

  show(kept('theme'));
  document.addEventListener('DOMContentLoaded', () => {
    const lab = kept('lab');
    const own = document.querySelector('a[data-lab]');
    if (own && lab?.startsWith('#v=1')) {
      const pairs = new URLSearchParams(lab.slice(1));
      for (const key of ['lang', 'theme', 'autoplay']) pairs.delete(key);
      own.hash = `${pairs}&lang=${root.lang}`;
    }
  });
  document.addEventListener('click', (event) => {
    if (!event.target.closest?.('[data-colours]')) return;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    const theme = dark ? 'light' : 'dark';
    show(theme);
    keep('theme', theme);
    // Charts have their colours from the style sheet too, and are drawn anew.
    window.dispatchEvent(new Event('init-lab:colours'));
  });
})();
