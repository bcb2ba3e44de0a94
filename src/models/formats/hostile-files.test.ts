import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLASSIFIER } from '../../../tests/helpers/models.ts';
import { property } from '../../../tests/helpers/property.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { rejection } from '../../../tests/helpers/trainers/training.ts';
import { createTrainer, FileError, OptionError } from '../../index.ts';
import { writeNpz } from '../../tables/index.ts';
import { exportModel, importModel, Model, type ModelFormat, resume } from '../index.ts';
import { FORMATS } from './formats.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** The formats that are read. */
const READ = (Object.keys(FORMATS) as ModelFormat[]).filter((format) => 'reading' in FORMATS[format]);

describe.each(READ)('%s', (format) => {
  property(
    'bytes that are changed, left out or added make a model or a FileError',
    fc.record({
      changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      length: fc.option(fc.nat(), { nil: undefined }),
      added: fc.uint8Array({ maxLength: 9 }),
    }),
    [],
    async ({ changes, length, added }) => {
      const file = await exportModel(CLASSIFIER, format);
      const end = length === undefined ? file.length : length % (file.length + 1);
      const bytes = Uint8Array.of(...file.subarray(0, end), ...added);
      for (const [place, byte] of changes) bytes[place % bytes.length] = byte;
      const found = await importModel(bytes).catch((error: unknown) => error);
      expect(found instanceof Model || found instanceof FileError, String(found)).toBe(true);
    },
  );
});

test.each<[bytes: Uint8Array, message: RegExp]>([
  [new Uint8Array(), /^file: expected a model as safetensors or .*, but got an empty file/],
  [new TextEncoder().encode('PNG, or so'), /got 10 bytes that begin with "PNG, or so"/],
  [new TextEncoder().encode('<html>'), /got 6 bytes/],
])('refuses other files %#', async (bytes, message) => {
  const error = await rejection(importModel(bytes));
  expect(error).toBeInstanceOf(FileError);
  expect((error as Error).message).toMatch(message);
});

test('refuses a module of JavaScript, and what is no file', async () => {
  const code = await exportModel(CLASSIFIER, 'javascript');
  expect(((await rejection(importModel(code))) as Error).message).toMatch(
    /^file: .* import\(\), and is not read back\.$/,
  );
  for (const wrong of [undefined, 'text', {}, [1, 2]])
    expect(await rejection(importModel(wrong as never))).toMatchObject({
      name: 'OptionError',
      option: 'bytes',
    });
});

test('exportModel refuses what it does not know', async () => {
  for (const [work, message] of [
    [exportModel(CLASSIFIER, 'h5' as never), /^format: expected 'safetensors' or .*, but got 'h5'/],
    [
      exportModel(Promise.resolve() as never, 'json'),
      /^source: expected a trainer or a model, but got its promise \(await is missing\)/,
    ],
    [exportModel(undefined as never, 'json'), /^source: expected a trainer or a model, but got undefined/],
    [exportModel({} as never, 'json'), /^model\.sizes: /],
    [
      exportModel(CLASSIFIER, 'json', { scale: 1 } as never),
      /^scale: expected one of the options scaling, but got 1/,
    ],
    [exportModel(CLASSIFIER, 'json', { scaling: 1 } as never), /^scaling: expected an object/],
    [
      exportModel(CLASSIFIER, 'json', { scaling: { means: [1], deviations: [1] } }),
      /^model\.scaling: expected 2 columns, but got 1 column/,
    ],
    [exportModel(CLASSIFIER, 'json', 1 as never), /^options: expected an object, but got 1/],
  ] as const) {
    const error = await rejection(work);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(message);
  }
});

/** A safetensors file of a header, as an object or a text, and bytes; and a length that need not be true. */
function fileOf(header: unknown, data = 0, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
const two = { ...one, data_offsets: [4, 8] };

test.each<[name: string, bytes: Uint8Array, message: RegExp]>([
  [
    'a header that is longer than the file',
    fileOf({}, 0, 100_000_000n),
    /header of 2 to 2 bytes, but got 100000000/,
  ],
  ['a header that ends after the file', fileOf({}, 0, 3n), /header of 2 to 2 bytes, but got 3/],
  ['a header of 8 MiB', fileOf(`{${' '.repeat(2 ** 23)}}`), /header of 2 to 8388608 bytes/],
  ['a header of 2⁶³ bytes', fileOf({}, 9, 2n ** 63n), /header of 2 to 11 bytes/],
  ['a header of 1 byte', fileOf({}, 0, 1n), /header of 2 to/],
  ['no length', Uint8Array.of(2, 0, 0), /header of 2 to/],
  ['a header that is no JSON', fileOf('{"a":'), /the header of the safetensors file: expected JSON/],
  [
    'a header that is a list',
    fileOf('[]'),
    /the header of the safetensors file: expected an object, but got \[\]/,
  ],
  [
    'a header that is no text',
    new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff]),
    /expected text in UTF-8/,
  ],
  ['a list that is deep', fileOf('['.repeat(100_000)), /expected JSON/],
  ['a tensor that is null', fileOf({ a: null }), /^a: expected a tensor \{/],
  ['another type', fileOf({ a: { ...one, dtype: 'BF16' } }, 4), /^a: expected a tensor \{/],
  ['a negative size', fileOf({ a: { ...one, shape: [-1] } }, 4), /^a: expected a tensor \{/],
  ['a size that is none', fileOf({ a: { ...one, shape: [1.5] } }, 4), /^a: expected a tensor \{/],
  [
    'a shape of too many numbers',
    fileOf({ a: { ...one, shape: [2 ** 40, 2 ** 40] } }, 4),
    /^a: expected a tensor \{/,
  ],
  [
    'offsets of another length',
    fileOf({ a: { ...one, data_offsets: [0, 8] } }, 8),
    /^a: expected a tensor \{/,
  ],
  ['offsets that go back', fileOf({ a: { ...one, data_offsets: [4, 0] } }, 4), /^a: expected a tensor \{/],
  ['three offsets', fileOf({ a: { ...one, data_offsets: [0, 4, 4] } }, 4), /^a: expected a tensor \{/],
  ['tensors that overlap', fileOf({ a: one, b: one }, 8), /^b: expected data_offsets from 4 on/],
  [
    'a hole',
    fileOf({ a: one, b: { ...two, data_offsets: [8, 12] } }, 12),
    /^b: expected data_offsets from 4 on/,
  ],
  ['a tensor outside the file', fileOf({ a: one, b: two }, 4), /expected \d+ bytes, as its header says/],
  ['bytes of no tensor', fileOf({ a: one }, 5), /expected \d+ bytes, as its header says/],
  [
    'metadata that are no texts',
    fileOf({ __metadata__: { a: 1 } }),
    /^__metadata__: expected an object of texts/,
  ],
  ['metadata that are null', fileOf({ __metadata__: null }), /^__metadata__/],
  [
    'a file of another program',
    fileOf({ a: one }, 4),
    /^sizes: expected .* exportModel\(\) writes, but got undefined/,
  ],
])('safetensors: refuses %s', async (_, bytes, message) => {
  const refusal = () => {
    try {
      return readSafetensors(bytes);
    } catch (error) {
      return error;
    }
  };
  const found = refusal();
  const error = found instanceof Error ? found : await rejection(importModel(bytes));
  expect(error).toBeInstanceOf(FileError);
  expect((error as Error).message).toMatch(message);
});

test.each<[name: string, change: (file: ReturnType<typeof readSafetensors>) => unknown, message: RegExp]>([
  [
    'a tensor that is missing',
    ({ tensors }) => tensors.delete('layers.1.bias'),
    /^layers\.1\.bias: expected a tensor 3 of single precision, but got undefined/,
  ],
  [
    'the library’s own layout',
    ({ tensors }) => Object.assign(tensors.get('layers.1.weight') ?? {}, { shape: [2, 3] }),
    /^layers\.1\.weight: expected a tensor 3×2 .* got \[2,3\]/,
  ],
  [
    'another precision',
    ({ metadata }) => metadata.set('precision', '"double"'),
    /^layers\.0\.weight: .* of double precision/,
  ],
  [
    'other sizes',
    ({ metadata }) => metadata.set('sizes', '[2, 1e9, 3]'),
    /^layers\.0\.weight: expected a tensor 1000000000×2/,
  ],
  [
    'facts that are no JSON',
    ({ metadata }) => metadata.set('sizes', '['),
    /^sizes: expected the sizes of the layers, which exportModel\(\) writes, but got '\['/,
  ],
  [
    'another version',
    ({ metadata }) => metadata.set('spiralnet', '2'),
    /^model: expected what exportModel\(\) writes, with spiralnet: 1/,
  ],
  [
    'another scaling',
    ({ metadata }) => metadata.set('scaling', '{"means": [1], "deviations": [1]}'),
    /^model\.scaling: expected 2 columns/,
  ],
])('safetensors: refuses %s', async (_, change, message) => {
  const file = readSafetensors(await exportModel(CLASSIFIER, 'safetensors'));
  change(file);
  const error = await rejection(importModel(writeSafetensors(file)));
  expect(error).toBeInstanceOf(FileError);
  expect((error as Error).message).toMatch(message);
});

test('a training whose facts are wrong does not go on', async () => {
  const data = new TestRandom(3).dataset(12, 2, 3);
  await using trainer = await createTrainer({
    data,
    learningRate: 0.1,
    backend: 'cpu',
    optimizer: { name: 'adam' },
  });
  const bytes = await exportModel(trainer, 'safetensors');
  for (const [name, text] of [
    ['moments', '3'],
    ['moments', '1e9'],
    ['moments', '1'],
    ['settings', '[]'],
    ['settings', '{"learningRate": "fast"}'],
    ['settings', '{"learningRate": 1, "optimizer": {"name": "adam", "beta1": 7}}'],
    ['step', '-1'],
    ['seed', '"a"'],
  ]) {
    const file = readSafetensors(bytes);
    file.metadata.set(name, text);
    const error = await rejection(resume(writeSafetensors(file), data, { backend: 'cpu' }));
    expect(error instanceof FileError || error instanceof OptionError, `${name} ${text}: ${error}`).toBe(
      true,
    );
  }
});

test.each<[name: string, bytes: () => Uint8Array, message: RegExp]>([
  [
    'no metadata',
    () => writeNpz({ W0: { data: Float32Array.of(1), shape: [1, 1] } }),
    /^npz: expected an array 'metadata'/,
  ],
  [
    'metadata that are numbers',
    () => writeNpz({ metadata: { data: Float64Array.of(1) } }),
    /^metadata: expected/,
  ],
  [
    'metadata that are no JSON',
    () => writeNpz({ metadata: { data: Uint8Array.of(0x7b) } }),
    /^metadata: expected JSON/,
  ],
  ['metadata without sizes', () => writeNpz({ metadata: { data: Uint8Array.of(0x34, 0x32) } }), /^sizes/],
  [
    'other types of numbers',
    () => writeNpz({ metadata: { data: Uint8Array.of(1) }, a: { data: Int16Array.of(1) } }),
    /^a\.npy: expected row-major numbers, <f4, <f8 or \|u1, but got/,
  ],
])('npz: refuses %s', async (_, bytes, message) => {
  const error = await rejection(importModel(bytes()));
  expect(error).toBeInstanceOf(FileError);
  expect((error as Error).message).toMatch(message);
});

test('npz: refuses parts that are compressed, damaged, or used twice', async () => {
  const file = await exportModel(CLASSIFIER, 'npz');
  const view = new DataView(file.buffer);
  const directory = view.getUint32(file.length - 6, true);
  for (const [place, value, message] of [
    [directory + 10, 8, /a compressed array; numpy\.savez writes arrays as they are/],
    [directory + 16, 1, /another checksum of metadata\.npy/],
    [directory + 20, 2 ** 31, /parts that do not agree/],
    [directory + 42, 2 ** 31, /a part of one/],
    [directory, 0, /parts that do not agree/],
    [file.length - 22, 0, /another end/],
    [file.length - 6, 2 ** 32 - 1, /a part of one/],
  ] as const) {
    const bytes = file.slice();
    new DataView(bytes.buffer).setUint32(place, value, true);
    const error = await rejection(importModel(bytes));
    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toMatch(message);
  }
  // A directory with one array many times, as the worst zip bombs have.
  const bomb = file.slice();
  const entry = file.subarray(directory, directory + 58);
  const count = 60;
  const copies = new Uint8Array(directory + count * entry.length + 22);
  copies.set(bomb.subarray(0, directory));
  for (let i = 0; i < count; i++) copies.set(entry, directory + i * entry.length);
  copies.set(bomb.subarray(bomb.length - 22), copies.length - 22);
  new DataView(copies.buffer).setUint16(copies.length - 12, count, true);
  expect(((await rejection(importModel(copies))) as Error).message).toMatch(/parts that do not agree/);
});
