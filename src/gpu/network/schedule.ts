import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { BatchOrder } from '../../data/batch-order.ts';
import type { ResolvedOptimizer, TrainingSetup } from '../../options/setup.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { StreamedBatches } from './rows.ts';

/** The largest number of steps in one submission. */
export const MOST_STEPS = 256;
/** The largest number of row indices uploaded for one submission. */
const MOST_ROWS = 1 << 20;

/**
 * The data that kernels read for each step: the step struct and, for mini-batches, the rows. The
 * data of all steps of a submission is written ahead, so that the GPU goes on from step to step by
 * itself.
 */
export class Schedule {
  /** The number of steps that fit one submission. */
  readonly capacity: number;
  /** The step structs, one every {@link STEP_STRIDE} bytes. */
  readonly steps: GPUBuffer;
  /**
   * The row indices of the steps, each batch from its `batch_start` on. They index the training
   * data or, for streamed data, the streamed rows.
   */
  readonly order: GPUBuffer | undefined;
  readonly #memory: GpuMemory;
  readonly #setup: TrainingSetup;
  readonly #streamed: StreamedBatches | undefined;
  readonly #structs: ArrayBuffer;
  /**
   * The number of steps of the dispatch that begins in each slot, for a dispatch that makes many.
   */
  readonly #stepsInDispatch: Uint32Array;
  #batches: BatchOrder;

  /** @param streamed the buffers for the rows, if the data is streamed */
  constructor(memory: GpuMemory, setup: TrainingSetup, streamed?: StreamedBatches) {
    const { data, batchSize, seed } = setup;
    const whole = batchSize === data.count;
    this.#memory = memory;
    this.#setup = setup;
    this.#streamed = streamed;
    const fitting = whole ? MOST_STEPS : Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_ROWS / batchSize)));
    this.capacity = Math.min(fitting, streamed?.steps ?? fitting);
    this.steps = memory.uniforms('steps', this.capacity * STEP_STRIDE);
    this.order = whole ? undefined : memory.words('order', this.capacity * batchSize);
    if (this.order && streamed)
      memory.write(
        this.order,
        new Uint32Array(this.capacity * batchSize).map((_, i) => i),
      );
    this.#structs = new ArrayBuffer(this.capacity * STEP_STRIDE);
    this.#stepsInDispatch = new Uint32Array(this.capacity);
    this.#batches = new BatchOrder(data.count, batchSize, seed);
  }

  /** The numbers of rows of a batch: of all batches, and of the last of an epoch if it is shorter. */
  get batchLengths(): readonly number[] {
    const { data, batchSize } = this.#setup;
    const last = data.count % batchSize;
    return last === 0 ? [batchSize] : [batchSize, last];
  }

  /** Sets the number of steps of the dispatch that begins in a slot. */
  setStepsInDispatch(slot: number, steps: number): void {
    this.#stepsInDispatch[slot] = steps;
  }

  reseed(seed: number): void {
    this.#batches = new BatchOrder(this.#setup.data.count, this.#setup.batchSize, seed);
  }

  /** The number of rows in the batch of update number `step`, counted from 0. */
  rows(step: number): number {
    const { data, batchSize } = this.#setup;
    const start = (step % this.#batches.stepsPerEpoch) * batchSize;
    return Math.min(batchSize, data.count - start);
  }

  /**
   * Uploads everything that kernels read for `count` updates from number `first` on, and the rows
   * if the data is streamed. Kernels count from the first of these updates.
   */
  write(first: number, count: number): void {
    this.writeRows(first, count);
    this.writeSteps(first, count, first);
  }

  /** Uploads the row indices of `count` updates, and the rows if the data is streamed. */
  writeRows(first: number, count: number): void {
    const { batchSize } = this.#setup;
    const order = this.order && !this.#streamed ? new Uint32Array(count * batchSize) : undefined;
    for (let i = 0; i < count; i++) {
      order?.set(this.#batches.rows(first + i), i * batchSize);
      this.#streamed?.gather(this.#batches.rows(first + i), i * batchSize);
    }
    this.#streamed?.upload(count * batchSize);
    if (this.order && order) this.#memory.write(this.order, order);
  }

  /**
   * Uploads the step structs of `count` updates, with the present settings of their steps.
   * @param origin the step from which kernels count
   */
  writeSteps(first: number, count: number, origin: number): void {
    const { optimizer, settings, batchSize } = this.#setup;
    for (let i = 0; i < count; i++) {
      const number = first + i + 1;
      const view = new DataView(this.#structs, i * STEP_STRIDE, STEP_STRIDE);
      view.setUint32(0, number - origin, true);
      view.setUint32(4, i * batchSize, true);
      view.setUint32(8, this.rows(first + i), true);
      view.setUint32(12, this.#stepsInDispatch[i], true);
      const { learningRate, l2 } = settings.at(first + i);
      const reals = [learningRate, l2, ...coefficients(optimizer, number)];
      const words = this.#memory.format.encode(reals);
      words.forEach((word, at) => void view.setFloat32(16 + 4 * at, word, true));
    }
    this.#memory.writeBytes(this.steps, new Uint8Array(this.#structs, 0, count * STEP_STRIDE));
  }
}

/**
 * The members from decay_1 to epsilon of the step struct; the correction of the second moment is
 * for its root. Differences from 1 are computed in float64, because 32 bits would lose most digits.
 */
function coefficients(optimizer: ResolvedOptimizer, number: number): number[] {
  if (optimizer.name === 'sgd') return [optimizer.momentum];
  const { beta1, beta2, epsilon } = optimizer;
  const [correction1, correction2] = [beta1, beta2].map((beta) => 1 / (1 - beta ** number));
  return [beta1, 1 - beta1, correction1, beta2, 1 - beta2, Math.sqrt(correction2), epsilon];
}
