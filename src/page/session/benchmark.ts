import { signal } from '@preact/signals';
import type { AnyDataset } from '../../index.ts';
import { machineOf, Program } from '../run/benchmark/program.ts';
import type { BenchmarkProgress, BenchmarkReport, BenchmarkResults } from '../run/benchmark/results.ts';
import { storedPlans, storePlan } from '../run/found-plans.ts';
import type { BenchmarkOptions, Command, Problem } from '../run/protocol.ts';
import type { Settings } from '../settings/settings.ts';
import { thinned } from '../settings/thinned.ts';
import { WORKER } from './worker-file.ts';

/** The most inputs of the rows of Train: every entrant has a copy of them. */
const MOST_NUMBERS = 4_000_000;

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
  readonly options = signal<Required<BenchmarkOptions>>({
    model: 'network',
    pace: 'thorough',
    own: { hidden: 256, points: 1000, features: 32 },
  });
  readonly status = signal<BenchmarkStatus>({ state: 'idle' });
  readonly results = signal<BenchmarkResults | undefined>(undefined);
  /** How many times as long as expected the last benchmark took on this machine. */
  readonly slowness = signal(1);
  #worker: Worker | undefined;
  #started = 0;

  get running(): boolean {
    return this.#worker !== undefined;
  }

  choose(part: Partial<BenchmarkOptions>): void {
    this.options.value = { ...this.options.value, ...part };
  }

  /** @param settings of Train, and its training rows */
  start(settings: Settings, rows: AnyDataset | undefined): void {
    if (this.running) return;
    const { own, ...options } = this.options.value;
    const data = rows && thinned(rows, MOST_NUMBERS);
    const trained = options.model === 'train' && data ? { settings, data, of: rows.count } : undefined;
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
      {
        type: 'benchmark',
        options: { ...options, ...(options.model === 'own' && { own }) },
        trained,
      },
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
        if (report.finished) this.#finish(report.results);
        break;
      case 'found':
        storePlan(report.key, report.candidate);
        break;
      case 'failed':
        this.#end({ state: 'failed', problem: report.problem });
    }
  }

  #finish({ options, network, adapter, threads, isolated }: BenchmarkResults): void {
    const milliseconds = performance.now() - this.#started;
    const program = new Program(options.pace, network, machineOf(adapter, threads, isolated));
    this.slowness.value = milliseconds / program.milliseconds;
    this.#end({ state: 'finished', seconds: milliseconds / 1000 });
  }

  #end(status: BenchmarkStatus): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.status.value = status;
  }
}
