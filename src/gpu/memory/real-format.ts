import type { Arithmetic } from '../../../shaders/lib/real.ts';
import { allocatingArrays } from '../../limits.ts';
import type { FloatArray, Precision } from '../../types.ts';

/**
 * The format of real numbers in buffers: one f32 each, or a double-single, which is the sum of two
 * f32.
 */
export class RealFormat {
  readonly #form: Arithmetic | 'double';
  /** 32-bit words of a number. */
  readonly words: 1 | 2;
  /** The arrays that hold such numbers. */
  readonly Float: Float32ArrayConstructor | Float64ArrayConstructor;

  /** @param form `double`: double-single, before its arithmetic on the device is known */
  constructor(form: Arithmetic | 'double') {
    this.#form = form;
    this.words = form === 'single' ? 1 : 2;
    this.Float = this.words === 1 ? Float32Array : Float64Array;
  }

  /** The arithmetic of kernels, which a memory for kernels has. */
  get arithmetic(): Arithmetic {
    return this.#form as Arithmetic;
  }

  /** The name of the arithmetic, for keys. */
  get name(): string {
    return typeof this.#form === 'string' ? this.#form : this.#form.name;
  }

  get precision(): Precision {
    return this.words === 1 ? 'single' : 'double';
  }

  get bytes(): number {
    return 4 * this.words;
  }

  /**
   * The words of numbers, each rounded to the format; the given array itself if it already holds
   * the words.
   * @throws {OutOfMemoryError} if there is no memory left for another array
   */
  encode(values: ArrayLike<number>): Float32Array {
    if (this.words === 1 && values instanceof Float32Array) return values;
    const words = allocatingArrays('numbers for the GPU', () => new Float32Array(this.words * values.length));
    this.encodeInto(values, words, 0);
    return words;
  }

  /** Writes the words of numbers into `words` from word `at` on. */
  encodeInto(values: ArrayLike<number>, words: Float32Array, at: number): void {
    if (this.words === 1) {
      words.set(values, at);
      return;
    }
    for (let i = 0, place = at; i < values.length; i++, place += 2) {
      words[place] = values[i];
      words[place + 1] = values[i] - words[place];
    }
  }

  /**
   * The numbers in bytes: a Float32Array in single, a Float64Array in double precision.
   * @throws {OutOfMemoryError} if there is no memory left for another array
   */
  decode(bytes: ArrayBuffer): FloatArray {
    const words = new Float32Array(bytes);
    if (this.words === 1) return words;
    const values = allocatingArrays('numbers of the GPU', () => new Float64Array(words.length / 2));
    for (let i = 0; i < values.length; i++) values[i] = words[2 * i] + words[2 * i + 1];
    return values;
  }

  /** Numbers as the words of a uniform. */
  uniform(...values: number[]): number[] {
    return Array.from(new Uint32Array(this.encode(values).buffer));
  }
}
