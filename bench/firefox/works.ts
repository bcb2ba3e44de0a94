import {
  caseStudy,
  createTrainer,
  type Dataset,
  RandomState,
  spiral,
  type TrainerOptions,
} from '../../src/index.ts';
import { spread } from '../../src/page/measure/statistics.ts';
import type { BenchmarkResults } from '../../src/page/run/benchmark/results.ts';
import { runBenchmark } from '../../src/page/run/benchmark/run.ts';
import { PlanCache } from '../../src/page/run/found-plans.ts';

/** What a run of a piece of work took and gave. */
export interface Outcome {
  milliseconds: number;
  /** The losses that show that the work is right. */
  losses: number[];
  /** What else the run has found. */
  note?: string;
}

/** The measurements whose median counts. */
const MEASUREMENTS = 31;

/** The network of the work with many rows: 512×784→256→10. */
const LARGE: TrainerOptions = {
  data: random(512, 784, 10),
  hidden: [256],
  learningRate: 0.01,
  l2: 1e-3,
  seed: 1,
  backend: 'webgpu',
};

const SMALL: TrainerOptions = {
  data: spiral({ perClass: 10 }),
  hidden: [8],
  learningRate: 0.1,
  seed: 1,
  backend: 'webgpu',
};

/** A network with steps of 0.1 ms on llvmpipe, about as short as those of SMALL on a graphics card. */
const TINY: TrainerOptions = {
  ...SMALL,
  data: spiral({ perClass: 1, classes: 2 }),
  hidden: [2],
  plan: 'fused',
  tuning: false,
};

/** A network with many candidates for the tuner. */
const NARROW: TrainerOptions = { ...caseStudy.network.options, backend: 'webgpu' };

/** Steps on the CPU, after as many that warm up. */
async function onCpu(options: TrainerOptions, steps: number): Promise<Outcome> {
  const trainer = await createTrainer({ ...options, backend: 'cpu' });
  await trainer.train(steps);
  const { milliseconds } = await timed(() => trainer.train(steps));
  const { loss } = await trainer.measure();
  trainer.destroy();
  return { milliseconds, losses: [loss], note: trainer.tuning.chosen };
}

/** The work that is compared, by its name. Each run begins with a new device. */
export const WORKS: Record<string, () => Promise<Outcome>> = {
  'trainer.measure(), 30×2→8→3': async () => {
    const trainer = await createTrainer(SMALL);
    const times: number[] = [];
    const losses: number[] = [];
    for (let i = 0; i < MEASUREMENTS; i++) {
      const { milliseconds, result } = await timed(() => trainer.measure());
      times.push(milliseconds);
      losses[0] = result.loss;
    }
    trainer.destroy();
    return { milliseconds: spread(times).median, losses };
  },
  'train(10,000), 2×2→2→2': async () => {
    const trainer = await createTrainer(TINY);
    const { milliseconds } = await timed(() => trainer.train(10_000));
    const { loss } = await trainer.measure();
    trainer.destroy();
    return { milliseconds, losses: [loss] };
  },
  'createTrainer(), 512×784→256→10': async () => {
    const { milliseconds, result: trainer } = await timed(() => createTrainer(LARGE));
    const { loss } = await trainer.measure();
    trainer.destroy();
    return { milliseconds, losses: [loss] };
  },
  'tune(), 300×2→100→3': async () => {
    const trainer = await createTrainer({ ...NARROW, tuning: { cache: new Map() } });
    const { milliseconds } = await timed(() => trainer.tune());
    const { chosen, reason } = trainer.tuning;
    await trainer.train(3);
    const { loss } = await trainer.measure();
    trainer.destroy();
    return { milliseconds, losses: [loss], note: `${chosen}: ${reason}` };
  },
  '5,000 steps on one thread of the CPU, 300×2→100→3': () => onCpu({ ...NARROW, threads: 1 }, 5000),
  '50 steps on one thread of the CPU, 512×784→256→10': () => onCpu({ ...LARGE, threads: 1 }, 50),
  '50 steps on two threads of the CPU, 512×784→256→10': () => onCpu({ ...LARGE, threads: 2 }, 50),
  'the Benchmark of the page, Quick': async () => {
    let results: BenchmarkResults | undefined;
    const { milliseconds } = await timed(() =>
      runBenchmark({ model: 'network', pace: 'quick' }, new PlanCache(() => {}), (report) => {
        if (report.type === 'failed') throw new Error(`The benchmark failed: ${report.problem.kind}.`);
        if (report.type === 'results') results = report.results;
      }),
    );
    const losses = results?.entrants.map(({ loss = Number.NaN }) => loss) ?? [];
    return { milliseconds, losses };
  },
};

async function timed<T>(work: () => Promise<T>): Promise<{ milliseconds: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { milliseconds: performance.now() - start, result };
}

/** Normal inputs with random labels. */
function random(count: number, features: number, classes: number): Dataset {
  const stream = new RandomState(1);
  const inputs = stream.randn(count * features);
  const labels = Uint32Array.from(stream.randomSample(count), (share) => Math.floor(classes * share));
  return { inputs, labels, count, features, classes };
}
