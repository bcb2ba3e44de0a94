import { isObject } from '../../checks/schema.ts';
import { FileError, LimitError } from '../../errors.ts';
import { joined } from '../../tables/pieces.ts';
import { parseJson } from '../read-model.ts';
import { textOf, utf8 } from './file-bytes.ts';
import { bytesIn, type FileTensor, numbersIn } from './layer-tensors.ts';

/** The contents of a safetensors file: tensors and texts by name. */
export interface Safetensors {
  tensors: Map<string, FileTensor>;
  metadata: Map<string, string>;
}

/** Bytes before the header, with its length. */
const PREFIX = 8;
/** A longer header is refused: that of a thousand layers with their moments has less than 2²⁰ bytes. */
const MOST_HEADER = 2 ** 23;
const BYTES = { F32: 4, F64: 8 };
const METADATA = '__metadata__';
const HEADER = 'the header of the safetensors file';

/** Whether bytes begin as those of a safetensors file do: the length of the header, then the header. */
export function isSafetensors(bytes: Uint8Array): boolean {
  return (
    bytes.length > PREFIX && bytes[PREFIX] === 0x7b && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0
  );
}

/**
 * Writes a file in the format of https://huggingface.co/docs/safetensors: the length of the header in 8 bytes,
 * the header as JSON, padded to a multiple of 8 bytes, then all numbers, little-endian.
 */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = Array.from(tensors, ([name, { shape, values }]) => {
    const start = end;
    end += values.byteLength;
    const dtype = values instanceof Float32Array ? 'F32' : 'F64';
    return [name, { dtype, shape, data_offsets: [start, end] }] as const;
  });
  const text = JSON.stringify(Object.fromEntries([[METADATA, Object.fromEntries(metadata)], ...entries]));
  const header = utf8(text);
  const length = Math.ceil(header.length / 8) * 8;
  if (length > MOST_HEADER)
    throw new LimitError('The header of the file', 'byteLength', length, MOST_HEADER, 'Use shorter names.');
  const prefix = new Uint8Array(PREFIX);
  new DataView(prefix.buffer).setUint32(0, length, true);
  const padding = new Uint8Array(length - header.length).fill(0x20);
  return joined([prefix, header, padding, ...Array.from(tensors.values(), ({ values }) => bytesIn(values))]);
}

/**
 * Reads a file of float32 and float64 tensors.
 * @throws {FileError} if the file is none, or if tensors overlap, leave a hole or lie outside the file
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < PREFIX ? 0 : Number(view.getBigUint64(0, true));
  const room = Math.min(MOST_HEADER, bytes.length - PREFIX);
  if (!(length >= 2 && length <= room))
    throw new FileError('safetensors', `a header of 2 to ${Math.max(2, room)} bytes`, length);
  const start = PREFIX + length;
  const header = parseJson(textOf(bytes.subarray(PREFIX, start), HEADER), HEADER);
  if (!isObject(header) || Array.isArray(header)) throw new FileError(HEADER, 'an object', header);
  const { [METADATA]: texts, ...rest } = header;
  const places = Object.entries(rest).map(([name, entry]) => placeOf(name, entry));
  let end = 0;
  for (const { name, from, to } of places.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end)
      throw new FileError(name, `data_offsets from ${end} on, where the last tensor ends`, [from, to]);
    end = to;
  }
  if (start + end !== bytes.length)
    throw new FileError('safetensors', `${start + end} bytes, as its header says`, bytes.length);
  const tensors = places.map(({ name, dtype, shape, from, to }): [string, FileTensor] => {
    const values = numbersIn(bytes.subarray(start + from, start + to), dtype === 'F32' ? 'single' : 'double');
    return [name, { shape, values }];
  });
  return { tensors: new Map(tensors), metadata: metadataOf(texts) };
}

/** Where the header puts a tensor, counted from the end of the header. */
interface Place {
  name: string;
  dtype: keyof typeof BYTES;
  shape: number[];
  from: number;
  to: number;
}

function placeOf(name: string, entry: unknown): Place {
  const { dtype, shape, data_offsets: offsets }: { [field: string]: unknown } = Object(entry);
  if ((dtype === 'F32' || dtype === 'F64') && areSizes(shape) && areSizes(offsets)) {
    const [from, to, ...more] = offsets;
    const bytes = shape.reduce((product, size) => product * size, BYTES[dtype]);
    if (to - from === bytes && more.length === 0) return { name, dtype, shape, from, to };
  }
  const expected = "a tensor { dtype: 'F32' or 'F64', shape, data_offsets: [start, end] } of so many bytes";
  throw new FileError(name, expected, entry);
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function metadataOf(given: unknown = {}): Map<string, string> {
  const entries = Object.entries<unknown>(Object(given));
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (isObject(given) && texts.length === entries.length) return new Map(texts);
  throw new FileError(METADATA, 'an object of texts', given);
}
