import type { DescribedOptions, Description } from '../types.ts';
import type { TrainingSetup } from './setup.ts';

/** The network, the names and the present settings of a trainer as plain data. */
export function descriptionOf(setup: TrainingSetup): Description {
  const { sizes, activations, loss, data, seed, precision, askedBatchSize } = setup;
  const { learningRate, classWeights, optimizer, l2, l1, weightDecay, dropout } = setup.settings.now;
  const rate: { learningRate?: DescribedOptions['learningRate'] } =
    typeof learningRate === 'number'
      ? { learningRate }
      : 'data' in learningRate
        ? { learningRate: structuredClone(learningRate.data) as DescribedOptions['learningRate'] }
        : {};
  const names = {
    ...(data.featureNames && { featureNames: [...data.featureNames] }),
    ...('classNames' in data && data.classNames && { classNames: [...data.classNames] }),
    ...('outputNames' in data && data.outputNames && { outputNames: [...data.outputNames] }),
  };
  return {
    sizes: [...sizes],
    ...names,
    options: {
      hidden: sizes.slice(1, -1),
      activation: [...activations],
      loss,
      ...rate,
      l2,
      l1,
      weightDecay,
      dropout,
      ...(classWeights && { classWeights: [...classWeights] }),
      optimizer: { ...optimizer },
      ...(askedBatchSize !== undefined && { batchSize: askedBatchSize }),
      seed,
      precision,
    },
  };
}
