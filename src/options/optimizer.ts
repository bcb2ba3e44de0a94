import { type NumberRange, numberThat, share } from '../checks/numbers.ts';
import { type Check, isObject, oneOf, optional, readOptions } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import type { ResolvedOptimizer } from './setup.ts';
import { SYNONYMS } from './synonyms.ts';

type Named<Name extends ResolvedOptimizer['name']> = Extract<ResolvedOptimizer, { name: Name }>;

/** The checks and the defaults of each optimizer's settings, by the optimizer's name. */
const OPTIMIZERS: {
  [Name in ResolvedOptimizer['name']]: (given: object, path: string, range: NumberRange) => Named<Name>;
} = {
  sgd: (given, path) =>
    readOptions<Named<'sgd'>>(given, { name: oneOf('sgd'), momentum: optional(share, 0) }, path, SYNONYMS),
  adam(given, path, range) {
    const { epsilon, ...rest } = readOptions<Named<'adam'>>(
      given,
      {
        name: oneOf('adam'),
        beta1: optional(share, 0.9),
        beta2: optional(share, 0.999),
        epsilon: optional(
          numberThat(() => true, 'a number'),
          1e-8,
        ),
      },
      path,
      SYNONYMS,
    );
    return { ...rest, epsilon: adamEpsilon(range, rest.beta2)(epsilon, `${path}.epsilon`) };
  },
};

const NAMES = Object.keys(OPTIMIZERS) as ResolvedOptimizer['name'][];

/** Checks the optimizer and fills in every default. */
export function optimizer(range: NumberRange): Check<ResolvedOptimizer> {
  return (value = { name: 'sgd' }, path) => {
    if (!isObject(value)) {
      throw new OptionError(path, NAMES.map((name) => `{ name: '${name}' }`).join(' or '), value);
    }
    const name = oneOf(...NAMES)(value.name, `${path}.name`);
    return OPTIMIZERS[name](value, path, range);
  };
}

const MOST_EPSILON = 1e30;

/**
 * In 32 bits a second moment below 2⁻¹²⁶, that of a gradient below s = 2⁻⁶³ / √(1 − β₂), is 0. The
 * direction g / (|g| + ε), at most 1, then becomes g / ε. Its error is at most (s / ε)², which must
 * be less than rounding.
 */
function adamEpsilon({ float32, Float }: NumberRange, beta2: number): Check<number> {
  const rounding = Float === Float32Array ? 2 ** -24 : 2 ** -44;
  const least = float32 ? Math.max(1e-30, 2 ** -63 / Math.sqrt((1 - beta2) * rounding)) : 1e-30;
  const most = float32 ? MOST_EPSILON : Number.MAX_VALUE;
  const why = float32 ? ` in 32 bits with beta2 ${beta2}, where squares of small gradients are 0` : '';
  return numberThat(
    (value) => value >= least && value <= most,
    `a number from ${least.toPrecision(2)} to ${most}${why}`,
  );
}
