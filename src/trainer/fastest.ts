import { Divergence, type Engine } from '../engine.ts';
import { repeatFor } from '../measure/repeat.ts';
import { DEFAULT_BUDGET } from '../options/backend.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { NonFiniteError } from '../training-errors.ts';
import type { TunedCandidate, Tuning, TuningOptions } from '../types.ts';

/** Milliseconds that a measurement of steps must take, so that the clock and short breaks count little. */
const LEAST_TIME = 15;
/** How often each engine is measured, in turns. */
const ROUNDS = 2;
/** The learning rate of trial steps where a function gives that of training. */
const TRIAL_LEARNING_RATE = 0.01;
/** The times of a step that count as the same. */
const TIE = 1.1;

/** The times of a step on both backends, and the reason for the chosen one. */
export class Comparison {
  readonly candidates: TunedCandidate[];
  readonly reason: string;

  constructor(candidates: TunedCandidate[], reason: string) {
    this.candidates = candidates;
    this.reason = reason;
  }

  /** The choice of the backend, then that of its plan. */
  before(tuning: Tuning): Tuning {
    const candidates = [...this.candidates, ...tuning.candidates];
    return { ...tuning, reason: `${this.reason}; ${tuning.reason}`, candidates };
  }
}

/**
 * The faster of an engine on the GPU and one on the CPU, and why; the other one is destroyed, and both if
 * the measurement fails.
 */
export async function fasterEngine(
  gpu: Engine,
  onCpu: () => Promise<Engine>,
  setup: TrainingSetup,
  tuning: false | TuningOptions,
  signal: AbortSignal | undefined,
): Promise<{ engine: Engine; comparison: Comparison }> {
  const { budget = DEFAULT_BUDGET } = tuning || { budget: 0 };
  let cpu: Engine | undefined;
  let engine: Engine | undefined;
  try {
    cpu = await onCpu();
    const found = await compareEngines(gpu, cpu, setup, budget, signal);
    engine = found.engine;
    return found;
  } finally {
    for (const each of [gpu, cpu]) if (each !== engine) each?.destroy();
  }
}

/**
 * Measures the steps of two engines that stand at the same step, in turns, and puts both back to
 * where they were.
 *
 * @param setup of both; a function for the learning rate is not called
 * @param budget milliseconds of measuring in total, after each engine's first steps
 * @returns the faster one, and why; a tie counts for the GPU, which leaves the CPU free
 */
export async function compareEngines(
  gpu: Engine,
  cpu: Engine,
  { seed, settings }: Pick<TrainingSetup, 'seed' | 'settings'>,
  budget: number,
  signal: AbortSignal | undefined,
): Promise<{ engine: Engine; comparison: Comparison }> {
  const engines = [gpu, cpu];
  const times = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const states = await Promise.all(engines.map((engine) => engine.state()));
  await gpu.tune();
  const { now } = settings;
  if (typeof now.learningRate === 'function') {
    settings.become({ ...now, learningRate: TRIAL_LEARNING_RATE });
  }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, engine] of engines.entries()) {
        const back = () => engine.restore(states[i], seed);
        const time = await timeOf(engine, back, budget / (2 * ROUNDS), signal);
        times[i] = Math.min(times[i], time);
      }
    }
  } finally {
    settings.become(now);
  }
  const [gpuTime, cpuTime] = times;
  const names = ['the GPU', 'the CPU'];
  const candidates = names.map((name, i) => ({ name, milliseconds: times[i] }));
  const told = names.map((name, i) => `${times[i].toPrecision(2)} ms on ${name}`).join(', ');
  const engine = gpuTime <= cpuTime * TIE ? gpu : cpu;
  return { engine, comparison: new Comparison(candidates, `a step takes ${told}`) };
}

/** Milliseconds of a step, the least of some; the engine is then where it was. */
async function timeOf(
  engine: Engine,
  back: () => Promise<void>,
  budget: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const run = async (steps: number) => {
    const start = performance.now();
    try {
      // The measurement at the end waits for the steps on the GPU, and costs both about a step.
      const reports = {
        every: Number.MAX_SAFE_INTEGER,
        last: true,
        measure: 'batch',
        parameters: false,
      } as const;
      for await (const _ of engine.run(steps, reports, signal));
    } catch (error) {
      // Training that diverges takes as long.
      if (!(error instanceof Divergence || error instanceof NonFiniteError)) throw error;
    }
    const time = performance.now() - start;
    await back();
    return time;
  };
  await run(1);
  const { times, milliseconds } = await repeatFor(LEAST_TIME, run, { budget });
  return milliseconds / times;
}
