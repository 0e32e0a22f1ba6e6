// <init-lab>: a prepared lab in any page. docs/contract.md says what it takes, tells and does.
(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="embed.js"]');
  const home = new URL('.', script.src).href;
  if (customElements.get('init-lab')) return;

  const SAID = /^initlab:(ready|frame|finished|failed|state|resize)$/;
  // HTML's own attributes and the element's; every other plain word is the lab's.
  const OURS = /^((aria|data)-.*|on.*|item.*|auto(capitalize|correct|focus)|accesskey|class|contenteditable|dir|draggable|embed|enterkeyhint|height|hidden|id|inert|inputmode|is|nonce|part|popover|role|slot|spellcheck|style|tabindex|title|together|translate|v)$/;
  const keyOf = (name) => (name === 'experiment' ? 'x' : /^[a-z]+([.-][a-z-]+)?$/.test(name) && !OURS.test(name) && name);
  // These bring other defaults along; those change how a lab looks, not its run.
  const BASE = /^(experiment|model|block)$/;
  const VIEW = /^(theme|lang|show|hide|lock)$/;

  // A strict style-src allows this. The colour is there to be read: it tells the scheme in use.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host { display: block } :host([hidden]) { display: none }
    a, iframe { display: grid; place-content: center; width: 100%; height: var(--init-lab-height, 640px);
      border: 0; color: light-dark(#000, #fff); transition: color 1ms } a { background: #8881 }`);
  const system = matchMedia('(prefers-color-scheme: dark)');
  const labs = new Set();

  customElements.define('init-lab', class extends HTMLElement {
    #box; // the placeholder, then the frame
    #queue; // what waits for the lab's first word: undefined without a frame, null once it has spoken
    #link; // the lab's state as a hash
    #theme;
    #gone;
    #seen = false;
    #running = false;
    #asleep = false; // paused by us, to go on when seen
    #stepping = false; // as the page asked, seen or not

    constructor() {
      super();
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
    }

    connectedCallback() {
      const { signal } = this.#gone = new AbortController();
      const watch = (observer, options) => {
        observer.observe(this, options);
        signal.addEventListener('abort', () => observer.disconnect());
      };
      labs.add(this);
      this.#put('a', { target: '_blank', textContent: this.title || 'Init Lab' });
      this.#box.href = home + this.#start().replace('&embed=1', '');
      watch(new IntersectionObserver((all) => all.at(-1).isIntersecting && this.#load(), { rootMargin: '100% 0px' }));
      watch(new IntersectionObserver((all) => this.#look(all.at(-1).isIntersecting)));
      watch(new MutationObserver((all) => this.#mirror([...new Set(all.map((one) => one.attributeName))])), { attributes: true });
      document.addEventListener('visibilitychange', () => this.#look(this.#seen), { signal });
      system.addEventListener('change', () => this.#dress(), { signal });
      this.shadowRoot.addEventListener('transitionend', () => this.#dress(), { signal });
      addEventListener('message', ({ source, data }) => {
        if (source && source === this.#box.contentWindow) this.#hear(data);
      }, { signal });
    }

    disconnectedCallback() {
      this.#gone.abort();
      labs.delete(this);
      this.#box.remove();
      this.#queue = undefined;
      this.#seen = this.#running = this.#asleep = this.#stepping = false;
    }

    play() { this.#ask('play'); }
    pause() { this.#ask('pause'); }
    reset() { this.#ask('reset'); }
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
      this.#do((lab) => lab.location.replace(home + link));
    }

    #do(act) {
      if (this.#queue) this.#queue.push(act);
      else if (this.#queue === null) act(this.#box.contentWindow);
    }

    #put(tag, fields) {
      this.#box = Object.assign(document.createElement(tag), fields);
      this.#size();
      this.shadowRoot.replaceChildren(this.#box);
    }

    #size() {
      const height = this.getAttribute('height') ?? '';
      this.#box.style.height = /^\d+$/.test(height) ? `${height}px` : height;
    }

    #load() {
      if (this.#queue !== undefined || !this.isConnected) return;
      this.#queue = [];
      this.#link = this.#start();
      this.#put('iframe', { allow: 'clipboard-write; fullscreen', src: home + this.#link, title: this.title || 'Init Lab' });
    }

    // The hash that the attributes and the page around ask for.
    #start() {
      const link = new URLSearchParams({ v: 1 });
      for (const { name, value } of this.attributes) {
        if (keyOf(name)) link.set(keyOf(name), value || (name === 'autoplay' ? 1 : ''));
      }
      link.delete('lang');
      const lang = this.closest('[lang]')?.lang.slice(0, 2);
      if (lang === 'en' || lang === 'vi') link.set('lang', lang);
      link.set('theme', this.#theme = this.#scheme());
      link.set('embed', 1);
      return `#${link}`;
    }

    // The lab follows the system by itself; it needs a word where the page does not.
    #scheme() {
      const dark = getComputedStyle(this.#box).color === 'rgb(255, 255, 255)';
      return this.getAttribute('theme') ?? (dark === system.matches ? 'auto' : dark ? 'dark' : 'light');
    }

    #dress() {
      const theme = this.#scheme();
      if (theme === this.#theme || this.#queue === undefined) return;
      this.#theme = theme;
      this.#open(`${this.#link}&theme=${theme}`);
    }

    #mirror(names) {
      if (names.includes('height')) this.#size();
      const known = names.filter(keyOf);
      if (!known.length || this.#queue === undefined) return;
      const start = this.#start();
      const wanted = new URLSearchParams(start.slice(1));
      const changes = new URLSearchParams(known.map((name) => [name, wanted.get(name)]));
      if (known.some((name) => BASE.test(name) || !wanted.has(name))) this.#open(start);
      else if (known.every((name) => VIEW.test(name))) this.#open(`${this.#link}&${changes}`);
      else this.#tell('set', { link: `${changes}` });
    }

    #look(seen) {
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

    // One trains at a time, but those that are marked `together`.
    #train() {
      this.#look(this.#seen);
      if (this.#asleep || this.hasAttribute('together')) return;
      for (const lab of labs) {
        if (lab === this || lab.#stepping || lab.hasAttribute('together')) continue;
        lab.#asleep = false;
        if (lab.#running) lab.#tell('pause');
      }
    }

    #hear(data) {
      const name = data?.v === 1 && SAID.exec(data.type)?.[1];
      if (!name) return;
      const waiting = this.#queue ?? [];
      this.#queue = null;
      waiting.forEach((act) => this.#do(act));
      if (name === 'resize' && !this.hasAttribute('height')) this.#box.style.height = `${data.height}px`;
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
