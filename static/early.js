// What must work before any program has come, and where none will. A classic script, because no module comes from the disk.

(() => {
  const vi = (navigator.language ?? '').startsWith('vi');

  // A page that has the lab in a frame hears at once that it is here, and gets the keys back where Escape closes nothing.
  const around = window.parent === window ? null : window.parent;
  const tell = (type, fields) => around.postMessage({ v: 1, type: `initlab:${type}`, ...fields }, '*');
  if (around) {
    const inLang = /[#&]lang=(en|vi)/.exec(location.hash)?.[1] ?? (vi ? 'vi' : 'en');
    tell('here', { width: {
      en: 'The attribute width="%" is the network’s: units in each layer. The lab is as wide as its place, which CSS sets.',
      vi: 'Thuộc tính width="%" là của mạng: số nơ-ron mỗi tầng. Khung rộng bằng chỗ chứa nó, do CSS đặt.',
    }[inLang] });
    window.addEventListener('keydown', (event) => {
      const open = document.fullscreenElement ?? document.querySelector('dialog[open], details[data-menu][open]');
      if (event.key === 'Escape' && !open) tell('leave');
    });
  }

  // Some editors and previews of links have no fragment: they make a query of it.
  const asked = location.search.slice(1);
  const query = /^v%3d1/i.test(asked) ? decodeURIComponent(asked) : asked;
  if (/(^|&)v=1(&|$)/.test(query) && !/[#&]v(=|%)/.test(location.hash)) {
    try {
      history.replaceState(null, '', `${location.pathname}#${query}`);
    } catch {
      // A frame without an origin may change nothing but the fragment.
      location.replace(`#${query}`);
    }
  }

  /** Says why nothing more will come, where the program would have begun. */
  function say(words) {
    const notice = document.querySelector('#boot-notice');
    if (!notice) return;
    notice.textContent = words;
    notice.setAttribute('role', 'alert');
  }

  // A prepared lab has a first picture too, in a file of its own, which comes while the program is on its way.
  const keys = new URLSearchParams(location.hash.slice(1));
  const prepared = keys.get('x');
  const changes = [...keys.keys()].filter((key) => !['v', 'x', 'lang', 'theme', 'device'].includes(key));
  if (prepared && changes.length === 0) {
    document.addEventListener('DOMContentLoaded', async () => {
      const has = document.querySelector('#prepared')?.dataset.ids.split(' ').includes(prepared);
      const answer = has ? await fetch(`first/${prepared}.html`).catch(() => null) : null;
      if (!answer?.ok) return;
      const first = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const [place, part] of [['#boot h1', 'h1'], ['#boot [data-chart]', 'section']]) {
        document.querySelector(place)?.replaceChildren(...first.querySelector(part).childNodes);
      }
      document.documentElement.removeAttribute('data-other-lab');
    });
  }

  const disk = vi
    ? 'Trang này được mở từ ổ đĩa, mà trình duyệt không chạy được nó từ đó. Trên USB, hãy chạy tệp serve.py cạnh thư mục này. Ở nơi khác, hãy mở thư mục của trang qua một máy chủ: chạy lệnh python3 -m http.server 8000 trong thư mục ấy, rồi mở http://localhost:8000/.'
    : 'This page was opened from the disk, and browsers do not run it from there. On a USB stick, start serve.py beside this folder. Elsewhere serve the folder: run python3 -m http.server 8000 in it, then open http://localhost:8000/.';
  const missing = (file) => (vi
    ? `Không tải được ${file}. Hãy tải lại trang; nếu vẫn vậy thì máy chủ thiếu tệp này hoặc có gì đó chặn nó.`
    : `${file} could not be loaded. Reload the page; if that does not help, the file is missing on the server, or something blocks it.`);
  if (location.protocol === 'file:') document.addEventListener('DOMContentLoaded', () => say(disk));
  else {
    window.addEventListener('error', ({ target }) => {
      if (target?.id === 'boot-script') say(missing('boot.js'));
    }, true);
  }

  // What draws the charts is as large as the program and comes after it, over a slow network also after the engine: the lab
  // draws its curves by itself until then. It is asked for again, then missed in words.
  const pauses = [500, 2000];
  const patience = 20_000;
  let missed = null;
  // The program shows tables where charts cannot be drawn.
  const stand = (missing) => {
    document.documentElement.toggleAttribute('data-without-charts', missing);
    window.dispatchEvent(new Event('charts'));
  };
  const miss = (file) => {
    missed ??= document.body.insertBefore(document.createElement('p'), document.body.firstChild);
    missed.setAttribute('role', 'alert');
    missed.textContent = missing(file);
    stand(true);
  };
  const look = ({ target }) => {
    if (target?.localName !== 'script' || !/plotly/.test(target.src)) return;
    if (window.Plotly) {
      missed?.remove();
      stand(false);
      return;
    }
    const [file] = target.src.split('?');
    const pause = pauses.shift();
    if (pause === undefined) miss(file.split('/').pop());
    // Another address: of the same one the browser keeps what came, even if it was a sign-in page of the network.
    else setTimeout(() => document.head.append(Object.assign(document.createElement('script'), { src: `${file}?again=${pause}` })), pause);
  };
  // The window hears of no element's load.
  for (const event of ['error', 'load']) document.addEventListener(event, look, true);
  const slow = 2000;
  let isFetched = false;
  const fetchCharts = () => {
    const { charts } = document.querySelector('#boot-script').dataset;
    if (!charts || isFetched) return;
    isFetched = true;
    document.head.append(Object.assign(document.createElement('script'), { src: charts }));
    setTimeout(() => window.Plotly || miss(charts), patience);
  };
  window.addEventListener('program', () => {
    const { start } = document.querySelector('#boot-script').dataset;
    // The pages beside the lab draw nothing by themselves.
    if (start || performance.now() < slow) fetchCharts();
    else setTimeout(fetchCharts, patience);
  });
  window.addEventListener('engine', fetchCharts);

  // Charts are drawn for a width and for light or dark; paper has its own width and is white.
  window.addEventListener('beforeprint', () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.drawn = dark ? 'dark' : 'light';
    for (const picture of document.querySelectorAll('.main-svg')) {
      const width = picture.getAttribute('width');
      picture.setAttribute('viewBox', `0 0 ${width} ${picture.getAttribute('height')}`);
      picture.parentElement.style.setProperty('--drawn', `${width}px`);
    }
  });
  window.addEventListener('afterprint', () => {
    for (const picture of document.querySelectorAll('.main-svg')) picture.removeAttribute('viewBox');
  });

  // A finger on a slider may only want to scroll. Until it goes sideways, or is lifted, what the slider says is kept back;
  // where the page scrolls instead, it is as if nothing had been touched.
  let touch = null;
  const settle = () => {
    const { slider, said } = touch;
    touch = null;
    if (said === null) return;
    slider.value = said;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const on = (name, act) => window.addEventListener(name, (event) => touch && act(event), true);
  window.addEventListener('pointerdown', ({ target, pointerType, clientX }) => {
    touch = pointerType === 'touch' && target.type === 'range' ? { slider: target, x: clientX, before: target.value, said: null } : null;
  }, true);
  for (const name of ['input', 'change']) {
    on(name, (event) => {
      if (event.target !== touch.slider) return;
      event.stopImmediatePropagation();
      touch.said = touch.slider.value;
      touch.slider.value = touch.before;
    });
  }
  on('pointermove', ({ clientX }) => {
    if (Math.abs(clientX - touch.x) > 10) settle();
  });
  on('pointerup', settle);
  on('pointercancel', () => { touch = null; });
})();
