import { MOMENTS } from '../../../shaders/lib/update-rule.ts';
import type { FloatArray } from '../../types.ts';
import { leastTime } from '../device/timing.ts';
import { compiled, type Dispatch } from '../kernels/dispatch.ts';
import { type Finish, finishOf, type Stored, type Updated } from '../kernels/epilogue.ts';
import { createMatmul, type MatmulCandidate } from '../kernels/matmul.ts';
import type { Product } from '../kernels/products.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { NOT_DIVERGED } from '../network/parameters.ts';
import { Schedule } from '../network/schedule.ts';
import type { PlanContext } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/** Milliseconds of a product from which on it is not run again to be timed: running it once tells enough. */
const LONG = 200;
/** Dispatches of one product in a row at the most. */
const MOST_REPEATS = 1024;

/** One product of a step on tensors of its own, to be computed by one kernel after another. */
export class ProductTrial {
  readonly #memory: GpuMemory;
  readonly #product: Product;
  readonly #operands: { a: GPUBuffer; b: GPUBuffer };
  readonly #finish: Finish;
  /** What kernels write, and what it holds before. */
  readonly #written: { tensor: GPUBuffer; values: FloatArray }[] = [];
  readonly #staging: GPUBuffer;
  /** Of a tensor's numbers: another for each. */
  #seed = 0;
  /** What the first kernel leaves. */
  #expected: Uint32Array[] | undefined;

  private constructor(memory: GpuMemory, setup: PlanContext['setup'], product: Product) {
    const { shape, epilogue } = product;
    const { m, k, n } = shape;
    this.#memory = memory;
    this.#product = product;
    this.#operands = { a: this.#read('a', m * k), b: this.#read('b', k * n) };
    const schedule = new Schedule(memory, setup);
    schedule.write(0, 1);
    this.#finish = finishOf(this.#result(epilogue, m * n, n), schedule.steps);
    const bytes = this.#written.reduce((sum, { values }) => sum + values.length * memory.format.bytes, 0);
    this.#staging = memory.staging('trial results', bytes);
  }

  /** @throws {LimitError} {OutOfMemoryError} with everything freed again */
  static async create({ memory, setup }: PlanContext, product: Product): Promise<ProductTrial> {
    const own = memory.apart();
    try {
      return await allocating(memory.device, 'tuning', () => new ProductTrial(own, setup, product));
    } catch (error) {
      own.destroy();
      throw error;
    }
  }

  /**
   * Milliseconds of the product by a kernel.
   * @param most milliseconds that the product may take; a kernel that turns out to need more is not run to the end
   * @throws {TooSlowError} in that case
   * @throws {Error} if it gives other bits than the first kernel that was timed
   * @throws {ShaderError} if it does not compile
   */
  async time(candidate: MatmulCandidate, most?: number): Promise<number> {
    const memory = this.#memory.apart();
    try {
      const { label, shape } = this.#product;
      const dispatches = await allocating(memory.device, 'tuning', () =>
        createMatmul(memory, label, shape, candidate, this.#operands, this.#finish),
      );
      await compiled(dispatches);
      const { bits, milliseconds } = await this.#bits(dispatches, most);
      this.#expected ??= bits;
      if (!this.#expected.every((words, i) => words.every((word, at) => word === bits[i][at]))) {
        throw new Error('its bits differ from those of the first kernel on this device');
      }
      if (milliseconds >= LONG) return milliseconds;
      const [{ tensor }] = this.#written;
      return await leastTime((times) => this.#run(dispatches, times, [tensor], 1), MOST_REPEATS);
    } finally {
      memory.destroy();
    }
  }

  destroy(): void {
    this.#memory.destroy();
  }

  #result(epilogue: Product['epilogue'], count: number, n: number): Stored | Updated {
    const { bias, relu, mask, update } = epilogue;
    if (!update) {
      return {
        target: this.#write('target', this.#numbers(count)),
        bias: bias ? this.#read('bias', n) : undefined,
        relu,
        mask: mask ? this.#read('mask', count) : undefined,
      };
    }
    const diverged = this.#memory.upload('diverged', Uint32Array.of(NOT_DIVERGED));
    const parameters = this.#write('parameters', this.#numbers(count));
    // Second moments are not negative.
    const moments = Array.from({ length: MOMENTS[update] }, (_, m) =>
      this.#write(`moment ${m}`, this.#numbers(count).map(Math.abs)),
    );
    return { rule: update, parameters, moments, diverged, penalized: true };
  }

  /** What every tensor that is written holds after one product, and how long it took. */
  async #bits(dispatches: Dispatch[], most?: number): Promise<{ bits: Uint32Array[]; milliseconds: number }> {
    for (const { tensor, values } of this.#written) this.#memory.write(tensor, values);
    const tensors = this.#written.map(({ tensor }) => tensor);
    const words = this.#written[0].values.length * this.#memory.format.words;
    const start = performance.now();
    const bits = await this.#run(dispatches, 1, tensors, words, most);
    const milliseconds = performance.now() - start;
    return { bits: bits.map((bytes) => new Uint32Array(bytes)), milliseconds };
  }

  /** Runs the product so many times, and reads the first words of some tensors back. */
  async #run(
    dispatches: Dispatch[],
    times: number,
    tensors: GPUBuffer[],
    words: number,
    most?: number,
  ): Promise<ArrayBuffer[]> {
    const commands = new Commands(this.#memory, 'tuning');
    for (let i = 0; i < times; i++) commands.dispatch(dispatches);
    const readback = new Readback(this.#memory, this.#staging);
    for (const tensor of tensors) readback.copy(commands, tensor, words);
    await commands.submit(most);
    return readback.read();
  }

  #read(name: string, length: number): GPUBuffer {
    return this.#memory.upload(`${name} of ${this.#product.label}`, this.#numbers(length));
  }

  #write(name: string, values: FloatArray): GPUBuffer {
    const tensor = this.#memory.reals(`${name} of ${this.#product.label}`, values.length);
    this.#written.push({ tensor, values });
    return tensor;
  }

  /** Numbers from -1 to 1 that fill both words of a double-single, by Marsaglia's xorshift of 32 bits. */
  #numbers(length: number): FloatArray {
    const values = this.#memory.format.words === 1 ? new Float32Array(length) : new Float64Array(length);
    for (let i = 0, state = ++this.#seed; i < length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      values[i] = state / 2 ** 31;
    }
    return values;
  }
}
