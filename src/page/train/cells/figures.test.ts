import { expect, it } from 'vitest';
import { report } from '../../../index.ts';
import { figuresOf } from './figures.ts';

it('are those of the library’s report, and undefined where there is nothing to divide by', async () => {
  const labels = Uint32Array.of(0, 0, 0, 1, 1, 2);
  const predicted = Uint32Array.of(0, 0, 1, 1, 2, 1);
  const data = { count: 6, features: 1, classes: 4, inputs: new Float32Array(6), labels };
  const { classes, confusion } = await report({ predict: () => ({ labels: predicted }) }, data);
  expect(figuresOf(confusion)).toEqual(
    classes.map(({ count, precision, recall }) => ({
      rows: count,
      precision: Number.isNaN(precision) ? undefined : precision,
      recall: Number.isNaN(recall) ? undefined : recall,
    })),
  );
  expect(figuresOf(confusion)[0]).toEqual({ rows: 3, precision: 1, recall: 2 / 3 });
  expect(figuresOf(confusion)[3]).toEqual({ rows: 0, precision: undefined, recall: undefined });
});
