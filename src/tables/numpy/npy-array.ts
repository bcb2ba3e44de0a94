/** The numbers of an array as NumPy has them. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** An array of NumPy: numbers or texts, row-major. */
export interface NpyArray {
  /** The length of each axis; none of a single value. */
  shape: number[];
  /** As many values as the product of the shape. */
  data: NumberArray | string[];
}

/** The product of a shape: the number of values. */
export const countOf = (shape: readonly number[]): number =>
  shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1);

/** The first bytes of an npy file, before its version. */
export const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
