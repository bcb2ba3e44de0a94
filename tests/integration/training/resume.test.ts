import { describe, test } from 'vitest';
import { ACTIVATIONS } from '../../helpers/models.ts';
import { ALL, cases } from '../../helpers/tier.ts';
import { expectResumed, type Interrupted, OPTIMIZERS } from '../../helpers/trainers/resuming.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';

const trainers = testTrainers();

/** Mini-batches with dropout of each optimizer, with each loss in turn. */
const TRAININGS = OPTIMIZERS.map((optimizer, i): Interrupted => {
  const loss = (['cross-entropy', 'squared-error', 'hinge'] as const)[i % 3];
  return {
    options: {
      ...{
        loss,
        optimizer,
        hidden: [5],
        activation: ACTIVATIONS[i],
        learningRate: 0.05,
        batchSize: 4,
        seed: 9,
      },
      ...{ dropout: 0.3, l2: 1e-3, ...(loss === 'squared-error' ? {} : { classWeights: [1, 0.5, 2, 1] }) },
    },
    changes: { l1: 1e-3 },
    steps: 5,
  };
});

describe.each(trainers.backends.slice(0, ALL ? 2 : 1))('%s', (_, backend) => {
  test.each(cases([TRAININGS[3]], TRAININGS.toSpliced(3, 1)))(
    'goes on with the same bits from the file alone: $options.optimizer',
    async ({ options, changes, steps }) => {
      const { precision, ...own } = backend();
      await expectResumed({ options: { ...options, precision }, changes, steps }, own);
    },
  );
});
