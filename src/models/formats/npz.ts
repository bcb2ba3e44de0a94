import { FileError } from '../../errors.ts';
import { checksum } from '../../tables/numpy/checksum.ts';
import { npyBytes } from '../../tables/numpy/write-npy.ts';
import { zipFile } from '../../tables/numpy/write-npz.ts';
import { CENTRAL, END, LOCAL } from '../../tables/numpy/zip-records.ts';
import type { Model } from '../model.ts';
import { parseJson } from '../read-model.ts';
import { factsOf } from './facts.ts';
import { textOf, utf8 } from './file-bytes.ts';
import { lineOf } from './json.ts';
import {
  bytesIn,
  type FileTensor,
  type Layout,
  modelOfTensors,
  numbersIn,
  tensorsOf,
} from './layer-tensors.ts';

const LAYOUT: Layout = { names: (layer) => [`W${layer}`, `b${layer}`], transposed: false };
/** The array with the facts. */
const METADATA = 'metadata';

/** Whether bytes begin as those of a zip file do. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length > 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * A model as a file that `numpy.load` reads: `W0`, fan in × fan out, `b0`, `W1` and so on, and `metadata`, the
 * bytes of the JSON of all facts.
 */
export function npzOf(model: Model): Uint8Array<ArrayBuffer> {
  const type = model.precision === 'single' ? '<f4' : '<f8';
  const facts = utf8(lineOf(factsOf(model)));
  const arrays: [name: string, file: Uint8Array][] = [
    [METADATA, npyBytes('|u1', [facts.length], facts)],
    ...tensorsOf(model.parameters, model.precision, LAYOUT).map(
      ([name, { shape, values }]): [string, Uint8Array] => [name, npyBytes(type, shape, bytesIn(values))],
    ),
  ];
  return zipFile(arrays.map(([name, file]) => ({ name: utf8(`${name}.npy`), file })));
}

/**
 * Reads a model from what {@link npzOf} or `numpy.savez` writes, which is not compressed. The reader of
 * `spiralnet/data` takes every file of NumPy, and is longer than all formats of models together.
 * @throws {FileError} if the file holds no model
 */
export function readNpzModel(bytes: Uint8Array): Model {
  const arrays = arraysOf(bytes);
  const metadata = arrays.get(METADATA);
  if (!metadata) throw new FileError('npz', `an array '${METADATA}', which exportModel() writes`, undefined);
  const facts = parseJson(textOf(metadata.data, METADATA), METADATA);
  arrays.delete(METADATA);
  const tensors = Array.from(arrays, ([name, { type, shape, data }]): [string, FileTensor] => {
    if (type === '|u1') throw new FileError(name, 'numbers <f4 or <f8', type);
    return [name, { shape, values: numbersIn(data, type === '<f4' ? 'single' : 'double') }];
  });
  return modelOfTensors(Object(facts), new Map(tensors), LAYOUT);
}

/** The bytes of a number of each type that is read. */
const SIZES = { '<f4': 4, '<f8': 8, '|u1': 1 };

interface ArrayBytes {
  type: keyof typeof SIZES;
  shape: number[];
  data: Uint8Array;
}

/** The arrays of a zip file by name, as its directory lists them. */
function arraysOf(bytes: Uint8Array): Map<string, ArrayBytes> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const half = (at: number) => view.getUint16(at, true);
  const word = (at: number) => view.getUint32(at, true);
  const arrays = new Map<string, ArrayBytes>();
  const damaged = (got: string) => new FileError('npz', 'a whole file, not compressed', undefined, {}, got);
  try {
    const end = bytes.length - END.length;
    if (word(end) !== END.signature) throw damaged('another end');
    let at = word(end + 16);
    for (let left = half(end + 10), room = end; left > 0; left--) {
      const [start, size] = [word(at + 42), word(at + 20)];
      room -= size;
      if (room < 0 || word(at) !== CENTRAL.signature || word(start) !== LOCAL.signature)
        throw damaged('parts that do not agree');
      if (half(at + 10) !== 0) throw damaged('a compressed array; numpy.savez writes arrays as they are');
      const name = textOf(bytes.subarray(at + CENTRAL.length, at + CENTRAL.length + half(at + 28)), 'npz');
      const first = start + LOCAL.length + half(start + 26) + half(start + 28);
      const file = bytes.subarray(first, first + size);
      if (checksum(file) !== word(at + 16)) throw damaged(`another checksum of ${name}`);
      arrays.set(name.replace(/\.npy$/, ''), arrayOf(name, file));
      at += CENTRAL.length + half(at + 28) + half(at + 30) + half(at + 32);
    }
  } catch (error) {
    // A view refuses places outside the file.
    throw error instanceof RangeError ? damaged('a part of one') : error;
  }
  return arrays;
}

/** The array in a file of numpy.save. */
function arrayOf(name: string, file: Uint8Array): ArrayBytes {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = 10 + view.getUint16(8, true);
  const header = textOf(file.subarray(10, start), name);
  const [, type, axes] =
    /'descr': '(<f4|<f8|\|u1)', 'fortran_order': False, 'shape': \(([\d, ]*)\)/.exec(header) ?? [];
  if (!isType(type)) throw new FileError(name, 'row-major numbers, <f4, <f8 or |u1', header);
  const shape = axes.split(',').filter(Boolean).map(Number);
  const bytes = shape.reduce((product, length) => product * length, SIZES[type]);
  if (bytes !== file.length - start) throw new FileError(name, `${bytes} bytes`, file.length - start);
  return { type, shape, data: file.subarray(start) };
}

const isType = (type = ''): type is ArrayBytes['type'] => type in SIZES;
