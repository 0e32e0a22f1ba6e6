// A reader's own data: chosen, pasted, kept, forgotten, refused; and never sent.

import { expect, test } from './fixtures.mjs';

const MLP = 'data=own&depth=2&width=24&init=kaiming-normal&opt=adam&lr=0.01&device=cpu&steps=150';
const KINDS = ['iris', 'rose', 'tulip'];
const row = (at) => [1.5 + 2 * (at % 3) + 0.4 * Math.sin(1.3 * at), 8 - 3 * (at % 3 - 1) ** 2 + 0.4 * Math.sin(2.1 * at)].map((x) => x.toFixed(3));
const FLOWERS = `height,weight,kind\n${Array.from({ length: 60 }, (_, at) => `${row(at).join(',')},${KINDS[at % 3]}`).join('\n')}\n`;
const file = (text, name = 'flowers.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const words = (lab) => lab.see('own-words');
const give = (lab, text, name) => lab.see('own-file').setInputFiles(file(text, name));

/** What leaves the tab while a test runs: every request of its page and workers that is no plain fetch of the site. */
function watched(page, base) {
  const sent = [];
  page.context().on('request', (request) => {
    const url = request.url();
    const isSite = url.startsWith(base) || url.startsWith('blob:') || url.startsWith('data:');
    if (!isSite || request.method() !== 'GET' || url.includes('rose')) sent.push(`${request.method()} ${url}`);
  });
  return sent;
}

test('a table is chosen, named, learned, kept over a reload, and forgotten; nothing leaves the tab', async ({ lab, page, baseURL }) => {
  const sent = watched(page, baseURL);
  await lab.open(MLP);
  await expect(words(lab)).toContainText('Until you choose one, the lab shows the digits');
  await give(lab, FLOWERS);
  await expect(words(lab)).toContainText('flowers.csv: 2 inputs, 3 classes (iris, rose, tulip); 48 rows to train, 12 held out. Inputs: height, weight.');
  await lab.playToEnd(150);
  expect((await lab.csv('loss')).at(-1).loss).toBeLessThan(0.1);
  expect(page.url()).toContain('data=own');
  expect(page.url()).not.toContain('flowers');
  await expect(lab.see('own')).toContainText('stays in this browser');
  await page.reload();
  await expect(words(lab)).toContainText('flowers.csv: 2 inputs');
  await lab.measured();
  await lab.press('own-forget');
  await expect(words(lab)).toContainText('Until you choose one');
  await page.reload();
  await lab.measured();
  await expect(words(lab)).toContainText('Until you choose one');
  expect(sent).toEqual([]);
});

test('what cannot be read is said in a sentence, and the run stays', async ({ lab }) => {
  await lab.open(`${MLP}&charts=variance,loss`);
  await give(lab, FLOWERS);
  await expect(words(lab)).toContainText('2 inputs');
  await lab.playToEnd(150);
  const cases = [
    ['', 'The file is empty'],
    ['abc', 'has one column'],
    [FLOWERS.replace(/rose|tulip/g, 'iris'), 'All rows have the class “iris”'],
    [FLOWERS.replace(row(4).join(','), `${row(4)[0]},tall`), 'In line 6, column 2, stands “tall”'],
    [FLOWERS.replace(row(4).join(','), row(4)[0]), 'Line 6 has 2 cells, but the first has 3'],
    [`${'1,'.repeat(10_000)}a\n`.repeat(20), 'The table has 10000 columns'],
    ['\u0000\u0001', 'not a text file'],
    [Buffer.alloc(21_000_000, '1'), 'The file has 21 MB'],
  ];
  for (const [text, said] of cases) {
    await give(lab, text, 'bad.csv');
    await expect(lab.notice).toContainText(said);
    await expect(words(lab)).toContainText('flowers.csv: 2 inputs');
    await expect(lab.step).toHaveText('150');
  }
});

test('a table is pasted, and dropped, by keyboard and on a phone', async ({ lab, page }) => {
  // Before anything else, because the browser is told only now to hand its file choosers over.
  const chosen = page.waitForEvent('filechooser');
  await page.setViewportSize({ width: 390, height: 800 });
  await lab.open(MLP);
  const transfer = (type, text) => lab.see('own-paste').evaluate((area, [type, text]) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    const event = type === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
    area.dispatchEvent(event);
  }, [type, text]);
  await transfer('paste', FLOWERS);
  await expect(words(lab)).toContainText('Pasted: 2 inputs, 3 classes');
  await transfer('drop', FLOWERS.replaceAll(',', ';').replaceAll('.', ',').replaceAll('iris', 'lily'));
  await expect(words(lab)).toContainText('(lily, rose, tulip)');
  await lab.see('own-pick').focus();
  await page.keyboard.press('Enter');
  await (await chosen).setFiles(file(FLOWERS, 'by-key.csv'));
  await expect(words(lab)).toContainText('by-key.csv');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a text is learned with its own characters, in Vietnamese too', async ({ lab }) => {
  await lab.open('model=gpt&data=own&depth=1&width=16&heads=2&context=16&batch=4&device=cpu&steps=20&lang=vi');
  await expect(words(lab)).toContainText('trang dùng văn bản của Austen');
  await give(lab, 'Mạng học từ chữ.\n'.repeat(300), 'van.txt');
  await expect(words(lab)).toContainText('van.txt: 13 ký tự khác nhau; 4590 ký tự để huấn luyện, 510 ký tự để kiểm tra.');
  await lab.playToEnd(20);
  await give(lab, 'abc', 'ngan.txt');
  await expect(lab.notice).toContainText('Văn bản có 3 ký tự');
  await expect(lab.step).toHaveText('20');
});
