import type { PlanName, Precision } from '../../../index.ts';
import { PASSES, weightCount } from '../../settings/work.ts';
import type { AdapterReport, Pace } from '../protocol.ts';
import { type Entrant, isOnCpu, type MeasuredNetwork, type Way, type Work } from './results.ts';

/**
 * Milliseconds of a repetition of steps: far above the clock's grain and the round trip at its end.
 */
export const REPETITION = { stages: 50, sweep: 20 };
/** Steps are repeated until so many milliseconds are over, and some times at least. */
export const ENOUGH = { stages: 12_000, sweep: 3000 };
export const FEW = 3;
/** The most milliseconds of a step that is timed. */
export const LONGEST_STEP = { stages: 4000, sweep: 1000 };

export const PACES = {
  thorough: {
    /** Repetitions of all stages, and of the steps alone. */
    stages: 10,
    steps: 10,
    sizes: [8, 16, 32, 64, 128, 256, 512, 1024],
    /** The precisions in which kernels are timed. */
    precisions: ['single', 'double'],
  },
  quick: { stages: 3, steps: 7, sizes: [8, 64, 512], precisions: ['single'] },
} as const;

/** The most threads that a trainer takes. */
const MOST_THREADS = 64;

export const PLANS: readonly PlanName[] = ['layered', 'fused', 'resident'];
const PRECISIONS = ['single', 'double'] as const;

/** What computes: the kind of the adapter, and the threads that the CPU may have. */
export interface Machine {
  gpu: 'card' | 'software' | 'none';
  threads: number;
}

/** Whether workers may share memory here, without which there is one thread. */
export const isIsolated = (): boolean => typeof SharedArrayBuffer !== 'undefined';

/** The threads that the CPU may have. */
export const threadsOf = ({ threads, isolated }: { threads: number; isolated: boolean }): number =>
  isolated ? Math.min(MOST_THREADS, threads) : 1;

export function machineOf(
  { backend, software }: Pick<AdapterReport, 'backend' | 'software'>,
  cores: number,
  isolated: boolean,
): Machine {
  const gpu = backend === 'cpu' ? 'none' : software ? 'software' : 'card';
  return { gpu, threads: threadsOf({ threads: cores, isolated }) };
}

function waysOn({ gpu, threads }: Machine): Way[] {
  const plans = gpu === 'none' ? [] : PLANS;
  return [...plans, 'cpu', ...(threads > 1 ? (['threads'] as const) : []), 'plain'];
}

/** All ways in both precisions. */
export const entrantsOn = (machine: Machine): Entrant[] =>
  PRECISIONS.flatMap((precision) => waysOn(machine).map((way) => ({ way, precision })));

/** The units of a hidden layer, if all hidden layers have as many. */
export function unitsOf({ sizes }: Pick<MeasuredNetwork, 'sizes'>): number | undefined {
  const [units, ...others] = sizes.slice(1, -1);
  return others.every((other) => other === units) ? units : undefined;
}

/** The sizes of the hidden layers that are compared, that of the network itself among them. */
export function sizesOf(pace: Pace, network: Pick<MeasuredNetwork, 'sizes'>): number[] {
  const { sizes } = PACES[pace];
  const own = unitsOf(network);
  return [...new Set([...sizes, ...(own === undefined ? [] : [own])])].sort((a, b) => a - b);
}

/** A part of the benchmark, as progress names it. */
type Part = Exclude<Work, { kind: 'start' }>;

/** About the multiply-adds a second on a laptop. */
const SPEEDS: Record<'card' | 'software' | 'cpu' | 'plain', Record<Precision, number>> = {
  card: { single: 3e11, double: 1e10 },
  software: { single: 4e9, double: 2e8 },
  cpu: { single: 1e10, double: 5e9 },
  plain: { single: 5e8, double: 5e8 },
};
/** About the milliseconds of a step on the GPU and on the CPU, however small it is. */
const STEP = { gpu: 0.1, cpu: 0.005 };
/** About the milliseconds in which a trainer is made on the GPU, and on the CPU. */
const MAKING = { card: 300, software: 800, cpu: 20 };
/** About the milliseconds of the measurement of the peak, and of a kernel's. */
const PEAK = 1500;
const KERNELS = 1500;
/** Runs until it is known how many steps are long enough, and those for the losses. */
const WARMING = 5;

/**
 * About the milliseconds that each part of a benchmark takes. An estimate on a machine that is not known:
 * what counts is how the parts compare.
 */
export class Program {
  readonly #pace: Pace;
  readonly #network: Pick<MeasuredNetwork, 'sizes' | 'batch'>;
  readonly #machine: Machine;

  constructor(pace: Pace, network: Pick<MeasuredNetwork, 'sizes' | 'batch'>, machine: Machine) {
    this.#pace = pace;
    this.#network = network;
    this.#machine = machine;
  }

  /** The sum of all parts. */
  get milliseconds(): number {
    const { stages, steps, precisions } = PACES[this.#pace];
    const entrants = entrantsOn(this.#machine);
    const ofAll = (kind: 'prepare' | 'stages' | 'steps') =>
      entrants.reduce((sum, entrant) => sum + this.of({ kind, entrant, repetition: 0, of: 0 }), 0);
    const sizes = sizesOf(this.#pace, this.#network).map((hidden) => this.of({ kind: 'sizes', hidden }));
    const kernels = PLANS.flatMap((way) =>
      precisions.map((precision) => this.of({ kind: 'kernels', entrant: { way, precision } })),
    );
    const gpu = [this.of({ kind: 'peak' }), ...kernels];
    return [
      ofAll('prepare'),
      stages * ofAll('stages'),
      (steps - stages) * ofAll('steps'),
      ...sizes,
      ...(this.#machine.gpu === 'none' ? [] : gpu),
    ].reduce((sum, part) => sum + part, 0);
  }

  of(part: Part): number {
    switch (part.kind) {
      case 'prepare':
        return this.#preparing(part.entrant, this.#network.sizes, 'stages');
      case 'stages':
      case 'steps':
        return this.#repeating(part.entrant, part.kind);
      case 'sizes':
        return this.#size(part.hidden);
      case 'peak':
        return PEAK;
      case 'kernels':
        return this.#kernels(part.entrant);
    }
  }

  /** A step of a network with such layers, if it is not too long. */
  #step({ way, precision }: Entrant, sizes: readonly number[]): number {
    const terms = PASSES * weightCount(sizes) * this.#network.batch;
    if (!isOnCpu(way)) {
      const { gpu } = this.#machine;
      return STEP.gpu + (1000 * terms) / SPEEDS[gpu === 'card' ? 'card' : 'software'][precision];
    }
    const speed = SPEEDS[way === 'plain' ? 'plain' : 'cpu'][precision];
    // Threads share work, but seldom all of it.
    const shared = way === 'threads' ? Math.sqrt(this.#machine.threads) : 1;
    return STEP.cpu + (1000 * terms) / (speed * shared);
  }

  #making({ way }: Entrant): number {
    const { gpu } = this.#machine;
    return isOnCpu(way) || gpu === 'none' ? MAKING.cpu : MAKING[gpu];
  }

  #preparing(entrant: Entrant, sizes: readonly number[], phase: 'stages' | 'sweep'): number {
    const step = this.#step(entrant, sizes);
    const making = this.#making(entrant);
    if (step > LONGEST_STEP[phase]) return making + LONGEST_STEP[phase];
    return making + WARMING * Math.max(REPETITION[phase], step);
  }

  #repeating(entrant: Entrant, kind: 'stages' | 'steps'): number {
    const step = this.#step(entrant, this.#network.sizes);
    if (step > LONGEST_STEP.stages) return 0;
    const steps = Math.max(REPETITION.stages, step);
    const repetition = kind === 'steps' ? steps : steps + 2 * this.#making(entrant) + step;
    const most = ENOUGH.stages / PACES[this.#pace][kind];
    return Math.min(repetition, Math.max(most, FEW * step));
  }

  #kernels(entrant: Entrant): number {
    const step = this.#step(entrant, this.#network.sizes);
    return step > LONGEST_STEP.sweep ? 0 : KERNELS + 2 * PACES[this.#pace].stages * step;
  }

  #size(hidden: number): number {
    const { sizes } = this.#network;
    const inside = sizes.slice(1, -1).fill(hidden);
    const wide = [sizes[0], ...(inside.length > 0 ? inside : [hidden]), sizes[sizes.length - 1]];
    // The times of the network itself are there already.
    if (hidden === unitsOf(this.#network)) return 0;
    return waysOn(this.#machine)
      .map((way): Entrant => ({ way, precision: 'single' }))
      .reduce((sum, entrant) => {
        const step = this.#step(entrant, wide);
        const repeated =
          step > LONGEST_STEP.sweep
            ? 0
            : Math.min(
                PACES[this.#pace].steps * Math.max(REPETITION.sweep, step),
                Math.max(ENOUGH.sweep, FEW * step),
              );
        return sum + this.#preparing(entrant, wide, 'sweep') + repeated;
      }, 0);
  }
}
