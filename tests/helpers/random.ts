import { RandomState } from '../../src/data/random-state.ts';
import type { Dataset, LayerParameters } from '../../src/index.ts';

/** Seeded values for tests, so that a failure repeats. */
export class TestRandom {
  readonly #state: RandomState;

  constructor(seed: number) {
    this.#state = new RandomState(seed);
  }

  /**
   * Standard normals, rounded to 32 bits so that the device and the oracle start from the same
   * numbers.
   */
  floats(count: number, scale = 1): Float32Array {
    return Float32Array.from(this.#state.randn(count), (value) => value * scale);
  }

  /** Standard normals in 64 bits. */
  normals(count: number): Float64Array {
    return this.#state.randn(count);
  }

  /** Uniform numbers from -1 to 1, in 64 bits. */
  doubles(count: number): Float64Array {
    return this.#state.randomSample(count).map((value) => 2 * value - 1);
  }

  /** Whole numbers below `bound`. */
  integers(count: number, bound: number): Uint32Array {
    return Uint32Array.from(this.#state.randomSample(count), (value) => Math.floor(value * bound));
  }

  dataset(count: number, features: number, classes: number): Dataset {
    return {
      inputs: this.floats(count * features),
      labels: this.integers(count, classes),
      count,
      features,
      classes,
    };
  }

  parameters(sizes: readonly number[], scale = 0.5): LayerParameters[] {
    return sizes.slice(1).map((fanOut, layer) => ({
      weights: this.floats(sizes[layer] * fanOut, scale),
      biases: this.floats(fanOut, scale),
    }));
  }
}
