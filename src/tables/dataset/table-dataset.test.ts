import { expect, test } from 'vitest';
import { standardize } from '../../data/scaling.ts';
import { FileError, OptionError } from '../../errors.ts';
import type { Dataset, RegressionDataset } from '../../types.ts';
import { encodeRows, readCsv, type Table, tableDataset } from '../index.ts';

const CARS = `brand,weight,automatic,doors,price
fiat,900,true,2,cheap
volvo,1500,false,4,dear
fiat,950,false,2,cheap
saab,NA,true,4,dear
volvo,1450,true,4,
`;

test('a table becomes a data set: numbers, truths, a feature for each text, classes in order', async () => {
  const { report, encoding, ...data } = tableDataset(await readCsv(CARS));
  expect(data).toEqual({
    inputs: Float64Array.of(1, 0, 900, 1, 2, 0, 1, 1500, 0, 4, 1, 0, 950, 0, 2),
    count: 3,
    features: 5,
    featureNames: ['brand=fiat', 'brand=volvo', 'weight', 'automatic', 'doors'],
    labels: Uint32Array.of(0, 1, 0),
    classes: 2,
    classNames: ['cheap', 'dear'],
  });
  expect(report).toMatchObject({ rows: Uint32Array.of(0, 1, 2), dropped: 2, filled: 0 });
  expect(report.messages).toEqual([
    "2 rows left out; values are missing in 'weight' (1), 'price' (1).",
    "Column 'brand' became 2 features, one for each text.",
  ]);
  expect(standardize(data).data.count).toBe(3);
  expect(JSON.parse(JSON.stringify(encoding))).toEqual(encoding);
  // The last row lacks its label only.
  const all = encodeRows(await readCsv(CARS), JSON.parse(JSON.stringify(encoding)));
  expect(all.report.rows).toEqual(Uint32Array.of(0, 1, 2, 4));
  expect(all.inputs.subarray(0, 15)).toEqual(data.inputs);
});

test('missing values become the means of their features', async () => {
  const table = await readCsv('a,b,c,y\n1,x,true,0\n,y,,1\n4,?,false,1\n7,x,true,0\n');
  const { inputs, report } = tableDataset(table, { missing: 'mean' });
  const third = 2 / 3;
  expect(Array.from(inputs)).toEqual([1, 1, 0, 1, 4, 0, 1, third, 4, third, 1 / 3, 0, 7, 1, 0, 1]);
  expect(report).toMatchObject({ dropped: 0, filled: 3 });
});

test('rows of another table are encoded in the same way, whatever is in it', async () => {
  const { encoding } = tableDataset(await readCsv(CARS));
  const other = await readCsv('price,doors,weight,brand,automatic\ndear,2,1,volvo,true\nnew,2,1,saab,true\n');
  const { report, ...test } = tableDataset(other, { encoding });
  expect(test).toMatchObject({
    inputs: Float64Array.of(0, 1, 1, 1, 2),
    labels: Uint32Array.of(1),
    classNames: ['cheap', 'dear'],
  });
  expect(report.messages).toContain('1 row left out: the label is an unknown class.');
  const rows = encodeRows(await readCsv('brand,weight,automatic,doors\nsaab,1,0,2\n'), encoding);
  expect(rows).toMatchObject({ inputs: Float64Array.of(0, 0, 1, 0, 2), count: 1, features: 5 });
  expect(rows.report.messages).toEqual(["Column 'brand' has unknown texts in 1 row."]);
});

test('a test set without some of the texts, and with numbers for texts, has the same columns', async () => {
  const train = tableDataset(await readCsv('size,y\n1,a\n2,b\nXL,a\n2,b\n'));
  expect(train.featureNames).toEqual(['size=1', 'size=2', 'size=XL']);
  const { encoding } = train;
  const test = tableDataset(await readCsv('size,y\n2.0,b\n1,b\n'), { encoding });
  expect(Array.from(test.inputs)).toEqual([0, 1, 0, 1, 0, 0]);
  expect(test).toMatchObject({ classes: 2, labels: Uint32Array.of(1, 1) });
  const large = await readCsv('size,y\n2.0,b\nXL,b\nXXL,a\n');
  expect(Array.from(tableDataset(large, { encoding }).inputs)).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 0]);
  // A column of numbers in which many texts stand is still one of numbers.
  const numbers = tableDataset(await readCsv('size,y\n1,a\n2,b\n3,a\n'));
  const other = await readCsv('size,y\n5,a\nold,b\nnew,b\n');
  expect(tableDataset(other, { encoding: numbers.encoding })).toMatchObject({
    count: 1,
    inputs: Float64Array.of(5),
    report: { messages: ["2 rows left out; values are missing in 'size' (2)."] },
  });
  const filled = { ...numbers.encoding, missing: 'mean' as const };
  expect(Array.from(tableDataset(other, { encoding: filled }).inputs)).toEqual([5, 2, 2]);
});

test('classes of true and false are known however a test set writes them', async () => {
  const { encoding } = tableDataset(await readCsv('a,y\n1,true\n2,false\n'));
  for (const [yes, no] of [
    ['True', 'False'],
    ['1', '0'],
    ['1.0', 'FALSE'],
  ]) {
    const { labels, classNames } = tableDataset(await readCsv(`a,y\n1,${yes}\n2,${no}\n`), { encoding });
    expect(classNames).toEqual(['false', 'true']);
    expect(labels).toEqual(Uint32Array.of(1, 0));
  }
  // All ways in which one file writes them are one class.
  const many = tableDataset(
    await readCsv('a,b,y\n1,true,TRUE\n2,FALSE,false\n3,True ," true"\n4,false,False\n'),
  );
  expect(many).toMatchObject({ classNames: ['false', 'true'], labels: Uint32Array.of(1, 0, 1, 0) });
  expect(Array.from(many.inputs)).toEqual([1, 1, 2, 0, 3, 1, 4, 0]);
  const written = tableDataset(await readCsv('a,y\n1,TRUE\n2,FALSE\n'));
  expect(written.classNames).toEqual(['FALSE', 'TRUE']);
  const one = await readCsv('a,y\n1,TRUE\n2,true\n');
  expect(() => tableDataset(one)).toThrow(/two or more classes, but got 'y', which is 'true' in all 2 rows/);
  // Beside other texts, true is a text among them.
  const texts = tableDataset(await readCsv('a,y\n1,true\n2,false\n3,maybe\n'));
  const test = tableDataset(await readCsv('a,y\n1,True\n2,false\n'), { encoding: texts.encoding });
  expect(test.labels).toEqual(Uint32Array.of(0));
});

test.each([
  ['day-first', '13/04/2025', Date.UTC(2025, 3, 3)],
  ['month-first', '04/13/2025', Date.UTC(2025, 2, 4)],
])(
  'days and months of a test set are in the order of the training rows: %s',
  async (dates, certain, time) => {
    const train = tableDataset(await readCsv(`d,y\n${certain},a\n01/02/2025,b\n`));
    const { encoding } = train;
    expect(encoding.features).toMatchObject([{ column: 'd', kind: 'number', dates }]);
    const test = await readCsv('d,y\n03/04/2025,b\n03/04/2025 10:30,a\n');
    for (const kept of [encoding, JSON.parse(JSON.stringify(encoding))]) {
      expect(Array.from(encodeRows(test, kept).inputs)).toEqual([time, time + 10.5 * 3_600_000]);
      expect(tableDataset(test, { encoding: kept }).count).toBe(2);
    }
    // Rows of which the order is certain keep it.
    const others = await readCsv('d,y\n31/12/2025,b\n');
    expect(Array.from(encodeRows(others, encoding).inputs)).toEqual([Date.UTC(2025, 11, 31)]);
    const values = tableDataset(await readCsv(`x,d\n1,${certain}\n2,01/02/2025\n`), { task: 'values' });
    const targets = tableDataset(await readCsv('x,d\n1,03/04/2025\n'), {
      encoding: values.encoding,
      task: 'values',
    });
    expect(Array.from(targets.targets)).toEqual([time]);
  },
);

test('the encoding of a regression serves test rows', async () => {
  const { encoding } = tableDataset(await readCsv('a,y\n1,0.5\n2,1.5\n'), { task: 'values' });
  const test = tableDataset(await readCsv('y,a\n7,3\n'), { encoding, task: 'values' });
  expect(test).toMatchObject({ inputs: Float64Array.of(3), targets: Float64Array.of(7), outputNames: ['y'] });
});

test('label and features are named, or counted from either end', async () => {
  const table = await readCsv('y,a,b\nu,1,2\nv,3,4\n');
  const names = (options: object) => {
    const { featureNames, encoding } = tableDataset(table, options);
    return [encoding.label.column, ...(featureNames ?? [])];
  };
  expect(names({ label: 'y' })).toEqual(['y', 'a', 'b']);
  expect(names({ label: 0 })).toEqual(['y', 'a', 'b']);
  expect(names({ label: -3, features: ['b'] })).toEqual(['y', 'b']);
  expect(names({ features: [1, 0] })).toEqual(['b', 'a', 'y=u', 'y=v']);
});

const rows = (count: number, cell: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => cell(i)).join('\n');

test('columns that tell nothing are no features, unless they are asked for; constant ones stay', async () => {
  const table = await readCsv(
    `id,name,empty,same,x,y\n${rows(20, (i) => `${i},n${i},,7,${i * 1.5},${i % 2}`)}`,
  );
  const { featureNames, report } = tableDataset(table);
  expect(featureNames).toEqual(['same', 'x']);
  expect(report.columns.map(({ use, reason }) => reason ?? use)).toEqual([
    'row-number',
    'many-categories',
    'no-values',
    'number',
    'number',
    'label',
  ]);
  expect(report.messages).toEqual([
    "Column 'id' is no feature: it counts the rows.",
    "Column 'name' is no feature: it has 20 different texts.",
    "Column 'empty' is no feature: it has no values.",
    "Column 'same' has the same value in all rows: nothing can be learned from it.",
  ]);
  expect(tableDataset(table, { features: ['id', 'name'] }).features).toBe(21);
  expect(tableDataset(await readCsv('id,x,y\n0,1,a\n2,1,b\n1,2,a\n')).featureNames).toEqual(['id', 'x']);
  // The only column that is left.
  expect(tableDataset(await readCsv('id,y\n0,a\n1,b\n')).featureNames).toEqual(['id']);
});

test.each<[string, object, RegExp]>([
  ['label', { label: 'prise' }, /label: expected the name 'price', but got 'prise'/],
  ['label', { label: 9 }, /label: expected an index of one of the 5 columns, but got 9/],
  ['label', { label: null }, /label: expected the name or the index of a column/],
  ['label', { label: 'xyz' }, /label: expected the name or index of a column: 'brand', 'weight', /],
  ['features', { features: ['price'] }, /features\[0\]: expected a column that is not the label/],
  ['features', { features: ['doors', 3] }, /features: expected each column once/],
  ['features', { features: [] }, /features: expected at least one column/],
  ['features', { features: 'doors' }, /features: expected an array/],
  ['missing', { missing: 'zero' }, /missing: expected 'drop' or 'mean' or 'error'/],
  ['task', { task: 'regression' }, /task: expected 'auto' or 'classes' or 'values'/],
  ['an unknown name', { target: 'price' }, /target: expected the name 'label'/],
  [
    'dates of an encoding',
    {
      encoding: {
        features: [{ column: 'weight', kind: 'number', mean: 0, dates: 'year-first' }],
        label: { column: 'price', kind: 'values' },
        missing: 'drop',
      },
    },
    /features\[0\]\.dates: expected 'day-first' or 'month-first'/,
  ],
  ['encoding', { encoding: {} }, /options\.encoding\.features: expected an array/],
])('an option that cannot be used is refused: %s', async (_, options, message) => {
  const table = await readCsv(CARS);
  expect(() => tableDataset(table, options)).toThrow(OptionError);
  expect(() => tableDataset(table, options)).toThrow(message);
});

test('an encoding that does not fit is refused', async () => {
  const table = await readCsv(CARS);
  const { encoding } = tableDataset(table);
  const without = await readCsv('brand,price\nfiat,cheap\n');
  expect(() => tableDataset(without, { encoding })).toThrow(
    /options\.encoding: expected .*'brand', 'price', but got 'weight'/,
  );
  expect(() => encodeRows(without, encoding)).toThrow(/encoding: expected/);
  expect(() => tableDataset(table, { encoding, label: 'price' })).toThrow(
    /label: expected no such option beside encoding/,
  );
  expect(() => tableDataset(table, { encoding, task: 'values' })).toThrow(
    /task: expected 'classes', as in the encoding/,
  );
  const others = await readCsv(CARS.replace(/cheap|dear/g, 'new'));
  expect(() => tableDataset(others, { encoding })).toThrow(
    /rows of its classes 'cheap', 'dear', but got rows of other/,
  );
  const [brand, ...features] = encoding.features;
  const broken = { ...encoding, features: [{ ...brand, means: [1] }, ...features] };
  expect(() => encodeRows(table, broken as never)).toThrow(
    /encoding\.features\[0\]\.means: expected a mean for each of the 2/,
  );
});

test('a missing value is an error where that is wanted, with its place', async () => {
  const table = await readCsv(CARS);
  const error = (() => {
    try {
      return tableDataset(table, { missing: 'error' });
    } catch (reason) {
      return reason;
    }
  })();
  expect(error).toBeInstanceOf(FileError);
  expect(error).toMatchObject({ line: 5, record: 4, column: 'weight' });
});

test('a table of which no row has all values is refused, with the column that lacks most', async () => {
  const table = await readCsv('a,b,y\n1,,0\n2,,1\n,3,1\n');
  expect(() => tableDataset(table)).toThrow(
    /missing: expected rows with all values; .* most in the column 'b' \(2 of 3\)/,
  );
  expect(tableDataset(table, { missing: 'mean' }).count).toBe(3);
});

test('a label that was left out of the table is refused with the reason', async () => {
  const table = await readCsv('a,b,y\n1,x,0\n2,y,1\n3,z,0\n4,x,1\n', { limits: { texts: 2 } });
  expect(() => tableDataset(table, { label: 'b' })).toThrow(
    /one that was left out \(Column 'b': Left out: .* 2 different texts/,
  );
});

test('a table that is none is refused', async () => {
  const table = await readCsv('a,y\n1,u\n2,v\n');
  expect(() => tableDataset(readCsv('a\n1\n') as never)).toThrow(/but got its promise \(await is missing\)/);
  expect(() => tableDataset({} as never)).toThrow(/table: expected a table/);
  const [a, y] = table.columns;
  const wrong = (columns: unknown[], rows = 2) => ({ ...table, columns, rows }) as Table;
  expect(() => tableDataset(wrong([a, y], 3))).toThrow(/columns\[0\]\.values: expected 3 values/);
  expect(() => tableDataset(wrong([a, y], 0))).toThrow(/table\.rows/);
  expect(() => tableDataset(wrong([a, a]))).toThrow(/columns\[1\]\.name: expected a name of its own/);
  expect(() => tableDataset(wrong([a, { ...y, kind: 'text' }]))).toThrow(
    /columns\[1\]: expected a column of the kind/,
  );
});

test('the types follow the task', async () => {
  const table = await readCsv('a,y\n1,0\n2,1\n3,0\n');
  const classes: Dataset = tableDataset(table);
  const values: RegressionDataset = tableDataset(table, { task: 'values' });
  const either: Dataset | RegressionDataset = tableDataset(table, { task: 'auto' });
  expect([classes.classes, values.outputs, 'labels' in either]).toEqual([2, 1, true]);
});
