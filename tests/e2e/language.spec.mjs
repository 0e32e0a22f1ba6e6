// Every word of the page is in the chosen language.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

/** Names that are the same in both languages. */
const NAMES = new Set(['XOR', 
  'Init Lab', 'EN', 'VI', 'English', 'Tiếng Việt', 'EN English', 'VI Tiếng Việt', 'MLP', 'GPT', 'GPT-2', 'CPU', 'WebGPU', 'Q', 'K', 'V', 'CSV',
  'ReLU', 'leaky ReLU', 'GELU', 'SiLU', 'tanh', 'sigmoid', 'linear', 'SGD', 'Momentum', 'Adam', 'AdamW', 'LayerNorm', 'RMSNorm', 'BatchNorm', 'batch', 'Batch',
  'Gain', 'Fan', 'fan in', 'fan out', 'Dropout', 'ReLU²', 'ELU', 'SELU', 'Mish', 'softplus', 'erf', 'sin',
  'Small init', 'Wang init', 'LLaMA', 'µP', 'Fixup', 'T-Fixup', 'ReZero', 'LayerScale', 'DeepNorm', 'LSUV', 'LoRA', 'nanoGPT',
]);

/** Texts and labels of everything on the page, the pictures' too; not code and formulas. */
async function words(page) {
  return page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => (
      node.nodeType === Node.ELEMENT_NODE && ['SCRIPT', 'STYLE', 'NOSCRIPT', 'CODE', 'SUB', 'math'].includes(node.tagName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT
    ));
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
      else for (const name of ['title', 'aria-label', 'aria-valuetext', 'placeholder']) found.push(node.getAttribute(name) ?? '');
    }
    return [...new Set(found.map((text) => text.trim()).filter((text) => /\p{L}{2}/u.test(text)))];
  });
}

for (const [model, link] of Object.entries({ MLP, GPT })) {
  test(`the whole page of a ${model} changes to Vietnamese and back`, async ({ lab, page }) => {
    await lab.open(link);
    await lab.unfold();
    for (const chart of ['variance', 'gradient', 'loss']) await lab.data(chart);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    // The pictures are drawn one after another.
    await expect.poll(() => page.locator('.canvas').evaluateAll((all) => all.every((canvas) => canvas.querySelector('.xtick')))).toBe(true);
    // The spoken verdict follows what it says by a moment.
    await expect(lab.see('diagnosis-spoken')).not.toBeEmpty();
    const english = await words(page);
    const title = await page.title();
    await lab.press('lang-vi');
    await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
    await expect(lab.see('play')).toContainText('Chạy');
    // Numbers with units and formulas of signs may stand; a sentence may not.
    const sign = /^[σw] |^\d|·|√|^[\w-]+, σ = |Burn flex|^arXiv:/;
    const untranslated = async () => {
      const vietnamese = await words(page);
      return english.filter((text) => vietnamese.includes(text) && !NAMES.has(text) && !sign.test(text));
    };
    await expect.poll(untranslated).toEqual([]);
    expect(await page.title()).not.toBe(title);
    await expect.poll(() => lab.link()).toContain('lang=vi');
    await lab.press('lang-en');
    await expect.poll(async () => (await words(page)).sort()).toEqual(english.sort());
  });
}

test('notices and verdicts are in the language too', async ({ lab }) => {
  await lab.open('depth=20&width=32&batch=16&std=0.02&nonsense=1&device=cpu&lang=vi');
  await expect(lab.notice).not.toContainText('The link names');
  await expect(lab.verdict).toContainText('phương sai');
});

test('the language that was asked for last is the one that stays', async ({ lab, page }) => {
  await lab.open(MLP);
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/lang/vi.page.json', async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest('**/lang/vi.page.json');
  await lab.press('lang-vi');
  await asked;
  await lab.press('lang-en');
  const came = page.waitForResponse('**/lang/vi.page.json');
  release();
  await (await came).finished();
  // Whatever it does with them, it has done by the next frames.
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done))); }));
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(lab.see('lang-en')).toHaveAttribute('aria-pressed', 'true');
  await expect(lab.see('play')).toContainText('Play');
  // And once asked for again, they are there.
  await lab.press('lang-vi');
  await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
});

test('a card that comes late does not take the place of a later one', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.see('card').locator('summary').click();
  const law = lab.see('card-text').locator('.law b').first();
  await expect(law).toHaveText('Keeps');
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/schemes/vi.html', async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest('**/schemes/vi.html');
  await lab.press('lang-vi');
  await asked;
  await lab.press('lang-en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const came = page.waitForResponse('**/schemes/vi.html');
  release();
  await (await came).finished();
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done))); }));
  await expect(law).toHaveText('Keeps');
});

test('the address may ask for a language; the link has the last word', async ({ lab, page }) => {
  const opened = async (address) => {
    await page.goto('about:blank');
    await page.goto(address);
    await expect(lab.see('play')).toBeAttached();
    return page.locator('html');
  };
  await expect(await opened(`./?lang=vi#v=1&${MLP}`)).toHaveAttribute('lang', 'vi');
  await expect(lab.see('play')).toContainText('Chạy');
  await expect(await opened(`./?lang=vi#v=1&${MLP}&lang=en`)).toHaveAttribute('lang', 'en');
  await expect(await opened(`./?lang=nonsense#v=1&${MLP}`)).toHaveAttribute('lang', 'en');
});

test.describe('a Vietnamese browser', () => {
  test.use({ locale: 'vi-VN' });

  test('finds the page in Vietnamese, without it being in the link', async ({ lab, page }) => {
    await lab.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
    expect(lab.link()).toBe('');
  });
});
