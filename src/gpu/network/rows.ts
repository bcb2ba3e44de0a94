import type { TrainingSetup } from '../../options/setup.ts';
import type { Dataset } from '../../types.ts';
import type { GpuMemory } from '../memory/memory.ts';

/** The largest number of rows in a forward pass, so that a large data set needs little memory. */
const CHUNK_ROWS = 4096;
/** The largest number of bytes of a chunk's widest tensor. */
const CHUNK_BYTES = 32 * 2 ** 20;

/**
 * The number of rows in a chunk, at least one, such that every tensor fits a binding.
 * @param width real numbers in a row of the widest tensor
 */
export function chunkRows(memory: GpuMemory, width: number, most = CHUNK_ROWS): number {
  const bytes = Math.min(CHUNK_BYTES, memory.largestBinding);
  return Math.max(1, Math.min(most, Math.floor(bytes / (width * memory.format.bytes))));
}

/** Labelled rows on the GPU: inputs (rows×features) and labels (rows). */
export interface GpuRows {
  inputs: GPUBuffer;
  labels: GPUBuffer;
}

/**
 * Labelled rows: all on the GPU, or streamed from the program if the GPU cannot bind the inputs.
 */
export type Source = { rows: number } & ((GpuRows & { streamed?: undefined }) | { streamed: Dataset });

/** Whether the device cannot bind the inputs, so that they have to be streamed. */
function exceedsBinding(memory: GpuMemory, { count, features }: Dataset): boolean {
  return memory.bytesOf(count * features) > memory.largestBinding;
}

/** Whether training streams the rows of its batches. */
export function isStreamed(memory: GpuMemory, { data, batchSize }: TrainingSetup): boolean {
  return batchSize < data.count && exceedsBinding(memory, data);
}

/** Uploads labelled rows. Allocates: call it within {@link allocating}. */
export function uploadSource(
  memory: GpuMemory,
  { count, inputs, labels }: Dataset,
): Source & GpuRows & { streamed?: undefined } {
  return {
    rows: count,
    inputs: memory.upload('inputs', inputs),
    labels: memory.upload('labels', labels),
  };
}

/**
 * The rows of a data set to measure, uploaded if the device can bind them. Allocates: call it
 * within {@link allocating}.
 * @throws {LimitError} if the device cannot bind one number for each row
 */
export function sourceOf(memory: GpuMemory, data: Dataset): Source {
  memory.checkReals('losses', data.count, 'Use fewer rows.');
  return exceedsBinding(memory, data) ? { rows: data.count, streamed: data } : uploadSource(memory, data);
}

/** The rows of the batches of a submission, one batch after the other, for streamed data. */
export class StreamedBatches {
  readonly inputs: GPUBuffer;
  readonly labels: GPUBuffer;
  /** The number of steps whose batches have room. */
  readonly steps: number;
  readonly #memory: GpuMemory;
  readonly #data: Dataset;
  /** Inputs and labels on their way to the buffers. */
  readonly #words: Float32Array<ArrayBuffer>;
  readonly #classes: Uint32Array<ArrayBuffer>;

  /** @param most the largest number of steps in a submission */
  constructor(memory: GpuMemory, { data, batchSize }: TrainingSetup, most: number) {
    const { features } = data;
    const steps = Math.floor(chunkRows(memory, features, Number.POSITIVE_INFINITY) / batchSize);
    this.steps = Math.max(1, Math.min(most, steps));
    const rows = this.steps * batchSize;
    this.#memory = memory;
    this.#data = data;
    this.inputs = memory.reals('streamed inputs', rows * features);
    this.labels = memory.words('streamed labels', rows);
    this.#words = new Float32Array(rows * features * memory.format.words);
    this.#classes = new Uint32Array(rows);
  }

  /** Copies rows of the data to the places from `at` on; {@link upload} sends them. */
  gather(rows: Uint32Array, at: number): void {
    const { inputs, labels, features } = this.#data;
    const { format } = this.#memory;
    for (let i = 0; i < rows.length; i++) {
      const start = rows[i] * features;
      const place = (at + i) * features * format.words;
      format.encodeInto(inputs.subarray(start, start + features), this.#words, place);
      this.#classes[at + i] = labels[rows[i]];
    }
  }

  /** Sends the rows in the first `rows` places. */
  upload(rows: number): void {
    const length = rows * this.#data.features * this.#memory.format.words;
    this.#memory.writeBytes(this.inputs, this.#words.subarray(0, length));
    this.#memory.writeBytes(this.labels, this.#classes.subarray(0, rows));
  }
}
