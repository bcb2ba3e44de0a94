import { repeatFor } from '../../measure/repeat.ts';
import { createNetwork, measure, type Network, type NetworkOptions } from '../settings/network.ts';
import { type Spread, spread } from './statistics.ts';

/**
 * Steps after which losses are compared, at the most: early enough that rounding has not been
 * amplified.
 */
export const AGREEMENT_STEPS = 100;

/** A network that some library trains. */
export interface TrainingSession {
  /** Work before each timing, which is not timed. */
  prepare?(): Promise<unknown>;
  /**
   * Applies `steps` updates. Resolves when all of them have run and a result has been read back.
   */
  train(steps: number): Promise<void>;
  /** Data loss plus L2 term at the present parameters. */
  loss(): Promise<number>;
  destroy(): void;
}

/** A session under the clock. */
export class Contestant<S extends TrainingSession = TrainingSession> {
  readonly session: S;
  /** Steps of a timing. */
  steps = 1;
  /** Milliseconds a step, one number for each timing. */
  readonly timings: number[] = [];

  constructor(session: S) {
    this.session = session;
  }

  /** The median and quartiles of the timings. @throws {RangeError} if there are none */
  get spread(): Spread {
    return spread(this.timings);
  }

  /**
   * Trains until compilers have seen the code often enough, and finds how many steps make a timing.
   * @param least milliseconds of a timing: far above the clock's grain and the round trip at its
   * end
   * @param budget the most milliseconds for the warm-up
   * @returns the milliseconds of a step
   */
  async warmUp(least: number, budget?: number): Promise<number> {
    const { times, milliseconds } = await repeatFor(least, (steps) => this.run(steps), { budget });
    this.steps = times;
    return milliseconds / times;
  }

  /** Takes a timing. @returns its milliseconds */
  async time(): Promise<number> {
    const milliseconds = await this.run(this.steps);
    this.timings.push(milliseconds / this.steps);
    return milliseconds;
  }

  /** Milliseconds of `steps` steps. */
  async run(steps: number): Promise<number> {
    // A new task: work that other contestants have left to the event loop runs before.
    await new Promise((resolve) => setTimeout(resolve));
    await this.session.prepare?.();
    const start = performance.now();
    await this.session.train(steps);
    return performance.now() - start;
  }

  /** The loss `steps` steps after the parameters at which timings start. */
  async lossAfter(steps: number): Promise<number> {
    await this.run(steps);
    return this.session.loss();
  }
}

/**
 * Lets contestants take turns, forwards and backwards, so that a slow drift of clock or temperature
 * meets all of them alike.
 * @param turn is called with a contestant and the round, from 1 on
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

/** A trainer of this library. All its timings start at the same parameters. */
export interface TrainerSession extends TrainingSession {
  trainer: Network;
}

/**
 * Makes a trainer and has it find the fastest way to train.
 * @param signal ends its calls
 * @throws as createTrainer, and the signal's reason after an abort
 */
export async function trainerSession(options: NetworkOptions, signal?: AbortSignal): Promise<TrainerSession> {
  // A recovery would measure another device.
  const trainer = await createNetwork({ ...options, recovery: false });
  try {
    await trainer.tune();
    const initial = await trainer.save();
    return {
      trainer,
      prepare: () => trainer.restore(initial),
      // `train` reads back whether training has diverged.
      train: (steps) => trainer.train(steps, { signal }),
      loss: async () => (await measure(trainer)).loss,
      destroy: () => trainer.destroy(),
    };
  } catch (error) {
    trainer.destroy();
    throw error;
  }
}
