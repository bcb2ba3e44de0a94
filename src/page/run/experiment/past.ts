import type { Checkpoint } from '../../../index.ts';
import { NonFiniteError } from '../../../index.ts';
import type { Network } from '../../settings/network.ts';
import type { Turn } from '../../settings/settings.ts';

/**
 * The most states that are kept, and the most bytes of them: a step of a run of an hour is then seconds of
 * training away, and a page with the largest network stays far below the memory of a phone's tab.
 */
export const MOST_STATES = 128;
export const MOST_BYTES = 2 ** 27;
/** The part of them that lies close before the step that was shown last. */
const NEAR_PART = 1 / 8;
/** Milliseconds from one kept state to the next, at least: a state is read back from the device. */
const APART = 100;
/** Steps that are trained again at once, without states on the way. */
const CLOSE = 8;
/** Seconds of training, and steps, after which the nearest picture is shown first. */
const SOON = 0.05;
const FEW_STEPS = 200;
/** Milliseconds in which another position replaces one that is not worth training for. */
const REST = 60;

/** A run whose earlier steps are trained again. */
export interface RepeatedRun {
  readonly step: number;
  readonly trainer: Network;
  readonly turns: readonly Turn[];
  /** Seconds of a step, guessed. */
  readonly stepSeconds: number;
  /** Gives the next steps the settings that the run had there, from the present state on or another one. */
  heed(state?: Checkpoint): Promise<void>;
  /** Runs work when all earlier work has ended. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

interface Watch {
  /** Aborted as soon as another step is wanted. */
  signal: AbortSignal;
  /** Shows the nearest kept state, which is not the wanted step. */
  showNear: () => Promise<void>;
}

/**
 * States of a run, from the nearest of which any step is trained again, to the same bits. While the run
 * grows every second state is dropped, so that they stay evenly spread.
 */
export class Past {
  readonly #first: Checkpoint;
  /** By rising step. */
  #kept: Checkpoint[] = [];
  /** A state is kept in each stretch of so many steps. */
  #spacing = 1;
  #keptAt = Number.NEGATIVE_INFINITY;
  /** States close before the step that was shown last: the steps before it are near, too. */
  #near: Checkpoint[] = [];
  #end: Checkpoint | undefined;

  /** @param first the state at the first step that can be shown */
  constructor(first: Checkpoint) {
    this.#first = first;
  }

  /** The last step of the run, while an earlier one is shown. */
  get end(): number | undefined {
    return this.#end?.step;
  }

  /** The steps of the states that are kept. */
  get steps(): number[] {
    return [...this.#kept, ...this.#near].map(({ step }) => step);
  }

  /** Keeps the present state of a run that trains, if it is far enough from the last one. */
  async keep(trainer: Network): Promise<void> {
    const now = performance.now();
    if (now - this.#keptAt < APART || !this.#fits(trainer)) return;
    if (mostOf(this.#first) * (1 - NEAR_PART) < 1) return;
    this.add(await trainer.save());
    this.#keptAt = now;
  }

  /** Whether a state is the first one after all others in its stretch. */
  #fits({ step }: { step: number }): boolean {
    const last = this.#kept[this.#kept.length - 1] ?? this.#first;
    return Math.floor(step / this.#spacing) > Math.floor(last.step / this.#spacing);
  }

  /** Adds a state after all others, and drops as many as are too many. */
  add(state: Checkpoint): void {
    if (!this.#fits(state)) return;
    this.#kept.push(state);
    const most = mostOf(state) * (1 - NEAR_PART);
    while (this.#kept.length > Math.max(1, most)) {
      this.#spacing *= 2;
      let stretch = -1;
      this.#kept = this.#kept.filter(({ step }) => {
        const before = stretch;
        stretch = Math.floor(step / this.#spacing);
        return stretch > before;
      });
    }
  }

  /** Makes the present step the end of the run. */
  cut(step: number): void {
    const before = (state: Checkpoint) => state.step <= step;
    this.#kept = this.#kept.filter(before);
    this.#near = this.#near.filter(before);
    this.#end = undefined;
  }

  /** Brings a run to a step between its first and its last one. After an abort it stands before that step. */
  async goTo(run: RepeatedRun, wanted: number, { signal, showNear }: Watch): Promise<void> {
    this.#end ??= await run.alone(() => lastState(run.trainer));
    const end = this.#end;
    const step = Math.min(Math.max(wanted, this.#first.step), end.step);
    const moved = await run.alone(() => this.#approach(run, step));
    const left = step - run.step;
    if (moved && (left > FEW_STEPS || left * run.stepSeconds > SOON)) {
      await showNear();
      await new Promise((resolve) => setTimeout(resolve, REST));
    }
    await run.alone(() => this.#repeat(run, step, signal));
    if (run.step === end.step) this.#end = undefined;
  }

  /** Restores the nearest state before a step, unless the run stands nearer. */
  async #approach(run: RepeatedRun, step: number): Promise<boolean> {
    const states = [this.#first, ...this.#kept, ...this.#near];
    if (this.#end?.step === step) states.push(this.#end);
    const nearest = states.reduce((best, state) =>
      state.step <= step && state.step >= best.step ? state : best,
    );
    if (run.step <= step && run.step >= nearest.step) return false;
    await run.heed(nearest);
    return true;
  }

  /** Trains up to a step, with the settings of each step, and keeps states close before it. */
  async #repeat(run: RepeatedRun, step: number, signal: AbortSignal): Promise<void> {
    const far = step - run.step > CLOSE;
    if (far) this.#near = [];
    try {
      while (run.step < step) {
        const turn = run.turns.find((turn) => turn.step > run.step);
        const left = step - run.step;
        const half = left > CLOSE ? Math.ceil(left / 2) : left;
        const steps = Math.min(half, (turn?.step ?? step) - run.step);
        signal.throwIfAborted();
        await run.trainer.train(steps, { signal });
        await run.heed();
        if (far && run.step < step) await this.#keepNear(run.trainer);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #keepNear(trainer: Network): Promise<void> {
    const most = Math.floor(mostOf(this.#first) * NEAR_PART);
    if (most > 0) this.#near = [...this.#near, await trainer.save()].slice(-most);
  }
}

/** How many states like this one may be kept. */
function mostOf({ parameters, optimizer }: Checkpoint): number {
  const bytes = [parameters, ...optimizer.moments]
    .flat()
    .reduce((sum, { weights, biases }) => sum + weights.byteLength + biases.byteLength, 0);
  return Math.min(MOST_STATES, Math.floor(MOST_BYTES / bytes));
}

/** The present state; after a divergence the last one whose numbers are finite. */
async function lastState(trainer: Network): Promise<Checkpoint> {
  try {
    return await trainer.save();
  } catch (error) {
    if (error instanceof NonFiniteError && error.checkpoint) return error.checkpoint;
    throw error;
  }
}
