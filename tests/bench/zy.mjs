import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import config from '../e2e/playwright.config.mjs';
const site = await serve({ root: 'dist', port: 0 });
const browser = await chromium.launch(config.projects[0].use.launchOptions);
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(`${site.url}#v=1&device=cpu`);
await page.waitForSelector('.main-svg');
await page.waitForTimeout(1500);

async function traced(name, body) {
  await browser.startTracing(page, { categories: ['-*', 'toplevel', 'devtools.timeline'] });
  await page.evaluate(`(async () => { const gd = document.querySelector('[data-chart=variance] .canvas');
    const shake = (y) => y?.map((v) => v === null ? null : v * (0.9 + 0.2 * Math.random()));
    const figure = { data: gd.data.map(({ uid, ...t }) => t), layout: gd.layout };
    const before = gd.querySelector('.scatterlayer .js-line').getAttribute('d');
    for (let i = 0; i < 12; i++) { await (${body})(); await new Promise((r) => setTimeout(r, 120)); }
    window.changed = before !== gd.querySelector('.scatterlayer .js-line').getAttribute('d');
  })()`);
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const main = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`));
  const tasks = traceEvents.filter((e) => e.ph === 'X' && main.has(`${e.pid}/${e.tid}`) && e.name.endsWith('RunTask')).map((e) => (e.tdur ?? 0) / 1000).sort((a, b) => b - a);
  console.log(name, 'changed', await page.evaluate('window.changed'), 'longest', tasks.slice(0, 14).map((t) => t.toFixed(1)).join(' '), 'sum', tasks.reduce((a, b) => a + b).toFixed(0));
}
await traced('react', '() => Plotly.react(gd, figure.data.map((t) => ({ ...t, y: shake(t.y) })), gd.layout)');
await traced('animate', '() => Plotly.animate(gd, { data: figure.data.map((t) => ({ y: shake(t.y), x: t.x })), traces: figure.data.map((_, i) => i) }, { transition: { duration: 0 }, frame: { duration: 0, redraw: false }, mode: "immediate" })');
await browser.close(); await site.close();
