import type { FloatArray } from '../types.ts';

/**
 * Adds a word of 32 bits to a hash: the mixer `lowbias32` (Wellons 2018), after an addition that keeps
 * words of 0 from giving 0. The kernels have the same function in `shaders/lib/dropout.ts`.
 */
function mix(hash: number, word: number): number {
  let x = (hash + word + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The numbers by which a step drops outputs. */
export interface DropoutStep {
  /** The hash of seed and step. */
  key: number;
  /** Outputs with a smaller hash of 32 bits are dropped. */
  limit: number;
  /** 1 − the share that is dropped, by which all others are divided. */
  keep: number;
}

/**
 * @param share the share of outputs that is dropped
 * @param step updates applied before this one
 */
export function dropoutStep(share: number, seed: number, step: number): DropoutStep {
  const low = step % 2 ** 32;
  const key = mix(mix(mix(0, seed), low), (step - low) / 2 ** 32);
  return { key, limit: Math.min(2 ** 32 - 1, Math.round(share * 2 ** 32)), keep: 1 - share };
}

/** The dropout of one step over a batch. */
export class Dropout {
  readonly keep: number;
  readonly #key: number;
  readonly #limit: number;
  readonly #rows: Uint32Array | undefined;

  /** @param rows the index in the data set of each row of the batch; undefined: its own number */
  constructor({ key, limit, keep }: DropoutStep, rows?: Uint32Array) {
    this.keep = keep;
    this.#key = key;
    this.#limit = limit;
    this.#rows = rows;
  }

  /**
   * Sets the dropped numbers of a hidden layer's outputs, or of the gradient on them, to 0 and divides
   * the others; rows × width.
   * @param first the batch's row of the first of `values`
   */
  apply(values: FloatArray, layer: number, width: number, first: number, rows: number): void {
    const ofLayer = mix(this.#key, layer);
    for (let i = 0, at = 0; i < rows; i++) {
      const ofRow = mix(ofLayer, this.#rows?.[first + i] ?? first + i);
      for (let unit = 0; unit < width; unit++, at++) {
        values[at] = mix(ofRow, unit) < this.#limit ? 0 : values[at] / this.keep;
      }
    }
  }
}
