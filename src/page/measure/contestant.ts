import { createTrainer, type Trainer, type TrainerOptions } from '../../index.ts';
import { repeatFor } from '../../measure/repeat.ts';
import { type Spread, spread } from './statistics.ts';

/** A network in training, by whatever library. */
export interface Session {
  /** What is done before each timing and is no part of it. */
  prepare?(): Promise<unknown>;
  /**
   * Applies `steps` updates. Resolves when all of them have been done and something was read back.
   */
  train(steps: number): Promise<void>;
  /** Data loss plus L2 term at the present parameters. */
  loss(): Promise<number>;
  destroy(): void;
}

/** A session under the clock. */
export class Contestant<S extends Session = Session> {
  readonly session: S;
  /** Steps of a timing. */
  steps = 1;
  /** Milliseconds a step, one number for each timing. */
  readonly timings: number[] = [];

  constructor(session: S) {
    this.session = session;
  }

  /** What the timings came to. @throws {RangeError} if there are none */
  get spread(): Spread {
    return spread(this.timings);
  }

  /**
   * Trains until compilers have seen the code often enough, and finds how many steps make a timing.
   * @param least milliseconds of a timing: far above the clock's grain and the round trip at its
   * end
   * @param budget milliseconds that this may take
   */
  async warmUp(least: number, budget?: number): Promise<void> {
    this.steps = (await repeatFor(least, (steps) => this.run(steps), { budget })).times;
  }

  /** Takes a timing. @returns its milliseconds */
  async time(): Promise<number> {
    const milliseconds = await this.run(this.steps);
    this.timings.push(milliseconds / this.steps);
    return milliseconds;
  }

  /** Milliseconds that so many steps take. */
  async run(steps: number): Promise<number> {
    // A task of its own: what others have left for the event loop to do is done before.
    await new Promise((resolve) => setTimeout(resolve));
    await this.session.prepare?.();
    const start = performance.now();
    await this.session.train(steps);
    return performance.now() - start;
  }

  /** The loss after so many steps from where a timing starts. */
  async lossAfter(steps: number): Promise<number> {
    await this.run(steps);
    return this.session.loss();
  }
}

/**
 * Lets contestants take turns, there and back, so that what drifts meanwhile, a clock or a
 * temperature, meets all of them alike.
 * @param turn is one contestant's, in rounds from 1 on
 */
export async function takeTurns<T>(
  contestants: readonly T[],
  rounds: number,
  turn: (contestant: T, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed())
      await turn(contestant, round);
  }
}

/** A trainer of this library, whose timings all start at the same parameters. */
export interface TrainerSession extends Session {
  trainer: Trainer;
}

/**
 * Makes a trainer and has it find the fastest way to train.
 * @param signal ends its calls
 * @throws as createTrainer, and the signal's reason after an abort
 */
export async function trainerSession(options: TrainerOptions, signal?: AbortSignal): Promise<TrainerSession> {
  // What is measured is this device, and no other.
  const trainer = await createTrainer({ ...options, recovery: false });
  try {
    await trainer.tune();
    const initial = await trainer.save();
    return {
      trainer,
      prepare: () => trainer.restore(initial),
      // It reads back whether training has diverged.
      train: (steps) => trainer.train(steps, { signal }),
      loss: async () => (await trainer.measure()).loss,
      destroy: () => trainer.destroy(),
    };
  } catch (error) {
    trainer.destroy();
    throw error;
  }
}
