import { type Signal, signal } from '@preact/signals';
import type { Measurement } from '../index.ts';
import { MODEL_NAMES } from './models.ts';
import { WORKER_FAILED } from './problems.ts';
import type { AdapterReport, Command, Model, Problem, Report, RunStatus, TimingStatus } from './protocol.ts';

/** Milliseconds between pictures, at least. */
const FRAME_INTERVAL = 100;
const CALM_FRAME_INTERVAL = 1000;

/** What is known of one model's run. */
export interface RunView {
  status: RunStatus;
  latest?: Measurement;
  /** The loss curve so far, by rising step. */
  points: Measurement[];
  evidence?: Float32Array;
  stepsPerSecond?: number;
  timing: TimingStatus;
  problem?: Problem;
}

const UNKNOWN: RunView = { status: 'preparing', points: [], timing: { state: 'idle' } };

/** The page's state, and the way to the worker that trains. */
export class Session {
  readonly model = signal<Model>('network');
  readonly adapter = signal<AdapterReport | undefined>(undefined);
  readonly runs: Record<Model, Signal<RunView>> = { linear: signal(UNKNOWN), network: signal(UNKNOWN) };
  readonly #worker: Worker;

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'training' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Report>) => this.#receive(data));
    this.#worker.addEventListener('error', () => {
      for (const model of MODEL_NAMES) this.#change(model, { status: 'failed', problem: WORKER_FAILED });
    });
    this.#send({ type: 'open', model: this.model.value });
  }

  /** Shows the other model; the one that was training stands where it was paused. */
  choose(model: Model): void {
    this.model.value = model;
    this.#send({ type: 'open', model });
  }

  train(): void {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const frameInterval = calm ? CALM_FRAME_INTERVAL : FRAME_INTERVAL;
    // At once, so that the press is answered even while the worker is busy; the worker says what came of it.
    this.#change(this.model.value, { status: 'starting' });
    this.#send({ type: 'train', model: this.model.value, frameInterval });
  }

  pause(): void {
    this.#send({ type: 'pause' });
  }

  step(): void {
    this.#send({ type: 'step', model: this.model.value });
  }

  rewind(): void {
    this.#send({ type: 'rewind', model: this.model.value });
  }

  time(): void {
    this.#send({ type: 'time', model: this.model.value });
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
        this.#change(report.model, { status: report.status });
        break;
      case 'timing':
        this.#change(report.model, { timing: report.status });
        break;
      case 'problem':
        this.#change(report.model, { status: 'failed', problem: report.problem });
        break;
      case 'frame': {
        const { model, fresh, latest, points, evidence, stepsPerSecond } = report;
        const before = fresh ? [] : this.runs[model].value.points;
        this.#change(model, {
          latest,
          points: points.reduce(append, before.slice()),
          evidence,
          stepsPerSecond,
          problem: undefined,
        });
      }
    }
  }

  #change(model: Model, part: Partial<RunView>): void {
    const run = this.runs[model];
    run.value = { ...run.value, ...part };
  }
}

/** Adds a point; a run that goes on from a step measured before reports that step again. */
function append(points: Measurement[], point: Measurement): Measurement[] {
  while (points.length > 0 && points[points.length - 1].step >= point.step) points.pop();
  points.push(point);
  return points;
}
