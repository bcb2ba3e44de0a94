import { expect } from 'vitest';
import { MOMENTS, SQUARES, type Update, type UpdateRule } from '../../../shaders/lib/moments.ts';
import { complete } from '../../../src/cpu/time-slices.ts';
import { update as apply } from '../../../src/cpu/update.ts';
import type { RealFormat } from '../../../src/gpu/memory/real-format.ts';
import { NOT_DIVERGED } from '../../../src/gpu/network/parameters.ts';
import type { Precision } from '../../../src/index.ts';
import type { ResolvedOptimizer } from '../../../src/options/optimizer.ts';
import type { StepSettings } from '../../../src/options/step-settings.ts';
import type { FloatArray } from '../../../src/types.ts';
import { EPSILON, expectClose } from '../oracle/compare.ts';
import { held } from '../property.ts';
import { stepSettings } from '../step-settings.ts';

export const RULES = Object.keys(MOMENTS) as UpdateRule[];

/** Factors of the terms that need texts of their own. */
export interface Terms {
  l1: number;
  weightDecay: number;
}

/** No term, each of them, and both. */
export const TERMS: Terms[] = [
  { l1: 0, weightDecay: 0 },
  { l1: 0.125, weightDecay: 0 },
  { l1: 0, weightDecay: 0.5 },
  { l1: 0.125, weightDecay: 0.5 },
];

/** The numbers that an update of weights depends on, besides the tensors. */
export interface UpdateSettings extends StepSettings {
  /** The number of earlier updates. */
  step: number;
}

/** The tensors of an update, before or after it. */
export interface Updatable {
  parameters: FloatArray;
  moments: FloatArray[];
}

/** The random choices behind {@link UpdateSettings}. */
export interface UpdateNumbers extends Terms {
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
  l1: 0,
  weightDecay: 0,
  step: 3,
  decays: [0.875, 0.9375],
  epsilon: 1,
};

/** The optimizer of each rule. */
const OPTIMIZERS: Record<UpdateRule, (decays: [number, number], epsilon: number) => ResolvedOptimizer> = {
  sgd: () => ({ name: 'sgd', momentum: 0, nesterov: false }),
  momentum: ([momentum]) => ({ name: 'sgd', momentum, nesterov: false }),
  nesterov: ([momentum]) => ({ name: 'sgd', momentum, nesterov: true }),
  adam: ([beta1, beta2], epsilon) => ({ name: 'adam', beta1, beta2, epsilon }),
  rmsprop: ([, decay], epsilon) => ({ name: 'rmsprop', decay, epsilon }),
  adagrad: (_, epsilon) => ({ name: 'adagrad', epsilon }),
};

/**
 * Settings for a rule. Coefficients are rounded first, so that the device and the oracle start from
 * the same numbers.
 */
export function updateSettings(precision: Precision, rule: UpdateRule, given: UpdateNumbers): UpdateSettings {
  const numbers = [given.learningRate, given.l2, given.l1, given.weightDecay, ...given.decays, given.epsilon];
  const [learningRate, l2, l1, weightDecay, first, second, epsilon] = held(precision, numbers);
  const optimizer = OPTIMIZERS[rule]([first, second], epsilon);
  return { ...stepSettings({ optimizer, learningRate, l2, l1, weightDecay }), step: given.step };
}

/** The update of a kernel for some settings. */
export function updateOf({ rule, l1, weightDecay }: UpdateSettings): Update {
  return { rule, l1: l1 > 0, weightDecay: weightDecay > 0 };
}

/** The moments of a rule, from two tensors of which the second has no sign, as squares have none. */
export function momentsOf(rule: UpdateRule, values: FloatArray): FloatArray[] {
  const sizes = values.map(Math.abs);
  return { 0: [], 1: [SQUARES[rule] === 0 ? sizes : values], 2: [values, sizes] }[MOMENTS[rule]];
}

/**
 * The step struct for `batch.rows` rows, which `order` lists from `batch.start` on and whose class
 * weights have the sum `batch.totalWeight`, and for a dispatch of `run` steps.
 */
export function stepWords(
  format: RealFormat,
  settings: UpdateSettings,
  batch: { start: number; rows: number; totalWeight?: number } = { start: 0, rows: 0 },
  run = 0,
): number[] {
  const { learningRate, l2, l1, weightDecay, step } = settings;
  const [first, second, epsilon] = factorsOf(settings);
  const reals = [
    ...[first, 1 - first, 1 / (1 - first ** (step + 1))],
    ...[second, 1 - second, Math.sqrt(1 / (1 - second ** (step + 1))), epsilon],
    ...[l1, 1 - learningRate * weightDecay, batch.totalWeight ?? 1, DROPOUT_SCALE],
  ];
  return [step + 1, batch.start, batch.rows, run, ...format.uniform(learningRate, l2, ...reals), 0, 0];
}

/** The real member of the step struct that belongs to dropout. */
const DROPOUT_SCALE = 1;

/** The decays of the mean gradient and of squares, and epsilon. */
function factorsOf({ optimizer }: UpdateSettings): [first: number, second: number, epsilon: number] {
  switch (optimizer.name) {
    case 'sgd':
      return [optimizer.momentum, 0, 0];
    case 'adam':
      return [optimizer.beta1, optimizer.beta2, optimizer.epsilon];
    case 'rmsprop':
      return [0, optimizer.decay, optimizer.epsilon];
    case 'adagrad':
      return [0, 0, optimizer.epsilon];
  }
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
  const exact = [state.parameters, ...state.moments].map((values) => Float64Array.from(values));
  complete(apply(exact[0], Float64Array.from(gradient), exact.slice(1), settings, settings.step, true));
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
  const { rule, learningRate, l2, l1, weightDecay, step } = settings;
  const [decay, ofSquares, least] = factorsOf(settings);
  const [own, ...kept] = [state.parameters, ...state.moments].map((values) => values[i]);
  const [w, first] = [own, kept[0] ?? 0].map(Math.abs);
  const g = Math.abs(gradient) + gradientError + l2 * w + l1;
  const gError = gradientError + (l1 > 0 ? epsilon * g : 0);
  const decayed = weightDecay > 0 ? 2 * (1 + learningRate * weightDecay) * w : 0;
  const parameter = (direction: number, error: number) =>
    epsilon * (w + decayed + 2 * learningRate * direction) + learningRate * error;
  const square = SQUARES[rule];
  if (square === undefined) {
    const v = g + decay * first;
    const error = 4 * epsilon * v + gError;
    if (rule !== 'nesterov') return [parameter(v, error), error];
    const direction = g + decay * v;
    return [parameter(direction, 4 * epsilon * direction + gError + decay * error), error];
  }
  const [keep, add] = rule === 'adagrad' ? [1, 1] : [ofSquares, 1 - ofSquares];
  const squareError = 8 * epsilon * (keep * kept[square] + add * g * g) + add * 2 * g * gError;
  const correction = rule === 'adam' ? 1 / (1 - ofSquares ** (step + 1)) : 1;
  const meanSquare = exact[1 + square][i] * correction;
  // The error of √(x + d) is at most d / √x, and at most √d. WGSL allows 5 ULP for a root, and for
  // the quotient below.
  const shift = 2 * epsilon * meanSquare + squareError * correction;
  const rootError = Math.min(Math.sqrt(shift), shift / Math.sqrt(meanSquare) || 0);
  const spread = Math.sqrt(meanSquare) + least;
  const spreadError = rootError + 7 * epsilon * spread;
  // The divisor is at least about ε, whatever the root.
  const divisor = Math.max(spread - spreadError, least / 2);
  const quotient = (dividend: number, error: number) => {
    const direction = Math.abs(dividend) / spread;
    return parameter(direction, (error + direction * spreadError) / divisor + 8 * epsilon * direction);
  };
  if (rule !== 'adam') {
    const dividend = gradient + l2 * own + l1 * Math.sign(own);
    return [quotient(dividend, 4 * epsilon * g + gError), squareError];
  }
  const meanError = 6 * epsilon * (decay * first + (1 - decay) * g) + (1 - decay) * gError;
  const unbiased = 1 / (1 - decay ** (step + 1));
  return [quotient(exact[1][i] * unbiased, meanError * unbiased), meanError, squareError];
}
