import { DeviceLostError, measurePeak, timeKernels, VERSION } from '../../../index.ts';
import { AGREEMENT_STEPS, takeTurns } from '../../measure/contestant.ts';
import { spread } from '../../measure/statistics.ts';
import { GpuAccess } from '../adapter.ts';
import type { PlanCache } from '../found-plans.ts';
import type { AdapterReport, BenchmarkOptions, Problem, TrainedNetwork } from '../protocol.ts';
import { browserOf } from './browser.ts';
import { EntrantRun, type Resources } from './entrant-run.ts';
import { type Measurand, measurand } from './network.ts';
import {
  entrantsOn,
  isIsolated,
  LONGEST_STEP,
  machineOf,
  PACES,
  PLANS,
  Program,
  sizesOf,
  unitsOf,
} from './program.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { BenchmarkReport, BenchmarkResults, Entrant, EntrantResult, Way } from './results.ts';

/** The most milliseconds of the steps after which losses are compared. */
const COMPARING = 2000;
/** The ways whose loss in float64 the others are compared with: the first that has one. */
const REFERENCES: readonly Way[] = ['plain', 'cpu', 'threads'];
/** A run of a person's own may magnify rounding: its losses are compared earlier. */
const AGREEMENT_STEPS_OF_TRAIN = 10;

/**
 * Measures a network, then networks of other sizes, then each kernel, on the adapter that the
 * browser gives and on the CPU. Each part of the results is posted at once.
 * @param trained the network of Train, if that is measured
 */
export async function runBenchmark(
  options: BenchmarkOptions,
  cache: PlanCache,
  post: (report: BenchmarkReport) => void,
  trained?: TrainedNetwork,
): Promise<void> {
  const { device, report } = await new GpuAccess().get();
  try {
    await new Benchmark(options, trained, cache, post, device, report).run();
  } catch (error) {
    console.info(error);
    const problem: Problem = { kind: error instanceof DeviceLostError ? 'lost' : 'unknown' };
    post({ type: 'failed', problem });
  }
}

class Benchmark {
  readonly #pace: (typeof PACES)[keyof typeof PACES];
  readonly #resources: Resources;
  readonly #measurand: Measurand;
  readonly #post: (report: BenchmarkReport) => void;
  readonly #results: BenchmarkResults;
  readonly #meter: ProgressMeter;
  /** All ways, in both precisions. */
  readonly #entrants: Entrant[];

  constructor(
    options: BenchmarkOptions,
    trained: TrainedNetwork | undefined,
    cache: PlanCache,
    post: (report: BenchmarkReport) => void,
    device: GPUDevice | undefined,
    adapter: AdapterReport,
  ) {
    this.#pace = PACES[options.pace];
    this.#measurand = measurand(options, trained);
    this.#post = post;
    const cores = navigator.hardwareConcurrency;
    const isolated = isIsolated();
    const machine = machineOf(adapter, cores, isolated);
    this.#resources = { device, cache, threads: machine.threads };
    this.#entrants = entrantsOn(machine);
    const network = this.#measurand.facts;
    this.#results = {
      options,
      network,
      date: new Date().toISOString(),
      version: VERSION,
      browser: browserOf(),
      threads: cores,
      isolated,
      adapter,
      clock: clockGrain(),
      entrants: [],
      sweep: [],
      kernels: [],
    };
    const program = new Program(options.pace, network, machine);
    this.#meter = new ProgressMeter((progress) => post({ type: 'progress', progress }), program);
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
      (entrant) => new EntrantRun(entrant, this.#measurand.options, this.#resources, 'stages'),
    );
    this.#results.entrants = runs.map(({ result }) => result);
    try {
      for (const run of runs) {
        this.#meter.begin({ kind: 'prepare', entrant: entrantOf(run) });
        await run.prepare(runs);
      }
      await this.#compareLosses(runs);
      const { stages, steps } = this.#pace;
      await takeTurns(runs, steps, async (run, repetition) => {
        const kind = repetition <= stages ? 'stages' : 'steps';
        this.#meter.begin({ kind, entrant: entrantOf(run), repetition, of: steps });
        await (kind === 'stages' ? run.repeatStages() : run.repeatSteps());
        this.#show();
      });
    } finally {
      for (const run of runs) run.destroy();
    }
  }

  /** The losses of all after the same steps, as many as the slowest makes in a moment. */
  async #compareLosses(runs: readonly EntrantRun[]): Promise<void> {
    const able = runs.filter(({ failed }) => !failed);
    const slowest = Math.max(...able.map(({ step }) => step));
    const most = this.#results.network.settings ? AGREEMENT_STEPS_OF_TRAIN : AGREEMENT_STEPS;
    const steps = Math.max(1, Math.min(most, Math.floor(COMPARING / slowest)));
    for (const run of able) await run.compare(steps);
    for (const way of REFERENCES) {
      const found = able.find(({ result }) => result.way === way && result.precision === 'double');
      const loss = found?.result.loss;
      if (loss === undefined) continue;
      this.#results.agreement = { steps, loss, way };
      break;
    }
  }

  /** A step of each network in the sweep over hidden units, in single precision. */
  async #timeSizes(): Promise<void> {
    const own = unitsOf(this.#results.network);
    const slow = new Set<Way>();
    for (const hidden of sizesOf(this.#results.options.pace, this.#results.network)) {
      this.#meter.begin({ kind: 'sizes', hidden });
      const results =
        hidden === own ? this.#results.entrants : await this.#timeSize(hidden, (way) => !slow.has(way));
      for (const { way, precision, chosen, tiling, times, failure } of results) {
        // Larger networks would take still longer.
        if (failure?.kind === 'slow') slow.add(way);
        if (precision !== 'single' || !times.step || failure) continue;
        const form = { ...(chosen && { chosen }), ...(tiling && { tiling }) };
        this.#results.sweep.push({ way, precision, hidden, ...form, step: times.step });
      }
      this.#show();
    }
  }

  async #timeSize(hidden: number, isTimed: (way: Way) => boolean): Promise<EntrantResult[]> {
    const options = this.#measurand.withUnits(hidden);
    const runs = this.#entrants
      .filter(({ way, precision }) => precision === 'single' && isTimed(way))
      .map((entrant) => new EntrantRun(entrant, options, this.#resources, 'sweep'));
    try {
      for (const run of runs) await run.prepare(runs);
      await takeTurns(runs, this.#pace.steps, (run) => run.repeatSteps());
    } finally {
      for (const run of runs) run.destroy();
    }
    return runs.map(({ result }) => result);
  }

  async #timeKernels(device: GPUDevice): Promise<void> {
    this.#meter.begin({ kind: 'peak' });
    this.#results.peak = await measurePeak(device);
    const { stages: repetitions, precisions } = this.#pace;
    for (const precision of precisions) {
      for (const way of PLANS) {
        const entrant = { way, precision };
        this.#meter.begin({ kind: 'kernels', entrant });
        if (!this.#hasShortSteps(entrant)) continue;
        const options = {
          ...this.#measurand.options,
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

  /** Whether an entrant was timed whose kernels do not take too long. */
  #hasShortSteps({ way, precision }: Entrant): boolean {
    const found = this.#results.entrants.find(
      (entrant) => entrant.way === way && entrant.precision === precision,
    );
    const median = found?.failure ? undefined : found?.times.step?.median;
    return median !== undefined && median <= LONGEST_STEP.sweep;
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
