import { createTrainer, type Dataset, NonFiniteError, type TrainerOptions } from '../../../index.ts';
import type { Settings } from '../../settings/settings.ts';
import { trainerOptions } from '../../settings/trainer-options.ts';

/** The notes' checks before a long run, in their order. */
const SANITY_CHECKS = ['initialLoss', 'regularisation', 'overfit', 'updateRatio', 'deadUnits'] as const;

/**
 * The result of a check. `unusual` may be no fault; `inapplicable` means that the check says nothing
 * about this network.
 */
type Verdict = 'passed' | 'failed' | 'unusual' | 'inapplicable';

export interface SanityCheck {
  name: (typeof SANITY_CHECKS)[number];
  /** The measured figure, infinite after a divergence, and the figure that it is compared with. */
  value: number;
  expected: number;
  verdict: Verdict;
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
 * @param present the largest update-to-weight ratio of a layer, undefined if all weights are 0, and
 * the largest share of dead units, of the run
 */
export async function checkSanity(
  settings: Settings,
  data: Dataset,
  present: { ratio: number | undefined; dead: number | undefined },
): Promise<SanityCheck[]> {
  const options: TrainerOptions = { ...trainerOptions(settings, data), precision: 'double', backend: 'cpu' };
  const [plain, regularized] = [
    await lossAfter(0, { ...options, l2: 0 }),
    await lossAfter(0, { ...options, l2: STRONG_L2 }),
  ];
  const chance = Math.log(data.classes);
  const overfitted = await lossAfter(MANY_STEPS, { ...options, data: few(data), batchSize: FEW, l2: 0 });
  const { ratio, dead } = present;
  const linear = settings.hidden.length === 0;
  const verdict = (passes: boolean, otherwise: Verdict = 'failed') => (passes ? 'passed' : otherwise);
  return [
    {
      name: 'initialLoss',
      value: plain,
      expected: chance,
      verdict: verdict(Math.abs(plain - chance) <= NEAR * chance),
    },
    {
      name: 'regularisation',
      value: regularized,
      expected: plain,
      // L2 adds nothing only if all weights are 0.
      verdict: verdict(regularized > plain, regularized === plain ? 'inapplicable' : 'failed'),
    },
    {
      name: 'overfit',
      value: overfitted,
      expected: 0,
      verdict: verdict(overfitted <= SMALL_LOSS, linear ? 'inapplicable' : 'failed'),
    },
    {
      name: 'updateRatio',
      value: ratio ?? 0,
      expected: USUAL_RATIO,
      verdict:
        ratio === undefined ? 'inapplicable' : verdict(ratio >= RATIOS[0] && ratio <= RATIOS[1], 'unusual'),
    },
    ...(dead === undefined
      ? []
      : [{ name: 'deadUnits' as const, value: dead, expected: 0, verdict: verdict(dead <= MANY_DEAD) }]),
  ];
}

/** The loss after some steps; infinite if training diverges. */
async function lossAfter(steps: number, options: TrainerOptions): Promise<number> {
  const trainer = await createTrainer(options);
  try {
    await trainer.train(steps);
    return (await trainer.measure()).loss;
  } catch (error) {
    if (error instanceof NonFiniteError) return Number.POSITIVE_INFINITY;
    throw error;
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
