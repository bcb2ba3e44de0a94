import { answerLength, answersOf, type ClassWeights, widthOf } from '../data/answers.ts';
import { chunks } from '../data/chunks.ts';
import { LimitError, OutOfMemoryError } from '../errors.ts';
import type { NetworkShape } from '../options/setup.ts';
import type { AnyDataset, FloatArray, LayerParameters } from '../types.ts';
import type { CpuKernels } from './kernels.ts';
import { score } from './losses.ts';
import { CpuNetwork } from './network.ts';
import type { Score } from './softmax.ts';
import type { PausableWork, TimeSlices } from './time-slices.ts';

/** Rows whose losses are added up at a time, and the most that are evaluated at a time. */
const CHUNK_ROWS = 256;

/** The forward pass of a network over many rows, chunk by chunk. All reads share its tensors. */
export class Evaluation {
  readonly #network: CpuNetwork;
  readonly #features: number;
  readonly #slices: TimeSlices;
  /** Resolves when the network is free. */
  #free: Promise<void> = Promise.resolve();

  /**
   * @param rows the most rows that are evaluated often
   * @throws {LimitError} {OutOfMemoryError} if not even one row fits
   */
  constructor(shape: NetworkShape, rows: number, kernels: CpuKernels, slices: TimeSlices) {
    this.#network = networkFor(rows, shape, kernels);
    this.#features = shape.sizes[0];
    this.#slices = slices;
  }

  /** The rows of a chunk, at most. */
  get capacity(): number {
    return this.#network.capacity;
  }

  get kernels(): CpuKernels {
    return this.#network.kernels;
  }

  /** Every layer's outputs for the chunk that {@link forward} is at. */
  get outputs(): readonly FloatArray[] {
    return this.#network.outputs;
  }

  /** The sum of the losses, by class weights where there are any, and the number of correct rows. */
  async score(
    parameters: LayerParameters[],
    rows: AnyDataset,
    weights?: ClassWeights,
    signal?: AbortSignal,
  ): Promise<Score> {
    const { loss } = this.#network;
    const [answers, width, columns] = [answersOf(rows), widthOf(rows), answerLength(rows)];
    let [sum, correct] = [0, 0];
    let part = { sum: 0, correct: 0 };
    const add = function* (logits: FloatArray, start: number, count: number): PausableWork {
      part = yield* score(loss, logits, answers.subarray(start * columns), count, width, weights, part);
      // The same losses are added up at a time, whatever the rows of the network.
      const end = start + count;
      if (end % CHUNK_ROWS > 0 && end < rows.count) return;
      sum += part.sum;
      correct += part.correct;
      part = { sum: 0, correct: 0 };
    };
    await this.forward(parameters, rows.inputs, rows.count, add, signal);
    return { sum, correct };
  }

  /**
   * Passes the logits of all rows to `consume`, chunk by chunk. {@link outputs} are those of the
   * chunk until `consume` returns. Calls take turns by chunks.
   */
  async forward(
    parameters: LayerParameters[],
    inputs: FloatArray,
    rows: number,
    consume: (logits: FloatArray, start: number, count: number) => PausableWork,
    signal?: AbortSignal,
  ): Promise<void> {
    const features = this.#features;
    for (const { start, count } of chunks(rows, this.capacity)) {
      const chunk = this.#free.then(async () => {
        await this.#slices.pause(signal);
        const chunkInputs = inputs.subarray(start * features, (start + count) * features);
        await this.#slices.take(this.#network.forward(parameters, chunkInputs, count), signal);
        await this.#slices.take(consume(this.#network.logits, start, count), signal);
      });
      this.#free = chunk.catch(() => {});
      await chunk;
    }
  }
}

/**
 * A network that evaluates `rows` rows at a time, or as many as fit: a power of two, so that chunks
 * of every network end where {@link CHUNK_ROWS} do.
 * @throws {LimitError} {OutOfMemoryError} if not even one row fits
 */
function networkFor(rows: number, shape: NetworkShape, kernels: CpuKernels): CpuNetwork {
  let capacity = Math.min(CHUNK_ROWS, 2 ** Math.ceil(Math.log2(rows)));
  for (;;) {
    try {
      return new CpuNetwork(shape, capacity, kernels);
    } catch (error) {
      const shortage = error instanceof LimitError || error instanceof OutOfMemoryError;
      if (!shortage || capacity === 1) throw error;
      capacity /= 2;
    }
  }
}
