import fc from 'fast-check';
import { expect } from 'vitest';
import { property } from '../../../tests/helpers/property.ts';
import {
  encodeText,
  streamOf,
  type Writing,
  type WrittenColumn,
  writeCsv,
} from '../../../tests/helpers/tables/write-csv.ts';
import { type Column, type CsvOptions, MISSING, readCsv, type Table } from '../index.ts';

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1000, max: 1000 }),
);
/** Texts that a reader could take for something else, and all others. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.string({
      unit: fc.constantFrom(',', ';', '"', '\n', '\r', '\t', '|', ' ', 'a', 'é', '漢', '😀'),
      minLength: 1,
    }),
    fc.constantFrom(
      'NA',
      '-',
      '?',
      '007',
      '1,5',
      '2024-01-01',
      'true',
      '""',
      '"',
      '\r\n',
      'a\r',
      'sep=;',
      '#',
      ' x ',
    ),
  )
  .filter((value) => value.trim() !== '' && !/[\0\ufeff]/.test(value));
const word = fc.constantFrom('red', 'green', 'blue', 'dark blue', 'größer', '漢字', "d'or");

/** Columns `c0`, `c1`, …, of which the first has numbers in all rows. */
function columns(texts: fc.Arbitrary<string>, least: number): fc.Arbitrary<WrittenColumn[]> {
  const missing = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 5 });
  return fc
    .tuple(fc.integer({ min: least, max: 12 }), fc.integer({ min: 1, max: 5 }))
    .chain(([rows, count]) => {
      const cells = <T>(cell: fc.Arbitrary<T>) => fc.array(cell, { minLength: rows, maxLength: rows });
      const column = fc.oneof(cells(missing(number)), cells(missing(texts)));
      return fc
        .tuple(cells(number), fc.array(column, { minLength: count, maxLength: count }))
        .map(([first, others]) => [first, ...others].map((cells, i) => ({ name: `c${i}`, cells })));
    });
}

const writing: fc.Arbitrary<Writing> = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    decimal: fc.constantFrom('.', ','),
    encoding: fc.constantFrom('utf-8', 'utf-8 with BOM', 'utf-16le', 'utf-16be'),
    quotes: fc.constantFrom('needed', 'always'),
    closed: fc.boolean(),
  })
  .map((given) => (given.delimiter === ',' ? { ...given, decimal: '.' } : given));

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

interface Case {
  columns: WrittenColumn[];
  writing: Writing;
  sizes: number[];
}

/** What must be read: names, kinds, and the numbers or texts of each row. */
function shown({ columns }: Pick<Table, 'columns'>) {
  const values = (column: Column) =>
    column.kind === 'number'
      ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
      : Array.from(column.values, (code) => (code === MISSING ? null : column.categories[code]));
  return columns.map((column) => ({ name: column.name, kind: column.kind, cells: values(column) }));
}

const isNumbers = ({ cells }: WrittenColumn) => cells.every((cell) => typeof cell !== 'string');

function expected(columns: readonly WrittenColumn[]) {
  return columns.map((column) => ({
    name: column.name,
    kind: isNumbers(column) ? 'number' : 'category',
    // Writers make no difference between 0 and −0.
    cells: column.cells.map((cell) => (cell === 0 ? 0 : cell)),
  }));
}

async function check({ columns, writing, sizes }: Case, options: CsvOptions) {
  const text = writeCsv(columns, writing);
  const bytes = encodeText(text, writing.encoding);
  const tables = [await readCsv(streamOf(bytes, sizes), options), await readCsv(text, options)];
  for (const table of tables) {
    expect(shown(table)).toEqual(expected(columns));
    const numbers = table.columns.flatMap(({ kind, values }) =>
      kind === 'number' ? Array.from(values) : [],
    );
    expect(numbers.some((value) => Object.is(value, -0))).toBe(false);
    expect(table.rows).toBe(columns[0].cells.length);
    expect(table.skipped).toBe(0);
    expect(table.format).toMatchObject({ delimiter: writing.delimiter, header: true });
  }
  expect(tables[0].lines).toEqual(tables[1].lines);
}

property<Case>(
  'a table of any texts is read back the same, however it is cut, if the reader is told how it was written',
  fc.record({ columns: columns(text, 1), writing, sizes }),
  [
    {
      columns: [
        { name: 'c0', cells: [1.5, -2] },
        { name: 'c1', cells: ['a\r', '"\r\n'] },
      ],
      writing: {
        delimiter: ',',
        newline: '\r\n',
        decimal: '.',
        encoding: 'utf-8',
        quotes: 'needed',
        closed: false,
      },
      sizes: [1],
    },
  ],
  async (given) => {
    const { delimiter, decimal } = given.writing;
    const kinds = Object.fromEntries(
      given.columns.map((column) => [
        column.name,
        isNumbers(column) ? ('number' as const) : ('category' as const),
      ]),
    );
    await check(given, { delimiter, decimal, kinds, missing: [], header: true });
  },
);

property<Case>(
  'a table of numbers and words is read back the same without being told how it was written',
  fc.record({ columns: columns(word, 3), writing, sizes }),
  [],
  (given) => check(given, {}),
);
