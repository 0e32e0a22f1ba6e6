// Networks that are watched while they train: which of them is looked at, in which block and when,
// which of them wait, and what the chosen one writes.

import { make } from '../studio/parts.js';

const at = (id) => document.getElementById(id);

export class Watch {
  #send;
  #say;
  #inLab;
  #chosen = { network: 0, block: 0, look: null };
  #watched = null;
  /** Who is to rest, until a report says so: one that was on its way would take it back. */
  #wishes = new Map();

  /** `send(order)` reaches the worker, `say(key, values)` has the page's texts, `inLab(link)` is where a network opens. */
  constructor(send, say, inLab) {
    this.#send = send;
    this.#say = say;
    this.#inLab = inLab;
    at('block').addEventListener('change', () => this.#choose({ block: Number(at('block').value) }));
    at('look').addEventListener('input', () => {
      const { value, max } = at('look');
      // The last one goes along with the training.
      this.#choose({ look: value === max ? null : Number(value) });
    });
    at('data').querySelector('details').addEventListener('toggle', () => this.#choose({}));
  }

  /** A new experiment is looked at from its beginning, one that is come back to as it was looked at last. */
  begin({ network = 0, block = 0, look = null } = {}) {
    this.#chosen = { network, block, look };
    this.#wishes.clear();
  }

  #choose(change) {
    this.#chosen = { ...this.#chosen, ...change };
    if (!this.#watched) return;
    const data = at('data').querySelector('details').open;
    this.#send({ look: { ...this.#chosen, data } });
  }

  /** Shows how the networks stand; `null` hides everything. */
  show(watched) {
    this.#watched = watched ?? null;
    at('watch').hidden = at('texts').hidden = !watched;
    if (!watched) return;
    const rows = watched.networks.map((network, index) => this.#row(network, index));
    // What has the focus stays, so that a keyboard is not lost at every report.
    const known = at('networks').children.length === rows.length;
    if (known) rows.forEach((row, index) => update(at('networks').children[index], row));
    else at('networks').replaceChildren(...rows);
    this.#blocks(watched.blocks);
    const { looks } = watched;
    const shown = this.#chosen.look ?? looks.length - 1;
    Object.assign(at('look'), { max: Math.max(looks.length - 1, 0), value: shown, disabled: looks.length < 2 });
    at('look').setAttribute('aria-valuetext', this.#say('at-step', { step: looks[shown] ?? 0 }));
    at('look-step').textContent = this.#say('at-step', { step: looks[shown] ?? 0 });
    this.#texts(watched.texts);
  }

  #row({ name, link, step, rests: told, end }, index) {
    if (this.#wishes.get(index) === told) this.#wishes.delete(index);
    const rests = this.#wishes.get(index) ?? told;
    const state = end === null ? this.#say('updates', { step }) : end === 'done' ? this.#say('done', { step })
      : this.#say('blown', { step, layer: end.diverged.layer ?? '?' });
    const pick = make('input', { type: 'radio', name: 'watched', checked: index === this.#chosen.network, data: { testid: `look-at-${index}` } });
    pick.addEventListener('change', () => this.#choose({ network: index, look: null }));
    const trains = make('input', { type: 'checkbox', checked: !rests, disabled: end !== null, ariaLabel: `${this.#say('trains')}: ${name}`, data: { testid: `trains-${index}` } });
    trains.addEventListener('change', () => {
      this.#wishes.set(index, !trains.checked);
      this.#send({ rest: { network: index, rests: !trains.checked } });
    });
    return make('li', {},
      make('label', { className: 'name' }, pick, make('span', { textContent: name })),
      make('span', { className: 'state', textContent: state, data: { testid: `state-${index}` } }),
      make('label', { className: 'trains' }, trains, make('span', { textContent: this.#say('trains') })),
      make('a', { href: this.#inLab(link), textContent: this.#say('open') }));
  }

  #blocks(count) {
    const block = at('block');
    if (block.options.length !== count) {
      block.replaceChildren(...Array.from({ length: count }, (_, index) => make('option', { value: index, textContent: index + 1 })));
    }
    block.value = Math.min(this.#chosen.block, count - 1);
  }

  #texts(texts) {
    const shown = [...texts].reverse();
    at('written').replaceChildren(...shown.map(({ step, text }) => make('li', {},
      make('h3', { textContent: this.#say('at-step', { step }) }), make('pre', { textContent: text, lang: 'en' }))));
    at('no-text').hidden = texts.length > 0;
  }
}

/** Takes over what changed of a row, and leaves its controls where they are. */
function update(row, next) {
  for (const selector of ['.name span', '.state', '.trains span', 'a']) {
    const [old, now] = [row.querySelector(selector), next.querySelector(selector)];
    if (old.textContent !== now.textContent) old.textContent = now.textContent;
    if (now.href) old.href = now.href;
  }
  const [trains, now] = [row.querySelector('.trains input'), next.querySelector('.trains input')];
  Object.assign(trains, { checked: now.checked, disabled: now.disabled, ariaLabel: now.ariaLabel });
  row.querySelector('.name input').checked = next.querySelector('.name input').checked;
}
