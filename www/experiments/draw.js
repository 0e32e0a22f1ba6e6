// Pictures of an experiment, from the worker's data to Plotly's.

import { CURVES, palette, resolved } from './colors.js';
import { watched } from './draw-watched.js';
import { number } from './engine.js';

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";
/** Where σ is often said to be safe: the rectangle that a reader is to judge. */
const CLAIMED = [0.01, 0.1];

/** A figure of a picture: `{ data, layout, config }`. `scaled` puts σ into units of He's. */
export function figure(picture, { say, scaled, width, height }) {
  const colors = palette();
  const build = { curves, map, losses, pairs, cost, overflow, ...watched }[picture.kind];
  const { data, x, y, shapes = [] } = build(picture, { say, scaled, colors, width });
  const axis = (own) => ({
    zeroline: false, fixedrange: true, linecolor: colors.line, gridcolor: colors.line, ticks: 'outside', ticklen: 4,
    tickcolor: colors.line, automargin: true, exponentformat: 'power', ...own,
    title: { text: own.title, font: { size: 12, color: colors.muted }, standoff: 8 },
  });
  return {
    data,
    layout: {
      width, height, barmode: 'overlay', margin: { l: 56, r: 14, t: 8, b: 44 }, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
      font: { family: FONT, size: 12, color: colors.muted }, showlegend: data.some((trace) => trace.showlegend !== false && trace.name),
      legend: { orientation: 'h', y: 1.02, yanchor: 'bottom', x: 0 }, dragmode: false,
      hovermode: picture.kind === 'map' ? 'closest' : 'x unified',
      hoverlabel: { bgcolor: colors.surface, bordercolor: colors.line, font: { color: colors.ink } },
      xaxis: axis(x), yaxis: axis(y), shapes,
    },
    config: { displayModeBar: false, scrollZoom: false, responsive: false },
  };
}

function curves(picture, { say, scaled, colors }) {
  const inUnits = scaled && picture.curves.some((curve) => curve.scaled);
  const isLoss = picture.measure.endsWith('loss');
  const isSize = picture.measure.endsWith('size');
  const sizes = picture.curves.flatMap(({ y }) => y.map(number)).filter((value) => value > 0 && Number.isFinite(value));
  // What blew up, or is far worse than guessing, stands at the upper edge.
  const top = isSize ? Math.max(...sizes) : 1.6 * picture.guess;
  const isOff = (value) => (isSize ? !Number.isFinite(value) : isLoss && !(value < top));
  const place = (value) => (value === null ? null : isOff(value) ? top : Number.isFinite(value) ? value : null);
  const data = picture.curves.map((curve, index) => {
    const values = curve.y.map(number);
    const color = CURVES[index % CURVES.length];
    return {
      x: inUnits ? curve.scaled : curve.x, y: values.map(place), customdata: values.map((value) => (value === null ? '' : shown(value))),
      name: nameOf(picture, curve, say), mode: 'lines+markers', line: { color, width: 2 },
      marker: { color, size: 7, symbol: values.map((value, at) => (value !== null && !Number.isFinite(value) ? 'x' : curve.learned?.[at] === false ? 'circle-open' : 'circle')) },
      hovertemplate: '%{customdata}',
    };
  });
  const flat = (y, text) => ({ x: [0, 1], y: [y, y], xaxis: 'x', name: text, mode: 'lines', line: { color: colors.accent, dash: 'dash', width: 1.5 } });
  const shapes = [];
  if (picture.curves.some((curve) => curve.learned)) {
    const key = { x: [null], y: [null], mode: 'markers', hoverinfo: 'skip' };
    for (const [name, symbol] of [['learns', 'circle'], ['learns-not', 'circle-open']]) data.push({ ...key, name: say(name), marker: { color: colors.muted, size: 7, symbol } });
  }
  if (isLoss) {
    const ends = data.flatMap(({ x }) => x).filter((x) => x !== null);
    data.push({ ...flat(picture.guess, say('guess')), x: [Math.min(...ends), Math.max(...ends)], hoverinfo: 'skip' });
  }
  if (picture.x.knob === 'std' && !inUnits) {
    shapes.push({
      type: 'rect', layer: 'below', yref: 'paper', x0: CLAIMED[0], x1: CLAIMED[1], y0: 0, y1: 1, line: { width: 0 },
      fillcolor: colors.accent, opacity: 0.1, label: { text: say('claimed'), textposition: 'top center', font: { size: 11, color: colors.muted } },
    });
  }
  const y = isSize
    ? { type: 'log', ...steps(sizes) }
    : { rangemode: 'tozero', ...(isLoss ? { range: [0, 1.05 * top] } : { range: [0, 1.02], tickformat: '.0%' }) };
  return { data, shapes, x: along(picture, inUnits, say), y: { title: say(picture.measure), ...y } };
}

/** The axis along, of the picture's sweep. */
function along({ x }, inUnits, say) {
  const title = inUnits ? say('scaled', { name: x.name }) : x.name;
  // Names have places, numbers have values; a few numbers far apart are marked as they are.
  const named = x.labels.some((label) => Number.isNaN(Number(label)) && !/[\d·⁰-⁹⁻]/.test(label));
  const few = x.scale === 'log' && x.numbers.length <= 6;
  const ticks = named || few ? { tickvals: x.numbers, ticktext: x.labels } : {};
  const log = x.scale === 'log' ? { type: 'log', dtick: 1 } : {};
  return { title, showgrid: false, ...log, ...ticks };
}

/**
 * A logarithmic axis for these values, of a power of ten at least, so that what is nearly flat looks so. It is marked at 1, 2
 * and 5 of each power, or at the powers alone where they are many.
 */
function steps(values) {
  if (!values.length) return {};
  const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.log10);
  const half = Math.max(0.5, 0.56 * (high - low));
  const range = [(low + high) / 2 - half, (low + high) / 2 + half];
  const digits = high - low > 3 ? [1] : [1, 2, 5];
  const first = Math.floor(range[0]);
  const powers = Array.from({ length: Math.ceil(range[1]) - first }, (_, index) => 10 ** (first + index));
  const tickvals = powers.flatMap((power) => digits.map((digit) => digit * power));
  return { range, tickvals, ticktext: tickvals.map(shown) };
}

/** What a curve is of, and how many of its networks are not on it. */
function nameOf(picture, { label, lost }, say) {
  const name = label === 'pairs' ? say('pair') : label === 'mean' ? say(label) : label || say(picture.measure);
  return lost ? say('lost', { name, lost }) : name;
}

function map(picture, { say, colors, width }) {
  const { x, y } = picture;
  const isLoss = picture.measure.endsWith('loss');
  const states = { done: [], waiting: [], lost: [] };
  for (const cell of picture.cells) {
    const value = number(cell.value);
    states[value === null ? 'waiting' : Number.isFinite(value) ? 'done' : 'lost'].push({ ...cell, value });
  }
  const label = (cell) => `${x.name} ${x.labels[cell.at[0]]}, ${y.name} ${y.labels[cell.at[1]]}<br>${cell.value === null ? say('waiting') : `${say(picture.measure)} ${shown(cell.value)}`}`;
  // Bars of height 1 fill the cells; Plotly's smallest bundle has no heat-maps.
  const trace = (cells, marker) => ({
    type: 'bar', x: cells.map(({ at }) => at[0]), y: cells.map(() => 1), base: cells.map(({ at }) => at[1] - 0.5), width: 1,
    customdata: cells.map(({ link }) => link), hovertext: cells.map(label), hovertemplate: '%{hovertext}<extra></extra>',
    showlegend: false, marker: { line: { width: 1, color: colors.surface }, ...marker },
  });
  const isSize = picture.measure.endsWith('size');
  const most = isLoss ? picture.guess : (isSize && Math.max(0, ...states.done.map(({ value }) => value))) || 1;
  const [best, worst] = ['#1f4cb8', colors.raised];
  const ends = isLoss ? [best, worst] : [worst, best];
  // Colours as text: Plotly takes a scale for bars only while there are any.
  const color = ({ value }) => `color-mix(in oklab, ${ends[1]} ${(100 * Math.min(Math.max(value / most, 0), 1)).toFixed(1)}%, ${ends[0]})`;
  const done = trace(states.done, { color: states.done.map((cell) => resolved(color(cell))), line: { width: 0 } });
  const key = {
    x: [null], y: [null], mode: 'markers', hoverinfo: 'skip', showlegend: false,
    marker: {
      color: [0], cmin: 0, cmax: most, showscale: true, colorscale: [0, 0.25, 0.5, 0.75, 1].map((at) => [at, resolved(color({ value: at * most }))]),
      colorbar: { thickness: 10, outlinewidth: 0, title: { text: say(picture.measure), side: 'right', font: { size: 11 } }, tickfont: { size: 10 } },
    },
  };
  const empty = { color: 'rgba(0,0,0,0)', line: { color: colors.line, width: 0.5 } };
  const data = [
    trace(states.waiting, empty), done, trace(states.lost, empty), key,
    {
      x: states.lost.map(({ at }) => at[0]), y: states.lost.map(({ at }) => at[1]), mode: 'markers', name: say('blown-up'),
      hoverinfo: 'skip', showlegend: states.lost.length > 0, marker: { symbol: 'x', size: 6, color: colors.muted },
    },
  ];
  if (picture.line.length) {
    const top = y.labels.length - 0.5;
    // What reaches without end leaves the map at its top.
    const points = picture.line.map(([along, up]) => [position(x, number(along)), Math.min(position(y, number(up)), top)]);
    data.push({
      x: points.map(([at]) => at), y: points.map(([, at]) => at), mode: 'lines', name: say('theory'), hoverinfo: 'skip',
      line: { color: colors.ink, width: 2, dash: 'dash', shape: 'linear' },
    });
  }
  const axis = ({ name, labels }, most) => {
    const stride = Math.ceil(labels.length / most);
    const shown = labels.map((_, index) => index).filter((index) => index % stride === 0);
    return { title: name, showgrid: false, range: [-0.5, labels.length - 0.5], tickvals: shown, ticktext: shown.map((index) => labels[index]) };
  };
  return { data, x: axis(x, Math.floor(width / 70)), y: axis(y, 10) };
}

/** Where a value lies between the places of an axis's values; beyond them as far as its scale says. */
function position({ numbers, scale }, value) {
  const map = scale === 'log' ? Math.log : (x) => x;
  const at = numbers.findIndex((known) => known >= value);
  const above = at < 0 ? numbers.length - 1 : Math.max(at, 1);
  if (numbers.length < 2) return 0;
  const [low, high] = [map(numbers[above - 1]), map(numbers[above])];
  return above - 1 + (map(value) - low) / (high - low);
}

function losses(picture, { say, colors }) {
  const data = picture.curves.flatMap((curve, index) => {
    const color = CURVES[index % CURVES.length];
    const edge = (y, extra) => ({ x: curve.x, y, mode: 'lines', line: { width: 0, color }, hoverinfo: 'skip', showlegend: false, ...extra });
    // A curve without a point would have no place in the legend either.
    const y = curve.y.map(number).map((value) => (Number.isFinite(value) ? value : null));
    const points = y.some((value) => value !== null) ? { x: curve.x, y } : { x: [null], y: [null] };
    const band = curve.band ? [edge(curve.band[0]), edge(curve.band[1], { fill: 'tonexty', fillcolor: `${color}33` })] : [];
    return [...band, {
      ...points, name: nameOf(picture, curve, say),
      mode: 'lines', line: { color, width: 2 }, hovertemplate: '%{y:.4~g}',
    }];
  });
  const shapes = [{ type: 'line', xref: 'paper', x0: 0, x1: 1, y0: picture.guess, y1: picture.guess, line: { color: colors.accent, dash: 'dash', width: 1.5 } }];
  return { data, shapes, x: { title: say('step'), showgrid: false }, y: { title: say('train-loss'), range: [0, 1.3 * picture.guess] } };
}

function pairs(picture, { say, colors }) {
  const data = [];
  for (const curve of picture.curves) {
    const y = curve.y.map(number);
    if (curve.label === 'mean') {
      const edge = (values, extra) => ({ x: curve.x, y: values, mode: 'lines', line: { width: 0, color: colors.accent }, hoverinfo: 'skip', showlegend: false, ...extra });
      data.push(edge(curve.band[0]), edge(curve.band[1], { fill: 'tonexty', fillcolor: 'rgba(43,95,217,0.15)' }));
      data.push({ x: curve.x, y, mode: 'lines', name: say('mean'), line: { color: colors.accent, width: 2 }, hovertemplate: '%{y:.3~g}' });
    } else {
      data.push({ x: curve.x, y, mode: 'markers', name: nameOf(picture, curve, say), marker: { color: colors.ink, size: 8 }, hovertemplate: '%{y:.3~g}' });
    }
  }
  const shapes = [{ type: 'line', xref: 'paper', x0: 0, x1: 1, y0: 0, y1: 0, layer: 'below', line: { color: colors.muted, width: 1 } }];
  return { data, shapes, x: { title: say('pair'), showgrid: false, dtick: 1 }, y: { title: say('difference', { measure: say(picture.measure) }) } };
}

function cost(picture, { say }) {
  const data = picture.curves.flatMap(({ label, x, y }, index) => {
    const color = CURVES[index % CURVES.length];
    const times = y.map(number);
    const trace = { x, name: label, mode: 'lines+markers', line: { color, width: 2 }, marker: { color, size: 7 }, hovertemplate: '%{y:.3~g} ms' };
    const apart = { y: x.map((count) => count * times[0]), mode: 'lines', name: `${label}: ${say('apart')}`, line: { color, width: 1.5, dash: 'dash' } };
    return [{ ...trace, y: times }, { ...trace, ...apart }];
  });
  const log = { type: 'log', dtick: 0.30103, exponentformat: 'none' };
  return { data, x: { title: say('networks'), showgrid: false, ...log }, y: { title: say('ms'), type: 'log', dtick: 1 } };
}

/**
 * The first layer that leaves each format: measured as marks, theory's as dashed lines. What stays
 * inside stands open at the depth of the network.
 */
function overflow(picture, { say, colors }) {
  const depth = picture.y.numbers[1];
  const marks = { overflow: 'triangle-up', underflow: 'triangle-down', inside: 'circle-open' };
  const data = picture.curves.flatMap(({ label, x, y, exits }, index) => {
    const color = CURVES[index % CURVES.length];
    // bf16 and f32 leave at much the same layers: what is drawn last is small, and both are seen.
    const [size, thickness] = [[11, 2], [13, 4], [8, 1.5]][index];
    const layers = y.map(number);
    const way = (exit) => exit?.way ?? 'inside';
    const told = (exit, at) => (layers[at] === null ? '' : `${say(way(exit))}${exit ? `, ${say('layer')} ${exit.layer}` : ''}`);
    const measured = {
      x, y: layers.map((layer) => layer && Math.min(layer, depth)), name: label, mode: 'markers', customdata: exits.measured.map(told),
      marker: { color, size, symbol: exits.measured.map((exit) => marks[way(exit)]) }, hovertemplate: '%{customdata}',
    };
    // Between going under and over there is no line: there a signal would live for ever.
    const line = exits.predicted.flatMap((exit, at) => {
      const breaks = at > 0 && way(exit) !== way(exits.predicted[at - 1]);
      return [...(breaks ? [[x[at], null]] : []), [x[at], exit?.layer ?? null]];
    });
    const theory = {
      x: line.map(([place]) => place), y: line.map(([, layer]) => layer), mode: 'lines', hoverinfo: 'skip', showlegend: false,
      line: { color, width: thickness, dash: 'dash' },
    };
    return [theory, measured];
  });
  const key = (name, trace) => ({ x: [null], y: [null], name: say(name), hoverinfo: 'skip', ...trace });
  data.push(key('closed-form', { mode: 'lines', line: { color: colors.muted, width: 2, dash: 'dash' } }));
  for (const [name, symbol] of Object.entries(marks)) data.push(key(name, { mode: 'markers', marker: { color: colors.muted, size: 9, symbol } }));
  return { data, x: along(picture, false, say), y: { title: say('exit'), range: [0, 1.05 * depth] } };
}

/** A number for a person. */
export function shown(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(2) : `${Number(value.toPrecision(4))}`;
}
