import { describe, expect, it } from 'vitest';
import { mayGroup, typedNumber } from './typed-number.ts';

describe('a typed number', () => {
  it.each([
    ['0,5', 0.5],
    ['0.5', 0.5],
    ['0,001', 0.001],
    ['0,0005', 0.0005],
    [',5', 0.5],
    ['.5', 0.5],
    ['7,', 7],
    ['7.', 7],
    ['1,5', 1.5],
    ['1,25', 1.25],
    ['12,3456', 12.3456],
    ['1000,5', 1000.5],
    ['−3', -3],
    ['+3', 3],
    [' 42 ', 42],
    ['1e-4', 1e-4],
    ['1,5E-4', 1.5e-4],
    ['3e2', 300],
    ['007', 7],
  ])('%j is %d', (text, number) => {
    expect(typedNumber(text)).toBe(number);
  });

  it.each(
    ' |-|.|,|e|3e|3e-|e5|1e400|-1e400|7-|--7|abc|0x10|0b1|1_000|NaN|Infinity|1 000|0,5,5|1.000,5|1,000.5|1..5|5%|½|１'.split(
      '|',
    ),
  )('%j is none', (text) => {
    expect(typedNumber(text)).toBeUndefined();
  });

  it.each(['1,000', '10,000', '-1,000', '1,000,000', '999,999', '1,000.25'])('%j may mean two', (text) => {
    expect(typedNumber(text)).toBeUndefined();
    expect(mayGroup(text)).toBe(true);
  });

  it.each(['1,000', '10.000', '1,0000', '5,0', '5.', '0,5', '1.000.000', '1,000.5'])(
    '%j may group thousands of a whole number',
    (text) => {
      expect(typedNumber(text, { whole: true })).toBeUndefined();
      expect(mayGroup(text, { whole: true })).toBe(true);
    },
  );

  it.each([
    ['1000', 1000],
    ['1e4', 10_000],
    ['-3', -3],
  ])('%j is the whole number %d', (text, number) => {
    expect(typedNumber(text, { whole: true })).toBe(number);
  });

  it.each(['0,001', '1000,5', '1,5', '1,0000', 'a,000'])('%j groups nothing', (text) => {
    expect(mayGroup(text)).toBe(false);
  });
});
