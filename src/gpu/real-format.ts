import type { Arithmetic } from '../../shaders/real.ts';
import type { FloatArray } from '../data/dataset.ts';

/** How real numbers lie in buffers: one f32 each, or two whose sum is the number (a double-single). */
export class RealFormat {
  readonly arithmetic: Arithmetic;
  /** 32-bit words of a number. */
  readonly words: 1 | 2;

  constructor(arithmetic: Arithmetic) {
    this.arithmetic = arithmetic;
    this.words = arithmetic === 'single' ? 1 : 2;
  }

  get bytes(): number {
    return 4 * this.words;
  }

  /** The words of numbers, each rounded to what the format holds: the very array, where it holds such words already. */
  encode(values: ArrayLike<number>): Float32Array {
    if (this.words === 1) return values instanceof Float32Array ? values : Float32Array.from(values);
    const words = new Float32Array(2 * values.length);
    for (let i = 0; i < values.length; i++) {
      words[2 * i] = values[i];
      words[2 * i + 1] = values[i] - words[2 * i];
    }
    return words;
  }

  /** The numbers that bytes hold: Float32Array in single, Float64Array in double precision. */
  decode(bytes: ArrayBuffer): FloatArray {
    const words = new Float32Array(bytes);
    if (this.words === 1) return words;
    return Float64Array.from({ length: words.length / 2 }, (_, i) => words[2 * i] + words[2 * i + 1]);
  }

  /** Numbers as the words of a uniform. */
  uniform(...values: number[]): number[] {
    return Array.from(new Uint32Array(this.encode(values).buffer));
  }
}
