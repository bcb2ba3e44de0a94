import type { FloatArrayConstructor } from '../checks/numbers.ts';
import { chunks } from '../data/chunks.ts';
import { LimitError, OutOfMemoryError } from '../errors.ts';
import type { FloatArray, LayerParameters } from '../types.ts';
import { CpuNetwork } from './network.ts';
import { crossEntropy } from './softmax.ts';
import type { PausableWork, TimeSlices } from './time-slices.ts';

/** Rows whose losses are added up at a time, and the most that are evaluated at a time. */
const CHUNK_ROWS = 256;

/** The forward pass of a network over many rows, chunk by chunk. All reads share its tensors. */
export class Evaluation {
  readonly #network: CpuNetwork;
  readonly #features: number;
  readonly #classes: number;
  readonly #slices: TimeSlices;
  /** Resolves when the network is free. */
  #free: Promise<void> = Promise.resolve();

  /**
   * @param rows the most rows that are evaluated often
   * @throws {LimitError} {OutOfMemoryError} if not even one row fits
   */
  constructor(sizes: readonly number[], rows: number, Float: FloatArrayConstructor, slices: TimeSlices) {
    this.#network = networkFor(rows, sizes, Float);
    this.#features = sizes[0];
    this.#classes = sizes[sizes.length - 1];
    this.#slices = slices;
  }

  /** The rows of a chunk, at most. */
  get capacity(): number {
    return this.#network.capacity;
  }

  /** Every layer's outputs for the chunk that {@link forward} is at. */
  get outputs(): readonly FloatArray[] {
    return this.#network.outputs;
  }

  /** The mean loss, without the L2 term, and the accuracy. */
  async measure(
    parameters: LayerParameters[],
    inputs: FloatArray,
    labels: Uint32Array,
    signal?: AbortSignal,
  ): Promise<{ loss: number; accuracy: number }> {
    const classes = this.#classes;
    let [sum, correct] = [0, 0];
    let part = { sum: 0, correct: 0 };
    const add = function* (logits: FloatArray, start: number, count: number): PausableWork {
      part = yield* crossEntropy(logits, labels.subarray(start), count, classes, part);
      // The same losses are added up at a time, whatever the rows of the network.
      const end = start + count;
      if (end % CHUNK_ROWS > 0 && end < labels.length) return;
      sum += part.sum;
      correct += part.correct;
      part = { sum: 0, correct: 0 };
    };
    await this.forward(parameters, inputs, labels.length, add, signal);
    return { loss: sum / labels.length, accuracy: correct / labels.length };
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
function networkFor(rows: number, sizes: readonly number[], Float: FloatArrayConstructor): CpuNetwork {
  let capacity = Math.min(CHUNK_ROWS, 2 ** Math.ceil(Math.log2(rows)));
  for (;;) {
    try {
      return new CpuNetwork(sizes, capacity, Float);
    } catch (error) {
      const shortage = error instanceof LimitError || error instanceof OutOfMemoryError;
      if (!shortage || capacity === 1) throw error;
      capacity /= 2;
    }
  }
}
