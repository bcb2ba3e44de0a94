import type { UpdateRule } from '../../../shaders/lib/moments.ts';
import type { Activation } from '../../types.ts';

/*
 * What the kernels and their callers share: the numbers of `operations.as.ts` and `threads.as.ts`.
 */

/** The operations. */
export const OPERATIONS = {
  pack: 0,
  product: 1,
  chain: 2,
  columnSums: 3,
  softmax: 4,
  crossEntropyGradient: 5,
  update: 6,
  hingeGradient: 7,
  squaredErrorGradient: 8,
};

/** Addresses of an operation and its arguments. */
export const ADDRESSES = { operation: 64, notFinite: 68, wholes: 128, reals: 192 };

/** The first address of arrays, behind what `threads` threads write. */
export const arraysBehind = (threads: number) => 4096 + threads * 135_168;

/** The numbers of activations in `activation.as.ts`; −1: none. */
export const ACTIVATIONS: Record<Activation, number> = {
  identity: -1,
  relu: 0,
  'leaky-relu': 1,
  elu: 2,
  tanh: 3,
  sigmoid: 4,
  softplus: 5,
};

/** The numbers of rules in `update.as.ts`. */
export const RULES: Record<UpdateRule, number> = {
  sgd: 0,
  momentum: 1,
  nesterov: 2,
  adam: 3,
  rmsprop: 4,
  adagrad: 5,
};
