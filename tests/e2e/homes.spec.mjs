// Wherever its script went, the element finds the lab; where it cannot, the place says so.

import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';
import { TINY } from './foreign.mjs';
import { labUrl } from './playwright.config.mjs';

const text = () => readFile(new URL('../../www/embed.js', import.meta.url), 'utf8');
/** As the privacy plugin of Material for MkDocs names what it copies. */
const COPY = '/assets/external/lab.example/embed.js';
const BARE = { element: false };

/** The lab of this element is measured, and comes from where the lab is. */
async function isHome(foreign, id = 'a') {
  await foreign.frame(id);
  await expect(foreign.lab(id).locator('iframe')).toHaveAttribute('src', new RegExp(`^${labUrl}#v=1`));
  await expect(foreign.lab(id).locator('iframe')).toBeVisible();
}

/** The place of this element says in words that there is no lab, and shows nothing else of where it looked. */
async function isLost(foreign, words) {
  await expect(foreign.lab('a').locator('p')).toHaveText(words);
  await expect(foreign.lab('a').locator('iframe:visible')).toHaveCount(0);
  await expect(foreign.lab('a').locator('a')).toBeVisible();
}

test('copied to another host, it takes what the page says', async ({ foreign, troubles }) => {
  troubles.allow(/404/);
  await foreign.open(`<script src="${COPY}"></script>
    <init-lab id="a" home="${labUrl}" ${TINY} height="300"></init-lab>
    <init-lab id="b" home="${labUrl.slice(0, -1)}" ${TINY} height="300"></init-lab>
    <init-lab id="c" ${TINY} height="300"><a href="${labUrl}#v=1&amp;depth=3">A lab</a></init-lab>
    <init-lab id="d" link="${labUrl}index.html?utm_source=x#v=1&amp;depth=4" width="16" batch="16" device="cpu" height="300"></init-lab>`, { ...BARE, files: { [COPY]: await text() } });
  for (const id of ['a', 'b', 'c', 'd']) await isHome(foreign, id);
  expect((await foreign.told('d', 'ready'))[0].spec).toMatchObject({ depth: 4, width: 16 });
});

test('copied to another host, it knows what make dist wrote into it', async ({ foreign }) => {
  const written = (await text()).replace("const BASE = '';", `const BASE = '${labUrl}';`);
  await foreign.open(`<script src="${COPY}"></script><init-lab id="a" ${TINY}></init-lab>`, { ...BARE, files: { [COPY]: written } });
  await isHome(foreign);
});

test('copied to another host that says nothing more, the place says so, and never shows that host’s own page', async ({ foreign, troubles }) => {
  troubles.allow(/404/);
  await foreign.open(`<script src="${COPY}"></script><init-lab id="a" ${TINY}></init-lab>`, { ...BARE, files: { [COPY]: await text() } });
  await expect(foreign.lab('a').getByRole('link')).toBeVisible();
  await isLost(foreign, `No lab at ${foreign.url}assets/external/lab.example/. Say where it is: home="https://…".`);
});

test('in Vietnamese too', async ({ foreign, troubles }) => {
  troubles.allow(/404/);
  await foreign.open(`<script src="${COPY}"></script><init-lab id="a" lang="vi"></init-lab>`, { ...BARE, files: { [COPY]: await text() } });
  await isLost(foreign, /^Không có Init Lab ở http/);
});

for (const [name, place] of [
  ['as text of the page', (script) => `<script>${script}</script>`],
  ['as data', (script) => `<script src="data:text/javascript;base64,${Buffer.from(script).toString('base64')}"></script>`],
]) {
  test(`put into one file ${name}, it takes the link beside it, or says what is missing`, async ({ foreign, page }) => {
    await foreign.open(`${place(await text())}<init-lab id="a" ${TINY}><a href="${labUrl}#v=1&amp;depth=3">A lab</a></init-lab>`, BARE);
    await isHome(foreign);
    await page.evaluate(() => document.querySelector('init-lab').remove());
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<init-lab id="a"></init-lab>'));
    await isLost(foreign, 'No lab at ?. Say where it is: home="https://…".');
  });
}

test('as a module, imported, and beside another embed.js', async ({ foreign, page }) => {
  const files = { '/widget/embed.js': 'window.widget = true;' };
  const other = '<script src="/widget/embed.js"></script>';
  await foreign.open(`${other}<script type="module" src="${labUrl}embed.js"></script><init-lab id="a" ${TINY}></init-lab>`, { ...BARE, files });
  await isHome(foreign);
  foreign.close();
  await foreign.open(`${other}<init-lab id="a" ${TINY}></init-lab>`, { ...BARE, files });
  await page.evaluate((url) => import(url), `${labUrl}embed.js?from=import`);
  await isHome(foreign);
});

test('put into a page as text that was fetched, as jQuery does', async ({ foreign, page }) => {
  await page.route(`${labUrl}lesson`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><link rel="icon" href="data:,">
    <init-lab id="a" ${TINY}></init-lab><script>
      const request = new XMLHttpRequest();
      request.open('GET', 'embed.js', false);
      request.send();
      document.head.append(Object.assign(document.createElement('script'), { text: request.responseText }));
    </script>` }));
  await page.goto('lesson');
  await expect(foreign.inside('a').getByTestId('status-step')).toHaveText('0');
});
