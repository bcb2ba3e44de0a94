import { type Check, oneOf, optional } from '../../checks/schema.ts';
import type { ScalingData } from '../../data/scaling.ts';
import type { Precision } from '../../types.ts';
import type { Model } from '../model.ts';
import { readModel } from '../read-model.ts';
import type { Training } from '../training.ts';
import { textOf, utf8 } from './file-bytes.ts';
import { javascriptOf } from './javascript.ts';
import { jsonOf } from './json.ts';
import { isZip, npzOf, readNpzModel } from './npz.ts';
import { isSafetensors } from './safetensors.ts';
import { readTensors, safetensorsOf } from './tensors.ts';

/** The options of `exportModel`. */
export interface ExportOptions {
  /**
   * The scaling of the rows that the network was trained on, which goes into the file, so that the model
   * takes raw rows; see `standardize` of `spiralnet/data`. Default: that of an exported model, else none.
   */
  scaling?: ScalingData;
  /**
   * Of `'onnx'`: the precision of the rows that it takes, and of the numbers that come out; default
   * `'single'`, float32. `'double'`, float64, keeps large numbers that differ little apart, such as time
   * stamps.
   */
  inputs?: Precision;
  /**
   * Of `'onnx'`: the precision of sums; default `'double'`, as in `Model.predict`, so that only the
   * rounding of what comes out differs. `'single'` is for runtimes without float64, such as
   * onnxruntime-web/webgpu; then numbers differ from about the sixth digit on.
   */
  arithmetic?: Precision;
}

/** The bytes of a file, which a Blob takes. */
type Bytes = Uint8Array<ArrayBuffer>;

/** A format of files of models. */
interface Format {
  /** The checks of the options that this format alone has. */
  options?: { readonly [option: string]: Check<unknown> };
  /** @param training is there if a trainer is exported */
  write(model: Model, options: ExportOptions, training?: Training): Bytes | Promise<Bytes>;
  /** How the format is read; absent if it is not. */
  reading?: {
    /** Whether bytes begin as those of this format do. */
    recognises(bytes: Uint8Array): boolean;
    /** @throws {FileError} if the bytes hold no model */
    read(bytes: Uint8Array): Model | Promise<Model>;
  };
}

/** Each format by its name; a file is of the first format that recognises it. */
export const FORMATS = {
  safetensors: {
    write: (model, _, training) => safetensorsOf(model, training),
    reading: { recognises: isSafetensors, read: readTensors },
  },
  // The longest; it loads when it is used.
  onnx: {
    options: { inputs: optional(oneOf('single', 'double')), arithmetic: optional(oneOf('single', 'double')) },
    write: async (model, { inputs = 'single', arithmetic = 'double' }) =>
      (await import('./onnx/write.ts')).writeOnnx(model, { inputs, arithmetic }),
    reading: {
      // The first field of a model is the version of the format.
      recognises: (bytes) => bytes[0] === 8,
      read: async (bytes) => (await import('./onnx/read.ts')).readOnnx(bytes),
    },
  },
  npz: { write: npzOf, reading: { recognises: isZip, read: readNpzModel } },
  json: {
    write: (model) => utf8(jsonOf(model)),
    reading: { recognises: isJson, read: (bytes) => readModel(textOf(bytes, 'the file')) },
  },
  javascript: { write: (model) => utf8(javascriptOf(model)) },
} satisfies { [name: string]: Format };

/** The name of a format. */
export type ModelFormat = keyof typeof FORMATS;

/** Each format by its name, for any name. */
export const formatOf: (name: ModelFormat) => Format = (name) => FORMATS[name];

/** Whether the first character of a text is that of an object. */
function isJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => !(WHITE_SPACE.includes(byte) || BYTE_ORDER_MARK.includes(byte)));
  return first === 0x7b;
}

const WHITE_SPACE = [0x09, 0x0a, 0x0d, 0x20];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
