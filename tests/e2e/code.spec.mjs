// The code of the network, for a notebook: to be read, copied and downloaded.

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

const open = async (lab) => {
  await lab.see('code').locator('summary').click();
  await expect(lab.see('code-text')).toContainText('import torch');
};

const download = async (lab, page, kind) => {
  const [file] = await Promise.all([page.waitForEvent('download'), lab.press(`code-${kind}`)]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
};

/** What a script prints in the first Python here that has PyTorch; Debian's may be hidden by another. */
const python = (script) => {
  const has = (name) => {
    try {
      execFileSync(name, ['-c', 'import numpy, torch'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const name = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean).find(has);
  expect(name, 'no Python here has torch: scripts/setup.sh torch').toBeTruthy();
  return execFileSync(name, ['-'], { input: script, encoding: 'utf8', maxBuffer: 1 << 24 });
};

test('the lines are those of the network on the page, and follow every knob at once', async ({ lab }) => {
  await lab.open(`${MLP}&lr=0.03`);
  await open(lab);
  const code = lab.see('code-text');
  await expect(code).toContainText('L, n = 4, 32');
  await expect(code).toContainText('torch.optim.SGD(net.parameters(), lr=0.03)');
  await expect(code).toContainText('math.sqrt(fan_in)');
  await lab.type('lr', '0.5');
  await expect(code).toContainText('lr=0.5)');
  await lab.choose('act', 'tanh');
  await expect(code).toContainText('torch.tanh(z)');
  await lab.choose('model', 'gpt');
  await expect(code).toContainText('class Block(nn.Module):');
});

test('a script has what the lab measured, and says how much that is', async ({ lab, page }) => {
  await lab.open(`${MLP}&steps=60`);
  await open(lab);
  await expect(lab.see('code-words')).toContainText('5 layers and the loss of step 0');
  await expect(lab.see('code-words')).toContainText('Train to step 50');
  await lab.press('play');
  await expect(lab.see('code-words')).toContainText('the first 50 losses', { timeout: 60_000 });
  await expect(lab.see('code-words')).not.toContainText('Train to step');
  const { name, text } = await download(lab, page, 'py');
  expect(name).toBe('init-lab.py');
  for (const part of ['class Net(nn.Module):', 'class Stream:', 'class Digits:', 'PACKED = """', 'print(check())', '"seed": 3,']) {
    expect(text).toContain(part);
  }
  const losses = /"losses": \[([^\]]*)\]/.exec(text)[1].split(',').map(Number.parseFloat).filter(Number.isFinite);
  expect(losses).toHaveLength(50);
  const [first] = await lab.csv('loss');
  expect(losses[0]).toBeCloseTo(first.loss, 4);
});

test('in PyTorch the script finds the same numbers as the page', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open(`${GPT}&steps=60`);
  await open(lab);
  await lab.press('play');
  await expect(lab.see('code-words')).toContainText('the first 50 losses', { timeout: 60_000 });
  const { text } = await download(lab, page, 'py');
  expect(python(text).trim().split('\n').at(-1)).toBe('same');
});

test('a notebook has the same in cells', async ({ lab, page }) => {
  await lab.open(`${GPT}&lang=vi`);
  await open(lab);
  const { name, text } = await download(lab, page, 'ipynb');
  expect(name).toBe('init-lab.ipynb');
  const { cells, nbformat } = JSON.parse(text);
  expect(nbformat).toBe(4);
  expect(cells[0].source).toContain('phòng thí nghiệm');
  expect(cells.filter(({ cell_type: type }) => type === 'code')).toHaveLength(7);
  expect(cells.at(-1).source).toContain('print(check())');
});

test('by keys alone: open, copy, and scroll in the code', async ({ lab, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open(MLP);
  await lab.see('code').locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(lab.see('code-text')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(lab.see('code-copy')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(lab.see('code-copy')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await lab.see('code-text').textContent());
  for (let more = 0; more < 3; more += 1) await page.keyboard.press('Tab');
  await expect(lab.see('code').locator('pre')).toBeFocused();
});

test('a knob that is turned while it trains is told, because the losses are of two settings', async ({ lab }) => {
  await lab.open(`${MLP}&steps=1000000`);
  await open(lab);
  await lab.press('play');
  await expect(lab.see('code-words')).toContainText('the first 50 losses', { timeout: 60_000 });
  await lab.type('lr', '0.01');
  await expect(lab.see('code-words')).toContainText('A knob was turned');
  await lab.press('reset');
  await expect(lab.see('code-words')).not.toContainText('A knob was turned');
});

test('without the file of the site it says so', async ({ lab, page, troubles }) => {
  troubles.allow(/code\/lab\.txt/);
  await lab.open(MLP);
  await open(lab);
  await page.route('**/code/lab.txt', (route) => route.abort());
  await lab.press('code-py');
  await expect(lab.see('code').locator('.problem')).toContainText('could not be put together');
});

test('an embedded lab has it where its link asks for it, and then open; on a phone nothing is wider than the page', async ({ lab, page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await lab.open(`${MLP}&embed=1`);
  await expect(lab.see('code')).toHaveCount(0);
  await page.goto('about:blank');
  await lab.open(`${MLP}&embed=1&show=std,code`);
  await expect(lab.see('code-text')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});
