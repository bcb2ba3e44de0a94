import type { FloatArrayConstructor } from '../../checks/numbers.ts';
import { type Answers, totalWeight } from '../../data/answers.ts';
import { allocatingArrays } from '../../limits.ts';
import type { FloatArray } from '../../types.ts';
import { MARGIN } from '../hinge.ts';
import type { CpuKernels } from '../kernels.ts';
import { EXPONENTIAL, type PausableWork } from '../time-slices.ts';
import type { Machine } from './machine.ts';
import { ACTIVATIONS, type OPERATIONS, RULES } from './operations.ts';

/** The most multiply-adds of one call: a millisecond, or ten on a slow machine. */
const MOST_TERMS = 2e7;
/** The fewest multiply-adds that threads share: a thread that sleeps needs as long to wake. */
export const SHARED_TERMS = 2e6;
/** About the multiply-adds that a thread takes at a time, so that all end at about the same time. */
const PART_TERMS = 2e5;
/** A part takes whole blocks of rows, so that parts begin at whole vectors. */
const BLOCK = 32;
/** The rows of a tile of a product. Blocks of so many begin at whole vectors, too. */
const ROWS = 4;
/** About the most multiply-adds of a block: an abort waits for a tenth of a second at most. */
const BLOCK_TERMS = 1e8;

/** A matrix where it lies: element (i, j) is number `i · rowStride + j · columnStride`. */
type View = readonly [address: number, rowStride: number, columnStride: number];

/** The operations in WebAssembly, with vectors of 16 bytes. */
export class WasmKernels implements CpuKernels {
  readonly #machine: Machine;
  /** Whether all that these kernels take is for a time. */
  readonly #borrows: boolean;
  /** Memory for a packed matrix, and for copies of arrays that lie elsewhere; it grows by need. */
  readonly #packed = { address: 0, bytes: 0 };
  readonly #copies: { address: number; bytes: number }[] = [];
  /** The share of a row of each class in the mean. */
  #shares: FloatArray | undefined;

  constructor(machine: Machine, borrows = false) {
    this.#machine = machine;
    this.#borrows = borrows;
  }

  get name(): string {
    return this.#machine.name;
  }

  get Float(): FloatArrayConstructor {
    return this.#machine.Float;
  }

  floats(length: number): FloatArray {
    const at = this.#machine.heap.take(length * this.Float.BYTES_PER_ELEMENT, this.#borrows);
    // Memory that was taken before has other numbers.
    return new this.Float(this.#machine.heap.buffer, at, length).fill(0);
  }

  placed<T extends Answers>(values: T): T {
    const Values = values instanceof Uint32Array ? Uint32Array : this.Float;
    const at = this.#machine.heap.take(values.length * Values.BYTES_PER_ELEMENT, this.#borrows);
    const copy = new Values(this.#machine.heap.buffer, at, values.length);
    copy.set(values);
    return copy as Answers as T;
  }

  beside(): CpuKernels {
    return new WasmKernels(this.#machine, this.#borrows);
  }

  temporarily<T>(work: (kernels: CpuKernels) => Promise<T>): Promise<T> {
    return this.#machine.heap.borrow(() => work(new WasmKernels(this.#machine, true)));
  }

  end(): void {
    this.#machine.end();
  }

  *outputs(
    ...[x, { weights, biases }, y, rows, activation]: Parameters<CpuKernels['outputs']>
  ): PausableWork {
    const fanOut = biases.length;
    const fanIn = weights.length / fanOut;
    const [inputs, w, b] = [this.#at(x, 0, rows * fanIn), this.#at(weights, 1), this.#at(biases, 2)];
    yield* this.#pack([w, fanOut, 1], fanIn, fanOut);
    const out = this.#own(y);
    yield* this.#product([inputs, fanIn, 1], b, out, rows, fanIn, fanOut, ACTIVATIONS[activation], 0);
  }

  *lossGradient(...given: Parameters<CpuKernels['lossGradient']>): PausableWork {
    const [loss, logits, gradient, answers, rows, width, weights] = given;
    const [z, dZ] = [this.#own(logits), this.#own(gradient)];
    if (loss === 'squared-error') {
      const args = [z, dZ, this.#at(answers, 0, rows * width)];
      yield* this.#do('squaredErrorGradient', args, rows * width, 1, BLOCK, [rows]);
      return;
    }
    const total = totalWeight(answers, rows, weights) || 1;
    const shares = weights ? this.#own(this.#sharesOf(weights, total)) : 0;
    const args = [z, dZ, this.#at(answers, 0, rows), shares, width];
    if (loss === 'hinge') yield* this.#do('hingeGradient', args, rows, MARGIN * width, BLOCK, [total]);
    else yield* this.#do('crossEntropyGradient', args, rows, EXPONENTIAL * width, BLOCK, [total]);
  }

  /** The weight of each class over the weight of all rows. */
  #sharesOf(weights: readonly number[], total: number): FloatArray {
    this.#shares ??= allocatingArrays('the weights of classes', () => this.floats(weights.length));
    for (let k = 0; k < weights.length; k++) this.#shares[k] = weights[k] / total;
    return this.#shares;
  }

  *weightsGradient(...[x, dY, dW, rows, fanOut]: Parameters<CpuKernels['weightsGradient']>): PausableWork {
    const fanIn = dW.length / fanOut;
    const inputs = this.#at(x, 0, rows * fanIn);
    yield* this.#pack([this.#own(dY), fanOut, 1], rows, fanOut);
    yield* this.#product([inputs, 1, fanIn], 0, this.#own(dW), fanIn, rows, fanOut, -1, 0);
  }

  *biasesGradient(...[dY, db, rows]: Parameters<CpuKernels['biasesGradient']>): PausableWork {
    yield* this.#do('columnSums', [this.#own(dY), this.#own(db), rows, db.length], db.length, rows);
  }

  *inputGradient(...args: Parameters<CpuKernels['inputGradient']>): PausableWork {
    const [dY, weights, dX, rows, fanIn, fanOut] = args;
    yield* this.#inputGradient(dY, weights, dX, rows, fanIn, fanOut, -1, 0);
  }

  *hiddenGradient(...args: Parameters<CpuKernels['hiddenGradient']>): PausableWork {
    const [dY, weights, dX, y, rows, fanIn, fanOut, activation] = args;
    const outputs = this.#at(y, 1, rows * fanIn);
    yield* this.#inputGradient(dY, weights, dX, rows, fanIn, fanOut, ACTIVATIONS[activation], outputs);
  }

  *#inputGradient(
    dY: FloatArray,
    weights: FloatArray,
    dX: FloatArray,
    rows: number,
    fanIn: number,
    fanOut: number,
    activation: number,
    outputs: number,
  ): PausableWork {
    yield* this.#pack([this.#at(weights, 0), 1, fanOut], fanOut, fanIn);
    const [left, out] = [[this.#own(dY), fanOut, 1] as const, this.#own(dX)];
    yield* this.#product(left, 0, out, rows, fanOut, fanIn, activation, outputs);
  }

  *activationGradient(...given: Parameters<CpuKernels['activationGradient']>): PausableWork {
    const [dY, y, count, activation, keep] = given;
    if (activation === 'identity') return;
    const args = [this.#own(dY), this.#at(y, 0, count), ACTIVATIONS[activation]];
    yield* this.#do('chain', args, count, activation === 'softplus' ? EXPONENTIAL : 1, BLOCK, [keep]);
  }

  *update(...args: Parameters<CpuKernels['update']>): PausableWork<boolean> {
    const [parameters, gradient, moments, settings, step, penalized] = args;
    const { rule, learningRate, optimizer } = settings;
    const { l2, l1, weightDecay } = penalized ? settings : NO_TERMS;
    const { momentum = 0, beta1 = 0, beta2 = 0, decay = 0, epsilon = 0 } = optimizer as Partial<Factors>;
    const adam = rule === 'adam';
    const started = adam ? 1 - beta1 ** (step + 1) : 1;
    const correction = adam ? 1 / Math.sqrt(1 - beta2 ** (step + 1)) : 1;
    // Where the quotient is no number in 32 bits, the step is divided by the correction instead.
    const divisor = learningRate / started <= MOST_RATE ? 1 : started;
    const first = { momentum, nesterov: momentum, adam: beta1, rmsprop: decay, adagrad: 0, sgd: 0 }[rule];
    const [kept1 = 0, kept2 = 0] = moments.map((values) => this.#own(values));
    const share = 1 - learningRate * weightDecay;
    const wholes = [this.#own(parameters), this.#own(gradient), kept1, kept2, RULES[rule]];
    const rate = learningRate / (started / divisor);
    const reals = [rate, l2, l1, share, first, beta2, correction * divisor, epsilon * divisor];
    return yield* this.#do('update', wholes, parameters.length, UPDATE, BLOCK, reals);
  }

  *softmax(...[logits, out, rows, classes]: Parameters<CpuKernels['softmax']>): PausableWork {
    yield* this.#do('softmax', [this.#own(logits), this.#own(out), classes], rows, EXPONENTIAL * classes);
  }

  /** Packs a k×n matrix, the right one of the next product. */
  *#pack([address, rowStride, columnStride]: View, k: number, n: number): PausableWork {
    const columns = 32 / this.Float.BYTES_PER_ELEMENT;
    const panels = Math.ceil(n / columns);
    this.#grow(this.#packed, panels * 32 * k);
    const args = [address, rowStride, columnStride, k, n, this.#packed.address];
    yield* this.#do('pack', args, panels, COPY * columns * k, 1);
    yield;
  }

  /** out = a · packed + start, then the activation, or its derivative at `outputs`. */
  *#product(
    [a, rowStride, columnStride]: View,
    start: number,
    out: number,
    m: number,
    k: number,
    n: number,
    activation: number,
    outputs: number,
  ): PausableWork {
    const args = [a, rowStride, columnStride, this.#packed.address, start, out, k, n, activation, outputs];
    // Smaller blocks have the same bits, but read B more often: only where the rows are few or wide.
    const rows = Math.min(m / this.#machine.threads, BLOCK_TERMS / (k * n));
    const block = Math.max(ROWS, Math.min(BLOCK, ROWS * Math.ceil(rows / ROWS)));
    yield* this.#do('product', args, m, k * n, block);
    yield;
  }

  /**
   * Does an operation on `count` items, with pauses between parts of whole blocks.
   * @param terms the multiply-adds, or equally long work, for an item
   * @returns whether all numbers of an update are finite
   */
  *#do(
    operation: keyof typeof OPERATIONS,
    wholes: readonly number[],
    count: number,
    terms: number,
    block = BLOCK,
    reals: readonly number[] = [],
  ): PausableWork<boolean> {
    const blocksOf = (work: number) => block * Math.max(1, Math.floor(work / (terms * block)));
    const { threads } = this.#machine;
    const shared = threads > 1 && count * terms >= SHARED_TERMS;
    // Each thread has as many blocks.
    const step = (shared ? threads : 1) * blocksOf(MOST_TERMS);
    const part = shared ? blocksOf(PART_TERMS) : 0;
    let finite = true;
    for (let first = 0; first < count; first += step) {
      if (first > 0) yield;
      const end = Math.min(count, first + step);
      if (!this.#machine.run(operation, wholes, reals, first, end, part)) finite = false;
    }
    return finite;
  }

  /** The address of an array of these kernels. */
  #own(values: FloatArray): number {
    const address = this.#machine.heap.addressOf(values);
    if (address === undefined) throw new Error('A kernel was to write to an array of another memory.');
    return address;
  }

  /** The address of an array, or of its copy number `copy`. @param count the numbers that are read */
  #at(values: Answers, copy: number, count = values.length): number {
    const address = this.#machine.heap.addressOf(values);
    if (address !== undefined) return address;
    this.#copies[copy] ??= { address: 0, bytes: 0 };
    const space = this.#copies[copy];
    const Values = values instanceof Uint32Array ? Uint32Array : this.Float;
    this.#grow(space, count * Values.BYTES_PER_ELEMENT);
    const into = new Values(this.#machine.heap.buffer, space.address, count);
    into.set(count < values.length ? values.subarray(0, count) : values);
    return space.address;
  }

  #grow(space: { address: number; bytes: number }, bytes: number): void {
    if (bytes <= space.bytes) return;
    const { heap } = this.#machine;
    // The memory before is lost: doubled, the sum of what is lost stays below what is used.
    const take = (size: number) => {
      space.address = heap.take(size, this.#borrows);
      space.bytes = size;
    };
    allocatingArrays('copies of arrays', () => {
      try {
        take(Math.max(bytes, 2 * space.bytes));
      } catch {
        take(bytes);
      }
    });
  }
}

/** The time to copy a number of a matrix whose columns lie far apart, in multiply-adds. */
const COPY = 8;
/** The time to update a parameter by Adam, in multiply-adds. */
const UPDATE = 8;
/** The largest rate that an update takes as it is. */
const MOST_RATE = 1e38;
const NO_TERMS = { l2: 0, l1: 0, weightDecay: 0 };

/** The numbers that a rule takes from its optimizer. */
type Factors = Record<'momentum' | 'beta1' | 'beta2' | 'decay' | 'epsilon', number>;
