import type { FloatArrayConstructor } from '../../checks/numbers.ts';
import type { Precision } from '../../types.ts';
import { Heap } from './heap.ts';
import { type KernelExports, kernelModule } from './module.ts';
import { ADDRESSES, arraysBehind, OPERATIONS } from './operations.ts';
import { startThreads, type Threads } from './threads.ts';

/** Ends the threads of machines that nobody has ended. */
const forgotten = new FinalizationRegistry((end: () => void) => end());

/** The memory, the kernels and the threads of one engine. */
export class Machine {
  /** What computes, for people. */
  readonly name: string;
  /** Why there are fewer threads than were asked for. */
  readonly reason: string | undefined;
  readonly Float: FloatArrayConstructor;
  readonly heap: Heap;
  readonly threads: number;
  /** Ends the threads. */
  readonly end: () => void;
  readonly #exports: KernelExports;
  /** Views of the first addresses. */
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;

  /**
   * @param threads with the caller's
   * @throws where there is no WebAssembly with SIMD, or a page's policy forbids it
   */
  static async create(precision: Precision, threads: number): Promise<Machine> {
    const { name, module } = await kernelModule(precision);
    const heap = new Heap(arraysBehind(threads));
    const { exports } = await WebAssembly.instantiate(module, { env: { memory: heap.memory } });
    const Float = precision === 'single' ? Float32Array : Float64Array;
    const kernels = exports as unknown as KernelExports;
    return new Machine(name, Float, heap, kernels, await startThreads(threads, module, heap.memory));
  }

  private constructor(
    name: string,
    Float: FloatArrayConstructor,
    heap: Heap,
    exports: KernelExports,
    { count, reason, end }: Threads,
  ) {
    this.name = count === 1 ? `${name}, one thread` : `${name}, ${count} threads`;
    this.reason = reason;
    this.Float = Float;
    this.heap = heap;
    this.threads = count;
    this.#exports = exports;
    this.#words = new Int32Array(heap.buffer, 0, 256);
    this.#numbers = new Float64Array(heap.buffer, 0, 128);
    const endAll = () => {
      exports.stop();
      end();
    };
    this.end = endAll;
    forgotten.register(this, endAll);
  }

  /**
   * Does the items `first` to before `end` of an operation.
   * @param wholes its arguments that are whole numbers or addresses
   * @param reals its other arguments
   * @param part items that a thread takes at a time; 0: the caller does all
   * @returns whether all numbers of an update are finite
   */
  run(
    operation: keyof typeof OPERATIONS,
    wholes: readonly number[],
    reals: readonly number[],
    first: number,
    end: number,
    part: number,
  ): boolean {
    const words = this.#words;
    words[ADDRESSES.operation / 4] = OPERATIONS[operation];
    words[ADDRESSES.notFinite / 4] = 0;
    words.set(wholes, ADDRESSES.wholes / 4);
    this.#numbers.set(reals, ADDRESSES.reals / 8);
    if (part > 0) this.#exports.share(first, end, part);
    else this.#exports.run(first, end, 0);
    return words[ADDRESSES.notFinite / 4] === 0;
  }
}
