// Pictures of networks that are watched while they train.

import { CURVES } from './colors.js';
import { number } from './engine.js';

/** By kind of picture, as in draw.js. */
export const watched = { training, gradients, spread: byBlock('std'), tails: byBlock('kurtosis'), histogram };

const finite = (values) => values.map(number).map((value) => (Number.isFinite(value) ? value : null));
const positive = (values) => finite(values).map((value) => (value > 0 ? value : null));

function training(picture, { say, colors }) {
  const names = [...new Set(picture.curves.map(({ label }) => label))];
  const data = picture.curves.map(({ label, part, x, y }) => {
    const color = CURVES[names.indexOf(label) % CURVES.length];
    const heldOut = part === 'held-out';
    return {
      x, y: finite(y), name: label, mode: 'lines', showlegend: heldOut, line: { color, width: heldOut ? 2.5 : 0.8 },
      ...(heldOut ? { hovertemplate: '%{y:.4~g}' } : { hoverinfo: 'skip' }),
    };
  });
  const shapes = [{ type: 'line', xref: 'paper', x0: 0, x1: 1, y0: picture.guess, y1: picture.guess, line: { color: colors.accent, dash: 'dash', width: 1.5 } }];
  return { data, shapes, x: { title: say('step'), showgrid: false, rangemode: 'tozero' }, y: { title: say('held-out-loss') } };
}

function gradients(picture, { say, colors, width }) {
  const looks = {
    theory: { name: say('theory-start'), mode: 'lines', line: { color: colors.accent, width: 2 } },
    start: { name: say('start'), mode: 'markers', marker: { color: colors.muted, size: 7, symbol: 'circle-open' } },
    own: { name: say('now'), mode: 'markers', marker: { color: colors.ink, size: 8 } },
  };
  const data = picture.curves.map(({ part, x, y }) => ({ x, y: positive(y), hovertemplate: '%{y:.3~g}', ...looks[part] }));
  const stride = Math.ceil(picture.x.labels.length / Math.max(2, Math.floor((width - 70) / 46)));
  const places = picture.x.numbers.filter((place) => place % stride === 0);
  const label = (place) => picture.x.labels[place].replace('block.', '').replace(/^[a-z]+$/, say);
  const x = { title: say('layer'), showgrid: false, tickvals: places, ticktext: places.map(label) };
  return { data, x, y: { title: say('gradient-size'), type: 'log', dtick: 1 } };
}

/** Curves over steps, the first block light, the last dark, and theory's dashed. */
function byBlock(quantity) {
  return (picture, { say, colors }) => {
    const blocks = picture.curves.filter(({ part }) => part === 'own').length;
    const data = picture.curves.map(({ label, part, x, y }, index) => {
      if (part === 'theory') {
        return { x, y: finite(y), name: say('theory-rest'), mode: 'lines', line: { color: colors.accent, width: 2, dash: 'dash' }, hovertemplate: '%{y:.3~g}' };
      }
      const ends = index === 0 || index === blocks - 1;
      return {
        x, y: finite(y), name: label, mode: 'lines', showlegend: ends, line: { color: shade(index / Math.max(blocks - 1, 1)), width: 1.6 }, hovertemplate: '%{y:.3~g}',
      };
    });
    return { data, x: { title: say('step'), showgrid: false, rangemode: 'tozero' }, y: { title: say(quantity), ...(quantity === 'std' && { rangemode: 'tozero' }) } };
  };
}

/** From orange, the first block, to blue, the last. */
function shade(share) {
  const [from, to] = [[230, 140, 30], [20, 70, 180]];
  return `rgb(${from.map((low, place) => Math.round(low + share * (to[place] - low))).join(',')})`;
}

function histogram(picture, { say, colors }) {
  const looks = {
    start: { name: say('start'), line: { color: colors.muted, width: 1.5, dash: 'dot', shape: 'hvh' } },
    own: { name: say('now'), line: { color: colors.ink, width: 2, shape: 'hvh' } },
  };
  const data = picture.curves.map(({ part, x, y }) => ({ x, y: positive(y), mode: 'lines', connectgaps: false, hovertemplate: '%{y:.3~g}', ...looks[part] }));
  // On a logarithmic scale tails are seen, and a normal distribution is a parabola.
  return { data, x: { title: say('weight'), showgrid: false, nticks: 5 }, y: { title: say('density'), type: 'log', dtick: 1 } };
}
