import { describe, expect, test } from 'vitest';
import { TestRandom } from '../../tests/helpers/random.ts';
import { dataset } from '../checks/dataset.ts';
import { OptionError } from '../errors.ts';
import type { Dataset, RegressionDataset } from '../types.ts';
import { blobs } from './generators/blobs.ts';
import { split } from './split.ts';

/** Rows that hold their own index: feature 0 is the index, feature 1 ten times the index. */
function numbered(labels: number[], classes = Math.max(...labels) + 1): Dataset {
  const inputs = Float32Array.from(labels.flatMap((_, row) => [row, 10 * row]));
  return { inputs, labels: Uint32Array.from(labels), count: labels.length, features: 2, classes };
}
const rowsOf = (part: Dataset | undefined) =>
  part ? Array.from({ length: part.count }, (_, i) => part.inputs[2 * i]) : [];
const mixed = numbered(Array.from(new TestRandom(3).integers(200, 4)));

describe('split', () => {
  test('puts every row into one set, in order, with its own inputs and label', () => {
    const { train, test } = split(mixed, 0.3, 7);
    for (const part of [train, test as Dataset]) {
      dataset({ float32: false })(part, 'part');
      const rows = rowsOf(part);
      expect(rows).toEqual(rows.toSorted((a, b) => a - b));
      expect(Array.from(part.inputs)).toEqual(rows.flatMap((row) => [row, 10 * row]));
      expect(Array.from(part.labels)).toEqual(rows.map((row) => mixed.labels[row]));
      expect([part.features, part.classes]).toEqual([2, 4]);
    }
    const all = [...rowsOf(train), ...rowsOf(test)].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 200 }, (_, row) => row));
  });

  test.each([
    // The shares of 7, 4 and 1 rows.
    [0.1, [1, 0, 0]],
    [0.25, [2, 1, 0]],
    [0.5, [4, 2, 0]],
    [0.9, [6, 3, 0]],
    [0.999, [6, 3, 0]],
  ])('takes a share of %d of each class, and leaves it a row to train on', (share, expected) => {
    const { test } = split(numbered([0, 1, 0, 1, 0, 2, 0, 1, 0, 1, 0, 0]), share);
    const counts = [0, 1, 2].map((label) => test?.labels.filter((own) => own === label).length);
    expect(counts).toEqual(expected);
  });

  test('chooses the rows by the seed alone', () => {
    const of = (seed?: number) => rowsOf(split(mixed, 0.25, seed).test);
    expect(of(5)).toEqual(of(5));
    expect(of()).toEqual(of(0));
    expect(of(5)).not.toEqual(of(6));
    const seen = Array.from({ length: 200 }, () => 0);
    for (let seed = 0; seed < 400; seed++) for (const row of of(seed)) seen[row]++;
    // Each count is binomial around 100 with a deviation of 9; the largest of 200 counts is about
    // 2.8 deviations off.
    expect(Math.min(...seen)).toBeGreaterThan(100 - 5 * 9);
    expect(Math.max(...seen)).toBeLessThan(100 + 5 * 9);
  });

  test('copies the rows in the precision of the inputs', () => {
    const data = { ...blobs({ perClass: 10 }), classNames: ['a', 'b', 'c'] };
    const before = structuredClone(data);
    const { train, test } = split(data, 0.2);
    for (const part of [train, test as Dataset]) {
      expect(part.inputs).toBeInstanceOf(Float64Array);
      expect([part.featureNames, part.classNames]).toEqual([
        ['x', 'y'],
        ['a', 'b', 'c'],
      ]);
      part.inputs.fill(9);
      part.labels.fill(9);
      part.featureNames?.fill('');
      part.classNames?.fill('');
    }
    expect(data).toEqual(before);
    expect(split(mixed, 0.2).train.inputs).toBeInstanceOf(Float32Array);
    expect(split(mixed, 0.2).train).not.toHaveProperty('classNames');
  });

  test('has no test set if its share has no row, and a copy of all rows to train on', () => {
    for (const [data, share] of [
      [mixed, 0],
      [numbered([0, 1, 2]), 0.49],
    ] as const) {
      const { train, test } = split(data, share);
      expect(test).toBeUndefined();
      expect(train).toEqual(data);
      expect(train.inputs.buffer).not.toBe(data.inputs.buffer);
    }
  });

  test('takes data in which a class has no rows', () => {
    const { train, test } = split(numbered([5, 5, 2 ** 32 - 1, 5, 5], Number.MAX_SAFE_INTEGER), 0.5);
    expect([train.count, test?.count]).toEqual([3, 2]);
  });

  test.each([0, 1, 2, 3])('keeps the only row of a class in the training set, with seed %d', (seed) => {
    const { train, test } = split(numbered([...Array.from({ length: 9 }, () => 0), 1]), 0.5, seed);
    expect([train.count, test?.count]).toEqual([5, 5]);
    expect(rowsOf(train)).toContain(9);
  });

  test('keeps a row of every class in the training set, and has no test set without other rows', () => {
    const data = numbered([0, 1, 2]);
    expect(split(data, 0.5)).toEqual({ train: data, test: undefined });
    for (let seed = 0; seed < 20; seed++) {
      const { train } = split(mixed, 0.999, seed);
      expect(Array.from(train.labels).sort()).toEqual([0, 1, 2, 3]);
    }
  });

  test('makes three sets, of which the test set is that of two sets', () => {
    const { train, test: held, validation } = split(mixed, [0.3, 0.2], 7);
    expect(held).toEqual(split(mixed, 0.3, 7).test);
    const rows = [train, held, validation].map(rowsOf);
    expect(rows.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, row) => row));
    for (const label of [0, 1, 2, 3]) {
      const [all, ...parts] = [mixed, held, validation].map(
        (part) => part?.labels.filter((own) => own === label).length ?? 0,
      );
      expect(parts).toEqual([Math.round(0.3 * all), Math.round(0.2 * all)]);
    }
    // The training set keeps a row of each class.
    expect(split(numbered([0, 0, 1, 1]), [0.5, 0.49])).toMatchObject({
      train: { count: 2 },
      test: { count: 2 },
      validation: undefined,
    });
  });

  test('divides rows with targets at random, each with its own targets', () => {
    const { labels: _, classes: __, ...rows } = mixed;
    const targets = Float64Array.from({ length: 400 }, (_, i) => 100 * Math.floor(i / 2) + (i % 2));
    const data: RegressionDataset = { ...rows, targets, outputs: 2, outputNames: ['a', 'b'] };
    const { train, test: held, validation } = split(data, [0.25, 0.1], 3);
    expect([train.count, held?.count, validation?.count]).toEqual([130, 50, 20]);
    for (const part of [train, held, validation]) {
      const own = Array.from({ length: part?.count ?? 0 }, (_, i) => part?.inputs[2 * i] ?? 0);
      expect(Array.from(part?.targets ?? [])).toEqual(own.flatMap((row) => [100 * row, 100 * row + 1]));
      expect(part).toMatchObject({ outputs: 2, outputNames: ['a', 'b'] });
    }
    expect(split(data, 0.25, 4).test).not.toEqual(split(data, 0.25, 5).test);
  });

  test.each([[[0.5, 0.5]], [[0.5]], [[0.1, 0.1, 0.1]], [[0.5, -0.1]]])('refuses the shares %j', (shares) => {
    expect(() => split(mixed, shares as [number, number])).toThrow(OptionError);
  });

  test.each([-0.1, 1, Number.POSITIVE_INFINITY])('refuses the share %d', (share) => {
    expect(() => split(mixed, share)).toThrow('share: expected a number from 0 to below 1, but got');
  });

  test.each([
    ['share', mixed, Number.NaN, 0],
    ['share', mixed, '0.5', 0],
    ['share', mixed, undefined, 0],
    ['seed', mixed, 0.2, -1],
    ['seed', mixed, 0.2, null],
    ['data', null, 0.2, 0],
    ['data.labels', { ...mixed, labels: new Uint32Array(3) }, 0.2, 0],
    ['data.classNames', { ...mixed, classNames: ['a'] }, 0.2, 0],
  ])('refuses a bad %s', (option, data, share, seed) => {
    const call = () => split(data as Dataset, share as number, seed as number);
    expect(call).toThrow(OptionError);
    expect(call).toThrow(expect.objectContaining({ option }));
  });
});
