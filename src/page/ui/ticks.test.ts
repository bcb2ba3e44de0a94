import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { property } from '../../../tests/helpers/property.ts';
import { formatTime, niceStep, roundTicks, timeTicks } from './ticks.ts';

const texts = (ticks: { text: string }[]) => ticks.map(({ text }) => text);
const at = (text: string) => new Date(text).getTime();

describe('round numbers', () => {
  it.each([
    [0, 1, ['0', '0.2', '0.4', '0.6', '0.8', '1']],
    [-0.3, 0.7, ['−0.2', '0', '0.2', '0.4', '0.6']],
    [2018, 2022, ['2,018', '2,019', '2,020', '2,021', '2,022']],
    [20_000.2, 20_000.9, ['20,000.2', '20,000.4', '20,000.6', '20,000.8']],
    [1.5e9, 1.8e9, ['1.5B', '1.6B', '1.7B', '1.8B']],
    [-0.0003, 0.0003, ['−0.0002', '0', '0.0002']],
    [1e-9, 3e-9, ['1e−9', '1.5e−9', '2e−9', '2.5e−9', '3e−9']],
    [5, 5, []],
  ])('between %d and %d', (from, to, expected) => {
    expect(texts(roundTicks(from, to, 5))).toEqual(expected);
  });

  property(
    'are between their ends, by rising value, and no two are written alike',
    fc.tuple(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e12, noNaN: true }),
    ),
    [],
    async ([from, span]) => {
      const ticks = roundTicks(from, from + span, 5);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThan(8);
      expect(new Set(texts(ticks)).size).toBe(ticks.length);
      const step = niceStep(span / 5);
      for (const { value } of ticks) {
        expect(value).toBeGreaterThanOrEqual(from - 1e-3 * step - 1e-12 * Math.abs(from));
        expect(value).toBeLessThanOrEqual(from + span + 1e-3 * step + 1e-12 * Math.abs(from));
      }
    },
  );
});

describe('round points in time', () => {
  it.each([
    [
      '2024-01-01T00:00Z',
      '2024-01-03T01:00Z',
      ['01-01 00:00', '01-01 12:00', '01-02 00:00', '01-02 12:00', '01-03 00:00'],
    ],
    ['2024-01-05', '2024-02-01', ['2024-01-11', '2024-01-18', '2024-01-25', '2024-02-01']],
    ['2023-12-20', '2024-05-20', ['2024-01', '2024-02', '2024-03', '2024-04', '2024-05']],
    ['2019-06-01', '2024-02-01', ['2020', '2021', '2022', '2023', '2024']],
    ['1900-01-01', '2000-01-01', ['1900', '1920', '1940', '1960', '1980', '2000']],
    [
      '2024-01-01T10:00:00Z',
      '2024-01-01T10:00:20Z',
      ['10:00:00', '10:00:05', '10:00:10', '10:00:15', '10:00:20'],
    ],
    ['2024-01-01', '2024-01-01', []],
  ])('between %s and %s', (from, to, expected) => {
    expect(texts(timeTicks(at(from), at(to), 5))).toEqual(expected);
  });

  it('are written as days at midnight', () => {
    expect([at('2024-01-31'), at('2024-01-31T12:30Z'), 1e99].map(formatTime)).toEqual([
      '2024-01-31',
      '2024-01-31 12:30:00',
      '1e+99',
    ]);
  });

  property(
    'are few and between their ends',
    fc.tuple(
      fc.double({ min: -6e13, max: 2e14, noNaN: true }),
      fc.double({ min: 10, max: 1e14, noNaN: true }),
    ),
    [],
    async ([from, span]) => {
      const ticks = timeTicks(from, from + span, 5);
      expect(ticks.length).toBeLessThan(9);
      for (const { value } of ticks) {
        expect(value).toBeGreaterThanOrEqual(from);
        expect(value).toBeLessThanOrEqual(from + span);
      }
    },
  );
});
