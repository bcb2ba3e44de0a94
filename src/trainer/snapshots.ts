import type { Engine, EngineState } from '../engine.ts';
import { momentCount, type TrainingSetup } from '../options/setup.ts';
import type { Checkpoint } from '../types.ts';

const DEFAULT_INTERVAL = 1000;
/** The longest delay of a timer; a longer one counts as none. */
const LONGEST_DELAY = 2 ** 31 - 1;
/** Share of the time that snapshots may take. */
const SHARE = 0.01;
/**
 * Milliseconds that a snapshot takes for each number in it: copying, mapping and decoding, on two
 * slow cores.
 */
const COST = 1e-5;

/** All that training follows from, besides its setup. */
export interface Snapshot {
  state: EngineState;
  /** Of the order of mini-batches. */
  seed: number;
}

/**
 * Copies of what training has come to, so that all after them can be repeated. Only the newest is
 * kept.
 */
export class Snapshots {
  readonly #setup: TrainingSetup;
  readonly #interval: number;
  #latest: Snapshot | undefined;
  #seed: number;
  #taken = performance.now();
  #pending = false;
  /** Counts the restored states: what was copied of an earlier one comes too late. */
  #restored = 0;

  /** @param interval milliseconds between two, at least */
  constructor(setup: TrainingSetup, interval = DEFAULT_INTERVAL) {
    this.#setup = setup;
    this.#seed = setup.seed;
    this.#interval = Math.max(interval, (numbersOf(setup) * COST) / SHARE);
  }

  /** The newest one, as callers get it. */
  get checkpoint(): Checkpoint {
    return checkpointOf(this.#setup, this.latest);
  }

  /** The newest one; the starting point where none has been taken yet. */
  get latest(): Snapshot {
    return this.#latest ?? { state: startOf(this.#setup), seed: this.#seed };
  }

  /** Of the order of mini-batches. */
  get seed(): number {
    return this.#seed;
  }

  /** Training goes on from here. The arrays are not to be changed any more. */
  restore(snapshot: Snapshot): void {
    this.#latest = snapshot;
    this.#seed = snapshot.seed;
    this.#taken = performance.now();
    this.#restored++;
  }

  /** Takes snapshots of whatever engine there is, now and then. @returns what ends that */
  begin(engine: () => Engine): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      const delay = this.#taken + this.#interval - performance.now();
      timer = setTimeout(look, Math.min(Math.max(0, delay), LONGEST_DELAY));
    };
    const look = () => {
      if (performance.now() >= this.#taken + this.#interval) this.#take(engine());
      wait();
    };
    // Runs may be too short for a timer.
    look();
    return () => clearTimeout(timer);
  }

  async #take(engine: Engine): Promise<void> {
    this.#taken = performance.now();
    // Behind long dispatches it takes its time.
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
      // Training that has diverged has no state to keep, and of a lost device others tell.
    } finally {
      this.#pending = false;
    }
  }
}

/** What a trainer gives away of a snapshot. */
export function checkpointOf({ optimizer, batchSize }: TrainingSetup, { state, seed }: Snapshot): Checkpoint {
  const { step, parameters, moments } = state;
  return { version: 1, step, seed, batchSize, parameters, optimizer: { name: optimizer.name, moments } };
}

/** What training starts from: nothing has moved yet. */
function startOf({ start, optimizer }: TrainingSetup): EngineState {
  const parameters = start();
  const moments = Array.from({ length: momentCount(optimizer) }, () =>
    parameters.map(({ weights, biases }) => ({
      weights: new Float64Array(weights.length),
      biases: new Float64Array(biases.length),
    })),
  );
  return { step: 0, parameters, moments };
}

/** Parameters and moments. */
function numbersOf({ sizes, optimizer }: TrainingSetup): number {
  const parameters = sizes.slice(1).reduce((sum, fanOut, layer) => sum + (sizes[layer] + 1) * fanOut, 0);
  return (1 + momentCount(optimizer)) * parameters;
}
