// Colours of the pictures of experiments.

/** Of curves; seen apart by most colour-blind readers too (Okabe and Ito). */
export const CURVES = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

/** The page's colours, as the theme has them now. */
export function palette() {
  const probe = document.body.appendChild(document.createElement('span'));
  const color = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = Object.fromEntries(['ink', 'muted', 'line', 'accent', 'surface', 'ground', 'raised'].map((name) => [name, color(name)]));
  probe.remove();
  return colors;
}

const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

/** Any colour of CSS as `rgb(…)`, which is what Plotly knows. */
export function resolved(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return `rgb(${[...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).join(',')})`;
}
