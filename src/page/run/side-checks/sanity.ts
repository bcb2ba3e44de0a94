import { type AnyDataset, NonFiniteError } from '../../../index.ts';
import { createNetwork, measure, type NetworkOptions } from '../../settings/network.ts';
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
 * Share of the loss of chance that the first loss may be off: small weights give every class about the same
 * probability.
 */
const NEAR = 0.2;
/** L2 with which the first loss must be higher. */
const STRONG_L2 = 100;
/**
 * A network with a hidden layer should learn a few points by heart: how many, in how many steps, to
 * which loss, or error of values.
 */
const FEW = 20;
const MANY_STEPS = 3000;
const SMALL_LOSS = 0.05;
const SMALL_ERROR = 0.005;
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
  data: AnyDataset,
  present: { ratio: number | undefined; dead: number | undefined },
): Promise<SanityCheck[]> {
  const plainly = { l1: 0, weightDecay: 0, dropout: 0, precision: 'double', backend: 'cpu' } as const;
  const optionsFor = (data: AnyDataset): NetworkOptions => ({
    ...trainerOptions({ ...settings, classWeights: [] }, data),
    ...plainly,
  });
  const options = optionsFor(data);
  const classes = 'labels' in data ? data.classes : undefined;
  const [plain, regularized] = [
    await lossAfter(0, { ...options, l2: 0 }),
    await lossAfter(0, { ...options, l2: STRONG_L2 }),
  ];
  const overfitted = await lossAfter(MANY_STEPS, { ...optionsFor(few(data)), batchSize: FEW, l2: 0 });
  const chance = classes && lossOfChance(settings, classes);
  const { ratio, dead } = present;
  const linear = settings.hidden.length === 0;
  const verdict = (passes: boolean, otherwise: Verdict = 'failed') => (passes ? 'passed' : otherwise);
  return [
    // A regression has no chance to compare with.
    ...(chance === undefined
      ? []
      : [
          {
            name: 'initialLoss' as const,
            value: plain,
            expected: chance,
            verdict: verdict(Math.abs(plain - chance) <= NEAR * chance),
          },
        ]),
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
      verdict: verdict(
        overfitted <= (classes === undefined ? SMALL_ERROR : SMALL_LOSS),
        linear ? 'inapplicable' : 'failed',
      ),
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

/** Of scores that are all the same; for hinge each other class is then within the margin of 1. */
const lossOfChance = ({ loss }: Settings, classes: number): number =>
  loss === 'hinge' ? classes - 1 : Math.log(classes);

/** The loss after some steps; infinite if training diverges. */
async function lossAfter(steps: number, options: NetworkOptions): Promise<number> {
  const trainer = await createNetwork(options);
  try {
    await trainer.train(steps);
    return (await measure(trainer)).loss;
  } catch (error) {
    if (error instanceof NonFiniteError) return Number.POSITIVE_INFINITY;
    throw error;
  } finally {
    trainer.destroy();
  }
}

/** A few points at equal distances in the data, so that all classes have their share; with one value each. */
function few(data: AnyDataset): AnyDataset {
  const stride = Math.max(1, data.count / FEW);
  const rows = Array.from({ length: Math.min(FEW, data.count) }, (_, i) => Math.floor(i * stride));
  const inputs = Float64Array.from(
    rows.flatMap((row) => [...data.inputs.subarray(row * data.features, (row + 1) * data.features)]),
  );
  const part = { count: rows.length, inputs };
  return 'labels' in data
    ? { ...data, ...part, labels: Uint32Array.from(rows, (row) => data.labels[row]) }
    : { ...data, ...part, targets: Float64Array.from(rows, (row) => data.targets[row]) };
}
