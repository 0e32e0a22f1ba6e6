// What the site's pages have in common: the reader's light or dark colours and the lab that they were in go along from page
// to page, and a page of cards can be searched. It comes before the page is drawn, so that a dark page never flashes. A page
// in another page's frame is that page's.

(() => {
  /** Whether there is a service worker, which keeps the site for use without a network: `make dist` writes one. */
  const OFFLINE = false;
  const root = document.documentElement;
  const here = document.currentScript.src;
  // Of the lab's page, before it is drawn: what its program will show is not always the picture that it opens with.
  const asked = [...new URLSearchParams(location.hash.slice(1)).keys()];
  root.toggleAttribute('data-other-lab', asked.some((key) => !['v', 'lang', 'theme', 'device'].includes(key)));
  root.toggleAttribute('data-framed', window.top !== window);

  /** Small letters without marks, so that "luoc do" finds what is written with them. */
  const folded = (text) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd');

  /** Shows the cards that have all words, and of the list and the headings what leads to them. */
  function search(form) {
    const [cards, found] = [[...document.querySelectorAll('article')], form.querySelector('output')];
    const words = folded(form.querySelector('input').value).split(/\s+/);
    for (const card of cards) {
      card.hidden = !words.every((word) => folded(card.textContent).includes(word));
      const entry = document.querySelector(`nav a[href="#${card.id}"]`);
      if (entry) entry.parentElement.hidden = card.hidden;
    }
    for (const part of document.querySelectorAll('section')) part.hidden = !part.querySelector('article:not([hidden])');
    const number = cards.filter((card) => !card.hidden).length;
    const text = number ? found.dataset.found.replace('{number}', number) : found.dataset.none;
    found.textContent = words.join('') ? text : '';
  }

  document.addEventListener('DOMContentLoaded', () => {
    for (const form of document.querySelectorAll('[data-search]')) {
      form.hidden = false;
      form.addEventListener('input', () => search(form));
      form.addEventListener('submit', (event) => event.preventDefault());
    }
  });
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

  /** Says that a newer version of the site is there, which comes when the reader wants it. */
  function offer(worker) {
    const words = {
      en: ['A newer version of Init Lab is here.', 'Reload', 'Not now'],
      vi: ['Đã có phiên bản Init Lab mới hơn.', 'Tải lại', 'Để sau'],
    }[root.lang === 'vi' ? 'vi' : 'en'];
    const bar = Object.assign(document.createElement('p'), { className: 'update', textContent: `${words[0]} ` });
    bar.setAttribute('role', 'status');
    bar.dataset.testid = 'update';
    const button = (text, press) => bar.append(Object.assign(document.createElement('button'), { type: 'button', textContent: text, onclick: press }), ' ');
    button(words[1], () => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      worker.postMessage('now');
    });
    button(words[2], () => bar.remove());
    document.body.append(bar);
  }

  async function keepSite() {
    const kept = await navigator.serviceWorker.register(new URL('sw.js', here));
    const arrives = (worker) => {
      const look = () => worker.state === 'installed' && navigator.serviceWorker.controller && offer(worker);
      worker.addEventListener('statechange', look);
      look();
    };
    if (kept.waiting) arrives(kept.waiting);
    kept.addEventListener('updatefound', () => arrives(kept.installing));
  }

  /** Calls back once the page has all that it opens with, and a while has passed: to keep the site is to fetch all of it. */
  function whenSettled(call) {
    const later = () => setTimeout(call, 5000);
    const { page, start } = document.querySelector('#boot-script')?.dataset ?? {};
    // The lab waits for its engine, the pages beside it for their program.
    if (page) window.addEventListener(start ? 'program' : 'engine', later, { once: true });
    else window.addEventListener('load', later);
  }

  // Where nothing may be kept, the site works as long as there is a network. Who asks to save data is not sent all of it.
  if (OFFLINE && navigator.serviceWorker && !navigator.connection?.saveData) {
    document.addEventListener('DOMContentLoaded', () => whenSettled(() => keepSite().catch(() => {})));
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
