import { expect, test } from 'vitest';
import FILES from '../../../tests/reference/numpy-files.json' with { type: 'json' };
import { FileError } from '../../errors.ts';
import type { NpyArray } from './npy-array.ts';
import { readNpy } from './read-npy.ts';
import { readNpz } from './read-npz.ts';

interface Described {
  shape: number[];
  /** Numbers as text where they are not finite. */
  values: (number | string)[];
}

const all = Object.entries<{ file: string; refused?: string; arrays?: { [name: string]: Described } }>(FILES);
const bytesOf = (file: string) => new Uint8Array(Buffer.from(file, 'base64'));

/** Where a type of NumPy has no equal, the type that comes in its place. */
const TYPES: { [type: string]: string } = {
  i1: 'Int8Array',
  i2: 'Int16Array',
  i4: 'Int32Array',
  i8: 'Float64Array',
  u1: 'Uint8Array',
  u2: 'Uint16Array',
  u4: 'Uint32Array',
  u8: 'Float64Array',
  f2: 'Float32Array',
  f4: 'Float32Array',
  f8: 'Float64Array',
  bo: 'Uint8Array',
};

function expectArray({ shape, data }: NpyArray, expected: Described) {
  expect(shape).toEqual(expected.shape);
  const numbers = !Array.isArray(data);
  expect(Array.from<number | string>(data)).toEqual(numbers ? expected.values.map(Number) : expected.values);
}

test.each(all.filter(([, { refused, arrays }]) => !refused && !arrays))(
  'readNpy reads %s',
  async (name, file) => {
    const array = await readNpy(bytesOf(file.file));
    expectArray(array, file as unknown as Described);
    const type = TYPES[name.replace(/^[<>]/, '').slice(0, 2)];
    if (type) expect(array.data.constructor.name).toBe(type);
  },
);

test.each(all.filter(([, { refused }]) => refused))('readNpy refuses %s', async (name, { file, refused }) => {
  const error = await (name.startsWith('savez') ? readNpz : readNpy)(bytesOf(file)).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FileError);
  expect(error.message).toContain(refused);
});

test.each(all.filter(([, { arrays }]) => arrays))('readNpz reads %s', async (_, { file, arrays = {} }) => {
  const bytes = bytesOf(file);
  for (const source of [bytes, new Blob([bytes]), new Blob([bytes]).stream()]) {
    const found = await readNpz(source);
    expect(Object.keys(found)).toEqual(Object.keys(arrays));
    for (const [name, array] of Object.entries(found)) expectArray(array, arrays[name]);
  }
});

test('readNpz reads only the arrays that are named', async () => {
  const { file, arrays } = FILES.savez;
  const found = await readNpz(bytesOf(file), { names: ['z', 'X'] });
  expect(Object.keys(found)).toEqual(['X', 'z']);
  expectArray(found.X, arrays.X);
  await expect(readNpz(bytesOf(file), { names: ['X', 'y'] })).rejects.toThrow(
    "names[1]: expected one of the arrays 'X', 'y 뱀', 'z', but got 'y'.",
  );
});

test('readNpz tells of arrays that cannot be read, and reads the others', async () => {
  const skipped: [string, string][] = [];
  const skip = (name: string, { message }: FileError) => skipped.push([name, message]);
  const found = await readNpz(bytesOf(FILES['savez of objects'].file), { skip });
  expect(Object.keys(found)).toEqual(['data', 'target_names']);
  expect(skipped).toEqual([
    ['frame', expect.stringContaining('The file, frame.npy: expected numbers')],
    ['large', expect.stringContaining('whole numbers of less than 2⁵³, but got 1152921504606846976.')],
  ]);
  const damaged = bytesOf(FILES.savez_compressed.file).map((byte, i) => (i === 200 ? byte ^ 255 : byte));
  await expect(readNpz(damaged, { skip })).rejects.toThrow(FileError);
  expect(skipped).toHaveLength(2);
});
