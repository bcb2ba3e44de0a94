import { describe, expect, it, vi } from 'vitest';
import { SMALL_RUN, smallRun } from '../../../../tests/helpers/page/small-run.ts';
import { createNetwork } from '../../settings/network.ts';
import { loadPointKit, planeData } from '../../settings/plane-data.ts';
import type { Settings } from '../../settings/settings.ts';
import { trainerOptions } from '../../settings/trainer-options.ts';
import { wedgeAt } from '../../train/space/wedges.ts';
import type { HiddenSpace, SpacePlane } from '../protocol.ts';

/** A trained run, a way to see its hidden layer, and the same network apart from it. */
async function trained(part: Partial<Settings> = {}, steps = 300) {
  const settings = { ...SMALL_RUN, ...part };
  const { runner, open, reports } = smallRun(part);
  await open();
  runner.handle({ type: 'step', steps });
  await runner.idle;
  let number = 0;
  const see = async (over: SpacePlane): Promise<HiddenSpace> => {
    const own = ++number;
    runner.handle({ type: 'ask', number: own, question: { what: 'hidden', over } });
    const told = () => reports.find((report) => report.type === 'answer' && report.number === own);
    const report = await vi.waitUntil(told, { timeout: 60_000, interval: 5 });
    if (report.type !== 'answer' || report.answer?.what !== 'hidden') throw new Error('There is no answer.');
    return report.answer;
  };
  await loadPointKit();
  const { train } = planeData(settings);
  if (!train) throw new Error('There are no points.');
  const network = await createNetwork({ ...trainerOptions(settings, train), backend: 'cpu' });
  await network.train(steps);
  return { runner, see, network, train };
}

/** How near two rows of places lie to each other, for each turn and mirror image of the second. */
function distance(a: Float32Array, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

describe('the hidden space', () => {
  it('of two units is their outputs, and its lines tell the network’s classes exactly', async () => {
    const { see, network, train } = await trained({ hidden: [16, 2], learningRate: 0.3 });
    const space = await see([0, 1]);
    const hidden = (await network.activations(train.inputs)).at(-2) ?? [];
    expect(space.points.length).toBe(2 * train.count);
    expect(distance(space.points, hidden)).toBeLessThan(1e-6);
    const told = await network.predict(train.inputs);
    if (!('labels' in told)) throw new Error('There are no classes.');
    const wedges = Array.from(told.labels, (_, row) =>
      wedgeAt(space.scores ?? new Float32Array(), [space.points[2 * row], space.points[2 * row + 1]]),
    );
    expect(wedges).toEqual(Array.from(told.labels));
    expect(new Set(wedges).size).toBe(3);
    network.destroy();
  });

  it('of two of more units has the others at their mean', async () => {
    const { see, network, train } = await trained({ hidden: [5] });
    const { points, scores = new Float32Array(), width } = await see([3, 1]);
    expect(width).toBe(5);
    const hidden = (await network.activations(train.inputs)).at(-2) ?? [];
    const outputs = (row: number) => Array.from(hidden.slice(5 * row, 5 * row + 5));
    const means = [0, 1, 2, 3, 4].map((unit) =>
      Array.from({ length: train.count }, (_, row) => outputs(row)[unit] / train.count).reduce(
        (a, b) => a + b,
      ),
    );
    const { weights, biases } = (await network.parameters())[1];
    for (const row of [0, 40, 89]) {
      const at = means.slice();
      [at[3], at[1]] = [outputs(row)[3], outputs(row)[1]];
      expect([points[2 * row], points[2 * row + 1]]).toEqual([at[3], at[1]].map(Math.fround));
      for (let k = 0; k < 3; k++) {
        const score = at.reduce((sum, output, unit) => sum + output * weights[unit * 3 + k], biases[k]);
        const [a, b, c] = scores.subarray(3 * k, 3 * k + 3);
        expect(a * at[3] + b * at[1] + c).toBeCloseTo(score, 4);
      }
    }
    network.destroy();
  });

  it.each([
    ['three classes', { hidden: [8] }, 3],
    ['two classes', { hidden: [8], shape: 'moons', classes: 2 }, 2],
  ] as const)('of the borders of %s tells the class of every point', async (_, part, classes) => {
    const { see, network, train } = await trained(part);
    const { points, scores = new Float32Array(), share } = await see('borders');
    const told = await network.predict(train.inputs);
    if (!('labels' in told)) throw new Error('There are no classes.');
    expect(share).toBeCloseTo(1, 6);
    const wedges = Array.from(told.labels, (_, row) =>
      wedgeAt(scores, [points[2 * row], points[2 * row + 1]]),
    );
    expect(wedges).toEqual(Array.from(told.labels));
    expect(new Set(wedges).size).toBe(classes);
    // The points are spread in both directions.
    for (const axis of [0, 1]) {
      const places = Array.from(points.filter((_, i) => i % 2 === axis));
      expect(Math.max(...places) - Math.min(...places)).toBeGreaterThan(0.1);
    }
    network.destroy();
  });

  it('of components keeps the distances in their plane, and lies like the plane of the data', async () => {
    const { see, network, train } = await trained({ hidden: [8] });
    const { points, share = 0 } = await see('components');
    const hidden = (await network.activations(train.inputs)).at(-2) ?? [];
    const spread = (rows: ArrayLike<number>, width: number) => {
      let sum = 0;
      for (let unit = 0; unit < width; unit++) {
        let mean = 0;
        for (let row = 0; row < train.count; row++) mean += rows[row * width + unit] / train.count;
        for (let row = 0; row < train.count; row++) sum += (rows[row * width + unit] - mean) ** 2;
      }
      return sum;
    };
    expect(spread(points, 2) / spread(hidden, 8)).toBeCloseTo(share, 4);
    expect(share).toBeGreaterThan(0.5);
    // No turn and no mirror image lies nearer to the data.
    const likeness = (angle: number, mirrored: boolean) => {
      let sum = 0;
      for (let row = 0; row < train.count; row++) {
        const [x, y] = [points[2 * row], points[2 * row + 1] * (mirrored ? -1 : 1)];
        sum += (Math.cos(angle) * x - Math.sin(angle) * y) * train.inputs[2 * row];
        sum += (Math.sin(angle) * x + Math.cos(angle) * y) * train.inputs[2 * row + 1];
      }
      return sum;
    };
    const own = likeness(0, false);
    for (let angle = 0; angle < 6.3; angle += 0.1) {
      expect(likeness(angle, false)).toBeLessThanOrEqual(own + 1e-9);
      expect(likeness(angle, true)).toBeLessThanOrEqual(own + 1e-9);
    }
    network.destroy();
  });

  it('moves little in a step, and is the same again after a look elsewhere', async () => {
    const { runner, see } = await trained({ hidden: [8], learningRate: 0.1 });
    const look = async (step: number) => {
      runner.handle({ type: 'look', step });
      await runner.idle;
      return see('borders');
    };
    const most = (space: HiddenSpace) =>
      space.points.reduce((most, place) => Math.max(most, Math.abs(place)), 0);
    let before = await look(20);
    for (let step = 21; step < 60; step++) {
      const next = await look(step);
      expect(next.step).toBe(step);
      expect(distance(next.points, before.points)).toBeLessThan(0.2 * most(next));
      before = next;
    }
    await look(300);
    const again = await look(59);
    expect(again).toEqual(before);
  });

  it('without a hidden layer is the plane itself, and a regression has no wedges', async () => {
    const linear = await trained({ hidden: [] }, 5);
    const { points, width } = await linear.see([0, 1]);
    expect(width).toBe(2);
    expect(distance(points, linear.train.inputs)).toBeLessThan(1e-6);
    const one = await (await trained({ hidden: [1] }, 5)).see('components');
    expect(one.points.filter((_, i) => i % 2 === 1).every((place) => place === 0)).toBe(true);
  });
});
