import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { AllFacts, type ClassWeights, factsOfRows, type RowFacts } from '../../data/answers.ts';
import { BatchOrder } from '../../data/batch-order.ts';
import { type DropoutStep, dropoutStep } from '../../data/dropout.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { StepSettings } from '../../options/step-settings.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { StreamedBatches } from './rows.ts';

/** The largest number of steps in one submission. */
export const MOST_STEPS = 256;
/** The largest number of row indices uploaded for one submission. */
const MOST_ROWS = 1 << 20;

const NO_DROPOUT: DropoutStep = { key: 0, limit: 0, keep: 1 };

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
  /** The row indices of the steps in the data set, in the places of `order`. */
  readonly dataRows: GPUBuffer | undefined;
  readonly #memory: GpuMemory;
  readonly #setup: TrainingSetup;
  readonly #streamed: StreamedBatches | undefined;
  /** The facts of all rows. */
  readonly facts: AllFacts;
  readonly #structs: ArrayBuffer;
  /**
   * The number of steps of the dispatch that begins in each slot, for a dispatch that makes many.
   */
  readonly #stepsInDispatch: Uint32Array;
  #batches: BatchOrder;
  /** The seed of batches and dropout. */
  #seed: number;

  /** @param streamed the buffers for the rows, if the data is streamed */
  constructor(memory: GpuMemory, setup: TrainingSetup, streamed?: StreamedBatches) {
    const { data, batchSize, seed } = setup;
    const whole = batchSize === data.count;
    this.#memory = memory;
    this.#setup = setup;
    this.#streamed = streamed;
    this.facts = new AllFacts(data);
    const fitting = whole ? MOST_STEPS : Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_ROWS / batchSize)));
    this.capacity = Math.min(fitting, streamed?.steps ?? fitting);
    this.steps = memory.uniforms('steps', this.capacity * STEP_STRIDE);
    this.order = whole ? undefined : memory.words('order', this.capacity * batchSize);
    if (this.order && streamed)
      memory.write(
        this.order,
        new Uint32Array(this.capacity * batchSize).map((_, i) => i),
      );
    this.dataRows =
      this.order && streamed ? memory.words('rows in the data', this.capacity * batchSize) : this.order;
    this.#structs = new ArrayBuffer(this.capacity * STEP_STRIDE);
    this.#stepsInDispatch = new Uint32Array(this.capacity);
    this.#batches = new BatchOrder(data.count, batchSize, seed);
    this.#seed = seed;
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
    this.#seed = seed;
  }

  /** The facts of the rows of the batch of update number `step`, counted from 0. */
  batchFacts(step: number, weights: ClassWeights): RowFacts {
    return factsOfRows(this.#batches.rows(step), this.#setup.data, weights);
  }

  /** The sum of the class weights of a batch, or 1 if it is 0 or there are none. */
  #totalWeight(step: number, weights: ClassWeights): number {
    if (!weights) return 1;
    const facts = this.order ? this.batchFacts(step, weights) : this.facts.at(weights);
    return facts.weight || 1;
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
    const order = this.dataRows && new Uint32Array(count * batchSize);
    for (let i = 0; i < count; i++) {
      order?.set(this.#batches.rows(first + i), i * batchSize);
      this.#streamed?.gather(this.#batches.rows(first + i), i * batchSize);
    }
    this.#streamed?.upload(count * batchSize);
    if (this.dataRows && order) this.#memory.write(this.dataRows, order);
  }

  /** The dropout of update number `step`. Most runs have none, and need no hash in each step. */
  #dropout(share: number, step: number): DropoutStep {
    return share > 0 ? dropoutStep(share, this.#seed, step) : NO_DROPOUT;
  }

  /**
   * Uploads the step structs of `count` updates, with the present settings of their steps.
   * @param origin the step from which kernels count
   * @param slots the number of structs: that of a step after the last update has no learning rate
   */
  writeSteps(first: number, count: number, origin: number, slots = count): void {
    const { settings, batchSize } = this.#setup;
    for (let i = 0; i < slots; i++) {
      const number = first + i + 1;
      const view = new DataView(this.#structs, i * STEP_STRIDE, STEP_STRIDE);
      view.setUint32(0, number - origin, true);
      view.setUint32(4, i * batchSize, true);
      view.setUint32(8, this.rows(first + i), true);
      view.setUint32(12, this.#stepsInDispatch[i], true);
      const own = i < count ? settings.at(first + i) : { ...settings.from(first + i), learningRate: 0 };
      const { key, limit, keep } = this.#dropout(own.dropout, first + i);
      const totalWeight = this.#totalWeight(first + i, own.classWeights);
      const words = this.#memory.format.encode([...stepReals(own, number), totalWeight, keep]);
      words.forEach((word, at) => void view.setFloat32(16 + 4 * at, word, true));
      view.setUint32(16 + 4 * words.length, key, true);
      view.setUint32(20 + 4 * words.length, limit, true);
    }
    this.#memory.writeBytes(this.steps, new Uint8Array(this.#structs, 0, slots * STEP_STRIDE));
  }
}

/**
 * The members from learning_rate to weight_share of the step struct of update `number`, counted from 1.
 * Differences from 1 are computed in float64, because 32 bits would lose most digits.
 */
function stepReals(settings: StepSettings, number: number): number[] {
  const { learningRate, l2, l1, weightDecay } = settings;
  return [learningRate, l2, ...coefficients(settings, number), l1, 1 - learningRate * weightDecay];
}

/**
 * The members from decay_1 to epsilon; the correction of the second moment is for its root. Momentum has
 * decay_1, and squares have decay_2, whichever moment holds them.
 */
function coefficients({ optimizer }: StepSettings, number: number): number[] {
  const { momentum = 0, decay = 0, epsilon = 0, ...adam } = optimizer as Partial<Record<Factor, number>>;
  const { beta1 = momentum, beta2 = decay } = adam;
  const correction = (beta: number) => 1 / (1 - beta ** number);
  return [beta1, 1 - beta1, correction(beta1), beta2, 1 - beta2, Math.sqrt(correction(beta2)), epsilon];
}

type Factor = 'momentum' | 'beta1' | 'beta2' | 'decay' | 'epsilon';
