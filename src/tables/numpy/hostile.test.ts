import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { property } from '../../../tests/helpers/property.ts';
import { FileError, SpiralnetError } from '../../errors.ts';
import { checksum } from './checksum.ts';
import { readNpy } from './read-npy.ts';
import { readNpz } from './read-npz.ts';
import { writeNpy } from './write-npy.ts';
import { writeNpz } from './write-npz.ts';

/** The most bytes that a refusal may take. */
const LITTLE = 2 ** 23;

/** Expects a typed error before there is memory for what a file claims. @returns its message */
async function refusal(promise: () => Promise<unknown>): Promise<string> {
  let error: Error | undefined;
  let taken = Number.POSITIVE_INFINITY;
  // Arrays of earlier tests count, too, until they are collected.
  for (let attempt = 0; attempt < 3 && taken >= LITTLE; attempt++) {
    const before = process.memoryUsage().arrayBuffers;
    error = await promise().then(
      () => undefined,
      (thrown) => thrown,
    );
    taken = Math.min(taken, process.memoryUsage().arrayBuffers - before);
  }
  expect(taken).toBeLessThan(LITTLE);
  expect(error).toBeInstanceOf(FileError);
  return (error as Error).message;
}

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** An npy file with any header. */
function npy(header: string, values = new Uint8Array(), version = 1, length = header.length) {
  const size = version === 1 ? 2 : 4;
  const bytes = Array.from({ length: size }, (_, i) => (length / 256 ** i) & 255);
  return joined(ascii(`\x93NUMPY`), Uint8Array.of(version, 0, ...bytes), ascii(header), values);
}

const header = (shape: string, descr = '<f8') =>
  `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;

test.each<[string, Uint8Array, string]>([
  [
    'another file',
    ascii('a table of numbers'),
    'expected an npy file of version 1, 2 or 3, but got another file',
  ],
  ['version 4', npy(header('(1,)'), new Uint8Array(8), 4), 'version 1, 2 or 3'],
  ['version 0', npy(header('(1,)'), new Uint8Array(8), 0), 'version 1, 2 or 3'],
  [
    'a header of 100 MB',
    npy('', undefined, 2, 1e8),
    'a header of at most 65536 bytes, but got 100000000 bytes',
  ],
  [
    'a header that is cut off',
    npy(header('(1,)'), undefined, 1, 500),
    'expected 500 bytes of header, but got 57',
  ],
  ['a long axis', npy(header('(1000000000000,)')), 'expected 8000000000000 bytes of values, but got 0'],
  ['axes with a product past 2⁵³', npy(header('(4294967296, 4294967296)')), 'less than 2⁵³ bytes'],
  ['an axis past 2⁵³', npy(header('(0, 99999999999999999999)')), 'less than 2⁵³ bytes'],
  ['an infinite axis', npy(header(`(${'9'.repeat(400)},)`)), 'less than 2⁵³ bytes'],
  ['a negative axis', npy(header('(-1,)')), 'expected a header'],
  ['many axes', npy(header(`(${'1, '.repeat(65)})`), new Uint8Array(8)), 'at most 64 axes'],
  ['a shape that is a number', npy(header('3'), new Uint8Array(24)), 'expected a header'],
  ['a shape without a comma', npy(header('(3)'), new Uint8Array(24)), 'expected a header'],
  ['code', npy(header("__import__('os').system('true')")), 'expected a header'],
  ['a product', npy(header('(2*3,)'), new Uint8Array(48)), 'expected a header'],
  ['a header that is no dictionary', npy('[1, 2]'), 'expected a header'],
  ['a field twice', npy(header("(1,), 'descr': '<f4'"), new Uint8Array(8)), 'expected a header'],
  ['a field too many', npy(header("(1,), 'x': True"), new Uint8Array(8)), 'expected a header'],
  ['a field too few', npy("{'descr': '<f8', 'shape': (1,)}", new Uint8Array(8)), 'expected a header'],
  ['more after the dictionary', npy(`${header('(1,)')} 1`, new Uint8Array(8)), 'expected a header'],
  ['wide texts', npy(header('(1,)', '<U999999999')), 'expected 3999999996 bytes of values, but got 0'],
  ['texts without width', npy(header('(9007199254740991,)', '<U0')), "but got the type '<U0'"],
  [
    'a character past Unicode',
    npy(header('(1,)', '<U1'), Uint8Array.of(0, 0, 17, 0)),
    'a character of code 1114112',
  ],
  ['bytes that are no text', npy(header('(1,)', '|S1'), Uint8Array.of(255)), 'texts in UTF-8'],
  ['the prototype as a type', npy(header('(1,)', 'constructor')), "the type 'constructor'"],
  ['a value too many', npy(header('(1,)'), new Uint8Array(9)), 'as its header says'],
])('an npy file is refused: %s', async (_, file, message) => {
  expect(await refusal(() => readNpy(file))).toContain(message);
  expect(await refusal(() => readNpy(new Blob([new Uint8Array(file)])))).toContain(message);
});

test('a small gzip file that claims much takes little', async () => {
  const packed = (shape: string) => new Uint8Array(gzipSync(npy(header(shape), new Uint8Array(80))));
  expect(await refusal(() => readNpy(packed('(1000000000,)')))).toContain('at most 268435456 bytes');
  expect(await refusal(() => readNpy(packed('(30000000,)')))).toContain(
    'expected 240000000 bytes of values, but got 80',
  );
  const stream = () => new Blob([packed('(1000000000,)')]).stream();
  expect(await refusal(() => readNpy(stream()))).toContain('expected 8000000000 bytes of values, but got 80');
});

const ARRAY = writeNpy(Float64Array.of(1, 2, 3));

interface Part {
  name: string;
  file: Uint8Array;
  /** What the directory says, where it lies. */
  size?: number;
  packedSize?: number;
  sum?: number;
  method?: number;
  flags?: number;
  /** The record to which the directory points; default: its own. */
  start?: number;
}

/** A zip file, each part of which may lie. */
function zip(parts: Part[], ends: { count?: number; size?: number; start?: number; wide?: boolean } = {}) {
  const u16 = (...values: number[]) => values.flatMap((value) => [value & 255, (value >> 8) & 255]);
  const u32 = (...values: number[]) => values.flatMap((value) => u16(value & 65535, value >>> 16));
  const u64 = (...values: number[]) =>
    values.flatMap((value) => u32(value % 2 ** 32, Math.floor(value / 2 ** 32)));
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let end = 0;
  for (const { name, file, size, packedSize, sum, method = 0, flags = 0, start = end } of parts) {
    const packed = method === 8 ? new Uint8Array(deflateRawSync(file)) : file;
    const fields = [
      ...u16(20, flags, method, 0, 0x21),
      ...u32(sum ?? checksum(file), packedSize ?? packed.length, size ?? file.length),
      ...u16(name.length, 0),
    ];
    local.push(Uint8Array.of(...u32(0x04034b50), ...fields), ascii(name), packed);
    central.push(
      Uint8Array.of(...u32(0x02014b50), ...u16(20), ...fields, ...u16(0, 0, 0), ...u32(0, start)),
      ascii(name),
    );
    end += 30 + name.length + packed.length;
  }
  const directory = joined(...central);
  const { count = parts.length, size = directory.length, start = end, wide } = ends;
  const records = wide
    ? [
        ...u32(0x06064b50),
        ...u64(44),
        ...u16(45, 45),
        ...u32(0, 0),
        ...u64(count, count, size, start),
        ...u32(0x07064b50, 0),
        ...u64(end + directory.length),
        ...u32(1),
      ]
    : [];
  const last = wide ? [0xffff, 0xffffffff, 0xffffffff] : [count, size, start];
  return joined(
    ...local,
    directory,
    Uint8Array.of(
      ...records,
      ...u32(0x06054b50),
      ...u16(0, 0, last[0], last[0]),
      ...u32(last[1], last[2]),
      ...u16(0),
    ),
  );
}

const PART = { name: 'x.npy', file: ARRAY };
const DAMAGED = 'expected a zip file whose parts agree, but got one that is damaged';

test('the zip files of these tests are read where nothing lies', async () => {
  const x = { shape: [3], data: Float64Array.of(1, 2, 3) };
  for (const wide of [false, true]) {
    for (const method of [0, 8]) expect(await readNpz(zip([{ ...PART, method }], { wide }))).toEqual({ x });
  }
  expect(await readNpz(zip([{ name: 'read.me', file: ascii('hello') }, PART]))).toEqual({ x });
  expect(await readNpz(zip([{ ...PART, name: '__proto__.npy' }]))).toEqual(
    Object.fromEntries([['__proto__', x]]),
  );
});

test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(), 'expected a whole zip file'],
  [
    'another file',
    ascii('a,b\n'.repeat(20_000)),
    'expected a whole zip file, but got another file, or a part of one',
  ],
  ['without its end', zip([PART]).slice(0, -1), 'expected a whole zip file'],
  ['no arrays', zip([{ name: 'read.me', file: ascii('hello') }]), 'a zip file without any that can be read'],
  ['two arrays of a name', zip([PART, PART]), "a name for each array, but got two of 'x'"],
  ['a million files', zip([PART], { count: 1e6, wide: true }), 'at most 65535 files'],
  ['more files than there are', zip([PART], { count: 2 }), DAMAGED],
  ['fewer files than there are', zip([PART, { ...PART, name: 'y.npy' }], { count: 1 }), DAMAGED],
  ['a long directory', zip([PART], { size: 2 ** 31 }), DAMAGED],
  ['a directory elsewhere', zip([PART], { start: 0 }), DAMAGED],
  ['a directory past the end', zip([PART], { start: 2 ** 52, wide: true }), DAMAGED],
  ['overlapping files', zip([PART, { ...PART, name: 'y.npy', start: 0 }]), DAMAGED],
  ['a file past the directory', zip([{ ...PART, packedSize: 1000, size: 1000 }]), DAMAGED],
  ['a file past the end', zip([{ ...PART, start: 1e9 }]), DAMAGED],
  ['fewer bytes than there are', zip([{ ...PART, method: 8, size: ARRAY.length - 1 }]), DAMAGED],
  ['more bytes than there are', zip([{ ...PART, method: 8, size: ARRAY.length + 1 }]), DAMAGED],
  ['two sizes of a stored file', zip([{ ...PART, size: ARRAY.length + 1 }]), DAMAGED],
  ['a terabyte', zip([{ ...PART, method: 8, size: 2 ** 32 - 2 }]), 'expected at most 268435456 bytes'],
  ['other bytes', zip([{ ...PART, sum: 1 }]), DAMAGED],
  [
    'a password',
    zip([{ ...PART, flags: 1 }]),
    'expected a file that is stored or deflated, but got one with a password',
  ],
  ['bzip2', zip([{ ...PART, method: 12 }]), 'but got method 12 (bzip2)'],
  [
    'no deflate',
    zip([{ ...PART, method: 8, file: ARRAY }]).map((byte, i) => (i > 35 && i < 40 ? 255 : byte)),
    'whole deflate',
  ],
  [
    'a bomb in an array',
    zip([{ name: 'x.npy', method: 8, file: npy(header('(1,)'), new Uint8Array(2 ** 20)) }]),
    'as its header says',
  ],
])('a zip file is refused: %s', async (_, file, message) => {
  expect(await refusal(() => readNpz(file))).toContain(message);
  expect(await refusal(() => readNpz(new Blob([new Uint8Array(file)])))).toContain(message);
});

const FILES: { [name: string]: [Uint8Array, (bytes: Uint8Array) => Promise<unknown>] } = {
  npy: [ARRAY, readNpy],
  texts: [writeNpy(['ab', '가']), readNpy],
  stored: [writeNpz({ x: { data: Float32Array.of(1, 2) }, y: { data: ['a'] } }), readNpz],
  deflated: [zip([{ ...PART, method: 8 }], { wide: true }), readNpz],
};

test.each(Object.entries(FILES))('every beginning of a file is refused: %s', async (_, [file, read]) => {
  for (let length = 0; length < file.length; length++) {
    const error = await read(file.slice(0, length)).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error, `${length}`).toBeInstanceOf(FileError);
  }
});

property(
  'files with changed bytes are read or refused',
  fc.record({
    kind: fc.constantFrom(...Object.keys(FILES)),
    changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
  }),
  [{ kind: 'npy', changes: [[0, 0]] }],
  async ({ kind, changes }) => {
    const [file, read] = FILES[kind];
    const changed = file.slice();
    for (const [place, byte] of changes) changed[place % file.length] = byte;
    await read(changed).catch((error) => expect(error).toBeInstanceOf(SpiralnetError));
  },
);
