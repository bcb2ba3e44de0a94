import { expect, test } from 'vitest';
import { readCsv } from '../read-csv.ts';
import type { Column } from '../table.ts';

const cells = (column: Column) =>
  column.kind === 'number'
    ? Array.from(column.values)
    : Array.from(column.values, (code) => column.categories[code]);

const columnsOf = async (text: string) =>
  Object.fromEntries((await readCsv(text)).columns.map((column) => [column.name, cells(column)]));

const { NaN: NONE } = Number;

test.each([
  ['decimal commas', '5,1;3,5\n4,9;3,0\n', [5.1, 4.9], [3.5, 3]],
  ['thousands', '"1,234.5","2,500,000"\n"2,345.5","1,500,000"\n', [1234.5, 2345.5], [2.5e6, 1.5e6]],
  [
    'dates and percentages',
    '12/31/2023,5%\n1/2/2024,6%\n',
    [Date.UTC(2023, 11, 31), Date.UTC(2024, 0, 2)],
    [0.05, 0.06],
  ],
  ['missing values above numbers', 'NA,a\n1,b\n3,a\n', [NONE, 1, 3], ['a', 'b', 'a']],
  ['missing values above texts', '?,a\nu,b\nv,c\n', [undefined, 'u', 'v'], ['a', 'b', 'c']],
])('a first record of values is no header: %s', async (_, text, first, second) => {
  expect(await columnsOf(text)).toEqual({ 'column 1': first, 'column 2': second });
});

test.each([
  [
    'above dates, though a name recurs',
    'day,close\n13/1/2024,open\n14/1/2024,close\n',
    { day: [Date.UTC(2024, 0, 13), Date.UTC(2024, 0, 14)], close: ['open', 'close'] },
  ],
  [
    'dates and percentages above other numbers',
    'shop,2024-01-31,75%\nA,1,2\nB,4,5\n',
    { shop: ['A', 'B'], '2024-01-31': [1, 4], '75%': [2, 5] },
  ],
  ['equal names above numbers', 'x,x\n1,2\n', { x: [1], 'x (2)': [2] }],
  ['sodium among the names', 'Na,Mg\n13.6,4.5\n13.9,3.6\n', { Na: [13.6, 13.9], Mg: [4.5, 3.6] }],
])('names are a header: %s', async (_, text, columns) => {
  expect(await columnsOf(text)).toEqual(columns);
});

test("scikit-learn's first line counts rows and features and names the classes", async () => {
  const table = await readCsv('3,2,setosa,virginica\n5.1,3.5,0\n4.9,3.0,1\n4.7,3.2,1\n');
  expect(Object.fromEntries(table.columns.map((column) => [column.name, cells(column)]))).toEqual({
    'column 1': [5.1, 4.9, 4.7],
    'column 2': [3.5, 3, 3.2],
    'column 3': ['setosa', 'virginica', 'virginica'],
  });
  expect(table.notes.map(({ reason }) => reason)).toEqual(['counts']);
  // A row that does not fit makes an ordinary table of it.
  expect((await readCsv('3,2,setosa,virginica\n5.1,3.5,0\n4.9,3.0,7\n')).notes).not.toContainEqual(
    expect.objectContaining({ reason: 'counts' }),
  );
});
