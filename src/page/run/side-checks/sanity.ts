import { createTrainer, type Dataset, type Trainer, type TrainerOptions } from '../../../index.ts';
import type { Settings } from '../../settings/settings.ts';
import { trainerOptions } from '../../settings/trainer-options.ts';

/** The notes' checks before a long run, in their order. */
const SANITY_CHECKS = ['initialLoss', 'regularisation', 'overfit', 'updateRatio', 'deadUnits'] as const;

export interface SanityCheck {
  name: (typeof SANITY_CHECKS)[number];
  /** The measured figure, and the figure that it is compared with. */
  value: number;
  expected: number;
  passed: boolean;
}

/**
 * Share of ln K that the first loss may be off: small weights give every class about the same
 * probability.
 */
const NEAR = 0.2;
/** L2 with which the first loss must be higher. */
const STRONG_L2 = 100;
/**
 * A network with a hidden layer should learn a few points by heart: how many, in how many steps, to
 * which loss.
 */
const FEW = 20;
const MANY_STEPS = 3000;
const SMALL_LOSS = 0.05;
/**
 * The range of sound ratios of update to weights, a usual ratio, and the share of dead units that
 * is too large.
 */
const RATIOS = [1e-4, 1e-2] as const;
const USUAL_RATIO = 1e-3;
const MANY_DEAD = 0.5;

/**
 * Runs the checks for settings, in float64 on the CPU. Figures of the run's present state are
 * given.
 * @param present the largest update-to-weight ratio of a layer, and the largest share of dead
 * units, of the run
 */
export async function checkSanity(
  settings: Settings,
  data: Dataset,
  present: { ratio: number; dead: number | undefined },
): Promise<SanityCheck[]> {
  const options: TrainerOptions = { ...trainerOptions(settings, data), precision: 'double', backend: 'cpu' };
  const firstLoss = (l2: number) =>
    using({ ...options, l2 }, async (trainer) => (await trainer.measure()).loss);
  const [plain, regularized] = [await firstLoss(0), await firstLoss(STRONG_L2)];
  const chance = Math.log(data.classes);
  const overfitted = await using({ ...options, data: few(data), batchSize: FEW, l2: 0 }, async (trainer) => {
    await trainer.train(MANY_STEPS);
    return (await trainer.measure()).loss;
  });
  return [
    {
      name: 'initialLoss',
      value: plain,
      expected: chance,
      passed: Math.abs(plain - chance) <= NEAR * chance,
    },
    { name: 'regularisation', value: regularized, expected: plain, passed: regularized > plain },
    { name: 'overfit', value: overfitted, expected: 0, passed: overfitted <= SMALL_LOSS },
    {
      name: 'updateRatio',
      value: present.ratio,
      expected: USUAL_RATIO,
      passed: present.ratio >= RATIOS[0] && present.ratio <= RATIOS[1],
    },
    ...(present.dead === undefined
      ? []
      : [
          {
            name: 'deadUnits' as const,
            value: present.dead,
            expected: 0,
            passed: present.dead <= MANY_DEAD,
          },
        ]),
  ];
}

async function using<T>(options: TrainerOptions, work: (trainer: Trainer) => Promise<T>): Promise<T> {
  const trainer = await createTrainer(options);
  try {
    return await work(trainer);
  } finally {
    trainer.destroy();
  }
}

/** A few points at equal distances in the data, so that all classes have their share. */
function few(data: Dataset): Dataset {
  const stride = Math.max(1, data.count / FEW);
  const rows = Array.from({ length: Math.min(FEW, data.count) }, (_, i) => Math.floor(i * stride));
  return {
    ...data,
    count: rows.length,
    inputs: Float64Array.from(rows.flatMap((row) => [data.inputs[2 * row], data.inputs[2 * row + 1]])),
    labels: Uint32Array.from(rows, (row) => data.labels[row]),
  };
}
