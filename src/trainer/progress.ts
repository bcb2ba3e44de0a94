import { Divergence, type Engine } from '../engine.ts';
import type { TrainingSetup } from '../options/setup.ts';
import type { Measurement } from '../types.ts';
import { type Snapshot, Snapshots } from './snapshots.ts';

/** What training has come to, and what callers know of it, whichever engine carries it out. */
export class Progress {
  readonly snapshots: Snapshots;
  /** The last step that callers know of. */
  #known = 0;
  /** Counts the restored states: an answer about an earlier one says nothing of the present one. */
  #restored = 0;
  /**
   * The engine's run, which may still have measurements of an aborted call, and the states restored
   * before it.
   */
  #run: { measurements: AsyncGenerator<Measurement, void, void>; restored: number } | undefined;
  /** Whether the run had no measurement left when it was asked for the last time. */
  #ended: Promise<boolean> = Promise.resolve(true);
  /** The run measures before each step that this number divides, where given. */
  #every: number | undefined;
  /** The step of the last measurement of the run that has come. */
  #measured = -1;
  /** Measurements that have come and that callers have not been told, in order. */
  #untold: Measurement[] = [];

  /** @param interval milliseconds between two snapshots, at least */
  constructor(setup: TrainingSetup, interval?: number) {
    this.snapshots = new Snapshots(setup, interval);
  }

  /**
   * @returns what tells that callers know of a step now, unless another state has been restored
   * meanwhile
   */
  mark(step: number): () => void {
    const restored = this.#restored;
    return () => {
      if (restored === this.#restored) this.#known = Math.max(this.#known, step);
    };
  }

  restore(snapshot: Snapshot): void {
    this.snapshots.restore(snapshot);
    this.#restored++;
    this.#known = snapshot.state.step;
    this.#every = undefined;
    this.#untold = [];
  }

  /** A call begins to train from a step on. @param every as {@link Engine.run} has it */
  begin(step: number, every: number | undefined): void {
    this.#every = every;
    this.#measured = step - 1;
  }

  /** An engine trains up to a step. */
  start(engine: Engine, end: number, signal?: AbortSignal): void {
    const measurements = engine.run(lengthTo(engine, end), this.#every, signal);
    this.#run = { measurements, restored: this.#restored };
    this.#ended = Promise.resolve(false);
  }

  /** Waits for the next measurement. @returns whether there was none left */
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

  /** Waits for all measurements that the engine's run still has. @throws as the run does */
  async drain(): Promise<void> {
    // The last question may have been left without waiting for its answer.
    let ended = await this.#ended;
    while (!ended) ended = await this.next();
  }

  /** Ends the engine's run early: nobody wants the rest of its measurements. */
  async leave(): Promise<void> {
    this.#every = undefined;
    await this.#run?.measurements.return();
  }

  /** The next measurement to tell callers; undefined where they have been told all. */
  take(): Measurement | undefined {
    const measurement = this.#untold.shift();
    if (measurement) this.#known = Math.max(this.#known, measurement.step);
    return measurement;
  }

  /**
   * Repeats training on another engine, from the last snapshot to the step that callers know or
   * will be told of. Measurements that have not come yet are made on the way.
   * @returns the step of the snapshot
   */
  async repeat(engine: Engine): Promise<number> {
    const { state, seed } = this.snapshots.latest;
    await engine.restore(state, seed);
    const end = Math.max(this.#known, this.#untold[this.#untold.length - 1]?.step ?? 0);
    try {
      for await (const _ of engine.run(lengthTo(engine, Math.min(end, this.#measured + 1)), undefined));
      for await (const measurement of engine.run(lengthTo(engine, end), this.#every)) this.#add(measurement);
    } catch (error) {
      // The lost engine had diverged too, and nobody knew yet. The next call is told.
      if (!(error instanceof Divergence)) throw error;
    }
    return state.step;
  }

  #add(measurement: Measurement): void {
    // A repeated step may be measured again.
    if (measurement.step <= this.#measured) return;
    this.#measured = measurement.step;
    this.#untold.push(measurement);
  }
}

const lengthTo = ({ step }: Engine, end: number) => Math.max(0, end - step);
