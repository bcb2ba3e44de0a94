import type { FloatArray } from '../src/data/dataset.ts';
import type { RealFormat } from '../src/gpu/real-format.ts';
import type { ResolvedOptimizer } from '../src/options.ts';

/** What an update depends on beside the tensors. */
export interface Settings {
  optimizer: ResolvedOptimizer;
  learningRate: number;
  l2: number;
  /** Updates before this one. */
  step: number;
}

export interface State {
  parameters: FloatArray;
  gradient: FloatArray;
  moments: FloatArray[];
}

/** The step struct, for `batch.rows` rows that `order` tells from `batch.start` on, and a dispatch that makes `run` steps. */
export function stepWords(
  format: RealFormat,
  { optimizer, learningRate, step }: Settings,
  batch = { start: 0, rows: 0 },
  run = 0,
): number[] {
  const reals =
    optimizer.name === 'sgd'
      ? [optimizer.momentum, 0, 0, 0, 0, 0, 0]
      : [
          optimizer.beta1,
          1 - optimizer.beta1,
          1 / (1 - optimizer.beta1 ** (step + 1)),
          optimizer.beta2,
          1 - optimizer.beta2,
          1 / (1 - optimizer.beta2 ** (step + 1)),
          optimizer.epsilon,
        ];
  return [step + 1, batch.start, batch.rows, run, ...format.uniform(learningRate, ...reals)];
}

/**
 * How far each result may be off: the sizes of what is added, times an epsilon for each rounding, of the coefficients
 * too. `exact` are the results in float64, `gradientError` is how far the gradient may be off before.
 */
export function tolerances(
  epsilon: number,
  settings: Settings,
  state: State,
  exact: FloatArray[],
  i: number,
  gradientError = 0,
): number[] {
  const { optimizer, learningRate, l2, step } = settings;
  const [w, first = 0, second = 0] = [state.parameters, ...state.moments].map((x) => Math.abs(x[i]));
  const g = Math.abs(state.gradient[i]) + l2 * w;
  const parameter = (direction: number, error: number) =>
    epsilon * (w + 2 * learningRate * direction) + learningRate * error;
  if (optimizer.name === 'sgd') {
    const v = g + optimizer.momentum * first;
    const error = 4 * epsilon * v + gradientError;
    return [parameter(v, error), error];
  }
  const { beta1, beta2 } = optimizer;
  const firstError = 6 * epsilon * (beta1 * first + (1 - beta1) * g) + (1 - beta1) * gradientError;
  const squareError = gradientError * (2 * g + gradientError);
  const secondError = 8 * epsilon * (beta2 * second + (1 - beta2) * g * g) + (1 - beta2) * squareError;
  const [firstCorrection, secondCorrection] = [beta1, beta2].map((beta) => 1 / (1 - beta ** (step + 1)));
  const meanSquare = exact[2][i] * secondCorrection;
  // √(x + d) is off by d / √x at the most, and by √d. A root, and the quotient below, are off by 5 ULP in WGSL.
  const shift = 2 * epsilon * meanSquare + secondError * secondCorrection;
  const rootError = Math.min(Math.sqrt(shift), shift / Math.sqrt(meanSquare) || 0);
  const spread = Math.sqrt(meanSquare) + optimizer.epsilon;
  const spreadError = rootError + 7 * epsilon * spread;
  // Whatever the root, nothing is divided by less than about ε.
  const least = Math.max(spread - spreadError, optimizer.epsilon / 2);
  const direction = Math.abs(exact[1][i] * firstCorrection) / spread;
  const directionError =
    (firstError * firstCorrection + direction * spreadError) / least + 8 * epsilon * direction;
  return [parameter(direction, directionError), firstError, secondError];
}
