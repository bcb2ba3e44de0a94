import { expect, test } from 'vitest';
import { crossoverInWords, formatTime, formatTimes } from '../../benchmark/words.ts';
import { spread } from '../../measure/statistics.ts';
import { agrees, crossover, type Entrant, operationsOfStep, type SweepPoint } from './results.ts';

const point = (way: Entrant['way'], hidden: number, milliseconds: number): SweepPoint => ({
  way,
  precision: 'single',
  hidden,
  step: spread([milliseconds]),
});

test('operations of a step are those of its matrix products', () => {
  expect(operationsOfStep(300, [2, 3])).toBe(2 * 2 * 300 * 2 * 3);
  // Forward and dW of both layers, and the gradient on the hidden outputs.
  expect(operationsOfStep(300, [2, 100, 3])).toBe(2 * 300 * (2 * 200 + 3 * 300));
});

test('a loss agrees within rounding, and a missing or infinite one does not', () => {
  const result = { way: 'fused', precision: 'single', times: {} } as const;
  expect(agrees({ ...result, loss: 0.71935 }, 0.719349)).toBe(true);
  expect(agrees({ ...result, loss: 0.7196 }, 0.719349)).toBe(false);
  expect(agrees({ ...result, precision: 'double', loss: 0.71935 }, 0.719349)).toBe(false);
  expect(agrees({ ...result, loss: Number.NaN }, 0.719349)).toBe(false);
  expect(agrees(result, 0.719349)).toBe(false);
});

test('the crossover is where the fastest plan stays ahead of the CPU', () => {
  const cpu = [8, 16, 32, 64].map((hidden) => point('cpu', hidden, hidden));
  // Ahead at 8 and from 32 on, the one by one plan, the other by another.
  const plans = [point('fused', 8, 4), point('fused', 16, 20), point('fused', 32, 30)];
  const wide = [point('layered', 32, 90), point('layered', 64, 16)];
  const found = crossover([...wide, ...plans, ...cpu]);
  expect(found).toEqual({ first: 8, last: 64, from: 32, best: { hidden: 64, ratio: 4 } });
  expect(found && crossoverInWords(found)).toBe(
    'On this machine the GPU wins from 32 hidden units on, by 4 times at 64 hidden units.',
  );
});

test('a GPU that never wins, or always, is reported', () => {
  const cpu = [point('cpu', 8, 1), point('cpu', 16, 2)];
  const never = crossover([...cpu, point('fused', 8, 2), point('fused', 16, 2)]);
  expect(never).not.toHaveProperty('from');
  expect(never && crossoverInWords(never)).toMatch(/never wins in this range, from 8 to 16/);
  const always = crossover([...cpu, point('fused', 8, 0.5), point('fused', 16, 0.5)]);
  expect(always?.from).toBe(8);
  expect(always && crossoverInWords(always)).toMatch(/wins at every size measured, from 8 hidden units on/);
  expect(crossover(cpu)).toBeUndefined();
});

test('times have the unit that gives them few digits', () => {
  expect([0.0123, 0.5, 1, 999, 1000, 12_345].map(formatTime)).toEqual([
    '12.3 µs',
    '500 µs',
    '1 ms',
    '999 ms',
    '1 s',
    '12.3 s',
  ]);
  expect(formatTimes(0.9, 1.2)).toBe('0.9 to 1.2 ms');
});
