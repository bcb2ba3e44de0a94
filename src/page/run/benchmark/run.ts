import {
  caseStudy,
  DeviceLostError,
  measurePeak,
  type PlanName,
  type TrainerOptions,
  timeKernels,
  VERSION,
} from '../../../index.ts';
import { AGREEMENT_STEPS, takeTurns } from '../../measure/contestant.ts';
import { spread } from '../../measure/statistics.ts';
import { GpuAccess } from '../adapter.ts';
import type { PlanCache } from '../found-plans.ts';
import type { AdapterReport, BenchmarkOptions, Problem } from '../protocol.ts';
import { browserOf } from './browser.ts';
import { EntrantRun } from './entrant-run.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { BenchmarkReport, BenchmarkResults, Entrant } from './results.ts';

/**
 * Milliseconds of a repetition of steps: far above the clock's grain and the round trip at its end.
 */
const REPETITION = { stages: 50, sweep: 20 };

const PACES = {
  thorough: {
    repetitions: 10,
    sizes: [8, 16, 32, 64, 128, 256, 512, 1024],
    precisions: ['single', 'double'],
  },
  quick: { repetitions: 3, sizes: [8, 64, 512], precisions: ['single'] },
} as const;

const PLANS: readonly PlanName[] = ['layered', 'fused', 'resident'];
const PRECISIONS = ['single', 'double'] as const;

/**
 * Measures the case study, then networks of other sizes, then each kernel, on the adapter that the
 * browser gives and on the CPU. Each part of the results is posted at once.
 */
export async function runBenchmark(
  options: BenchmarkOptions,
  cache: PlanCache,
  post: (report: BenchmarkReport) => void,
): Promise<void> {
  const { device, report } = await new GpuAccess().get();
  try {
    await new Benchmark(options, cache, post, device, report).run();
  } catch (error) {
    console.info(error);
    const problem: Problem = { kind: error instanceof DeviceLostError ? 'lost' : 'unknown' };
    post({ type: 'failed', problem });
  }
}

class Benchmark {
  readonly #pace: (typeof PACES)[keyof typeof PACES];
  readonly #resources: { device: GPUDevice | undefined; cache: PlanCache };
  readonly #study: TrainerOptions;
  readonly #post: (report: BenchmarkReport) => void;
  readonly #results: BenchmarkResults;
  readonly #meter: ProgressMeter;
  /** All plans and the CPU, in both precisions. */
  readonly #entrants: Entrant[];

  constructor(
    options: BenchmarkOptions,
    cache: PlanCache,
    post: (report: BenchmarkReport) => void,
    device: GPUDevice | undefined,
    adapter: AdapterReport,
  ) {
    this.#pace = PACES[options.pace];
    this.#resources = { device, cache };
    this.#study = caseStudy[options.model].options;
    this.#post = post;
    const ways = device ? [...PLANS, 'cpu' as const] : ['cpu' as const];
    this.#entrants = PRECISIONS.flatMap((precision) => ways.map((way) => ({ way, precision })));
    this.#results = {
      options,
      date: new Date().toISOString(),
      version: VERSION,
      browser: browserOf(),
      threads: navigator.hardwareConcurrency,
      adapter,
      clock: clockGrain(),
      entrants: [],
      sweep: [],
      kernels: [],
    };
    const { repetitions, sizes, precisions } = this.#pace;
    this.#meter = new ProgressMeter((progress) => post({ type: 'progress', progress }), {
      prepare: this.#entrants.length,
      stages: this.#entrants.length * repetitions,
      sizes: sizes.length,
      peak: device ? 1 : 0,
      kernels: device ? PLANS.length * precisions.length : 0,
    });
  }

  async run(): Promise<void> {
    await this.#timeStages();
    await this.#timeSizes();
    if (this.#resources.device) await this.#timeKernels(this.#resources.device);
    this.#show(true);
  }

  #show(finished = false): void {
    this.#post({ type: 'results', results: this.#results, finished });
  }

  /** Every stage of every entrant, in turns. */
  async #timeStages(): Promise<void> {
    const runs = this.#entrants.map(
      (entrant) => new EntrantRun(entrant, this.#study, this.#resources, REPETITION.stages),
    );
    this.#results.entrants = runs.map(({ result }) => result);
    try {
      for (const run of runs) {
        this.#meter.begin({ kind: 'prepare', entrant: entrantOf(run) });
        await run.prepare();
        await run.compare(AGREEMENT_STEPS);
      }
      const reference = runs.find(({ result }) => result.way === 'cpu' && result.precision === 'double');
      this.#results.agreement = { steps: AGREEMENT_STEPS, loss: reference?.result.loss ?? Number.NaN };
      const { repetitions } = this.#pace;
      await takeTurns(runs, repetitions, async (run, repetition) => {
        const entrant = entrantOf(run);
        this.#meter.begin({ kind: 'stages', entrant, repetition, of: repetitions });
        await run.repeatStages();
        this.#show();
      });
    } finally {
      for (const run of runs) run.destroy();
    }
  }

  /** A step of each network in the sweep over hidden units. */
  async #timeSizes(): Promise<void> {
    for (const hidden of this.#pace.sizes) {
      this.#meter.begin({ kind: 'sizes', hidden });
      const { data, l2 } = this.#study;
      // Small updates, with which no network diverges. Their size does not change the time.
      const options = { data, ...(l2 !== undefined && { l2 }), hidden: [hidden], learningRate: 1e-3 };
      const runs = this.#entrants
        .filter(({ way, precision }) => way === 'cpu' || precision === 'single')
        .map((entrant) => new EntrantRun(entrant, options, this.#resources, REPETITION.sweep));
      try {
        for (const run of runs) await run.prepare();
        await takeTurns(runs, this.#pace.repetitions, (run) => run.repeatSteps());
      } finally {
        for (const run of runs) run.destroy();
      }
      for (const { result } of runs) {
        const { way, precision, times } = result;
        if (times.step) this.#results.sweep.push({ way, precision, hidden, step: times.step });
      }
      this.#show();
    }
  }

  async #timeKernels(device: GPUDevice): Promise<void> {
    this.#meter.begin({ kind: 'peak' });
    this.#results.peak = await measurePeak(device);
    const { repetitions, precisions } = this.#pace;
    const entrants = this.#results.entrants.filter(({ failure }) => failure === undefined);
    for (const precision of precisions) {
      for (const way of PLANS) {
        this.#meter.begin({ kind: 'kernels', entrant: { way, precision } });
        if (!entrants.some((entrant) => entrant.way === way && entrant.precision === precision)) continue;
        const options = {
          ...this.#study,
          precision,
          plan: way,
          tuning: { cache: this.#resources.cache },
          device,
        };
        for (const { label, milliseconds } of await timeKernels(options, { repetitions }))
          this.#results.kernels.push({ way, precision, label, time: spread(milliseconds) });
        this.#show();
      }
    }
  }
}

/** Readings of a clock that stands still, which take about a second. */
const MOST_READINGS = 2e7;

/**
 * The least time between two readings of the clock that differ, rounded to what browsers use;
 * infinite if the clock stands still.
 */
function clockGrain(): number {
  let least = Number.POSITIVE_INFINITY;
  let last = performance.now();
  for (let readings = 0, changes = 0; changes < 10 && readings < MOST_READINGS; readings++) {
    const now = performance.now();
    if (now === last) continue;
    least = Math.min(least, now - last);
    last = now;
    changes++;
  }
  return Math.max(0.005, Number(least.toPrecision(1)));
}

const entrantOf = ({ result: { way, precision } }: EntrantRun): Entrant => ({ way, precision });
