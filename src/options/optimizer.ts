import type { NumberRange } from '../checks/numbers.ts';
import { oneOf, readFields, readOptions } from '../checks/read.ts';
import { OptionError } from '../errors.ts';
import type { Optimizer } from '../types.ts';
import type { ResolvedOptimizer } from './setup.ts';

const MOST_EPSILON = 1e30;

/**
 * Fills in what an optimizer leaves open.
 * @throws {OptionError} naming what of `optimizer` it is, what was expected and what came
 */
export function resolveOptimizer(given: Optimizer, range: NumberRange): ResolvedOptimizer {
  if (typeof given !== 'object' || given === null) {
    throw new OptionError('optimizer', "{ name: 'sgd' } or { name: 'adam' }", given);
  }
  const { name } = readFields(given, ['name'], 'optimizer');
  oneOf(name, ['sgd', 'adam'], 'optimizer.name');
  if (name === 'sgd') {
    const options = given as Extract<Optimizer, { name: 'sgd' }>;
    const { momentum = 0 } = readOptions(options, { name: false, momentum: true }, 'optimizer');
    return { name, momentum: checkDecay(momentum, 'optimizer.momentum') };
  }
  const options = given as Extract<Optimizer, { name: 'adam' }>;
  const names = { name: false, beta1: true, beta2: true, epsilon: true };
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = readOptions(options, names, 'optimizer');
  checkDecay(beta1, 'optimizer.beta1');
  checkDecay(beta2, 'optimizer.beta2');
  checkEpsilon(epsilon, beta2, range);
  return { name, beta1, beta2, epsilon };
}

/**
 * A second moment below 2⁻¹²⁶, that of a gradient below s = 2⁻⁶³ / √(1 − β₂), is 0 in 32 bits, and the direction g / (|g| + ε) becomes
 * g / ε: off by (s / ε)² at the most, which must be less than rounding.
 */
function checkEpsilon(epsilon: number, beta2: number, { float32, Float }: NumberRange): void {
  const rounding = Float === Float32Array ? 2 ** -24 : 2 ** -44;
  const least = float32 ? Math.max(1e-30, 2 ** -63 / Math.sqrt((1 - beta2) * rounding)) : 1e-30;
  const most = float32 ? MOST_EPSILON : Number.MAX_VALUE;
  if (typeof epsilon === 'number' && epsilon >= least && epsilon <= most) return;
  const why = float32 ? ` in 32 bits with beta2 ${beta2}, where squares of small gradients are 0` : '';
  throw new OptionError(
    'optimizer.epsilon',
    `a number from ${least.toPrecision(2)} to ${most}${why}`,
    epsilon,
  );
}

function checkDecay(value: number, name: string): number {
  if (typeof value !== 'number' || !(value >= 0 && value < 1)) {
    throw new OptionError(name, 'a number from 0 to below 1', value);
  }
  return value;
}
