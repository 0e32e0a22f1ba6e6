// The pictures of an experiment on the page: drawn at most once a frame, each only if it changed, and
// never while Plotly is still at the last ones.

import { make } from '../studio/parts.js';
import { figure } from './draw.js';

/** What stands above a picture, beside what its networks have in common. */
const TITLES = {
  losses: 'train-loss', cost: 'ms', overflow: 'exit', training: 'training', gradients: 'gradients', spread: 'spread', tails: 'tails', histogram: 'histogram',
};

export class Pictures {
  #place;
  #say;
  #inLab;
  #wanted = null;
  #drawing = false;
  #again = false;
  /** What each canvas shows, as text. */
  #shown = new WeakMap();

  /** `inLab(link)` is where a cell opens its network. */
  constructor(place, say, inLab) {
    this.#place = place;
    this.#say = say;
    this.#inLab = inLab;
  }

  /** Takes everything off the page. */
  clear() {
    this.#wanted = null;
    this.#place.replaceChildren();
  }

  /** Draws `{ pictures, scaled, lang }`, σ in units of He's where `scaled`. */
  draw(wanted) {
    this.#wanted = wanted;
    if (this.#drawing) {
      this.#again = true;
      return;
    }
    this.#drawing = true;
    requestAnimationFrame(async () => {
      this.#again = false;
      try {
        if (this.#wanted && globalThis.Plotly) await Promise.all(this.#render(this.#wanted));
      } finally {
        this.#drawing = false;
      }
      if (this.#again) this.draw(this.#wanted);
    });
  }

  /** Begins to draw; answers with what to wait for. */
  #render({ pictures, scaled, lang }) {
    const places = this.#place;
    while (places.children.length < pictures.length) places.append(frame(places.children.length));
    while (places.children.length > pictures.length) places.lastChild.remove();
    // Their kinds decide how wide they are: all are known before the first is measured.
    pictures.forEach(({ kind }, index) => { places.children[index].dataset.kind = kind; });
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return pictures.map(async (picture, index) => {
      const place = places.children[index];
      const title = [picture.panel, this.#say(TITLES[picture.kind] ?? picture.measure)].filter(Boolean).join(': ');
      const heading = place.querySelector('h3');
      if (heading.textContent !== title) heading.textContent = title;
      const canvas = place.querySelector('.canvas');
      const { clientWidth: width, clientHeight: height } = canvas;
      if (width === 0) return; // Not laid out yet.
      const key = JSON.stringify([picture, scaled, lang, dark, width, height]);
      if (this.#shown.get(canvas) === key) return;
      if (canvas.dataset.width !== `${width}`) {
        // In another width the legend takes other rows, which Plotly works out only for a new picture.
        Plotly.purge(canvas);
        canvas.dataset.width = width;
        delete canvas.dataset.listens;
      }
      await Plotly.react(canvas, figure(picture, { say: this.#say, scaled, width, height }));
      this.#shown.set(canvas, key);
      if (picture.kind === 'map' && !canvas.dataset.listens) {
        canvas.dataset.listens = 'yes';
        canvas.on('plotly_click', ({ points }) => points[0]?.customdata && globalThis.open(this.#inLab(points[0].customdata), '_blank', 'noopener'));
      }
    });
  }
}

function frame(index) {
  return make('figure', { className: 'panel picture', data: { testid: `picture-${index}` } }, make('h3'), make('div', { className: 'canvas' }));
}
