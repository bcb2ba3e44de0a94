import { rows } from '../checks/dataset.ts';
import { size, wholeFrom } from '../checks/numbers.ts';
import { optional, readOptions } from '../checks/schema.ts';
import { signal as checkSignal } from '../checks/signal.ts';
import { largestEigenvectors } from '../data/eigenvectors.ts';
import { OptionError } from '../errors.ts';
import { backend, gpuDevice, precision } from '../options/backend.ts';
import type { AnyDataset, FloatArray, RegressionOptions } from '../types.ts';
import { createTrainer } from './create-trainer.ts';

/** The options of {@link principalComponents}. */
export interface PrincipalComponentsOptions
  extends Pick<RegressionOptions, 'backend' | 'device' | 'precision' | 'signal'> {
  /** The number of components, at most the number of features; default 2. */
  count?: number;
}

/** The result of {@link principalComponents}. */
export interface PrincipalComponents {
  /** The mean of each feature. */
  means: Float64Array;
  /**
   * `count × features`: a unit vector a row, of the largest variance first. The largest of its numbers
   * by size is positive.
   */
  components: Float64Array;
  /** The variance of the rows along each component; variances divide by the number of rows. */
  variances: Float64Array;
  /** The sum of all features' variances. */
  total: number;
}

/**
 * The directions in which rows vary most (Pearson 1901): the eigenvectors of their covariance matrix
 * with the largest eigenvalues. The covariances, Xᵀ·X / rows of the centred rows X, are computed by the
 * backend: as the gradient of a linear regression with weights 0 and the targets −X. The CPU finds the
 * eigenvectors.
 * @param data `inputs`: rows × `features`, row-major; other fields are ignored
 * @throws {OptionError} if an option or the data cannot be used
 * @throws what `createTrainer` throws, for the network of `features` inputs and outputs
 */
export async function principalComponents(
  data: Pick<AnyDataset, 'inputs' | 'features'>,
  options: PrincipalComponentsOptions = {},
): Promise<PrincipalComponents> {
  const features = size(data?.features, 'data.features');
  const inputs = rows(features, { float32: false })(data.inputs, 'data.inputs');
  const { count, ...place } = readOptions(
    options,
    {
      count: optional(wholeFrom(1), Math.min(2, features)),
      backend,
      device: optional(gpuDevice),
      precision,
      signal: checkSignal,
    },
    undefined,
    { count: ['components', 'ncomponents', 'n', 'k'] },
  );
  if (count > features) throw new OptionError('count', `at most the number of features, ${features}`, count);
  const means = meansOf(inputs, features);
  // A power of two keeps the digits, and squares of parts of the largest number fit into 32 bits.
  const unit = 2 ** Math.ceil(Math.log2(largestDistance(inputs, means) || 1));
  const centred = inputs.map((value, i) => (value - means[i % features]) / unit);
  const trainer = await createTrainer({
    ...place,
    data: {
      inputs: centred,
      targets: centred.map((value) => -value),
      count: centred.length / features,
      features,
      outputs: features,
    },
    parameters: [{ weights: new Float64Array(features * features), biases: new Float64Array(features) }],
    learningRate: 0,
    tuning: false,
  });
  try {
    const [{ weights }] = await trainer.gradients();
    const covariances = Float64Array.from(weights);
    const { values, vectors } = largestEigenvectors(covariances, features, count);
    const diagonal = Array.from({ length: features }, (_, i) => covariances[i * (features + 1)]);
    const inUnits = (variance: number) => Math.max(0, variance) * unit * unit;
    return {
      means,
      components: vectors,
      variances: values.map(inUnits),
      total: inUnits(diagonal.reduce((sum, variance) => sum + variance)),
    };
  } finally {
    trainer.destroy();
  }
}

function meansOf(inputs: FloatArray, features: number): Float64Array {
  const count = inputs.length / features;
  const means = new Float64Array(features);
  // Differences from the first row lose no digits to a large mean.
  for (let i = features; i < inputs.length; i++)
    means[i % features] += (inputs[i] - inputs[i % features]) / count;
  return means.map((mean, i) => mean + inputs[i]);
}

/** The largest distance of a number from its feature's mean. */
function largestDistance(inputs: FloatArray, means: Float64Array): number {
  let most = 0;
  for (let i = 0; i < inputs.length; i++)
    most = Math.max(most, Math.abs(inputs[i] - means[i % means.length]));
  return most;
}
