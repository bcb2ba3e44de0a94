import { expect, it } from 'vitest';
import type { Measured } from '../settings/network.ts';
import { joined } from './curve.ts';

const at = (step: number) => ({ step, loss: 1, dataLoss: 1, l2Loss: 0, l1Loss: 0, accuracy: 0 });

it('a curve of a million steps keeps its shape, with few points, and the notes’ printed points', () => {
  let points: Measured[] = [];
  for (let step = 0; step <= 1_000_000; step += 50) points = joined(points, [at(step)]);
  expect(points.length).toBeLessThanOrEqual(1200);
  expect(points.length).toBeGreaterThan(300);
  const steps = points.map(({ step }) => step);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps[steps.length - 1]).toBe(1_000_000);
  for (let step = 0; step <= 10_000; step += 1000) expect(steps).toContain(step);
  // No gap is much longer than another.
  const gaps = steps.slice(1).map((step, i) => step - steps[i]);
  expect(Math.max(...gaps)).toBeLessThan(1_000_000 / 100);
});

it('a step that is measured again replaces the points after it', () => {
  expect(joined([at(0), at(10), at(20)], [at(10), at(15)]).map(({ step }) => step)).toEqual([0, 10, 15]);
});
