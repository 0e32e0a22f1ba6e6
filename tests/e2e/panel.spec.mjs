// The panel of knobs: what is always in sight, and the tabs of the rest.

import { expect, test } from './fixtures.mjs';
import { GPT, MLP } from './lab.mjs';

const TABS = ['optimizer', 'network', 'start', 'run'];

const shown = (page) => page.locator('.panel .knob').evaluateAll((all) => (
  all.filter((knob) => knob.checkVisibility()).map((knob) => knob.dataset.knob)
));

test('σ, depth, width and activation are in sight, whichever tab is open', async ({ lab, page }) => {
  await page.setViewportSize({ width: 1366, height: 657 });
  await lab.open();
  for (const id of ['init', 'std', 'depth', 'width', 'act']) await expect(lab.knob(id)).toBeInViewport({ ratio: 1 });
  await expect(lab.see('derivation')).toBeInViewport({ ratio: 1 });
  await expect(lab.see('play')).toBeInViewport({ ratio: 1 });
  for (const tab of TABS) {
    await lab.press(`tab-${tab}`);
    expect(await shown(page)).toEqual(expect.arrayContaining(['init', 'std', 'depth', 'width', 'act']));
  }
});

test('one tab is open at a time; arrows, Home and End go from tab to tab', async ({ lab, page }) => {
  await lab.open();
  const selected = () => page.getByRole('tab', { selected: true });
  const isOpen = async (tab) => {
    await expect(selected()).toHaveCount(1);
    await expect(lab.see(`tab-${tab}`)).toHaveAttribute('aria-selected', 'true');
    for (const other of TABS) await expect(page.locator(`#panel-${other}`)).toBeVisible({ visible: other === tab });
    await expect(page.getByRole('tabpanel')).toHaveAccessibleName(await lab.see(`tab-${tab}`).innerText());
  };
  await isOpen('optimizer');
  await lab.see('tab-optimizer').focus();
  for (const [key, tab] of [['ArrowRight', 'network'], ['End', 'run'], ['ArrowRight', 'optimizer'], ['ArrowLeft', 'run'], ['Home', 'optimizer']]) {
    await page.keyboard.press(key);
    await isOpen(tab);
    await expect(lab.see(`tab-${tab}`)).toBeFocused();
  }
  await page.keyboard.press('Shift+Tab');
  await expect(lab.see('tab-run')).not.toBeFocused();
});

test('a tab that was opened is open on the next visit', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.press('tab-network');
  await lab.choose('norm', 'layer');
  await page.reload();
  await lab.measured();
  await expect(lab.see('tab-network')).toHaveAttribute('aria-selected', 'true');
  await lab.open('lr=0.3');
  await expect(lab.see('tab-network')).toHaveAttribute('aria-selected', 'true');
});

test('a link opens the tab of what it sets, and every tab says whether something in it is changed', async ({ lab }) => {
  await lab.open('residual=on');
  await expect(lab.see('tab-network')).toHaveAttribute('aria-selected', 'true');
  await expect(lab.knob('residual')).toBeVisible();
  await expect(lab.see('tab-network')).toHaveAccessibleName(/changed/);
  await expect(lab.see('tab-optimizer')).not.toHaveAccessibleName(/changed/);
  await lab.type('lr', '0.3');
  await expect(lab.see('tab-optimizer')).toHaveAccessibleName(/changed/);
});

test('a prepared lab that is chosen opens the tab of what it changes', async ({ lab }) => {
  await lab.open();
  await lab.see('experiment').selectOption('batchnorm');
  await expect(lab.see('tab-network')).toHaveAttribute('aria-selected', 'true');
  await expect(lab.knob('norm')).toBeVisible();
});

test('choosing a prepared lab brings Play into sight', async ({ lab, page }) => {
  await page.setViewportSize({ width: 1366, height: 657 });
  await lab.open();
  const labs = await lab.see('experiment').locator('option').evaluateAll((options) => options.map(({ value }) => value));
  for (const id of labs.filter(Boolean)) {
    await page.evaluate(() => {
      scrollTo(0, 900);
      document.querySelector('.panel').scrollTop = 400;
    });
    await lab.see('experiment').selectOption(id);
    await lab.measured();
    // A small lab that is drawn and not trained has a new seed in its place.
    await expect(lab.see('play').or(lab.see('reseed')).first(), id).toBeInViewport({ ratio: 1 });
  }
});

test('the knobs of single matrices stand with the start of all', async ({ lab, page }) => {
  await lab.open(GPT);
  await lab.press('tab-start');
  await page.locator('[data-group="matrices"] > summary').click();
  await expect(lab.knob('init.q')).toBeVisible();
});

test('of a lab of which a link shows a part there are groups, and no tabs', async ({ lab, page }) => {
  await lab.open(`${MLP}&show=std,residual,optimizer,variance`);
  await expect(page.getByRole('tab')).toHaveCount(0);
  for (const id of ['residual', 'lr']) await expect(lab.knob(id)).toBeVisible();
});
