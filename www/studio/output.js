// What a teacher pastes: one link in the words of each kind of page.

import { entries, write } from './link.js';

/** Everything that can be copied, by the id of its place. `home` is the lab's address, `height` null where the lab's own is wanted, `usual` what that is. */
export function outputs({ home, lab, title, height, usual }) {
  const link = home + write(lab);
  const address = home + write(lab, { embed: true });
  const high = height ?? usual;
  const frame = (border) => `<iframe src="${html(address)}" title="${html(title)}" width="100%" height="${high}" ${border} loading="lazy"></iframe>`;
  return {
    link,
    html: frame('style="border:0"'),
    // MDX takes a style only as an object, and this spelling as it is; editors of learning platforms
    // may strip styles. The div lets every Markdown leave what is in it alone.
    markdown: `<div>\n${frame('frameBorder="0"')}\n</div>`,
    'markdown-link': `[${markdown(title)}](${link.replace(/[()<>\\]/g, encoded)})`,
    element: `<script src="${html(`${home}embed.js`)}"></script>\n${element(lab, title, height)}`,
    jupyter: `from IPython.display import IFrame\n\nIFrame(${python(address)}, width=${python('100%')}, height=${high},\n       extras=[${python(`title="${html(title)}"`)}])`,
    lms: frame('frameborder="0"'),
  };
}

function element(lab, title, height) {
  const named = entries(lab).map(([key, value]) => [key === 'x' ? 'experiment' : key, value]);
  const attributes = [...named, ['title', title], ...(height ? [['height', `${height}`]] : [])];
  const text = ([key, value]) => (key === 'autoplay' ? key : `${key}="${html(value)}"`);
  return `<init-lab ${attributes.map(text).join(' ')}></init-lab>`;
}

/** Text as an attribute's value; braces and the like are nothing special there. */
function html(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => entities[sign]);
}

/** Text in Markdown. Not every kind of it takes a backslash before the signs that become entities. */
function markdown(text) {
  return text.replace(/[\\`*_{}[\]]/g, '\\$&').replace(/[&<>|~$]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A string literal. */
function python(text) {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

const encoded = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
