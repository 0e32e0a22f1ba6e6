// The studio: what a teacher chooses, sees, and pastes into pages that are not the lab's.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { expect, test as base } from './fixtures.mjs';
import { GPT } from './lab.mjs';
import { labUrl } from './playwright.config.mjs';

const TINY = 'depth=3&width=16&batch=16&init=kaiming-normal&device=cpu';
const VIETNAMESE_TITLE = 'Đưa thí nghiệm này vào bài giảng';

/** The studio as a teacher meets it. */
class Studio {
  constructor(page) {
    this.page = page;
    this.preview = page.frameLocator('[data-testid="preview"]');
  }

  async open(link = TINY, lang = 'en') {
    await this.page.goto(`./studio.html?lang=${lang}#v=1&${link}`);
    await expect(this.preview.getByTestId('play')).toBeAttached();
    // The lab's height and link have come.
    await expect(this.see('height')).not.toHaveAttribute('placeholder', '640');
  }

  see(id) {
    return this.page.getByTestId(id);
  }

  async unfold() {
    await this.page.locator('#groups details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  }

  async out(id) {
    return this.see(`out-${id}`).textContent();
  }

  async hash() {
    return new URL(await this.out('link')).hash;
  }

  async linkBecomes(hash) {
    await expect(this.see('out-link')).toHaveText(labUrl + hash);
  }
}

const test = base.extend({
  studio: async ({ page }, use) => use(new Studio(page)),

  /** A page of another origin with this body; what its frames say is kept. */
  paste: async ({ page }, use) => {
    let server;
    await use(async (body) => {
      server?.close();
      server = createServer((request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(`<!doctype html><meta charset="utf-8">
          <title>A page</title><link rel="icon" href="data:,"><script>window.heard = [];
          addEventListener('message', ({ data }) => heard.push(data));</script>${body}`);
      });
      await new Promise((done) => server.listen(0, '127.0.0.1', done));
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      return {
        lab: page.frameLocator('iframe'),
        ready: async () => (await page.waitForFunction(() => window.heard.find((data) => data?.type === 'initlab:ready'))).jsonValue(),
      };
    });
    server?.close();
    server?.closeAllConnections();
  },
});

for (const [name, link] of [['an MLP', `${TINY}&norm=layer`], ['a GPT', `${GPT}&tied=off`], ['a LLaMA', `${GPT}&block=llama&init=formula`], ['a network that is adapted', `${TINY}&adapt=lora`]]) {
  test(`of ${name}, what can be chosen is what the lab has`, async ({ studio }) => {
    await studio.open(link);
    await studio.unfold();
    for (const all of await studio.page.locator('[data-testid^="show-all-"]').all()) await all.check();
    const shown = studio.page.locator('[data-testid^="show-"]:not([data-testid^="show-all-"])');
    const mine = await shown.evaluateAll((all) => all.map(({ dataset }) => dataset.testid.replace(/^show-/, '')));
    const theirs = () => studio.preview.locator(':root').evaluate((root) => {
      root.querySelectorAll('details').forEach((details) => { details.open = true; });
      const parts = ['question', 'diagnosis', 'status', 'code', 'play', 'step', 'reset', 'reseed'];
      const ids = [...root.querySelectorAll('[data-testid]')].map(({ dataset }) => dataset.testid);
      const controls = ids.filter((id) => /^(knob|chart)-/.test(id) && !/-(number|auto)$/.test(id));
      const names = controls.map((id) => id.replace(/^chart-share$/, 'signal-share').replace(/^chart-attention$/, 'attention-heads').replace(/^(knob|chart)-/, ''));
      return [...new Set([...names, ...parts.filter((id) => ids.includes(id))])].sort();
    });
    await expect.poll(theirs).toEqual([...mine].sort());
  });
}

test('the code of the network is shown where the teacher asks for it', async ({ studio }) => {
  await studio.open();
  await studio.unfold();
  await expect(studio.see('show-code')).not.toBeChecked();
  await studio.see('show-code').check();
  await expect(studio.preview.getByTestId('code-text')).toContainText('nn.Linear');
  expect(await studio.hash()).toMatch(/show=[^&]*code/);
  await expect(studio.preview.getByTestId('chart-variance'), 'what was there stays').toBeVisible();
  await studio.see('show-code').uncheck();
  await expect(studio.preview.getByTestId('code-text')).toHaveCount(0);
  expect(await studio.hash()).not.toContain('code');
});

test('choices reach link, address and preview, without a new run', async ({ page, studio }) => {
  await studio.open();
  await studio.unfold();
  await studio.preview.getByTestId('step').click();
  await expect(studio.preview.getByTestId('status-step')).toHaveText('1');

  await studio.see('show-gradient').uncheck();
  await studio.see('show-loss').uncheck();
  await studio.linkBecomes(`#v=1&${TINY.replace(/(depth.*16)&(init=[\w-]+)/, '$2&$1')}&hide=gradient,loss`);
  await expect(studio.preview.getByTestId('chart-loss')).toHaveCount(0);
  await expect(studio.preview.getByTestId('chart-variance')).toBeVisible();

  await studio.see('lock-std').check();
  await expect(studio.preview.getByTestId('knob-std')).toBeDisabled();
  await studio.see('show-all-run').uncheck();
  await expect(studio.preview.getByTestId('knob-seed')).toHaveCount(0);
  expect(await studio.hash()).toContain('&hide=run,gradient,loss&lock=std');
  await expect(studio.see('lock-seed')).toBeDisabled();

  await studio.see('show-sweep').uncheck();
  for (const group of ['start', 'network', 'optimizer']) await studio.see(`show-all-${group}`).uncheck();
  await studio.see('show-std').check();
  await expect(studio.see('out-link')).toHaveText(/&show=std,variance$/);
  await expect(studio.see('show-all-start')).toHaveJSProperty('indeterminate', true);
  await studio.see('lang').selectOption('vi');
  await studio.see('theme').selectOption('dark');
  await expect(studio.preview.locator('html')).toHaveAttribute('lang', 'vi');
  await expect(studio.preview.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(studio.see('out-link')).toHaveText(/&lang=vi&theme=dark&show=std,variance$/);
  await expect(studio.see('title')).toHaveAttribute('placeholder', /trọng số/);
  await expect(studio.preview.getByTestId('status-step')).toHaveText('1');

  await studio.see('autoplay').check();
  await expect(studio.see('out-link')).toHaveText(/&autoplay=1&show=std,variance$/);
  // So small a network may have made all its steps before anybody sees that it trains.
  await expect(studio.preview.getByTestId('status-step')).not.toHaveText('1');
  await studio.see('autoplay').uncheck();
  await expect(studio.preview.getByTestId('play')).toBeVisible();
  await studio.see('device').selectOption('auto');
  await expect.poll(() => studio.hash()).not.toContain('device');

  // The address holds it all.
  const hash = await studio.hash();
  await expect.poll(() => new URL(page.url()).hash).toBe(hash);
  await page.reload();
  await expect(studio.see('show-std')).toBeChecked();
  await expect(studio.see('show-depth')).not.toBeChecked();
  await expect(studio.see('lang')).toHaveValue('vi');
  expect(await studio.hash()).toBe(hash);
});

test('what is moved in the preview goes along, and what others say does not', async ({ page, studio }) => {
  await studio.open();
  await studio.preview.getByTestId('knob-depth-number').fill('5');
  await studio.preview.getByTestId('knob-depth-number').press('Enter');
  await expect(studio.see('out-link')).toHaveText(/depth=5/);
  await expect(studio.see('out-element')).toHaveText(/depth="5"/);
  await page.evaluate(() => {
    for (const link of ['#v=1&depth=77', 7, null]) postMessage({ v: 1, type: 'initlab:state', link }, '*');
    postMessage(null, '*');
  });
  await studio.preview.getByTestId('knob-act').selectOption('tanh');
  await expect(studio.see('out-link')).toHaveText(/act=tanh/);
  expect(await studio.hash()).not.toContain('77');

  // Another kind of network has other controls.
  await expect(studio.see('show-heads')).toHaveCount(0);
  await studio.preview.getByTestId('knob-model').selectOption('gpt');
  await expect(studio.see('show-heads')).toHaveCount(1);
  await expect(studio.see('show-weights')).toHaveCount(1);
});

test('charts of theory alone are in an embedded lab where they were chosen', async ({ studio }) => {
  await studio.open();
  await expect(studio.see('show-phase')).not.toBeChecked();
  await studio.see('show-phase').check();
  expect(await studio.hash()).toMatch(/&show=start,network,optimizer,run,variance,gradient,loss,sweep,phase$/);
  await expect(studio.preview.getByTestId('chart-phase')).toBeVisible();
  await expect(studio.preview.getByTestId('chart-loss')).toBeVisible();
  await expect(studio.preview.getByTestId('chart-correlation')).toHaveCount(0);
  await studio.see('show-phase').uncheck();
  expect(await studio.hash()).not.toContain('show');
});

test('of a prepared lab, it learns from the lab which network that is', async ({ studio }) => {
  await studio.open(`x=llama&${GPT.replace('model=gpt&', '')}`);
  await expect(studio.see('show-heads')).toHaveCount(1);
  await expect(studio.see('show-init.mlp-up')).toHaveCount(1);
  await expect(studio.see('out-element')).toHaveText(/<init-lab experiment="llama" /);
});

for (const kind of ['html', 'markdown', 'lms', 'element', 'element-poster']) {
  test(`pasted as ${kind} it is the lab that was chosen`, async ({ paste, studio }) => {
    await studio.open(`${TINY}&seed=7&show=std,variance&lock=std`);
    const { lab, ready } = await paste(await studio.out(kind));
    expect((await ready()).spec).toMatchObject({ depth: 3, width: 16, init: 'kaiming-normal', seed: '7' });
    await expect(lab.getByTestId('chart-variance')).toBeVisible();
    await expect(lab.getByTestId('chart-loss')).toHaveCount(0);
    await expect(lab.getByTestId('knob-std')).toBeDisabled();
    await expect(lab.getByTestId('experiment')).toHaveCount(0);
    await expect(lab.getByTestId('notice')).toBeHidden();
    await lab.getByTestId('step').click();
    await expect(lab.getByTestId('status-step')).toHaveText('1');
  });
}

test('for GitHub there is a picture that leads to the lab, and its file', async ({ page, studio }) => {
  await studio.open(`${TINY}&lang=vi`);
  await studio.see('title').fill('Phương sai [1] <b> & ba tầng');
  await studio.see('kind-markdown').check();
  await expect(studio.see('save-poster')).toBeEnabled();
  expect(await studio.out('github')).toBe(`[![Phương sai \\[1\\] &#60;b&#62; &#38; ba tầng](poster.svg)](${await studio.out('link')})`);
  const save = async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), studio.see('save-poster').click()]);
    expect(file.suggestedFilename()).toBe('poster.svg');
    return readFile(await file.path(), 'utf8');
  };
  /** What a browser makes of the file as a picture on a page of anybody's, and what is in it. */
  const elsewhere = await page.context().newPage();
  const look = (svg) => elsewhere.evaluate(async (svg) => {
    const xml = new DOMParser().parseFromString(svg, 'image/svg+xml');
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    await image.decode();
    return {
      broken: xml.querySelectorAll('parsererror').length,
      size: [image.naturalWidth, image.naturalHeight],
      dots: [...xml.querySelectorAll('circle')].map((dot) => Number(dot.getAttribute('cy'))),
      lines: xml.querySelectorAll('.theory').length,
      words: xml.documentElement.textContent,
      scripts: xml.querySelectorAll('script, foreignObject, a').length,
    };
  }, svg);
  const picture = await look(await save());
  expect(picture).toMatchObject({ broken: 0, size: [720, 400], lines: 1, scripts: 0 });
  expect(picture.dots.length).toBeGreaterThanOrEqual(3);
  for (const words of ['đo ở bước 0', 'lý thuyết', 'Phương sai [1] <b> & ba tầng', labUrl]) expect(picture.words).toContain(words);

  // It follows what the preview measures.
  await studio.preview.getByTestId('step').click();
  await expect(studio.preview.getByTestId('status-step')).toHaveText('1');
  await expect(async () => expect((await look(await save())).words).toContain('đo ở bước 1')).toPass();
  // What students are to guess is not in it.
  await studio.see('predict').selectOption('1');
  expect((await look(await save())).dots).toEqual([]);
});

test('the links open the whole lab', async ({ lab, page, studio }) => {
  await studio.open(`${TINY}&hide=loss`);
  let link;
  // Once the preview has come up, all say the link as the lab writes it.
  await expect(async () => {
    link = await studio.out('link');
    const [, target] = /^\[[^\]]+\]\((\S+)\)$/.exec(await studio.out('markdown-link'));
    expect(target).toBe(link);
  }).toPass();
  await page.goto(link);
  await lab.measured();
  await expect(lab.see('experiment')).toBeVisible();
  await expect(lab.see('chart-loss')).toHaveCount(0);
  await expect(lab.field('depth')).toHaveValue('3');
});

const NASTY = String.raw`"Q" & <b>'K'</b> [a](b) \n *x* {y} $z$`;

for (const kind of ['html', 'markdown', 'element', 'jupyter']) {
  test(`signs that mean something in ${kind} come through`, async ({ page, paste, studio }) => {
    await studio.open('depth=3&width=16&batch=16&device=cpu&init=formula&formula=sqrt(2/fan_in)%2B0*(1%2Bdepth)');
    await studio.see('title').fill(NASTY);
    // A notebook's server writes what the call says, as IPython does.
    const text = kind === 'jupyter' ? notebook(await studio.out(kind)) : await studio.out(kind);
    const { ready } = await paste(text);
    const { spec } = await ready();
    expect(spec).toMatchObject({ init: 'formula', formula: 'sqrt(2/fan_in)+0*(1+depth)', depth: 3 });
    await expect(page.locator('iframe')).toHaveAttribute('title', NASTY);
    await expect(page.locator('b')).toHaveCount(0);
  });
}

/** The frame that IPython's IFrame makes. Double-quoted strings of Python without odd escapes are JSON's. */
function notebook(cell) {
  const string = '("(?:[^"\\\\]|\\\\.)*")';
  const call = new RegExp(`^from IPython.display import IFrame\\n\\nIFrame\\(${string}, width=${string}, height=(\\d+),\\n +extras=\\[${string}\\]\\)$`);
  const [src, width, height, extra] = call.exec(cell).slice(1).map(JSON.parse);
  return `<iframe width="${width}" height="${height}" src="${src}" frameborder="0" allowfullscreen ${extra}></iframe>`;
}

test('the height is the lab’s, or the one that was typed', async ({ page, studio }) => {
  await studio.open(`${TINY}&show=std,variance`);
  // The lab grows a little when the parts that come later are there.
  let measured;
  await expect.poll(async () => {
    const before = measured;
    measured = await studio.see('height').getAttribute('placeholder');
    return measured === before;
  }, { intervals: [1000] }).toBe(true);
  expect(await studio.out('html')).toContain(`height="${measured}"`);
  expect(await studio.out('element')).not.toContain('height');
  await studio.see('height').fill('432');
  for (const kind of ['html', 'markdown', 'lms', 'element']) expect(await studio.out(kind)).toContain('height="432"');
  expect(await studio.out('jupyter')).toContain('height=432');
  await expect.poll(() => studio.see('preview').evaluate((frame) => frame.offsetHeight)).toBe(432);
  await studio.see('height').fill('-3');
  expect(await studio.out('html')).toContain(`height="${measured}"`);
  await studio.see('height').fill('');

  // A phone's height is not what a frame on a wide page needs.
  await studio.see('phone').check();
  await expect.poll(() => studio.see('preview').evaluate((frame) => frame.offsetWidth)).toBe(390);
  await expect(studio.preview.getByTestId('play')).toBeVisible();
  expect(await studio.out('html')).toContain(`height="${measured}"`);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('a bad link breaks nothing: the preview names what it could not take', async ({ studio }) => {
  await studio.open('depth=3&width=16&batch=16&device=cpu&std=banana&frobnicate=1&x=no-such-lab&show=std,nope&__proto__=1');
  for (const word of ['banana', 'frobnicate', 'no-such-lab', 'nope']) await expect(studio.preview.getByTestId('notice')).toContainText(word);
  await studio.linkBecomes('#v=1&depth=3&width=16&batch=16&device=cpu&show=std');
  // Of a link that is too long, what comes first is taken.
  for (const hash of ['%', '%00%ff', '&&&===', 'v=2', `x=${'é'.repeat(3000)}`, 'lang=<b>', 'formula=%ED%A0%80']) {
    await studio.page.evaluate((hash) => { location.hash = hash; }, `width=8&${hash}`);
    await expect(studio.see('out-link')).toHaveText(/#v=1.*width=8/);
    await expect(studio.preview.getByTestId('play')).toBeAttached();
  }
});

test('in Vietnamese, with the lab’s own names', async ({ page, studio }) => {
  await studio.open();
  await studio.see('other-language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
  await expect(page.locator('h1')).toHaveText(VIETNAMESE_TITLE);
  await expect(studio.see('group-optimizer')).toContainText('Tốc độ học');
  await expect(studio.see('copy-link')).toHaveText('Sao chép');
  await expect(studio.see('title')).toHaveAttribute('placeholder', /trọng số/);
  expect(await page.locator('body').innerText()).not.toMatch(/undefined|knob\.|chart\./);
  // It is the page's language; the lab's stays the reader's.
  expect(await studio.hash()).not.toContain('lang');
  await page.reload();
  await expect(page.locator('h1')).toHaveText(VIETNAMESE_TITLE);
});

test('the language that was asked for last is the one that stays', async ({ page, studio }) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/lang/vi.desk.json', async (route) => {
    await held;
    await route.continue();
  });
  await studio.open();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const asked = page.waitForRequest('**/lang/vi.desk.json');
  await studio.see('other-language').click();
  await asked;
  await studio.see('other-language').click();
  const came = page.waitForResponse('**/lang/vi.desk.json');
  release();
  await (await came).finished();
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done))); }));
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(studio.see('other-language')).toHaveText('Tiếng Việt');
});

test('by keyboard alone', async ({ context, page, studio }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await studio.open();
  await tabTo(page, 'show-loss');
  await page.keyboard.press('Space');
  await tabTo(page, 'kind-link');
  await page.keyboard.press('ArrowRight');
  await expect(studio.see('out-html')).toBeVisible();
  await expect(studio.see('out-link')).toBeHidden();
  await tabTo(page, 'copy-html');
  await page.keyboard.press('Enter');
  await expect(studio.see('copy-html')).toHaveText('Copied');
  await expect(page.getByRole('status')).toHaveText('Copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await studio.out('html'));
  expect(copied).toContain('hide=loss');
  await tabTo(page, 'desktop');
});

test('where copying is not allowed the text is selected', async ({ page, studio }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
  });
  await studio.open();
  await studio.see('copy-link').click();
  await expect(studio.see('copy-link')).toHaveText(/Ctrl\+C/);
  expect(await page.evaluate(() => `${getSelection()}`)).toBe(await studio.out('link'));
});

test('everything that can be used has a name', async ({ page, studio }) => {
  await studio.open();
  await studio.unfold();
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const used = ['button', 'checkbox', 'combobox', 'link', 'radio', 'spinbutton', 'textbox', 'Iframe', 'DisclosureTriangle'];
  const controls = nodes.filter(({ ignored, role }) => !ignored && used.includes(role?.value));
  expect(controls.length).toBeGreaterThan(60);
  expect(controls.filter(({ name }) => !name?.value?.trim()).map(({ role }) => role.value)).toEqual([]);
  await expect(page.getByRole('checkbox', { name: 'Show: Learning rate' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Lock: Network, All' })).not.toBeChecked();
  await expect(page.locator('h1')).toHaveCount(1);
});

test('back to the lab, with everything in it', async ({ lab, studio }) => {
  await studio.open(`${TINY}&show=std&autoplay=1&lang=vi`);
  await studio.see('back').click();
  await expect(lab.field('depth')).toHaveValue('3');
  await expect(lab.see('chart-loss')).toBeVisible();
  await lab.linkBecomes('#v=1&init=kaiming-normal&depth=3&width=16&batch=16&device=cpu&lang=vi');
});

async function tabTo(page, id) {
  for (let press = 0; press < 200; press++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.dataset?.testid) === id) return;
  }
  throw new Error(`Tab does not reach ${id}.`);
}

test('a challenge is set in words that follow the keys, and begins with what the teacher has set', async ({ studio, page }) => {
  await studio.open();
  await expect(studio.see('goal-words')).toContainText('gradient-ratio');
  await studio.see('goal').fill('gradient-ratio<2;keep=luck');
  await expect(studio.see('goal-words')).toContainText('“luck”: there is no such setting');
  await expect(studio.see('goal')).toHaveAttribute('aria-invalid', 'true');
  expect(await studio.out('link')).not.toContain('goal=');
  await studio.see('goal').fill('gradient-ratio<2;keep=lr');
  await expect(studio.see('goal-words')).toContainText('below ×2');
  await expect(studio.see('goal-words')).toContainText('Learning rate');
  await expect(studio.see('out-link')).toContainText('goal=gradient-ratio');
  await expect(studio.preview.getByTestId('goal')).toContainText('below ×2');
  // Another network in the preview is where the challenge begins, and not an answer to it.
  await studio.preview.getByTestId('knob-init').selectOption('xavier-normal');
  await expect(studio.see('out-link')).toContainText('init=xavier-normal');
  expect(await studio.out('link')).not.toContain('from=');
  await studio.see('goal').fill('');
  await expect(studio.see('out-link')).not.toContainText('goal=');
  await expect(studio.preview.getByTestId('goal')).toBeHidden();
  await page.goto('./');
  await studio.open(`${TINY}&goal=accuracy>0.9`);
  await expect(studio.see('goal')).toHaveValue('accuracy>0.9');
});
