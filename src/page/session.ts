import { type Signal, signal } from '@preact/signals';
import type { Measurement } from '../index.ts';
import { BenchmarkSession } from './benchmark/session.ts';
import { storedPlans, storePlan } from './found-plans.ts';
import { MODEL_NAMES, PRECISION_NAMES, type RunKey, runKey } from './models.ts';
import { WORKER_FAILED } from './problems.ts';
import type {
  AdapterReport,
  Choice,
  Command,
  Problem,
  Report,
  RunStatus,
  TimingStatus,
  Way,
} from './protocol.ts';

/** Milliseconds between pictures, at least. */
const FRAME_INTERVAL = 100;
const CALM_FRAME_INTERVAL = 1000;

/** What is known of one run. */
export interface RunView {
  status: RunStatus;
  latest?: Measurement;
  /** The loss curve so far, by rising step. */
  points: Measurement[];
  evidence?: Float32Array;
  stepsPerSecond?: number;
  way?: Way;
  timing: TimingStatus;
  problem?: Problem;
}

const UNKNOWN: RunView = { status: 'preparing', points: [], timing: { state: 'idle' } };

/** The page's state, and the way to the worker that trains. */
export class Session {
  readonly choice = signal<Choice>({ model: 'network', precision: 'single' });
  readonly benchmark = new BenchmarkSession();
  readonly adapter = signal<AdapterReport | undefined>(undefined);
  readonly #runs: Record<RunKey, Signal<RunView>> = {
    'linear single': signal(UNKNOWN),
    'linear double': signal(UNKNOWN),
    'network single': signal(UNKNOWN),
    'network double': signal(UNKNOWN),
  };
  readonly #worker: Worker;

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'training' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Report>) => this.#receive(data));
    this.#worker.addEventListener('error', () => {
      for (const model of MODEL_NAMES) {
        for (const precision of PRECISION_NAMES)
          this.#change({ model, precision }, { status: 'failed', problem: WORKER_FAILED });
      }
    });
    this.#send({ type: 'remember', found: storedPlans() });
    this.#send({ type: 'open', choice: this.choice.value });
  }

  /** What is known of the run that is shown. */
  get run(): RunView {
    return this.#runs[runKey(this.choice.value)].value;
  }

  /** Shows another run; the one that was training stands where it was paused. */
  choose(part: Partial<Choice>): void {
    this.choice.value = { ...this.choice.value, ...part };
    this.#send({ type: 'open', choice: this.choice.value });
  }

  /** One of the two at a time: what else computes would be measured too. */
  startBenchmark(): void {
    this.pause();
    this.benchmark.start();
  }

  train(): void {
    this.#interruptBenchmark();
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const frameInterval = calm ? CALM_FRAME_INTERVAL : FRAME_INTERVAL;
    // At once, so that the press is answered even while the worker is busy; the worker says what came of it.
    this.#change(this.choice.value, { status: 'starting' });
    this.#send({ type: 'train', choice: this.choice.value, frameInterval });
  }

  pause(): void {
    this.#send({ type: 'pause' });
  }

  step(): void {
    this.#interruptBenchmark();
    this.#send({ type: 'step', choice: this.choice.value });
  }

  rewind(): void {
    this.#send({ type: 'rewind', choice: this.choice.value });
  }

  time(): void {
    this.#interruptBenchmark();
    this.#send({ type: 'time', choice: this.choice.value });
  }

  #interruptBenchmark(): void {
    this.benchmark.cancel('Ended, because training went on.');
  }

  #send(command: Command): void {
    this.#worker.postMessage(command);
  }

  #receive(report: Report): void {
    switch (report.type) {
      case 'adapter':
        this.adapter.value = report.adapter;
        break;
      case 'status':
        this.#change(report.choice, { status: report.status });
        break;
      case 'timing':
        this.#change(report.choice, { timing: report.status });
        break;
      case 'problem':
        this.#change(report.choice, { status: 'failed', problem: report.problem });
        break;
      case 'frame': {
        const { choice, fresh, latest, points, evidence, stepsPerSecond, way, status } = report;
        const before = fresh ? [] : this.#runs[runKey(choice)].value.points;
        this.#change(choice, {
          latest,
          points: points.reduce(append, before.slice()),
          evidence,
          stepsPerSecond,
          way,
          problem: undefined,
          ...(status && { status }),
        });
        break;
      }
      case 'found':
        storePlan(report.key, report.candidate);
    }
  }

  #change(choice: Choice, part: Partial<RunView>): void {
    const run = this.#runs[runKey(choice)];
    run.value = { ...run.value, ...part };
  }
}

/** Adds a point; a run that goes on from a step measured before reports that step again. */
function append(points: Measurement[], point: Measurement): Measurement[] {
  while (points.length > 0 && points[points.length - 1].step >= point.step) points.pop();
  points.push(point);
  return points;
}
