// <init-lab>: a prepared lab in any page. docs/contract.md says what it takes, tells and does.
(() => {
  if (customElements.get('init-lab')) return;

  // Where the lab is: `make dist BASE=https://…` writes it in.
  const BASE = '';
  // Else the script lies beside it. A module has no element, but its stack begins with its address. A text that jQuery puts
  // into the page has neither, but was fetched a moment ago.
  const own = document.currentScript?.src ?? /(http|file)[^\s()]+?(?=:\d+:\d)/.exec(new Error().stack)?.[0];
  const fetched = performance.getEntriesByType('resource').filter(({ name }) => /\/embed\.js/.test(name)).pop();
  const scripts = [BASE, own, fetched?.name];

  const SAID = /^initlab:(here|leave|ready|frame|goal|xapi|finished|failed|state|resize)$/;
  // The keys of a link, as tests/embed_keys.rs compares them with the lab; all other attributes are somebody else's. The first
  // bring other defaults along; the second change how a lab looks, not its run.
  const BASIC = /^(link|experiment|model|block)$/;
  const VIEW = /^(theme|lang|show|hide|lock|embed)$/;
  const FLAG = /^(autoplay|formats|predict|residual|tied)$/;
  const REST = /^(depth|widths?|heads|context|act|slope|norm|pos|attention|cut|sparsity|writes|fan|bias|opt|lr|warmup|schedule|clip|wd|decay|dropout|batch|steps|adapt(-at)?|rank|(lora|token|w)-start|zero-grad|w-target|data|examples|seed|device|charts|goal|from|code|[a-g]|(init|std|gain|formula)(\.(token|position|q|k|v|out|mlp-(in|up|out)|head))?)$/;
  const keyOf = (name) => (name === 'experiment' ? 'x' : [BASIC, VIEW, FLAG, REST].some((keys) => keys.test(name)) && name);
  // Frameworks write what is on or off as words.
  const read = (key, value) => {
    const on = key === 'predict' ? 1 : 'on';
    return (FLAG.test(key) ? { '': on, true: on, [key]: on, false: on === 1 ? 0 : 'off' } : {})[value] ?? value;
  };

  // What is said where there is no lab; all else the lab says.
  const WORDS = {
    en: 'No lab at %. Say where it is: home="https://…".',
    vi: 'Không có Init Lab ở %. Hãy ghi home="https://…".',
  };

  // A colour that changes ends a transition, or cancels one where it changes again at once, which tells of it: that of the text,
  // and one that follows the scheme.
  const CSS = `:host{display:block;column-rule-color:light-dark(#000,#fff);transition:color 1ms,column-rule-color 1ms!important}
    :host([hidden]),p:empty{display:none}
    div{display:grid;height:var(--init-lab-height,640px)}
    a,iframe{grid-area:1/1;width:100%;height:100%;border:0}
    a{display:grid;place-content:center;color:inherit;background:#8882}
    .idle iframe{visibility:hidden}
    @media print{div{break-inside:avoid}.idle{height:auto!important}a{display:inline;background:none}a::after{content:": " attr(href)}}`;
  let sheet;
  try {
    // A strict style-src allows this.
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  } catch {
    // Before Safari 16.4 there are only elements.
  }
  const system = matchMedia('(prefers-color-scheme: dark)');
  const labs = new Set();

  // The address of a folder, for that of any file in it. An element never throws, whatever it is told.
  const folder = (text) => Object.assign(document.createElement('a'), { href: text.replace(/\/?([^/]*\.(html|m?js))?([?#].*)?$/s, '/') }).href;

  // About how light a computed colour is, from 0 to 1, by its green; nothing where hardly anything is seen of it.
  const lightness = (text) => {
    const [x, y, , alpha = 1] = text.split(/[\s(,/)]+/).map(parseFloat).filter((number) => !isNaN(number));
    if (alpha > 0.5) return { r: y / 255, c: y, o: x }[text[0]] ?? x / 100;
  };

  customElements.define('init-lab', class extends HTMLElement {
    #place = document.createElement('div'); // has the placeholder, then the frame
    #idle = document.createElement('a');
    #words = document.createElement('p');
    #frame;
    #homes; // where the lab may be
    #home; // the one that is tried, or is right
    #here; // the first that it said
    #queue; // what waits for the lab's first word: undefined without a frame, null once it has spoken
    #link; // the lab's state as a hash
    #step; // where the run is
    #asked; // what the attributes ask for
    #was; // what they asked for when the element was taken out of the page
    #theme;
    #gone;
    #seen = false;
    #running = false;
    #asleep = false; // paused by us, to go on when seen
    #stepping = false; // as the page asked, seen or not

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      if (sheet) root.adoptedStyleSheets = [sheet];
      else root.append(Object.assign(document.createElement('style'), { textContent: CSS }));
      this.#idle.target = '_blank';
      root.append(this.#place, this.#words);
    }

    connectedCallback() {
      const { signal } = this.#gone = new AbortController();
      labs.add(this);
      this.#idle.textContent = this.title || 'Init Lab';
      this.#place.className = 'idle';
      this.#place.replaceChildren(this.#idle);
      this.#size();
      const near = new IntersectionObserver((all) => {
        if (this.#queue === undefined) this.#point();
        if (all.pop().isIntersecting) this.#load();
      }, { rootMargin: '100% 0px' });
      const sight = new IntersectionObserver((all) => this.#look(all.pop().isIntersecting));
      const changes = new MutationObserver((all) => this.#mirror(all));
      for (const observer of [near, sight, changes]) {
        observer.observe(this, { attributeOldValue: true });
        signal.addEventListener('abort', () => observer.disconnect());
      }
      const on = (target, name, act) => target.addEventListener(name, act, { signal });
      const look = () => this.#look(this.#seen);
      on(document, 'transitionend', look);
      on(document, 'transitioncancel', look);
      on(document, 'visibilitychange', look);
      on(system, 'change', look);
      on(window, 'message', ({ source, data }) => {
        if (source && source === this.#frame?.contentWindow) this.#hear(data);
      });
    }

    disconnectedCallback() {
      this.#gone.abort();
      labs.delete(this);
      if (this.#queue !== undefined) this.#was = this.#asked;
      this.#frame?.remove();
      this.#frame = this.#here = this.#queue = undefined;
      this.#seen = this.#running = this.#asleep = this.#stepping = false;
    }

    // Moved by moveBefore, a frame goes on.
    connectedMoveCallback() {}

    play() { this.#ask('play'); }
    pause() { this.#ask('pause'); }
    reset() { this.#ask('reset'); }
    xapi() { this.#tell('xapi'); }
    set(changes) { this.#ask('set', { link: `${new URLSearchParams(changes)}` }); }
    step(n = 1) {
      this.#ask('step', { n });
      this.#stepping = true;
    }

    // What the page asks for overrules what we meant to do later.
    #ask(type, fields) {
      this.#asleep = this.#stepping = false;
      this.#load();
      this.#tell(type, fields);
    }

    #tell(type, fields) {
      this.#do((lab) => lab.postMessage({ v: 1, type: `initlab:${type}`, ...fields }, '*'));
    }

    // Another hash: no reload, and no new run where only the looks differ.
    #open(link) {
      this.#link = link;
      this.#do((lab) => lab.location.replace(this.#home + link));
    }

    #do(act) {
      if (this.#queue) this.#queue.push(act);
      else if (this.#queue === null) act(this.#frame.contentWindow);
    }

    #size() {
      const height = this.getAttribute('height') ?? '';
      this.#place.style.height = /^\d+$/.test(height) ? `${height}px` : height;
      const width = this.getAttribute('width');
      this.#say(/^[12]?\d?\d$|\./.test(width ?? 1) ? null : this.#here?.width, width);
    }

    #say(words, about) {
      this.#words.textContent = words?.replace('%', about);
    }

    #lang(link) {
      return /^(en|vi)/.exec(link?.get('lang') || this.closest('[lang]')?.lang)?.[0];
    }

    // Where the lab may be: what the page says comes before what can be guessed.
    #point() {
      const told = [this.getAttribute('home'), this.#given()[0], this.querySelector('a[href*="#v=1"]')?.href, ...scripts];
      this.#homes = [...new Set(told.filter(Boolean).map(folder))].filter((home) => /^(http|file)/.test(home));
      if (this.#homes[0]) this.#idle.href = this.#homes[0] + this.#start().replace('&embed=1', '');
    }

    #load() {
      if (this.#queue !== undefined || !this.isConnected) return;
      this.#point();
      const start = this.#start();
      const again = this.#was === this.#asked;
      this.#queue = [];
      this.#link = again ? `${this.#link}&theme=${this.#theme}` : start;
      this.#step = again && this.#step;
      // The same settings and seed come to the same step again.
      if (this.#step && !/autoplay=(on|1)/.test(start)) this.step(this.#step);
      this.#frame = Object.assign(document.createElement('iframe'), { allow: 'clipboard-write; fullscreen', title: this.title || 'Init Lab' });
      this.#try();
    }

    // A lab says at once that it is here: what has come and says nothing is something else, such as a host's 404.
    #try(...before) {
      const frame = this.#frame;
      this.#home = this.#homes.shift();
      if (!this.#home) return this.#say(WORDS[this.#lang() ?? 'en'], before.join(', ') || '?');
      frame.onload = () => setTimeout(() => frame !== this.#frame || this.#here || this.#try(...before, this.#home), 3000);
      frame.src = this.#home + this.#link;
      if (!before[0]) this.#place.append(frame);
    }

    // The home and the keys of an attribute that has a whole link.
    #given() {
      return /^(?:(.*)[#?])?(.*)$/s.exec(this.getAttribute('link') ?? '').slice(1);
    }

    // The hash that the attributes and the page around ask for.
    #start() {
      const link = new URLSearchParams(this.#given()[1] || 'v=1');
      for (const { name, value } of this.attributes) {
        const key = name !== 'link' && !(name === 'width' && /[^\d.@]/.test(value)) && keyOf(name);
        if (key) link.set(key, read(key, value));
      }
      const lang = this.#lang(link);
      link.delete('lang');
      this.#asked = `${link}`;
      if (lang) link.set('lang', lang);
      link.set('theme', this.#theme = link.get('theme') ?? this.#scheme());
      link.set('embed', link.get('embed') ?? 1);
      return `#${link}`;
    }

    // The lab follows the system by itself; it needs a word where the page does not.
    #scheme() {
      return this.#isDark() === system.matches ? 'auto' : system.matches ? 'light' : 'dark';
    }

    // A page that has one scheme says so, or is seen to: by what is behind the element, or by its text where that is a picture.
    #isDark() {
      const { color, colorScheme } = getComputedStyle(this);
      const says = /dark/.test(colorScheme);
      if (says !== /light/.test(colorScheme)) return says;
      if (lightness(color) > 0.7) return true;
      let behind;
      for (let at = this; at && behind === undefined; at = at.parentElement ?? at.getRootNode().host) behind = lightness(getComputedStyle(at).backgroundColor);
      return behind < 0.5;
    }

    #mirror(all) {
      // Whoever writes what is there already changes nothing.
      const names = all.filter(({ attributeName, oldValue }) => oldValue !== this.getAttribute(attributeName)).map((one) => one.attributeName);
      if (/height|width/.test(names)) this.#size();
      const known = names.filter(keyOf);
      if (!known.length || this.#queue === undefined) return;
      const start = this.#start();
      const wanted = new URLSearchParams(start.slice(1));
      const changes = new URLSearchParams(known.map((name) => [name, wanted.get(name)]));
      if (known.some((name) => BASIC.test(name) || !wanted.has(name))) this.#open(start);
      else if (known.every((name) => VIEW.test(name))) this.#open(`${this.#link}&${changes}`);
      else this.#tell('set', { link: `${changes}` });
    }

    // Where nothing was seen of it, no transition told of another colour.
    #look(seen) {
      const before = this.#theme;
      this.#start();
      if (this.#theme !== before && this.#queue !== undefined) this.#open(`${this.#link}&theme=${this.#theme}`);
      this.#seen = seen;
      const awake = seen && !document.hidden;
      if (awake && this.#asleep) {
        this.#asleep = false;
        this.#tell('play');
      } else if (!awake && this.#running && !this.#stepping) {
        this.#asleep = true;
        this.#tell('pause');
      }
    }

    get #together() {
      return (this.getAttribute('together') ?? 'false') !== 'false';
    }

    // One trains at a time, but those that are marked `together`.
    #train() {
      this.#look(this.#seen);
      if (this.#asleep || this.#together) return;
      for (const lab of labs) {
        if (lab === this || lab.#stepping || lab.#together) continue;
        lab.#asleep = false;
        if (lab.#running) lab.#tell('pause');
      }
    }

    #hear(data) {
      const name = data?.v === 1 && SAID.exec(data.type)?.[1];
      if (!name) return;
      if (!this.#here) {
        this.#here = data;
        this.#idle.remove();
        this.#place.className = '';
        this.#size();
      }
      // It is here, but does not listen yet.
      if (name === 'here') return;
      if (name === 'leave') {
        this.#frame.blur();
        focus();
      } else {
        const waiting = this.#queue ?? [];
        this.#queue = null;
        waiting.forEach((act) => this.#do(act));
      }
      if (name === 'resize' && !this.hasAttribute('height')) this.#place.style.height = `${data.height}px`;
      if (name === 'frame') this.#step = data.step;
      if (name === 'state') {
        this.#link = data.link;
        this.#running = data.running;
        if (!data.running) this.#stepping = false;
        else if (!this.#stepping) this.#train();
      }
      this.dispatchEvent(new CustomEvent(name, { detail: data }));
    }
  });
})();
