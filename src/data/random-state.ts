import { zeros } from '../checks/arrays.ts';
import { seed as checkSeed, wholeFrom } from '../checks/numbers.ts';
import { logarithm } from './elementary.ts';

const SIZE = 624;
const OFFSET = 397;

/**
 * NumPy's legacy generator, `numpy.random.RandomState(seed)`, draw for draw.
 *
 * MT19937 (Matsumoto & Nishimura 1998) seeded by Knuth's linear recurrence (`init_genrand`),
 * doubles of 53 bits from two draws, normals by Marsaglia's polar method. NumPy promises that this
 * stream never changes.
 *
 * Every JavaScript engine gives the same bits. Uniform numbers have NumPy's bits, normals too but
 * for about one pair in a thousand, which differs in the last bit: this logarithm is rounded
 * correctly, and that of NumPy's system nearly always.
 */
export class RandomState {
  readonly #words = new Uint32Array(SIZE);
  #next = SIZE;
  /** The polar method draws normals in pairs; this is the second of a pair. */
  #spare: number | undefined;

  /**
   * @param seed a whole number from 0 to 2³² − 1
   * @throws {OptionError} if the seed is another value
   */
  constructor(seed: number) {
    checkSeed(seed, 'seed');
    this.#words[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const previous = this.#words[i - 1] ^ (this.#words[i - 1] >>> 30);
      this.#words[i] = Math.imul(1812433253, previous) + i;
    }
  }

  /**
   * `count` numbers, uniform in [0, 1).
   * @throws {OptionError} unless `count` is a whole number of at least 0
   */
  randomSample(count: number): Float64Array {
    return this.#fill(count, () => this.#double());
  }

  /**
   * `count` numbers of the standard normal distribution.
   * @throws {OptionError} as {@link randomSample}
   */
  randn(count: number): Float64Array {
    return this.#fill(count, () => this.#normal());
  }

  #fill(count: number, draw: () => number): Float64Array {
    wholeFrom(0)(count, 'count');
    const values = zeros(count, 'count', count);
    for (let i = 0; i < count; i++) values[i] = draw();
    return values;
  }

  #normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    let x: number;
    let y: number;
    let squared: number;
    do {
      x = 2 * this.#double() - 1;
      y = 2 * this.#double() - 1;
      squared = x * x + y * y;
    } while (squared >= 1 || squared === 0);
    const scale = Math.sqrt((-2 * logarithm(squared)) / squared);
    this.#spare = scale * x;
    return scale * y;
  }

  #double(): number {
    const high = this.#uint32() >>> 5;
    const low = this.#uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  #uint32(): number {
    if (this.#next === SIZE) this.#twist();
    let word = this.#words[this.#next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const words = this.#words;
    // Indices that begin anew: remainders would cost more than all else.
    for (let i = 0, next = 1, far = OFFSET; i < SIZE; i++, next++, far++) {
      if (next === SIZE) next = 0;
      if (far === SIZE) far = 0;
      const joined = (words[i] & 0x80000000) | (words[next] & 0x7fffffff);
      words[i] = words[far] ^ (joined >>> 1) ^ (-(joined & 1) & 0x9908b0df);
    }
    this.#next = 0;
  }
}
