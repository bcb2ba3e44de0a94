import { type Dispatch, encode, encodePart, STEP_STRIDE } from '../kernels/dispatch.ts';
import { partLayout } from '../kernels/pipelines.ts';
import type { GpuMemory } from '../memory/memory.ts';

/** Places for parts in one submission. */
const MOST_PARTS = 64;
/** Of a buffer that tells which parts they are. */
export const PART_BYTES = MOST_PARTS * STEP_STRIDE;

/** What tells the kernels which parts they are. */
interface Parts {
  buffer: GPUBuffer;
  bindGroup: GPUBindGroup;
  words: Uint32Array<ArrayBuffer>;
  count: number;
}

/** Records commands for one submission after the other. */
export class Recorder {
  readonly #memory: GpuMemory;
  readonly #label: string;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #parts: Parts | undefined;

  constructor(memory: GpuMemory, label: string) {
    this.#memory = memory;
    this.#label = label;
  }

  /** Whether the next submission can have no more parts. */
  get full(): boolean {
    // A part may take two places.
    return this.#parts !== undefined && this.#parts.count > MOST_PARTS - 2;
  }

  dispatch(dispatch: Dispatch, stepOffset: number): void {
    encode(this.#openPass(), dispatch, stepOffset);
  }

  /** The workgroups of a dispatch from number `first` to before `end`. */
  part(dispatch: Dispatch, stepOffset: number, first: number, end: number): void {
    const [across, down] = dispatch.workgroups;
    if (first === 0 && end === across * down) {
      this.dispatch(dispatch, stepOffset);
      return;
    }
    // A long row of workgroups is folded, and what does not fill a row comes by itself.
    const most = this.#memory.device.limits.maxComputeWorkgroupsPerDimension;
    const rows = Math.floor((end - first) / most);
    if (rows > 0) this.#row(dispatch, stepOffset, first, [most, rows]);
    const rest = end - first - rows * most;
    if (rest > 0) this.#row(dispatch, stepOffset, end - rest, [rest, 1]);
  }

  copy(from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, bytes: number): void {
    this.#closePass();
    this.#open().copyBufferToBuffer(from, fromOffset, to, toOffset, bytes);
  }

  /** What has been recorded, if anything, once it is ready to be handed over. */
  finish(): GPUCommandBuffer | undefined {
    this.#closePass();
    const commands = this.#encoder?.finish();
    this.#encoder = undefined;
    return commands;
  }

  /** Hands over what has been recorded, if anything. @returns as {@link GpuMemory.submit} does */
  submit(): Promise<number> | undefined {
    const commands = this.finish();
    if (!commands) return undefined;
    this.#memory.checkFreed();
    if (this.#parts && this.#parts.count > 0) {
      const { buffer, words, count } = this.#parts;
      this.#memory.device.queue.writeBuffer(buffer, 0, words, 0, (count * STEP_STRIDE) / 4);
      this.#parts.count = 0;
    }
    return this.#memory.submit(commands);
  }

  /** Frees what it has made. What has been handed over is carried out all the same. */
  destroy(): void {
    if (this.#parts && !this.#memory.partOrigins) this.#memory.free(this.#parts.buffer);
    this.#parts = undefined;
  }

  #row(dispatch: Dispatch, stepOffset: number, first: number, workgroups: readonly [number, number]): void {
    this.#parts ??= this.#createParts();
    const { bindGroup, words, count } = this.#parts;
    const offset = count * STEP_STRIDE;
    words.set([first, ...dispatch.workgroups], offset / 4);
    this.#parts.count++;
    encodePart(this.#openPass(), dispatch, stepOffset, { bindGroup, offset, workgroups });
  }

  #open(): GPUCommandEncoder {
    this.#encoder ??= this.#memory.device.createCommandEncoder({ label: this.#label });
    return this.#encoder;
  }

  #openPass(): GPUComputePassEncoder {
    this.#pass ??= this.#open().beginComputePass({ label: this.#label });
    return this.#pass;
  }

  #closePass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }

  #createParts(): Parts {
    const { device } = this.#memory;
    const label = `parts of ${this.#label}`;
    const buffer = this.#memory.partOrigins ?? this.#memory.uniforms(label, PART_BYTES);
    const bindGroup = device.createBindGroup({
      label,
      layout: partLayout(device),
      entries: [{ binding: 0, resource: { buffer, size: 16 } }],
    });
    return { buffer, bindGroup, words: new Uint32Array(PART_BYTES / 4), count: 0 };
  }
}
