import { answerLength, answersOf } from '../../data/answers.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { AnyDataset } from '../../types.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { ParameterBuffers } from './parameters.ts';

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

/** Rows on the GPU: inputs (rows×features), and labels (rows) or targets (rows×outputs). */
export interface GpuRows {
  inputs: GPUBuffer;
  answers: GPUBuffer;
}

/**
 * Rows with their answers: all on the GPU, or streamed from the program if the GPU cannot bind the inputs.
 */
export type Source = { rows: number } & ((GpuRows & { streamed?: undefined }) | { streamed: AnyDataset });

/** Whether the device cannot bind the inputs or the targets, so that they have to be streamed. */
function exceedsBinding(memory: GpuMemory, data: AnyDataset): boolean {
  return memory.bytesOf(data.count * widest(data)) > memory.largestBinding;
}

/** The numbers in a row of the inputs or of the targets, whichever are more. */
function widest(data: AnyDataset): number {
  return Math.max(data.features, answerLength(data));
}

/** Whether training streams the rows of its batches. */
export function isStreamed(memory: GpuMemory, { data, batchSize }: TrainingSetup): boolean {
  return batchSize < data.count && exceedsBinding(memory, data);
}

/** Uploads rows. Allocates: call it within {@link allocating}. */
export function uploadSource(
  memory: GpuMemory,
  data: AnyDataset,
): Source & GpuRows & { streamed?: undefined } {
  return {
    rows: data.count,
    inputs: memory.upload('inputs', data.inputs),
    answers: memory.upload('labels' in data ? 'labels' : 'targets', answersOf(data)),
  };
}

/**
 * The rows of a data set to measure, uploaded if the device can bind them. Allocates: call it
 * within {@link allocating}.
 * @throws {LimitError} if the device cannot bind one number for each row
 */
export function sourceOf(memory: GpuMemory, data: AnyDataset): Source {
  memory.checkReals('losses', data.count, 'Use fewer rows.');
  return exceedsBinding(memory, data) ? { rows: data.count, streamed: data } : uploadSource(memory, data);
}

/** The 32-bit words of the answer of a row: a label, or targets. */
export function answerWords(
  { format }: GpuMemory,
  { loss, sizes }: Pick<ParameterBuffers, 'loss' | 'sizes'>,
): number {
  return loss.answers === 'targets' ? sizes[sizes.length - 1] * format.words : 1;
}

/** A buffer for the answers of rows. Allocates: call it within {@link allocating}. */
export function answerBuffer(
  memory: GpuMemory,
  name: string,
  network: Pick<ParameterBuffers, 'loss' | 'sizes'>,
  rows: number,
): GPUBuffer {
  return memory.words(`${name} ${network.loss.answers}`, rows * answerWords(memory, network));
}

/** The rows of the batches of a submission, one batch after the other, for streamed data. */
export class StreamedBatches {
  readonly inputs: GPUBuffer;
  readonly answers: GPUBuffer;
  /** The number of steps whose batches have room. */
  readonly steps: number;
  /** The number of rows that have room. */
  readonly #rows: number;
  readonly #memory: GpuMemory;
  readonly #data: AnyDataset;
  /** Inputs and answers on their way to the buffers. */
  readonly #words: Float32Array<ArrayBuffer>;
  readonly #answers: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

  /** @param most the largest number of steps in a submission */
  constructor(
    memory: GpuMemory,
    setup: TrainingSetup,
    network: Pick<ParameterBuffers, 'loss' | 'sizes'>,
    most: number,
  ) {
    const { data, batchSize } = setup;
    const { features } = data;
    const steps = Math.floor(chunkRows(memory, widest(data), Number.POSITIVE_INFINITY) / batchSize);
    this.steps = Math.max(1, Math.min(most, steps));
    const rows = this.steps * batchSize;
    this.#rows = rows;
    this.#memory = memory;
    this.#data = data;
    this.inputs = memory.reals('streamed inputs', rows * features);
    this.answers = answerBuffer(memory, 'streamed', network, rows);
    this.#words = new Float32Array(rows * features * memory.format.words);
    this.#answers =
      'labels' in data ? new Uint32Array(rows) : new Float32Array(rows * data.outputs * memory.format.words);
  }

  /** Copies rows of the data to the places from `at` on; {@link upload} sends them. */
  gather(rows: Uint32Array, at: number): void {
    const { inputs, features } = this.#data;
    const [answers, length] = [answersOf(this.#data), answerLength(this.#data)];
    const { format } = this.#memory;
    for (let i = 0; i < rows.length; i++) {
      const start = rows[i] * features;
      const place = (at + i) * features * format.words;
      format.encodeInto(inputs.subarray(start, start + features), this.#words, place);
      const answer = answers.subarray(rows[i] * length, (rows[i] + 1) * length);
      if (this.#answers instanceof Uint32Array) this.#answers.set(answer, at + i);
      else format.encodeInto(answer, this.#answers, (at + i) * length * format.words);
    }
  }

  /** Sends the rows in the first `rows` places. */
  upload(rows: number): void {
    const [inputs, answers] = [this.#words, this.#answers];
    this.#memory.writeBytes(this.inputs, inputs.subarray(0, rows * (inputs.length / this.#rows)));
    this.#memory.writeBytes(this.answers, answers.subarray(0, rows * (answers.length / this.#rows)));
  }
}
