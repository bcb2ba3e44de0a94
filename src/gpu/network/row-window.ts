import type { TrainingSetup } from '../../options/setup.ts';
import type { Dataset } from '../../types.ts';
import type { GpuMemory } from '../memory/memory.ts';

/** Bytes of rows that are on the GPU at a time, where all of them are more than it can bind. */
export const WINDOW = 32 * 2 ** 20;

/** Rows of so many bytes that go to the GPU at a time: one at the least. */
export function windowRows(memory: GpuMemory, rowBytes: number): number {
  return Math.max(1, Math.floor(Math.min(WINDOW, memory.largestBinding) / rowBytes));
}

/** Whether rows of inputs are more than a device can bind, so that they stay with the program, to be sent some at a time. */
export function exceedsBinding(memory: GpuMemory, { count, features }: Dataset): boolean {
  return memory.bytesOf(count * features) > memory.largestBinding;
}

/** Whether training sends the rows of its batches to the GPU step by step. */
export function streams(memory: GpuMemory, { data, batchSize }: TrainingSetup): boolean {
  return batchSize < data.count && exceedsBinding(memory, data);
}

/** The rows of a submission's batches, one after the other, of data that stays with the program. */
export class RowWindow {
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
    const fitting = Math.floor(windowRows(memory, features * memory.format.bytes) / batchSize);
    this.steps = Math.max(1, Math.min(most, fitting));
    const rows = this.steps * batchSize;
    this.#memory = memory;
    this.#data = data;
    this.inputs = memory.reals('window inputs', rows * features);
    this.labels = memory.words('window labels', rows);
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
