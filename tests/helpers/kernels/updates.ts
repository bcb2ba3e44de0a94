import { expect } from 'vitest';
import type { UpdateRule } from '../../../shaders/lib/moments.ts';
import { complete } from '../../../src/cpu/time-slices.ts';
import { update as apply } from '../../../src/cpu/update.ts';
import type { RealFormat } from '../../../src/gpu/memory/real-format.ts';
import { NOT_DIVERGED } from '../../../src/gpu/network/parameters.ts';
import type { Precision } from '../../../src/index.ts';
import type { ResolvedOptimizer } from '../../../src/options/setup.ts';
import type { FloatArray } from '../../../src/types.ts';
import { EPSILON, expectClose } from '../oracle/compare.ts';
import { held } from '../property.ts';

export const RULES: UpdateRule[] = ['sgd', 'momentum', 'adam'];

/** The numbers that an update depends on, besides the tensors. */
export interface UpdateSettings {
  optimizer: ResolvedOptimizer;
  learningRate: number;
  l2: number;
  /** The number of earlier updates. */
  step: number;
}

/** The tensors of an update, before or after it. */
export interface Updatable {
  parameters: FloatArray;
  moments: FloatArray[];
}

/** The random choices behind {@link UpdateSettings}. */
export interface UpdateNumbers {
  learningRate: number;
  l2: number;
  step: number;
  decays: [number, number];
  epsilon: number;
}

/** Numbers with which no quotient amplifies a small error, whatever the gradient. */
export const MILD: UpdateNumbers = {
  learningRate: 0.125,
  l2: 0.25,
  step: 3,
  decays: [0.875, 0.9375],
  epsilon: 1,
};

/**
 * Settings for a rule. Coefficients are rounded first, so that the device and the oracle start from
 * the same numbers.
 */
export function updateSettings(precision: Precision, rule: UpdateRule, given: UpdateNumbers): UpdateSettings {
  const { decays, step } = given;
  const numbers = [given.learningRate, given.l2, ...decays, given.epsilon];
  const [learningRate, l2, beta1, beta2, epsilon] = held(precision, numbers);
  const optimizer: ResolvedOptimizer =
    rule === 'adam'
      ? { name: 'adam', beta1, beta2, epsilon }
      : { name: 'sgd', momentum: rule === 'momentum' ? beta1 : 0 };
  return { optimizer, learningRate, l2, step };
}

/**
 * The step struct for `batch.rows` rows, which `order` lists from `batch.start` on, and for a
 * dispatch of `run` steps.
 */
export function stepWords(
  format: RealFormat,
  { optimizer, learningRate, l2, step }: UpdateSettings,
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
          Math.sqrt(1 / (1 - optimizer.beta2 ** (step + 1))),
          optimizer.epsilon,
        ];
  return [step + 1, batch.start, batch.rows, run, ...format.uniform(learningRate, l2, ...reals)];
}

/**
 * Compares a device's results with the update in float64 from the same state.
 * @param gradientError the error bound of each number of the device's gradient
 */
export function expectUpdated(
  actual: Updatable & { diverged: Uint32Array },
  precision: Precision,
  settings: UpdateSettings,
  state: Updatable,
  gradient: FloatArray,
  gradientError: (i: number) => number = () => 0,
): void {
  const { optimizer, learningRate, l2, step } = settings;
  const exact = [state.parameters, ...state.moments].map((values) => Float64Array.from(values));
  complete(apply(exact[0], Float64Array.from(gradient), exact.slice(1), optimizer, learningRate, l2, step));
  [actual.parameters, ...actual.moments].forEach((values, m) => {
    const tolerance = (i: number) =>
      tolerances(EPSILON[precision], settings, state, gradient[i], gradientError(i), exact, i)[m];
    expectClose(values, exact[m], tolerance, m === 0 ? 'parameters' : `moment ${m - 1}`);
  });
  expect(actual.diverged[0]).toBe(NOT_DIVERGED);
}

/**
 * The error bound of each result: the magnitudes of the terms, times an epsilon for each rounding,
 * also of the coefficients. `exact` are the results in float64.
 */
export function tolerances(
  epsilon: number,
  settings: UpdateSettings,
  state: Updatable,
  gradient: number,
  gradientError: number,
  exact: FloatArray[],
  i: number,
) {
  const { optimizer, learningRate, l2, step } = settings;
  const [w, first = 0, second = 0] = [state.parameters, ...state.moments].map((x) => Math.abs(x[i]));
  const g = Math.abs(gradient) + gradientError + l2 * w;
  const parameter = (direction: number, error: number) =>
    epsilon * (w + 2 * learningRate * direction) + learningRate * error;
  if (optimizer.name === 'sgd') {
    const v = g + optimizer.momentum * first;
    const error = 4 * epsilon * v + gradientError;
    return [parameter(v, error), error];
  }
  const { beta1, beta2 } = optimizer;
  const firstError = 6 * epsilon * (beta1 * first + (1 - beta1) * g) + (1 - beta1) * gradientError;
  const secondError =
    8 * epsilon * (beta2 * second + (1 - beta2) * g * g) + (1 - beta2) * 2 * g * gradientError;
  const [firstCorrection, secondCorrection] = [beta1, beta2].map((beta) => 1 / (1 - beta ** (step + 1)));
  const meanSquare = exact[2][i] * secondCorrection;
  // The error of √(x + d) is at most d / √x, and at most √d. WGSL allows 5 ULP for a root, and for
  // the quotient below.
  const shift = 2 * epsilon * meanSquare + secondError * secondCorrection;
  const rootError = Math.min(Math.sqrt(shift), shift / Math.sqrt(meanSquare) || 0);
  const spread = Math.sqrt(meanSquare) + optimizer.epsilon;
  const spreadError = rootError + 7 * epsilon * spread;
  // The divisor is at least about ε, whatever the root.
  const least = Math.max(spread - spreadError, optimizer.epsilon / 2);
  const direction = Math.abs(exact[1][i] * firstCorrection) / spread;
  const directionError =
    (firstError * firstCorrection + direction * spreadError) / least + 8 * epsilon * direction;
  return [parameter(direction, directionError), firstError, secondError];
}
