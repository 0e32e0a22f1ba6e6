// What a lab finds around it in other people's pages: a typesetter that walks over everything, and
// policies that allow little.

import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';
import { labUrl } from './playwright.config.mjs';

const origin = new URL(labUrl).origin;

test('beside MathJax the lab trains, formulas are set, and neither touches the other', async ({ foreign, page }) => {
  // From an origin of its own, as from the network that most pages take it from.
  const packages = await serve({ root: fileURLToPath(new URL('../../node_modules', import.meta.url)), port: 0, host: '127.0.0.1' });
  const asked = new Set();
  page.on('request', (request) => asked.add(request.url()));
  try {
    const settings = `{
      loader: { paths: { fonts: '${packages.url}@mathjax' } },
      tex: { inlineMath: [['$', '$'], ['\\\\(', '\\\\)']] },
    }`;
    await foreign.open(`<p id="before">With $\\sigma^2 = 2/n$ each layer keeps its variance.</p>
      <init-lab id="a" title="Keep \\(q\\)" ${TINY}><a href="${labUrl}">Open this lab</a></init-lab>
      <p id="after">\\[ q_l = \\frac{n \\sigma^2}{2} q_{l-1} \\]</p>`, {
      head: `<script>MathJax = ${settings}</script><script src="${packages.url}mathjax/tex-mml-chtml.js" async></script>`,
    });
    for (const id of ['before', 'after']) await expect(page.locator(`#${id} mjx-container`)).toHaveCount(1);
    const { run } = await foreign.frame('a');
    await foreign.call('a', 'step', 2);
    await foreign.frame('a', 2);

    // A page that changes is typeset again, some say even with its labs.
    await page.evaluate(async () => {
      document.querySelector('#before').append(' And $\\gamma$.');
      await window.MathJax.typesetPromise();
      await window.MathJax.typesetPromise([document.querySelector('init-lab')]);
    });
    await expect(page.locator('#before mjx-container')).toHaveCount(2);
    expect(await foreign.lab('a').evaluate((lab) => ({ light: lab.innerHTML, shadow: [...lab.shadowRoot.querySelectorAll('*')].map((one) => one.localName) })))
      .toEqual({ light: `<a href="${labUrl}">Open this lab</a>`, shadow: ['div', 'iframe', 'p'] });
    await expect(foreign.lab('a').locator('iframe')).toHaveAttribute('title', 'Keep \\(q\\)');
    await expect(foreign.inside('a').locator('mjx-container, script[src*=mathjax]')).toHaveCount(0);
    await expect(foreign.inside('a').getByTestId('sigma')).toContainText('σ = gain / √fan');
    await foreign.call('a', 'step', 1);
    expect((await foreign.frame('a', 3)).run).toBe(run);
    // The test needs no network either.
    const homes = [labUrl, packages.url, page.url(), 'data:', 'blob:'];
    expect([...asked].filter((url) => !homes.some((home) => url.startsWith(home)))).toEqual([]);
  } finally {
    await packages.close();
  }
});

/** Keeps what the page's policy forbade, whoever asked for it. */
const watch = (page) => page.addInitScript(() => {
  window.forbidden = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.forbidden.push(`${violatedDirective} ${blockedURI}`));
});

test('a policy that allows the page its own scripts and the lab as a frame is enough for a frame', async ({ foreign, page }) => {
  await watch(page);
  await foreign.open(`<iframe id="lab" title="Lab" src="${labUrl}#v=1&embed=1&depth=3&width=16&batch=16&device=cpu&lang=en" width="100%" height="700"></iframe>
    <output id="said"></output><script src="/listen.js"></script>`, {
    element: false,
    headers: { 'Content-Security-Policy': `default-src 'none'; script-src 'self'; frame-src ${origin}; img-src data:` },
    files: {
      '/listen.js': `addEventListener('message', ({ origin, source, data }) => {
        if (origin !== '${origin}' || data?.type !== 'initlab:frame') return;
        document.querySelector('#said').value = 'step ' + data.step;
        if (data.step === 0) source.postMessage({ v: 1, type: 'initlab:step', n: 2 }, origin);
      });`,
    },
  });
  await expect(page.locator('#said')).toHaveText('step 2', { timeout: 40_000 });
  await expect(page.frameLocator('#lab').getByTestId('device')).toHaveAttribute('data-device', 'cpu');
  expect(await page.evaluate(() => window.forbidden)).toEqual([]);
});

test('with embed.js the policy has to name the lab twice, and nothing inline', async ({ foreign, page }) => {
  await watch(page);
  await foreign.open(`<init-lab id="a" ${TINY}></init-lab><script src="/drive.js"></script>`, {
    headers: { 'Content-Security-Policy': `default-src 'none'; script-src 'self' ${origin}; frame-src ${origin}; style-src 'self'; img-src data:; require-trusted-types-for 'script'` },
    files: { '/drive.js': "document.querySelector('init-lab').step(3);" },
  });
  await foreign.frame('a', 3);
  expect(await page.evaluate(() => window.forbidden)).toEqual([]);
});
