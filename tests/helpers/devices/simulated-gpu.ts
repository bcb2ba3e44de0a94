import { vi } from 'vitest';
import { queueOf } from '../../../src/gpu/device/queue.ts';
import type { Dispatch } from '../../../src/gpu/kernels/dispatch.ts';
import type { Pipeline } from '../../../src/gpu/kernels/pipelines.ts';

/** The workgroups of a dispatch that ran as one piece. */
export interface Piece {
  name: string;
  first: number;
  end: number;
  milliseconds: number;
  submission: number;
}

/** A device in simulated time: its dispatches take time and compute nothing. */
export class SimulatedGpu {
  readonly device: GPUDevice;
  readonly pieces: Piece[] = [];
  now = 0;
  readonly #speed: (name: string, now: number) => number;
  readonly #answers: number;
  readonly #dispatches = new Map<GPUBindGroup, Dispatch>();
  readonly #firsts = new Map<GPUBuffer, number>();
  readonly #waiting: { end: number; resolve: () => void }[] = [];
  #encoded: { dispatch: Dispatch; count: number }[] = [];
  /** The time at which all submitted work is done, and the number of submissions. */
  #free = 0;
  #submissions = 0;

  /**
   * @param speed multiply-adds a millisecond, as a function of a dispatch's name and the time
   * @param answers milliseconds between two checks for finished work while nothing is submitted
   */
  constructor(speed: (name: string, now: number) => number, answers = 0) {
    this.#speed = speed;
    this.#answers = answers;
    const pass = {
      setPipeline: () => {},
      setBindGroup: (_: number, bindGroup: GPUBindGroup) => this.#begin(bindGroup),
      dispatchWorkgroups: (x: number, y: number) => {
        this.#encoded[this.#encoded.length - 1].count = x * y;
      },
      end: () => {},
    } as Partial<GPUComputePassEncoder> as GPUComputePassEncoder;
    const encoder = {
      beginComputePass: () => pass,
      copyBufferToBuffer: () => {},
      finish: () => ({}) as GPUCommandBuffer,
    } as Partial<GPUCommandEncoder> as GPUCommandEncoder;
    const queue = {
      writeBuffer: (buffer: GPUBuffer, _offset: number, [first]: Uint32Array) => {
        this.#firsts.set(buffer, first);
      },
      submit: (buffers: GPUCommandBuffer[]) => this.#submit(buffers.length),
      onSubmittedWorkDone: () =>
        new Promise<undefined>((resolve) => {
          this.#waiting.push({ end: this.#free, resolve: () => resolve(undefined) });
        }),
    } as Partial<GPUQueue> as GPUQueue;
    const limits = { maxComputeWorkgroupsPerDimension: 65_535 } as GPUSupportedLimits;
    this.device = { queue, limits, createCommandEncoder: () => encoder } as Partial<GPUDevice> as GPUDevice;
    queueOf(this.device, () => this.now);
  }

  /**
   * A dispatch of a number of workgroups, with its own kernel or the kernel of another dispatch.
   */
  dispatch(name: string, work: number, count: number, kernel?: Dispatch): Dispatch {
    const dispatch: Dispatch = {
      label: name,
      pipeline: kernel?.pipeline ?? ({ compiled: {} } as Pipeline),
      bindGroup: {} as GPUBindGroup,
      workgroups: [count, 1],
      count,
      shape: {} as GPUBuffer,
      perStep: false,
      code: '',
      workgroup: 1,
      bindings: [],
      computes: [],
      work,
    };
    this.#dispatches.set(dispatch.bindGroup, dispatch);
    return dispatch;
  }

  /** Advances the time until `work` and all submitted work are done. */
  async carryOut<T>(work: Promise<T>): Promise<T> {
    let working = true;
    const end = () => {
      working = false;
    };
    work.then(end, end);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!working && this.#waiting.length === 0) return work;
      this.#tick();
    }
  }

  /** Advances to the next answer, or by a millisecond if a timer may fire before it. */
  #tick(): void {
    const timers = vi.isFakeTimers();
    const next = this.#waiting.at(0)?.end ?? this.now;
    const look = this.#answers === 0 ? next : (Math.floor(this.now / this.#answers) + 1) * this.#answers;
    this.now = timers ? Math.min(this.now + 1, look) : Math.max(this.now, look);
    if (timers) vi.advanceTimersByTime(1);
    if (this.#answers === 0 || this.now % this.#answers === 0) this.#answer();
  }

  #answer(): void {
    while (this.#waiting.length > 0 && this.#waiting[0].end <= this.now) this.#waiting.shift()?.resolve();
  }

  #begin(bindGroup: GPUBindGroup): undefined {
    const dispatch = this.#dispatches.get(bindGroup);
    if (!dispatch) throw new Error('A dispatch of another device.');
    this.#encoded.push({ dispatch, count: 0 });
  }

  #submit(buffers: number): undefined {
    this.#answer();
    if (buffers === 0) return;
    this.#free = Math.max(this.now, this.#free);
    for (const { dispatch, count } of this.#encoded) {
      const { label: name } = dispatch;
      const first = this.#firsts.get(dispatch.shape) ?? 0;
      const milliseconds = (dispatch.work * count) / dispatch.count / this.#speed(name, this.#free);
      this.#free += milliseconds;
      this.pieces.push({ name, first, end: first + count, milliseconds, submission: this.#submissions });
    }
    this.#encoded = [];
    this.#submissions++;
  }
}
