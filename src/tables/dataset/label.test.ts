import { expect, test } from 'vitest';
import { OptionError } from '../../errors.ts';
import { type Column, guessTask, type Table, tableDataset } from '../index.ts';

const numbers = (values: number[], time?: true): Column => ({
  name: 'y',
  kind: 'number',
  values: Float64Array.from(values),
  ...(time && { time }),
});

function texts(values: string[]): Column {
  const categories = Array.from(new Set(values));
  return {
    name: 'y',
    kind: 'category',
    values: Uint32Array.from(values, (text) => categories.indexOf(text)),
    categories,
  };
}

function tableWith(label: Column): Table {
  const rows = label.values.length;
  const x: Column = {
    name: 'x',
    kind: 'number',
    values: Float64Array.from({ length: rows }, (_, row) => row / 7),
  };
  return { columns: [x, label], rows, skipped: 0, notes: [] };
}

const times = <T>(count: number, value: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => value(i));

test.each<[string, Column, 'classes' | 'values']>([
  ['texts', texts(['a', 'b', 'a']), 'classes'],
  ['true and false', texts(['true', 'false']), 'classes'],
  ['0 and 1', numbers([0, 1, 1]), 'classes'],
  ['−1 and 1', numbers([-1, 1]), 'classes'],
  ['ten digits', numbers(times(100, (i) => i % 10)), 'classes'],
  ['few numbers, once each', numbers([1, 2, 3, 4]), 'values'],
  ['whole numbers of many kinds', numbers(times(100, (i) => i % 21)), 'values'],
  ['broken numbers', numbers([0.5, 1, 0.5, 1]), 'values'],
  ['points in time', numbers([0, 1, 0, 1], true), 'values'],
])('what a label is: %s', (_, column, task) => {
  expect(guessTask(column)).toBe(task);
  const data = tableDataset(tableWith(column), { task: 'auto' });
  expect('labels' in data ? 'classes' : 'values').toBe(task);
});

test.each<[string, Column, string[]]>([
  ['numbers', numbers([10, 9, -1, 9, 10, -1]), ['-1', '9', '10']],
  ['texts of numbers', texts(['10', '9.0', '1.50', '9']), ['1.50', '9', '9.0', '10']],
  ['texts by code units', texts(['b', 'Z', 'a', 'é', '10']), ['10', 'Z', 'a', 'b', 'é']],
])('classes are in order: %s', (_, column, classNames) => {
  const data = tableDataset(tableWith(column));
  expect(data.classNames).toEqual(classNames);
  const found = Array.from(data.labels, (label) => classNames[label]);
  const given =
    column.kind === 'number'
      ? Array.from(column.values, String)
      : Array.from(column.values, (code) => column.categories[code]);
  expect(found).toEqual(given);
});

test('a numeric label gives data for regression, and the task decides', () => {
  const column = numbers([1, 2, 3, 4]);
  expect(tableDataset(tableWith(column), { task: 'values' })).toMatchObject({
    targets: Float64Array.of(1, 2, 3, 4),
    outputs: 1,
    outputNames: ['y'],
    featureNames: ['x'],
  });
  expect(tableDataset(tableWith(column), { task: 'classes' })).toMatchObject({
    classes: 4,
    labels: Uint32Array.of(0, 1, 2, 3),
  });
});

test.each<[string, Column, 'classes' | 'values' | 'auto', RegExp]>([
  ['one class', texts(['a', 'a']), 'auto', /two or more classes, but got 'y', which is 'a' in all 2 rows/],
  ['one number', numbers([7, 7]), 'auto', /two or more classes, but got 'y', which is '7' in all 2 rows/],
  ['one value', numbers([0.5, 0.5]), 'values', /two or more different numbers, but got 'y', which is '0\.5'/],
  [
    'texts as values',
    texts(['a', 'b']),
    'values',
    /a column of numbers for task: 'values', but got the column 'y' of texts, such as 'a'/,
  ],
  [
    'thousands of texts',
    texts(times(5000, (i) => `t${i >> 1}`)),
    'auto',
    /at most 1,000 classes, .* but got 'y' with 2,500 different texts in 5,000 rows/,
  ],
  ['a text for each row', texts(times(50, (i) => `t${i}`)), 'auto', /'y' with 50 different texts in 50 rows/],
  [
    'thousands of numbers',
    numbers(times(5000, (i) => i)),
    'classes',
    /5,000 different numbers in 5,000 rows \(task: 'values' predicts numbers\)/,
  ],
])('a label is refused: %s', (_, column, task, message) => {
  expect(() => tableDataset(tableWith(column), { task: task as 'auto' })).toThrow(OptionError);
  expect(() => tableDataset(tableWith(column), { task: task as 'auto' })).toThrow(message);
});
