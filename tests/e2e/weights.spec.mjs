// The same settings draw the same weights in the browser as natively. The golden numbers are
// written by tests/engine_start.rs, which also holds every tensor's bits.

import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures.mjs';
import { apart } from './numbers.mjs';

const golden = JSON.parse(readFileSync(new URL('../golden/start.json', import.meta.url), 'utf8'));

for (const start of golden) {
  test(`every first weight has its native bits: ${start.link}`, async ({ lab }) => {
    await lab.open(start.link);
    await expect(lab.status).toHaveAttribute('data-weights', start.fingerprint);
  });

  test(`the browser draws the native weights: ${start.link}`, async ({ host }) => {
    await host.open(start.link);
    const frame = await host.frame(0);
    expect(frame.weights.map(({ name }) => name)).toEqual(start.weights.map(({ name }) => name));
    for (const [at, { name, std }] of start.weights.entries()) expect(apart(frame.weights[at].std, std), name).toBeLessThan(1e-6);
    expect(apart(frame.loss, start.loss)).toBeLessThan(1e-5);
    expect(frame.layers.map(({ name }) => name)).toEqual(start.layers.map(({ name }) => name));
    for (const [at, layer] of start.layers.entries()) {
      const shares = ['signalShare', 'positionShare', 'unitDiversity', 'branchShare', 'slopeSquare', 'attentionPeak'];
      for (const key of ['preactivationVar', 'activationVar', 'gradientRms', ...shares]) {
        const [ours, theirs] = [frame.layers[at][key], layer[key]];
        if (theirs === null) expect(ours, `${layer.name} ${key}`).toBeNull();
        else expect(apart(ours, theirs), `${layer.name} ${key}`).toBeLessThan(1e-5);
      }
    }
  });
}
