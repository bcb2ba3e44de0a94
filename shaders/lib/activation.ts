import type { Arithmetic } from './real.ts';

/** The names of the activations, as the public option has them. */
export type Activation = 'relu' | 'leaky-relu' | 'elu' | 'tanh' | 'sigmoid' | 'softplus' | 'identity';

/**
 * An activation of hidden layers as WGSL. Its derivative comes from the output, so that no sum is stored.
 * A finite sum has a finite output. A sum that is not finite stays as it is, so that an overflow
 * cannot hide; only ReLU makes 0 of −∞.
 */
export interface ActivationText {
  name: Activation;
  /** A unit's output, from its sum z: a name or a call. */
  output: (z: string) => string;
  /** The gradient on the sum, from the gradient d on the output and the output h. */
  gradient: (d: string, h: string) => string;
  /** The functions that the other texts call, besides those of `real`; needs `real`. */
  functions?: (arithmetic: Arithmetic) => string;
}

/** h = max(0, z); h′ = 1 where h > 0, else 0. */
export const relu: ActivationText = {
  name: 'relu',
  output: (z) => `select(${z}, real(), high(${z}) <= 0.0)`,
  gradient: (d, h) => `select(${d}, real(), high(${h}) <= 0.0)`,
};
