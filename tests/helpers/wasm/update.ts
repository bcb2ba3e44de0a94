import { MOMENTS, SQUARES } from '../../../shaders/lib/moments.ts';
import type { CpuKernels } from '../../../src/cpu/kernels.ts';
import { PlainKernels } from '../../../src/cpu/plain-kernels.ts';
import { complete } from '../../../src/cpu/time-slices.ts';
import type { ResolvedOptimizer } from '../../../src/options/optimizer.ts';
import type { StepSettings } from '../../../src/options/step-settings.ts';
import { stepSettings } from '../step-settings.ts';
import { type Arrays, temporarily } from './arrays.ts';

/** The numbers of an optimizer with squares. */
interface Factors {
  beta1?: number;
  beta2?: number;
  decay?: number;
  epsilon: number;
}

/** An optimizer of each rule. */
export const optimizers = (epsilon: number): ResolvedOptimizer[] => [
  { name: 'sgd', momentum: 0, nesterov: false },
  { name: 'sgd', momentum: 0.9, nesterov: false },
  { name: 'sgd', momentum: 0.9, nesterov: true },
  { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon },
  { name: 'rmsprop', decay: 0.99, epsilon },
  { name: 'adagrad', epsilon },
];

/** The terms of weights: none, each of them, all. */
export const TERMS = [
  {},
  { l2: 0.3 },
  { l1: 0.1 },
  { weightDecay: 0.7 },
  { l2: 0.3, l1: 0.1, weightDecay: 0.7 },
];

export interface Update {
  settings: StepSettings;
  step: number;
  parameters: ArrayLike<number>;
  gradient: ArrayLike<number>;
  /** As many as the rule may have; squares are made of their sizes. */
  moments: ArrayLike<number>[];
  penalized?: boolean;
}

/** An update of `count` parameters, from a source of random numbers. */
export function updateOf(
  count: number,
  numbers: (count: number) => Float64Array,
  optimizer: ResolvedOptimizer,
  terms: Partial<StepSettings> = {},
  step = 3,
): Update {
  const settings = stepSettings({ optimizer, learningRate: 0.05, ...terms });
  const [parameters, gradient, first, second] = [0, 1, 2, 3].map(() => numbers(count));
  const moments = [SQUARES[settings.rule] === 0 ? first.map(Math.abs) : first, second.map(Math.abs)];
  return { settings, step, parameters, gradient, moments: moments.slice(0, MOMENTS[settings.rule]) };
}

/**
 * The error bounds of a parameter and its moments: a unit of rounding for each sum, product, root,
 * quotient and coefficient on the way, times the sizes of the terms.
 * @param before the parameter, the gradient and the moments, as held
 * @param after the moments in float64
 */
function tolerances(
  arrays: Arrays,
  { settings, step, penalized = true }: Update,
  before: number[],
  after: number[],
) {
  const { rule, learningRate, optimizer } = settings;
  const { l2, l1, weightDecay } = penalized ? settings : { l2: 0, l1: 0, weightDecay: 0 };
  // The oracle of double precision has as many roundings.
  const u = arrays.unit * (arrays.kernels.Float === Float64Array ? 2 : 1);
  const [w, gradient, kept = 0, squares = 0] = before.map(Math.abs);
  const penalty = l2 * w + l1;
  const g = gradient + penalty;
  const gError = penalty > 0 ? 4 * u * g : 0;
  const parameter = (direction: number, error: number, rate = learningRate) =>
    u * (3 * Math.abs(1 - learningRate * weightDecay) * w + 3 * rate * direction) +
    rate * error +
    arrays.least;
  if (rule === 'sgd') return [parameter(g, gError)];
  if (rule === 'momentum' || rule === 'nesterov') {
    const { momentum } = optimizer as { momentum: number };
    const v = momentum * kept + g;
    const vError = 3 * u * v + gError + arrays.least;
    if (rule === 'momentum') return [parameter(v, vError), vError];
    const direction = momentum * v + g;
    return [parameter(direction, 3 * u * direction + momentum * vError + gError), vError];
  }
  const { beta1 = 0, beta2 = 1, decay = 1, epsilon } = optimizer as Factors;
  const [keep, add] = { adam: [beta2, 1 - beta2], rmsprop: [decay, 1 - decay], adagrad: [1, 1] }[rule];
  const before2 = rule === 'adam' ? squares : kept;
  const square = after[SQUARES[rule] as number];
  const squareError = 4 * u * (keep * before2 + add * g * g) + 2 * add * g * gError + 2 * arrays.least;
  const correction = rule === 'adam' ? 1 / Math.sqrt(1 - beta2 ** (step + 1)) : 1;
  // |√(x + d) − √x| is at most √d, and about d / 2√x.
  const rootError = Math.min(
    Math.sqrt(squareError),
    squareError / Math.sqrt(square) || Number.POSITIVE_INFINITY,
  );
  const divisor = Math.sqrt(square) * correction + epsilon;
  const divisorError = correction * rootError + 5 * u * divisor;
  const quotient = (dividend: number, error: number, rate?: number) => {
    const direction = dividend / divisor;
    const relative = divisorError / Math.max(0, divisor - divisorError);
    return parameter(
      direction,
      error / Math.max(0, divisor - divisorError) + direction * (relative + u),
      rate,
    );
  };
  if (rule !== 'adam') return [quotient(g, gError), squareError];
  const mean = beta1 * kept + (1 - beta1) * g;
  const meanError = 3 * u * mean + (1 - beta1) * gError + arrays.least;
  const rate = learningRate / (1 - beta1 ** (step + 1));
  return [quotient(mean, meanError, rate), meanError, squareError];
}

/** One update; also whether the answer to "all finite?" is the oracle's in the precision. */
export function updateFault(
  kernels: CpuKernels,
  update: Update,
  elsewhere = false,
): Promise<string | undefined> {
  const { settings, step, penalized = true } = update;
  return temporarily(kernels, elsewhere, (arrays) => {
    const given = [update.parameters, update.gradient, ...update.moments];
    const before = given.map((values) => arrays.held(values));
    const [w, g, ...moments] = before.map((values) => arrays.output(values));
    const finite = complete(arrays.kernels.update(w, g, moments, settings, step, penalized));
    const expected = before.map((values) => values.slice());
    const [exact, gradient, ...kept] = expected;
    complete(new PlainKernels(Float64Array).update(exact, gradient, kept, settings, step, penalized));
    const bounds = Array.from(exact, (_, i) => {
      const at = (all: Float64Array[]) => all.map((values) => values[i]);
      return tolerances(arrays, update, at(before), at(kept));
    });
    const { rule } = settings;
    for (const [m, values] of [w, ...moments].entries()) {
      const what = `${rule}: ${m === 0 ? 'parameters' : `moment ${m - 1}`}`;
      const fault = arrays.fault(values, [exact, ...kept][m], (i) => bounds[i][m], what);
      if (fault) return fault;
    }
    if (!g.every((value, i) => Object.is(value, before[1][i]))) return `${rule}: the gradient has changed`;
    const watched = [w, ...moments.filter((_, m) => m === SQUARES[rule])];
    const all = watched.every((values) => values.every(Number.isFinite));
    return finite === all ? undefined : `${rule} answers ${finite} for finite numbers: ${all}`;
  });
}
