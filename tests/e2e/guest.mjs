// The lab as a guest of pages that other programs make: what a reader does there, and what is seen.

import { expect } from '@playwright/test';

export class Guest {
  /** The element, as a locator. */
  constructor(element) {
    this.element = element;
    this.lab = element.frameLocator('iframe');
    this.slider = this.lab.getByTestId('knob-std');
    this.step = this.lab.getByTestId('status-step');
  }

  /** It is scrolled to, speaks this language, and has measured. */
  async isHere(lang = 'en') {
    await this.element.scrollIntoViewIfNeeded();
    await expect(this.lab.locator('html')).toHaveAttribute('lang', lang, { timeout: 60_000 });
    await expect(this.lab.getByTestId('chart-variance')).toBeVisible();
    await expect(this.step).toHaveText('0', { timeout: 60_000 });
    await expect(this.lab.getByTestId('notice')).toBeHidden();
  }

  /** There is no lab, and the place says where it was looked for. */
  async isLost(home) {
    await this.element.scrollIntoViewIfNeeded();
    await expect(this.element.locator('p')).toHaveText(`No lab at ${home}. Say where it is: home="https://…".`, { timeout: 30_000 });
    await expect(this.element.locator('iframe:visible')).toHaveCount(0);
  }

  async isDark() {
    await expect(this.lab.locator('body')).toHaveCSS('background-color', 'rgb(15, 18, 22)');
  }

  async isLight() {
    await expect(this.lab.locator('body')).not.toHaveCSS('background-color', 'rgb(15, 18, 22)');
  }

  /** Keeps what the lab tells from now on. */
  async listen() {
    await this.element.evaluate((lab) => {
      lab.last = {};
      for (const name of ['frame', 'state']) lab.addEventListener(name, ({ detail }) => { lab.last[name] = detail; });
    });
  }

  /** What it told last by this name. */
  async last(name) {
    return this.element.evaluate((lab, name) => lab.last[name], name);
  }

  /** Moves σ by one key and gives what it is then. */
  async moveSigma() {
    const before = await this.slider.inputValue();
    await this.slider.press('ArrowRight');
    await expect(this.slider).not.toHaveValue(before);
    return this.slider.inputValue();
  }
}
