import { expect, test } from 'vitest';
import { FileError, OptionError } from './errors.ts';

const circular: { self?: unknown } = {};
circular.self = circular;

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [-0.5, '-0.5'],
  ['0.1', "'0.1'"],
  ['x'.repeat(200), `'${'x'.repeat(77)}...'`],
  [10n, '10n'],
  [Symbol('x'), 'Symbol(x)'],
  [() => 1, 'a function'],
  [new Float32Array(1e6), 'a Float32Array'],
  [{ inputs: new Float32Array(1e6), big: 1n }, '{"inputs":"a Float32Array","big":"1n"}'],
  [new Array(79).fill(1), `[${'1,'.repeat(38)}...`],
  [new Array(1e6), 'an array of 1000000'],
  [new Array(2 ** 32 - 1), 'an array of 4294967295'],
  [new Array(600).fill(0.5), 'an array of 600 numbers'],
  [new Array(300).fill([0, 1]), 'an array of 300 arrays'],
  [[[0.1, 0.7]], '[[0.1,0.7]]'],
  [new Map([[1, 2]]), 'a Map'],
  [new ArrayBuffer(8), 'an ArrayBuffer'],
  [new Date(Number.NaN), 'a Date'],
  [new Uint8Array(2), 'a Uint8Array'],
  [new Uint16Array(2), 'a Uint16Array'],
  [new BigInt64Array(2), 'a BigInt64Array'],
  [new (class Own {})(), '{}'],
  [new Int32Array(2), 'an Int32Array'],
  [new DataView(new ArrayBuffer(8)), 'a DataView'],
  [10n ** 200n, `1${'0'.repeat(76)}...`],
  [circular, 'an object'],
  [{ toJSON: () => undefined }, 'an object'],
  [
    {
      get [Symbol.toStringTag]() {
        throw new EvalError('tag');
      },
    },
    'an object',
  ],
])('what came is shown, whatever it is: %#', (received, got) => {
  const error = new OptionError('size', 'a number', received);
  expect(error.message).toBe(`size: expected a number, but got ${got}.`);
  expect(error.received).toBe(received);
});

test('an error of a file names the place, as far as it is known', () => {
  const place = { line: 12, record: 9, column: 'age' };
  const error = new FileError('table.csv', 'a number', 'old', place);
  expect(error.message).toBe("table.csv, line 12, record 9, column 'age': expected a number, but got 'old'.");
  expect(error).toMatchObject({ what: 'table.csv', expected: 'a number', received: 'old', ...place });
  const advised = new FileError('table.csv', 'a number', 'old', { value: 'old' }, undefined, 'Mend it.');
  expect(advised.message).toBe("table.csv: expected a number, but got 'old'. Mend it.");
  expect(advised.value).toBe('old');
  expect(new FileError('images.gz', '80 bytes', 79, {}, '79 bytes').message).toBe(
    'images.gz: expected 80 bytes, but got 79 bytes.',
  );
});
