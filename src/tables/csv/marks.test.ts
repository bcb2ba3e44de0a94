import { expect, test } from 'vitest';
import { messages, shown } from '../../../tests/helpers/tables/shown.ts';
import { readCsv } from '../index.ts';

test('numbers as spreadsheets show them: money, percentages, thousands where they are certain', async () => {
  const table = await readCsv('price,share,sold\n"$1,234.50",12%,"1,234"\n$2.00,5.5%,"12,500"\n');
  expect(shown(table)).toEqual({ price: [1234.5, 2], share: [0.12, 0.055], sold: [1234, 12500] });
  const commas = await readCsv('a,b\n"1,5",x\n"12,25",y\n');
  expect(shown(commas)).toEqual({ a: [1.5, 12.25], b: ['x', 'y'] });
});

test('a comma that may mark decimals or thousands makes texts, until the caller tells', async () => {
  const text = 'a,b\n"1,234",1\n"2,500",2\n';
  const table = await readCsv(text);
  expect(shown(table).a).toEqual(['1,234', '2,500']);
  expect(messages(table)[0]).toMatch(
    /Column 'a': Read as texts, as the comma may mark decimals or thousands/,
  );
  expect(shown(await readCsv(text, { decimal: ',' })).a).toEqual([1.234, 2.5]);
  expect(shown(await readCsv(text, { decimal: '.' })).a).toEqual([1234, 2500]);
  // Where cells stand apart by semicolons, the comma marks decimals.
  expect(shown(await readCsv('a;b\n1,234;1\n2,500;2\n')).a).toEqual([1.234, 2.5]);
});

test.each<[string, string, object, string[]]>([
  [
    'a point of which nothing tells more marks decimals, and that is told',
    'a;b;c\n1.123;2.456;7\n-3.500;x;8\n',
    { a: [1.123, -3.5], b: ['2.456', 'x'], c: [7, 8] },
    ['a unclear-point'],
  ],
  ['also between tabs', 'a\tb\n1.123\t2\n', { a: [1.123], b: [2] }, ['a unclear-point']],
  ['but not between commas', 'a,b\n1.123,2\n', { a: [1.123], b: [2] }, []],
  [
    'a number with other decimals tells',
    'a;b\n1.123;2.456\n1.12;2.457\n',
    { a: [1.123, 1.12], b: [2.456, 2.457] },
    [],
  ],
  ['so does one of another column', 'a;b\n1.123;0.456\n', { a: [1.123], b: [0.456] }, []],
  [
    'a decimal comma in another column makes thousands',
    'a;b\n1.123;2,5\n12.456;3,25\n',
    { a: [1123, 12456], b: [2.5, 3.25] },
    ['a thousands-point', 'b decimal-comma'],
  ],
  [
    'but not of a column with other decimals',
    'a;b\n1.123;2,5\n1.5;3,25\n',
    { a: [1.123, 1.5], b: [2.5, 3.25] },
    ['b decimal-comma'],
  ],
  [
    'several points make thousands',
    'a,b\n1.234.567,1.123\n12.345.678,5\n',
    { a: [1234567, 12345678], b: [1123, 5] },
    ['a thousands-point', 'b thousands-point'],
  ],
])('a point marks decimals or thousands: %s', async (_, text, columns, notes) => {
  const table = await readCsv(text);
  expect(shown(table)).toEqual(columns);
  expect(table.notes.map(({ column, reason }) => `${column} ${reason}`)).toEqual(notes);
});

test('the caller tells what a point marks', async () => {
  const text = 'a;b\n1.123;2.456\n3.500;7\n';
  const points = await readCsv(text, { decimal: '.' });
  expect([shown(points).a, points.notes]).toEqual([[1.123, 3.5], []]);
  const commas = await readCsv(text, { decimal: ',' });
  expect(shown(commas)).toEqual({ a: [1123, 3500], b: [2456, 7] });
});
