import { after } from '../delay.ts';
import type { Engine, EngineState } from '../engine.ts';
import { isFullBatch, momentCount, type TrainingSetup } from '../options/setup.ts';
import type { Checkpoint } from '../types.ts';

const DEFAULT_INTERVAL = 1000;
/** Share of the time that snapshots may take. */
const SHARE = 0.01;
/** Milliseconds to copy, map and decode one number of a snapshot on two slow cores. */
const COST = 1e-5;

/** Everything that the next steps depend on, except the setup. */
export interface Snapshot {
  state: EngineState;
  /** The seed of the order of mini-batches. */
  seed: number;
}

/**
 * Copies of the training state, from which the later steps can be repeated. Only the newest copy is
 * kept.
 */
export class Snapshots {
  readonly #setup: TrainingSetup;
  readonly #interval: number;
  #latest: Snapshot | undefined;
  #seed: number;
  #taken = performance.now();
  #pending = false;
  /** The number of calls of `restore`: a copy that was begun before a restore is dropped. */
  #restored = 0;

  /** @param interval the least number of milliseconds between two snapshots */
  constructor(setup: TrainingSetup, interval = DEFAULT_INTERVAL) {
    this.#setup = setup;
    this.#seed = setup.seed;
    this.#interval = Math.max(interval, (numbersOf(setup) * COST) / SHARE);
  }

  /** The newest snapshot as a public checkpoint. */
  get checkpoint(): Checkpoint {
    return checkpointOf(this.#setup, this.latest);
  }

  /** The newest snapshot, or the starting point before the first snapshot. */
  get latest(): Snapshot {
    return this.#latest ?? { state: startOf(this.#setup), seed: this.#seed };
  }

  /** The seed of the order of mini-batches. */
  get seed(): number {
    return this.#seed;
  }

  /** Replaces the newest snapshot. The caller must not change its arrays afterwards. */
  restore(snapshot: Snapshot): void {
    this.#latest = snapshot;
    this.#seed = snapshot.seed;
    this.#taken = performance.now();
    this.#restored++;
  }

  /** Takes snapshots of the present engine at each interval. @returns a function that stops this */
  begin(engine: () => Engine): () => void {
    let cancel = () => {};
    const wait = () => {
      const delay = this.#taken + this.#interval - performance.now();
      cancel = after(Math.max(0, delay), takeIfDue);
    };
    const takeIfDue = () => {
      if (performance.now() >= this.#taken + this.#interval) this.#take(engine());
      wait();
    };
    // A run may end before a timer fires.
    takeIfDue();
    return () => cancel();
  }

  async #take(engine: Engine): Promise<void> {
    this.#taken = performance.now();
    // A snapshot behind long dispatches may take longer than the interval.
    if (this.#pending) return;
    this.#pending = true;
    const [seed, restored] = [this.#seed, this.#restored];
    try {
      const state = await engine.state();
      const newer = state.step >= (this.#latest?.state.step ?? 0);
      if (restored !== this.#restored || !newer) return;
      this.#latest = { state, seed };
      this.#setup.settings.forget(state.step);
    } catch {
      // Diverged training has no state to keep. A lost device is reported by the call that trains.
    } finally {
      this.#pending = false;
    }
  }
}

/** A snapshot as a public checkpoint. */
export function checkpointOf(setup: TrainingSetup, { state, seed }: Snapshot): Checkpoint {
  const { settings, batchSize, askedBatchSize } = setup;
  const { step, parameters, moments } = state;
  return {
    version: 1,
    step,
    seed,
    batchSize,
    ...(isFullBatch(setup) && { fullBatch: true }),
    ...(askedBatchSize !== undefined && askedBatchSize > batchSize && { askedBatchSize }),
    parameters,
    optimizer: { name: settings.now.optimizer.name, moments },
  };
}

/** The starting parameters, with every moment 0. */
function startOf(setup: TrainingSetup): EngineState {
  const parameters = setup.start();
  const moments = Array.from({ length: momentCount(setup) }, () =>
    parameters.map(({ weights, biases }) => ({
      weights: new Float64Array(weights.length),
      biases: new Float64Array(biases.length),
    })),
  );
  return { step: 0, parameters, moments };
}

/** The number of parameters and moments in a snapshot. */
function numbersOf(setup: TrainingSetup): number {
  const { sizes } = setup;
  const parameters = sizes.slice(1).reduce((sum, fanOut, layer) => sum + (sizes[layer] + 1) * fanOut, 0);
  return (1 + momentCount(setup)) * parameters;
}
