import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import type { UpdateRule } from '../../../shaders/lib/update-rule.ts';
import { BatchOrder } from '../../data/batch-order.ts';
import type { ResolvedOptimizer, TrainingSetup } from '../../options/setup.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { RowWindow } from './row-window.ts';

/** Steps in one submission at the most. */
export const MOST_STEPS = 256;
/** Row indices uploaded for one submission at the most. */
const MOST_ROWS = 1 << 20;

/**
 * What the kernels are told of each step: the step structs and, for mini-batches, the rows. Written ahead for all steps
 * of a submission, so that the GPU goes from one to the next by itself.
 */
export class Schedule {
  /** Steps that fit one submission. */
  readonly capacity: number;
  /** One step struct every {@link STEP_STRIDE} bytes. */
  readonly steps: GPUBuffer;
  /** Row indices of the steps, each batch at its `batch_start`: in the data, or in the window where there is one. */
  readonly order: GPUBuffer | undefined;
  readonly #memory: GpuMemory;
  readonly #setup: TrainingSetup;
  readonly #window: RowWindow | undefined;
  readonly #structs: ArrayBuffer;
  /** Steps of the dispatch that begins in each slot, where one makes many. */
  readonly #runs: Uint32Array;
  #batches: BatchOrder;

  /** @param window where the rows go, if the data is not on the GPU */
  constructor(memory: GpuMemory, setup: TrainingSetup, window?: RowWindow) {
    const { data, batchSize, seed } = setup;
    const whole = batchSize === data.count;
    this.#memory = memory;
    this.#setup = setup;
    this.#window = window;
    const fitting = whole ? MOST_STEPS : Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_ROWS / batchSize)));
    this.capacity = Math.min(fitting, window?.steps ?? fitting);
    this.steps = memory.uniforms('steps', this.capacity * STEP_STRIDE);
    this.order = whole ? undefined : memory.words('order', this.capacity * batchSize);
    if (this.order && window)
      memory.write(
        this.order,
        new Uint32Array(this.capacity * batchSize).map((_, i) => i),
      );
    this.#structs = new ArrayBuffer(this.capacity * STEP_STRIDE);
    this.#runs = new Uint32Array(this.capacity);
    this.#batches = new BatchOrder(data.count, batchSize, seed);
  }

  /** Tells the dispatch that begins in a slot how many steps to make. */
  setRun(slot: number, steps: number): void {
    this.#runs[slot] = steps;
  }

  reseed(seed: number): void {
    this.#batches = new BatchOrder(this.#setup.data.count, this.#setup.batchSize, seed);
  }

  /** Rows of the batch of update number `step`, from 0. */
  rows(step: number): number {
    const { data, batchSize } = this.#setup;
    const start = (step % this.#batches.stepsPerEpoch) * batchSize;
    return Math.min(batchSize, data.count - start);
  }

  /** Uploads what the kernels need for `count` updates from number `first` on, the rows too where there is a window. */
  write(first: number, count: number): void {
    const { optimizer, learningRate, batchSize } = this.#setup;
    const order = this.order && !this.#window ? new Uint32Array(count * batchSize) : undefined;
    for (let i = 0; i < count; i++) {
      const number = first + i + 1;
      const view = new DataView(this.#structs, i * STEP_STRIDE, STEP_STRIDE);
      view.setUint32(0, number, true);
      view.setUint32(4, i * batchSize, true);
      view.setUint32(8, this.rows(first + i), true);
      view.setUint32(12, this.#runs[i], true);
      const reals = [learningRate, ...coefficients(optimizer, number)];
      const words = this.#memory.format.encode(reals);
      words.forEach((word, at) => void view.setFloat32(16 + 4 * at, word, true));
      order?.set(this.#batches.rows(first + i), i * batchSize);
      this.#window?.gather(this.#batches.rows(first + i), i * batchSize);
    }
    this.#window?.upload(count * batchSize);
    this.#memory.writeBytes(this.steps, new Uint8Array(this.#structs, 0, count * STEP_STRIDE));
    if (this.order && order) this.#memory.write(this.order, order);
  }
}

/** The update kernel's rule for an optimizer. */
export function ruleOf(optimizer: ResolvedOptimizer): UpdateRule {
  if (optimizer.name === 'adam') return 'adam';
  return optimizer.momentum > 0 ? 'momentum' : 'sgd';
}

/**
 * decay_1 … epsilon of the step struct; the second moment's correction is for its root. Differences from 1 are taken in float64: in
 * 32 bits little would be left.
 */
function coefficients(optimizer: ResolvedOptimizer, number: number): number[] {
  if (optimizer.name === 'sgd') return [optimizer.momentum];
  const { beta1, beta2, epsilon } = optimizer;
  const [correction1, correction2] = [beta1, beta2].map((beta) => 1 / (1 - beta ** number));
  return [beta1, 1 - beta1, correction1, beta2, 1 - beta2, Math.sqrt(correction2), epsilon];
}
