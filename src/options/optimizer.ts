import type { UpdateRule } from '../../shaders/lib/moments.ts';
import { type NumberRange, numberThat, share } from '../checks/numbers.ts';
import { type Check, flag, isObject, oneOf, optional, readOptions, type Schema } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import type { Optimizer } from '../types.ts';
import { PLACES_OF_OPTIMIZERS, SYNONYMS } from './synonyms.ts';

type Name = Optimizer['name'];
type Named<N extends Name> = Required<Extract<Optimizer, { name: N }>>;

/** An {@link Optimizer} with every default filled in. */
export type ResolvedOptimizer = Required<Optimizer>;

/** The factors of an optimizer that {@link Trainer.set} may change. */
export interface Decays {
  momentum: number;
  beta1: number;
  beta2: number;
}

/** The checks and the defaults of each optimizer's settings. */
const OPTIMIZERS: { [N in Name]: Omit<Schema<Named<N>>, 'name'> } = {
  sgd: { momentum: optional(share, 0), nesterov: optional(flag, false) },
  adam: { beta1: optional(share, 0.9), beta2: optional(share, 0.999), epsilon: optional(anyNumber(), 1e-8) },
  rmsprop: { decay: optional(share, 0.99), epsilon: optional(anyNumber(), 1e-8) },
  adagrad: { epsilon: optional(anyNumber(), 1e-10) },
};

function anyNumber(): Check<number> {
  return numberThat(() => true, 'a number');
}

const NAMES = Object.keys(OPTIMIZERS) as Name[];

/** Checks the optimizer and fills in every default. */
export function optimizer(range: NumberRange): Check<ResolvedOptimizer> {
  return (value = { name: 'sgd' }, path) => {
    if (!isObject(value)) {
      throw new OptionError(path, NAMES.map((name) => `{ name: '${name}' }`).join(' or '), value);
    }
    const name = oneOf(...NAMES)(value.name, `${path}.name`);
    const schema = { name: oneOf(name), ...OPTIMIZERS[name] };
    const read = readOptions<object>(
      value,
      schema,
      path,
      SYNONYMS,
      PLACES_OF_OPTIMIZERS,
    ) as ResolvedOptimizer;
    if ('epsilon' in read) checkEpsilon(read, `${path}.epsilon`, range);
    if (read.name === 'sgd' && read.nesterov && read.momentum === 0) {
      throw new OptionError(`${path}.momentum`, 'a number above 0, which nesterov needs', value.momentum);
    }
    return read;
  };
}

/** The check of each factor of an optimizer that may change. */
export function decaysSchema(optimizer: ResolvedOptimizer, range: NumberRange): Partial<Schema<Decays>> {
  if (optimizer.name === 'sgd') return { momentum: share };
  if (optimizer.name !== 'adam') return {};
  const beta2: Check<number> = (value, name) => {
    const checked = share(value, name);
    checkEpsilon({ ...optimizer, beta2: checked }, name, range);
    return checked;
  };
  return { beta1: share, beta2 };
}

/** The update rule of an optimizer. */
export function ruleOf(optimizer: ResolvedOptimizer): UpdateRule {
  if (optimizer.name !== 'sgd') return optimizer.name;
  if (optimizer.nesterov) return 'nesterov';
  return optimizer.momentum > 0 ? 'momentum' : 'sgd';
}

/** The share of a square that is added to the moment of squares in a step, and its name. */
function newShare(optimizer: Exclude<ResolvedOptimizer, Named<'sgd'>>): { share: number; why: string } {
  switch (optimizer.name) {
    case 'adam':
      return { share: 1 - optimizer.beta2, why: ` with beta2 ${optimizer.beta2}` };
    case 'rmsprop':
      return { share: 1 - optimizer.decay, why: ` with decay ${optimizer.decay}` };
    case 'adagrad':
      return { share: 1, why: '' };
  }
}

const MOST_EPSILON = 1e30;

/**
 * In 32 bits a moment of squares below 2⁻¹²⁶ is 0: that of a gradient below s = 2⁻⁶³ / √share, if
 * `share` of a new square is added. The direction g / (|g| + ε), at most 1, then becomes g / ε. Its
 * error is at most (s / ε)², which must be less than rounding.
 * @throws {OptionError} if the epsilon is too small or too large
 */
function checkEpsilon(
  optimizer: Exclude<ResolvedOptimizer, Named<'sgd'>>,
  path: string,
  { float32, Float }: NumberRange,
): void {
  const { share, why } = newShare(optimizer);
  const rounding = Float === Float32Array ? 2 ** -24 : 2 ** -44;
  const least = float32 ? Math.max(1e-30, 2 ** -63 / Math.sqrt(share * rounding)) : 1e-30;
  const most = float32 ? MOST_EPSILON : Number.MAX_VALUE;
  const { epsilon } = optimizer;
  if (epsilon >= least && epsilon <= most) return;
  const reason = float32 ? ` in 32 bits${why}, where squares of small gradients are 0` : '';
  throw new OptionError(path, `a number from ${least.toPrecision(2)} to ${most}${reason}`, epsilon);
}
