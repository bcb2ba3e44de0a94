import { expect, test } from 'vitest';
import { digits, toMarkdown, toText } from './table.ts';

const table = {
  title: 'Speeds',
  header: ['', 'ms'],
  rows: [
    ['a', '1.50'],
    ['longer', '100'],
  ],
  notes: ['a note'],
};

test('columns are aligned: words to the left, numbers to the right', () => {
  expect(toText(table).split('\n')).toEqual([
    'Speeds',
    '          ms',
    'a       1.50',
    'longer   100',
    'a note',
  ]);
});

test('Markdown has a rule below the header, and notes as a list', () => {
  expect(toMarkdown(table).split('\n')).toEqual([
    '## Speeds',
    '',
    '|  | ms |',
    '| --- | ---: |',
    '| a | 1.50 |',
    '| longer | 100 |',
    '',
    '- a note',
  ]);
});

test.each([
  [0, '0.00'],
  [0.00012345, '0.000123'],
  [0.6543, '0.654'],
  [12.345, '12.3'],
  [123.45, '123'],
  [12345, '12345'],
  [-0.5, '-0.500'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('%d is written %s', (value, text) => {
  expect(digits(value)).toBe(text);
});
