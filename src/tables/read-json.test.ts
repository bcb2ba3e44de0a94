import { expect, test } from 'vitest';
import { messages, shown } from '../../tests/helpers/tables/shown.ts';
import { FileError } from '../errors.ts';
import { readJson } from './index.ts';

test.each([
  [
    'records',
    '[{"a":1,"b":"x"},{"b":null,"c":true},{"a":3.5}]',
    { a: [1, null, 3.5], b: ['x', null, null], c: [null, 'true', null] },
  ],
  ['arrays with names', '[["a","b"],[1,"x"],[2,"y"]]', { a: [1, 2], b: ['x', 'y'] }],
  ['arrays without names', '[[1,"x"],[2,"y"]]', { 'column 1': [1, 2], 'column 2': ['x', 'y'] }],
  ['columns', '{"a":[1,2],"b":["x",null]}', { a: [1, 2], b: ['x', null] }],
  ["pandas' columns", '{"a":{"0":1,"7":2},"b":{"0":"x","7":"y"}}', { a: [1, 2], b: ['x', 'y'] }],
  ['lines of records', '{"a":1}\n{"a":2}\n\n', { a: [1, 2] }],
  [
    'days',
    '[{"day":"2024-01-31"},{"day":"2024-02-01"}]',
    { day: [Date.UTC(2024, 0, 31), Date.UTC(2024, 1, 1)] },
  ],
  ['numbers in texts', '[{"a":"1.5"},{"a":"-2"}]', { a: [1.5, -2] }],
  ['a mark of byte order', '\ufeff[{"a":1}]', { a: [1] }],
  ['names of objects', '[{"__proto__":1,"constructor":2}]', { ['__proto__']: [1], constructor: [2] }],
])('a table from JSON: %s', async (_, text, columns) => {
  const table = await readJson(text);
  expect(shown(table)).toEqual(columns);
  expect(table.rows).toBe(Object.values(columns)[0].length);
});

test('records, arrays and columns of a program are read as their JSON', async () => {
  const day = new Date(Date.UTC(2024, 0, 31, 10, 30));
  const records = [
    { a: 1, day, b: 'x' },
    { a: 2.5, day: new Date(Number.NaN), b: null },
  ];
  const columns = { a: [1, 2.5], day: [day.getTime(), null], b: ['x', null] };
  const arrays = [['a', 'day', 'b'], ...records.map((record) => Object.values(record))];
  const lists = { a: Float64Array.of(1, 2.5), day: [day, undefined], b: ['x', null] };
  for (const source of [records, arrays, lists, Object.assign(Object.create(null), lists)]) {
    const table = await readJson(source);
    expect(shown(table)).toEqual(columns);
    expect(table.columns[1]).toMatchObject({ time: true });
  }
  expect(shown(await readJson([[1, 'x']]))).toEqual({ 'column 1': [1], 'column 2': ['x'] });
  await expect(readJson([])).rejects.toThrow(/^The value: expected at least one row/);
  await expect(readJson([{ a: [1] }])).rejects.toThrow(/^The value at \[0\]\.a, record 1/);
  await expect(readJson([{ a: 1, b: 2 }], { limits: { cells: 1 } })).rejects.toThrow(/at most 1 values/);
  await expect(readJson(Promise.resolve(records) as never)).rejects.toThrow(/source: expected a Blob/);
  const signal = AbortSignal.abort(new Error('closed'));
  await expect(readJson(records, { signal })).rejects.toThrow('closed');
});

test('numbers are those of the file', async () => {
  const numbers = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, 2 ** 53 - 1, -1e21];
  expect(shown(await readJson(JSON.stringify({ a: numbers }))).a).toEqual(numbers);
});

test('options are those of readCsv', async () => {
  const table = await readJson('[{"zip":"01234","x":"-9"},{"zip":"1","x":"2"}]', {
    kinds: { zip: 'category' },
    missing: ['-9'],
  });
  expect(shown(table)).toEqual({ zip: ['01234', '1'], x: [null, 2] });
  expect(messages(table)).toEqual([]);
  await expect(readJson('[]', { types: {} } as object)).rejects.toThrow(/types: expected one of the options/);
});

test.each([
  [
    '[{"a":1,"b":{"c":[1]}}]',
    /The text at \[0\]\.b, record 1, column 'b': expected a number, a text, .* but got {"c":\[1\]}/,
  ],
  ['[["a"],[1],[[2]]]', /at \[2\]\[0\], record 2, column 'a'/],
  ['{"a":[1,{}]}', /at a\[1\], record 2, column 'a'/],
  ['[{"a":1},5]', /at \[1\], record 2: expected a record, as the first one is, but got 5/],
  ['[{"a":1},[2]]', /at \[1\], record 2: expected a record/],
  ['[[1,2],[3]]', /at \[1\], record 2: expected an array of 2 values, but got 1 value\./],
  ['{"a":[1,2],"b":[1]}', /at b, column 'b': expected 2 values, as 'a' has, but got 1/],
  ['{"a":1}', /expected an array of records/],
  ['5', /expected an array of records/],
  ['null', /expected an array of records/],
  ['[]', /at least one row, but got an empty array/],
  ['[["a","b"]]', /at least one row, but got none/],
  ['{}', /an empty object/],
  ['', /expected JSON, but got nothing/],
  ['{"a":[1,\n2}', /line 2: expected JSON, but got a fault/],
  ['{"a":1}\n{"a":}\n', /line 2: expected JSON, but got a fault/],
  ['[{"a":NaN}]', /expected JSON, but got a fault/],
  ['a,b\n1,2\n', /expected JSON, but got a fault/],
])('a text that is no table is refused, with its path: %s', async (text, message) => {
  const error = await readJson(text).catch((reason) => reason);
  expect(error).toBeInstanceOf(FileError);
  expect(error.message).toMatch(message);
});

test('what is no text is refused', async () => {
  await expect(readJson(Uint8Array.of(0x50, 0x4b, 3, 4))).rejects.toThrow(
    /expected JSON, but got a zip archive/,
  );
});
