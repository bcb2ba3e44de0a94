import type { Activation } from '../types.ts';

/** The activations as the docstring of {@link Activation} defines them. NaN stays NaN. */
export const ACTIVATION_FUNCTIONS: Readonly<Record<Activation, (z: number) => number>> = {
  relu: (z) => (z <= 0 ? 0 : z),
  'leaky-relu': (z) => (z > 0 ? z : 0.01 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  tanh: Math.tanh,
  sigmoid: logistic,
  softplus: (z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))),
  identity: (z) => z,
};

/** 1 / (1 + e⁻ᶻ), in which no exponential is above 1, so that small values keep their digits. */
export function logistic(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}
