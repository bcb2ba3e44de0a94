import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonWith, runScript } from '../../../tests/helpers/code/python.ts';
import { property } from '../../../tests/helpers/property.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { countOf, type NpyArray } from './npy-array.ts';
import { readNpy } from './read-npy.ts';
import { readNpz } from './read-npz.ts';
import { writeNpy } from './write-npy.ts';
import { writeNpz } from './write-npz.ts';

/** An array of every type, with the ends of its range. */
const ARRAYS: { [name: string]: NpyArray } = {
  i1: { shape: [3], data: Int8Array.of(-128, 0, 127) },
  u1: { shape: [2], data: Uint8Array.of(0, 255) },
  i2: { shape: [1, 2], data: Int16Array.of(-32768, 32767) },
  u2: { shape: [2, 1], data: Uint16Array.of(0, 65535) },
  i4: { shape: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
  u4: { shape: [2], data: Uint32Array.of(0, 2 ** 32 - 1) },
  f4: { shape: [2, 3], data: Float32Array.of(0.1, -0, 1e-45, 3.4028234663852886e38, Infinity, NaN) },
  f8: { shape: [1, 2, 2], data: Float64Array.of(0.1, -0, 5e-324, Number.MAX_VALUE) },
  'W 0/뉴': { shape: [], data: Float64Array.of(7) },
  none: { shape: [0, 3], data: new Int16Array() },
  texts: { shape: [2, 2], data: ['', 'ab', '가나다', '😀'] },
};

/** What the script prints of an array: the bytes of numbers, or texts. */
function shown({ data, shape }: NpyArray) {
  if (Array.isArray(data)) return [shape, data];
  return [shape, TYPES[data.constructor.name], Buffer.from(data.buffer).toString('hex')];
}

const TYPES: { [array: string]: string } = {
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

if (ALL) {
  test('NumPy reads what is written', async (context) => {
    const python = await pythonWith('numpy');
    if ('absent' in python) return context.skip(python.absent);
    const files = { 'arrays.npz': writeNpz(ARRAYS), 'array.npy': writeNpy(ARRAYS.f8.data, [2, 2]) };
    const script = `
import json, numpy
def shown(array):
    if array.dtype.kind == 'U':
        return [array.shape, array.ravel().tolist()]
    return [array.shape, array.dtype.name, array.tobytes().hex()]
arrays = numpy.load('arrays.npz')
print(json.dumps([{name: shown(arrays[name]) for name in arrays.files}, shown(numpy.load('array.npy'))]))
`;
    const [line] = await runScript(python.command, script, files);
    const expected = Object.entries(ARRAYS).map(([name, array]) => [name, shown(array)]);
    expect(JSON.parse(line)).toEqual([Object.fromEntries(expected), shown({ ...ARRAYS.f8, shape: [2, 2] })]);
  });
}

test('the bytes are always the same', () => {
  const hash = createHash('sha256').update(writeNpz(ARRAYS)).digest('hex');
  expect(hash).toBe('87da700e6c2ad507f8cd2bd7b05df7c235b98d3283a2d7fd101fef164956e16d');
});

const numbers: { [type: string]: fc.Arbitrary<NpyArray['data'][number]> } = {
  Int8Array: fc.integer({ min: -(2 ** 7), max: 2 ** 7 - 1 }),
  Uint8Array: fc.nat(2 ** 8 - 1),
  Int16Array: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  Uint16Array: fc.nat(2 ** 16 - 1),
  Int32Array: fc.integer(),
  Uint32Array: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  Float32Array: fc.float(),
  Float64Array: fc.double(),
  // NumPy drops characters of code 0 from the end.
  Array: fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.replace(/\0+$/, '')),
};

const arrays = fc
  .tuple(fc.constantFrom(...Object.keys(numbers)), fc.array(fc.nat(4), { maxLength: 4 }))
  .chain(([type, shape]) => {
    const count = countOf(shape);
    const values = fc.array(numbers[type], { minLength: count, maxLength: count });
    const Type = Reflect.get(globalThis, type) as { from(values: unknown[]): NpyArray['data'] };
    return values.map((list): NpyArray => ({ shape, data: Type.from(list) }));
  });

property('every array is read back as it was written', arrays, Object.values(ARRAYS), async (array) => {
  expect(await readNpy(writeNpy(array.data, array.shape))).toEqual(array);
});

property(
  'arrays of every name are read back as they were written',
  fc.dictionary(fc.string({ unit: 'binary' }), arrays, { minKeys: 1, maxKeys: 5 }),
  [ARRAYS],
  async (record) => {
    const found = await readNpz(writeNpz(record));
    expect(Object.entries(found)).toEqual(Object.entries(record));
  },
);

test('writeNpy refuses what NumPy cannot have', () => {
  expect(() => writeNpy(Float64Array.of(1, 2), [3])).toThrow(
    'shape: expected a shape of 2 values, but got [3].',
  );
  expect(() => writeNpy(['a', 'b\0'])).toThrow(
    "data[1]: expected a string, not with a character of code 0 at its end, but got 'b\0'.",
  );
  expect(() => writeNpy([1, 2] as unknown as string[])).toThrow('data[0]: expected a string');
  expect(() => writeNpy(Float64Array.of(1), [1, -1])).toThrow(
    'shape[1]: expected a whole number of at least 0, but got -1.',
  );
  expect(() => writeNpy(new BigInt64Array(1) as unknown as Float64Array)).toThrow('but got a BigInt64Array.');
  expect(() => writeNpz({ W: { data: Float32Array.of(1), shape: [2] } })).toThrow(
    'arrays.W.shape: expected a shape of 1 value, but got [2].',
  );
  expect(() => writeNpz({ W: Float32Array.of(1) } as never)).toThrow('arrays.W.data: expected');
});
