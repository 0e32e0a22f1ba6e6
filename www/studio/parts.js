// The pieces of the page that come in numbers: groups of choices, and boxes to copy from.

/** An element with properties, `data` and children; text is text, never markup. */
export function make(tag, { data = {}, aria = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  element.append(...children);
  return element;
}

/** Rows of what can be shown, and with `lockable` locked, under a name, with one row for all of them. */
export function group({ id, name, rows, lockable, open, own }) {
  const whats = lockable ? ['show', 'lock'] : ['show'];
  const box = (what, data, label) => make('input', {
    type: 'checkbox', data: { what, ...data }, aria: { label: `${own(what)}: ${label}` },
  });
  const line = (label, data, testid) => make('div', { className: 'row' }, make('span', { textContent: label }),
    ...whats.map((what) => box(what, { ...data, testid: `${what}-${testid}` }, data.group ? `${name}, ${label}` : label)));
  const head = make('div', { className: 'row head', ariaHidden: 'true' }, make('span'),
    ...whats.map((what) => make('span', { textContent: own(what) })));
  const whole = rows.length > 1 ? [line(own('all'), { group: id }, `all-${id}`)] : [];
  return make('details', { open, data: { group: id, testid: `group-${id}` } },
    make('summary', {}, name, make('small')),
    head, ...whole, ...rows.map(([row, label]) => line(label, { id: row }, row)));
}

/** A text with a button that copies it. */
export function outputBox({ id, own, copy }) {
  const code = make('code', { data: { testid: `out-${id}` } });
  const button = make('button', { type: 'button', textContent: own('copy'), data: { testid: `copy-${id}` } });
  button.setAttribute('aria-label', `${own('copy')}: ${own(`${id}-note`)}`);
  button.addEventListener('click', () => copy(code, button));
  return make('div', { className: 'output', data: { output: id } },
    make('p', { className: 'hint', textContent: own(`${id}-note`) }), make('pre', {}, code), button);
}
