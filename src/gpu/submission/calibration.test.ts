import { expect, test } from 'vitest';
import { Calibration } from './calibration.ts';

/** One after the other, each of so many steps and milliseconds. */
function learned(most: number, every: number | undefined, submissions: [count: number, duration: number][]) {
  const calibration = new Calibration(most);
  let now = 0;
  for (const [count, duration] of submissions) {
    const start = now;
    now += duration;
    calibration.learn(every, count, start, now);
  }
  return calibration;
}

test('begins with one step, and takes at most twice as many as before', () => {
  expect(new Calibration(100).steps(undefined)).toBe(1);
  expect(learned(100, undefined, [[1, 0.01]]).steps(undefined)).toBe(2);
  expect(learned(100, undefined, [[8, 1]]).steps(undefined)).toBe(16);
});

test('takes as many as fill a submission, within what it has room for', () => {
  expect(learned(100, undefined, [[20, 50]]).steps(undefined)).toBe(10);
  expect(learned(100, undefined, [[1, 900]]).steps(undefined)).toBe(1);
  expect(learned(100, undefined, [[80, 25]]).steps(undefined)).toBe(80);
  expect(learned(100, undefined, [[80, 1]]).steps(undefined)).toBe(100);
});

test('counts no time in which the one before was at work', () => {
  const calibration = new Calibration(100);
  calibration.learn(undefined, 10, 0, 25);
  calibration.learn(undefined, 10, 1, 50);
  expect(calibration.steps(undefined)).toBe(10);
});

test('tells apart how often a run reports, and keeps no more than a figure for each power of two', () => {
  const calibration = learned(1000, undefined, [[500, 25]]);
  calibration.learn(6, 100, 25, 50);
  expect([undefined, 1, 3, 4, 7, 8].map((every) => calibration.steps(every))).toEqual([
    500, 1, 1, 100, 100, 1,
  ]);
});

test('learns nothing from a submission that was cut short, unless it was slow', () => {
  expect(
    learned(100, undefined, [
      [40, 20],
      [3, 5],
    ]).steps(undefined),
  ).toBe(50);
  expect(
    learned(100, undefined, [
      [40, 20],
      [3, 75],
    ]).steps(undefined),
  ).toBe(1);
});
