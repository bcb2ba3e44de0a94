import fc from 'fast-check';
import { expect } from 'vitest';
import { property } from '../../tests/helpers/property.ts';
import { streamOf } from '../../tests/helpers/tables/write-csv.ts';
import { FileError, OptionError } from '../errors.ts';
import { MISSING, readCsv, readJson, type Table, tableDataset } from './index.ts';

const signs = fc.constantFrom(
  ...[
    ',',
    ';',
    '\t',
    '|',
    ' ',
    '"',
    "'",
    '\n',
    '\r\n',
    '\r',
    '.',
    '-',
    '+',
    'e',
    '%',
    '#',
    '0',
    '1',
    '7',
    '12',
  ],
  ...['a', 'é', 'NA', '?', 'true', '2024-01-31', '1/2/2024', '{', '}', '[', ']', ':', '\0', '\ufeff', 'sep='],
);
const text = fc.string({ unit: signs, maxLength: 60 });
const bytes = fc.oneof(
  text.map((given) => new TextEncoder().encode(given)),
  fc.uint8Array({ maxLength: 60 }),
);

/** Everything that a table promises, whatever its file. */
function expectWhole(table: Table) {
  const { columns, rows, lines, notes } = table;
  expect(rows).toBeGreaterThan(0);
  expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  for (const column of columns) {
    expect(column.values).toHaveLength(rows);
    if (column.kind === 'number') {
      expect(
        column.values.every((value) => !Math.abs(value) || Math.abs(value) < Number.POSITIVE_INFINITY),
      ).toBe(true);
    } else {
      const { length } = column.categories;
      expect(column.values.every((code) => code < length || code === MISSING)).toBe(true);
    }
  }
  if (lines) expect(Array.from(lines)).toEqual(Array.from(new Set(lines)).sort((a, b) => a - b));
  for (const { message, count } of notes) expect([message.length > 0, count > 0]).toEqual([true, true]);
}

property(
  'any bytes give a whole table or a typed error, and any table a whole data set or a typed error',
  fc.record({ bytes, size: fc.integer({ min: 1, max: 20 }) }),
  [{ bytes: new TextEncoder().encode('"a\r"\r\n1,2\r\n'), size: 1 }],
  async ({ bytes, size }) => {
    for (const read of [readCsv, readJson]) {
      const found = await read(streamOf(bytes, [size])).catch((error) => error);
      if (found instanceof FileError) continue;
      expectWhole(found);
      for (const missing of ['drop', 'mean'] as const) {
        try {
          const { inputs, count, features, encoding } = tableDataset(found, { missing, task: 'auto' });
          expect(inputs).toHaveLength(count * features);
          expect(inputs.every(Number.isFinite)).toBe(true);
          expect(encoding.features.length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof OptionError)) throw error;
        }
      }
    }
  },
);
