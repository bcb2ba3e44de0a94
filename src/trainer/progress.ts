import { type AnyMeasurement, Divergence, type Engine, type Reports } from '../engine.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { type Snapshot, Snapshots } from './snapshots.ts';

/**
 * The progress of training across engines: the snapshots, the steps and measurements that have been
 * reported to callers, and those that have not.
 */
export class Progress {
  readonly snapshots: Snapshots;
  /** The last step that a caller has received a result of. */
  #reported = 0;
  /**
   * The number of calls of `restore`: a result from before a restore says nothing about the present
   * state.
   */
  #restored = 0;
  /**
   * The engine's run, which may still have measurements of an aborted call, with `#restored` at its
   * start.
   */
  #run: { measurements: AsyncGenerator<AnyMeasurement, void, void>; restored: number } | undefined;
  /** Whether the last call of `next` found the end of the run. */
  #ended: Promise<boolean> = Promise.resolve(true);
  /** The measurements of the run, and the step that it ends before; undefined: none. */
  #reports: { wanted: Reports; end: number } | undefined;
  /** The step of the last measurement that has arrived from the run. */
  #measured = -1;
  /** Measurements that have arrived but are not reported yet, in order. */
  #pending: AnyMeasurement[] = [];

  /** @param interval the least number of milliseconds between two snapshots */
  constructor(setup: TrainingSetup, interval?: number) {
    this.snapshots = new Snapshots(setup, interval);
  }

  /**
   * @returns a function that counts the step as reported, unless another state has been restored
   * since
   */
  mark(step: number): () => void {
    const restored = this.#restored;
    return () => {
      if (restored === this.#restored) this.#reported = Math.max(this.#reported, step);
    };
  }

  restore(snapshot: Snapshot): void {
    this.snapshots.restore(snapshot);
    this.#restored++;
    this.#reported = snapshot.state.step;
    this.#reports = undefined;
    this.#pending = [];
  }

  /** Begins a call that trains from `step` to before `end`. @param reports as in {@link Engine.run} */
  begin(step: number, end: number, reports: Reports | undefined): void {
    this.#reports = reports && { wanted: reports, end };
    this.#measured = step - 1;
  }

  /** Starts the engine's run up to step `end`. */
  start(engine: Engine, end: number, signal?: AbortSignal): void {
    const measurements = engine.run(lengthTo(engine, end), this.#reportsTo(end), signal);
    this.#run = { measurements, restored: this.#restored };
    this.#ended = Promise.resolve(false);
  }

  /** Waits for the next measurement. @returns whether the run has ended instead */
  next(): Promise<boolean> {
    this.#ended = this.#next();
    return this.#ended;
  }

  async #next(): Promise<boolean> {
    if (!this.#run) return true;
    const { measurements, restored } = this.#run;
    const { done, value } = await measurements.next();
    if (value && restored === this.#restored) this.#add(value);
    return done === true;
  }

  /** Waits for all remaining measurements of the engine's run. @throws the errors of the run */
  async drain(): Promise<void> {
    // An abort may have left the last call of `next` unfinished.
    let ended = await this.#ended;
    while (!ended) ended = await this.next();
  }

  /** Ends the engine's run early and drops its remaining measurements. */
  async leave(): Promise<void> {
    this.#reports = undefined;
    await this.#run?.measurements.return();
  }

  /** The next measurement to report; undefined if none is pending. */
  take(): AnyMeasurement | undefined {
    const measurement = this.#pending.shift();
    if (measurement) this.#reported = Math.max(this.#reported, measurement.step);
    return measurement;
  }

  /**
   * Repeats training on another engine, from the last snapshot to the last reported or pending
   * step, and makes the measurements that have not arrived.
   * @returns the step of the snapshot
   */
  async repeat(engine: Engine): Promise<number> {
    const { state, seed } = this.snapshots.latest;
    await engine.restore(state, seed);
    const end = Math.max(this.#reported, this.#pending[this.#pending.length - 1]?.step ?? 0);
    try {
      for await (const _ of engine.run(lengthTo(engine, Math.min(end, this.#measured + 1)), undefined));
      const reports = this.#reportsTo(end);
      for await (const measurement of engine.run(lengthTo(engine, end), reports)) this.#add(measurement);
    } catch (error) {
      // The lost engine had diverged too, but had not reported it. The next call throws the error.
      if (!(error instanceof Divergence)) throw error;
    }
    return state.step;
  }

  /** The measurements of a part of the run that ends before step `end`. */
  #reportsTo(end: number): Reports | undefined {
    if (!this.#reports) return undefined;
    const { wanted } = this.#reports;
    return { ...wanted, last: wanted.last && end === this.#reports.end };
  }

  #add(measurement: AnyMeasurement): void {
    // A step that is repeated must not be reported twice.
    if (measurement.step <= this.#measured) return;
    this.#measured = measurement.step;
    this.#pending.push(measurement);
  }
}

const lengthTo = ({ step }: Engine, end: number) => Math.max(0, end - step);
