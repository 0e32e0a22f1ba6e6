import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import config from '../e2e/playwright.config.mjs';
const site = await serve({ root: 'dist', port: 0 });
const browser = await chromium.launch(config.projects[0].use.launchOptions);
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.on('console', (m) => console.log('console', m.text().slice(0, 300)));
await page.goto(`${site.url}#v=1&device=cpu${process.argv[2] ? '&' + process.argv[2] : ''}`);
await page.waitForSelector('.main-svg');
await page.waitForTimeout(1500);
await browser.startTracing(page, { categories: ['-*', 'toplevel', 'devtools.timeline', 'blink.user_timing'] });
if (process.env.PLAY) {
  await page.click('[data-testid=play]');
  await page.waitForTimeout(6000);
} else {
  const knob = page.locator('[data-testid=knob-std]');
  await knob.focus();
  for (let i = 0; i < 25; i++) { await page.keyboard.press('ArrowRight'); await page.waitForTimeout(150); }
}
const { traceEvents } = JSON.parse(await browser.stopTracing());
const main = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`));
const mine = traceEvents.filter((e) => e.ph === 'X' && main.has(`${e.pid}/${e.tid}`));
const tasks = mine.filter((e) => e.name.endsWith('RunTask')).sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0));
console.log('tasks', tasks.length, 'over 30ms cpu', tasks.filter((t) => t.tdur > 30000).length);
for (const task of tasks.slice(0, 6)) {
  console.log(`== ${(task.tdur / 1000).toFixed(1)} cpu, ${(task.dur / 1000).toFixed(1)} wall`);
  const inside = mine.filter((e) => e !== task && e.ts >= task.ts && e.ts + e.dur <= task.ts + task.dur && (e.tdur ?? 0) > 800);
  for (const e of inside.sort((a, b) => a.ts - b.ts)) console.log('   ', (e.tdur / 1000).toFixed(1), ((e.ts - task.ts) / 1000).toFixed(1), e.name, e.args?.data?.functionName ?? '', e.args?.data?.url?.slice(-30) ?? '');
}
await browser.close(); await site.close();
