// A slide: few things, in type that is read from the back row, and nothing to scroll.

import { expect, test } from './fixtures.mjs';
import { labUrl } from './playwright.config.mjs';

const TINY = 'depth=12&width=32&batch=32&std=0.1&device=cpu';
const FRAMES = [[1280, 720], [960, 540], [1920, 1080], [1024, 768]];

/** The height of a text's letters on the screen, as its font size would be without any enlarging. */
const sizeOf = (locator) => locator.first().evaluate((element) => {
  const scale = new DOMMatrix(getComputedStyle(document.querySelector('.lab')).transform).a;
  return parseFloat(getComputedStyle(element).fontSize) * scale;
});

for (const theme of ['light', 'dark']) {
  for (const [width, height] of FRAMES) {
    test(`${theme}, ${width} × ${height}: question, verdict, σ and one chart fill the frame, without scrolling`, async ({ lab, page }, info) => {
      await page.setViewportSize({ width, height });
      await lab.open(`${TINY}&embed=slide&theme=${theme}`);
      for (const id of ['question', 'diagnosis', 'knob-std', 'play', 'chart-variance']) {
        await expect(lab.see(id), id).toBeInViewport({ ratio: 0.999 });
      }
      await expect(page.locator('.chart')).toHaveCount(1);
      await expect(page.locator('.knob')).toHaveCount(1);
      const room = await page.evaluate(() => {
        const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
        return [scrollWidth - clientWidth, scrollHeight - clientHeight];
      });
      expect(room).toEqual([0, 0]);
      const picture = await page.locator('.picture').boundingBox();
      expect(picture.height, 'the picture has the most of it').toBeGreaterThan(height * 0.38);
      expect(picture.width).toBeGreaterThan(width * 0.9);
      // Shares of the frame's height: at 720, 36 pixels for the question, 20 for the numbers of the axes.
      const part = (pixels) => (pixels * Math.min(width / 1280, height / 720)) - 0.1;
      expect(await sizeOf(lab.see('question'))).toBeGreaterThan(part(36));
      expect(await sizeOf(lab.verdict.locator('p'))).toBeGreaterThan(part(26));
      expect(await sizeOf(page.locator('.canvas .xtick text'))).toBeGreaterThan(part(20));
      expect(await sizeOf(page.locator('.canvas .ytick text'))).toBeGreaterThan(part(20));
      const slider = await lab.knob('std').boundingBox();
      expect(slider.height).toBeGreaterThan(part(48));
      await lab.settled();
      await page.screenshot({ path: info.outputPath(`slide-${theme}-${width}.png`) });
    });
  }
}

test('the slide is a lab: its slider moves the picture, keys play it, and the pointer reads it', async ({ lab, page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await lab.open(`${TINY}&embed=slide`);
  await lab.knob('std').fill('800');
  await lab.measured();
  await expect(lab.verdict).toHaveAttribute('data-verdict', /exploding/);
  await lab.settled();
  // The box at the pointer stands where the pointer is, although everything is enlarged.
  const picture = await page.locator('.canvas .nsewdrag').first().boundingBox();
  await page.mouse.move(picture.x + picture.width / 2, picture.y + picture.height / 2);
  const box = page.locator('.hoverlayer .hovertext, .hoverlayer .legend').first();
  await expect(box).toBeVisible();
  const middle = await box.boundingBox();
  expect(Math.abs(middle.x + middle.width / 2 - (picture.x + picture.width / 2))).toBeLessThan(picture.width / 3);
  await page.keyboard.press('Space');
  await expect.poll(() => lab.step.count().then(() => page.locator('.brief').textContent())).toMatch(/[1-9]/);
});

test('a teacher names another chart and other knobs, and the first chart is shown', async ({ lab, page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await lab.open(`${TINY}&embed=slide&show=lr,gradient,loss,play,question`);
  await expect(page.locator('.chart')).toHaveCount(1);
  await expect(lab.see('chart-gradient')).toBeInViewport({ ratio: 1 });
  await expect(lab.knob('lr')).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
});

test('the element takes it and is 16 : 9; the studio offers it', async ({ foreign, page }) => {
  await foreign.open(`<div style="width: 960px"><init-lab id="a" embed="slide" depth="12" width="32" device="cpu"></init-lab></div>`);
  const lab = foreign.lab('a');
  await expect.poll(async () => Math.round((await lab.boundingBox()).height)).toBe(540);
  await page.goto(`${labUrl}studio.html?lang=en#v=1&${TINY}`);
  await expect(page.getByTestId('out-link')).not.toContainText('embed=');
  await page.getByTestId('slide').check();
  await expect(page.getByTestId('out-link')).toContainText('embed=slide');
  await page.getByTestId('kind-element').check({ force: true });
  await expect(page.getByTestId('out-element')).toContainText('embed="slide"');
  await expect(page.frameLocator('[data-testid="preview"]').locator('.lab.slide .chart')).toHaveCount(1);
});
