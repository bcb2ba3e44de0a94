import type { TrainingSetup } from '../../options/setup.ts';
import type { Dataset } from '../../types.ts';
import type { GpuMemory } from '../memory/memory.ts';

/** Rows of a forward pass at the most: a large data set then needs no large memory. */
const CHUNK_ROWS = 4096;
/** Bytes of a chunk's widest tensor, at the most. */
const CHUNK_BYTES = 32 * 2 ** 20;

/**
 * Rows of a chunk, at least one: its tensors fit a binding.
 * @param width real numbers that the widest tensor has for each row
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

/** Labelled rows: all on the GPU, or streamed from the program where it cannot bind them. */
export type Source = { rows: number } & ((GpuRows & { streamed?: undefined }) | { streamed: Dataset });

/** Whether inputs are more than a device can bind, so that they have to be streamed. */
function exceedsBinding(memory: GpuMemory, { count, features }: Dataset): boolean {
  return memory.bytesOf(count * features) > memory.largestBinding;
}

/** Whether training streams the rows of its batches. */
export function isStreamed(memory: GpuMemory, { data, batchSize }: TrainingSetup): boolean {
  return batchSize < data.count && exceedsBinding(memory, data);
}

/** Uploads labelled rows. Makes buffers: within {@link allocating}. */
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
 * Rows to be measured, uploaded where the device can bind them. Makes buffers: within
 * {@link allocating}.
 * @throws {LimitError} if the device cannot bind one number for each row
 */
export function sourceOf(memory: GpuMemory, data: Dataset): Source {
  memory.checkReals('losses', data.count, 'Use fewer rows.');
  return exceedsBinding(memory, data) ? { rows: data.count, streamed: data } : uploadSource(memory, data);
}

/** The rows of a submission's batches, one batch after the other, of data that is streamed. */
export class StreamedBatches {
  readonly inputs: GPUBuffer;
  readonly labels: GPUBuffer;
  /** Steps whose batches there is room for. */
  readonly steps: number;
  readonly #memory: GpuMemory;
  readonly #data: Dataset;
  /** What goes to the buffers. */
  readonly #words: Float32Array<ArrayBuffer>;
  readonly #classes: Uint32Array<ArrayBuffer>;

  /** @param most steps that will be asked for at a time */
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

  /** Puts rows of the data into their places, from place `at` on; {@link upload} sends them. */
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

  /** Sends the first `rows` places. */
  upload(rows: number): void {
    const length = rows * this.#data.features * this.#memory.format.words;
    this.#memory.writeBytes(this.inputs, this.#words.subarray(0, length));
    this.#memory.writeBytes(this.labels, this.#classes.subarray(0, rows));
  }
}
