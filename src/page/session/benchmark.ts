import { signal } from '@preact/signals';
import type { BenchmarkProgress, BenchmarkReport, BenchmarkResults } from '../run/benchmark/results.ts';
import { storedPlans, storePlan } from '../run/found-plans.ts';
import type { BenchmarkOptions, Command, Problem } from '../run/protocol.ts';
import { WORKER } from './worker-file.ts';

/** Work elsewhere in the page that would slow a benchmark, and ends it. */
export type Interruption = 'training' | 'inside' | 'timing';

export type BenchmarkStatus =
  | { state: 'idle' }
  | { state: 'running'; progress: BenchmarkProgress }
  | { state: 'finished'; seconds: number }
  /** `by` is absent after a press of the button. */
  | { state: 'cancelled'; by?: Interruption | undefined }
  | { state: 'failed'; problem: Problem };

/**
 * The state of the benchmark, and the worker that measures: a new one for each benchmark, so that
 * nothing of an earlier one is warm and it can be ended at any moment.
 */
export class BenchmarkSession {
  readonly options = signal<BenchmarkOptions>({ model: 'network', pace: 'thorough' });
  readonly status = signal<BenchmarkStatus>({ state: 'idle' });
  readonly results = signal<BenchmarkResults | undefined>(undefined);
  #worker: Worker | undefined;
  #started = 0;

  get running(): boolean {
    return this.#worker !== undefined;
  }

  choose(part: Partial<BenchmarkOptions>): void {
    this.options.value = { ...this.options.value, ...part };
  }

  start(): void {
    if (this.running) return;
    this.#started = performance.now();
    this.results.value = undefined;
    this.status.value = { state: 'running', progress: { done: 0, work: { kind: 'start' } } };
    let worker: Worker;
    try {
      worker = new Worker(WORKER, { type: 'module' });
    } catch (error) {
      console.info(error);
      this.status.value = { state: 'failed', problem: { kind: 'frame' } };
      return;
    }
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<BenchmarkReport>) => this.#receive(data));
    worker.addEventListener('error', () => {
      this.#end({ state: 'failed', problem: { kind: 'worker' } });
    });
    const commands: Command[] = [
      { type: 'remember', found: storedPlans() },
      { type: 'benchmark', options: this.options.value },
    ];
    for (const command of commands) worker.postMessage(command);
  }

  /** Ends the benchmark; its results so far stay. */
  cancel(by?: Interruption): void {
    if (this.running) this.#end({ state: 'cancelled', by });
  }

  #receive(report: BenchmarkReport): void {
    // A late message of a worker that has been ended.
    if (!this.running) return;
    switch (report.type) {
      case 'progress':
        this.status.value = { state: 'running', progress: report.progress };
        break;
      case 'results':
        this.results.value = report.results;
        if (report.finished)
          this.#end({ state: 'finished', seconds: (performance.now() - this.#started) / 1000 });
        break;
      case 'found':
        storePlan(report.key, report.candidate);
        break;
      case 'failed':
        this.#end({ state: 'failed', problem: report.problem });
    }
  }

  #end(status: BenchmarkStatus): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.status.value = status;
  }
}
