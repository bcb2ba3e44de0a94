import { logistic } from '../../data/activation-functions.ts';
import type { Activation } from '../../types.ts';

/** How the output of a unit follows its sum. */
interface OutputChange {
  /**
   * f(z + d) − f(z) for a small d, with a rounding error relative to itself. Where pieces of f meet,
   * the piece of z goes on.
   */
  of(z: number, d: number): number;
  /** Whether the pieces of f are linear. */
  linear: boolean;
  /** Whether f has no derivative at 0. */
  kink: boolean;
}

const pieces = (below: number, kink = true): OutputChange => ({
  of: (z, d) => (z > 0 ? d : below * d),
  linear: true,
  kink,
});

const smooth = (of: OutputChange['of']): OutputChange => ({ of, linear: false, kink: false });

export const OUTPUT_CHANGES: Record<Activation, OutputChange> = {
  relu: pieces(0),
  'leaky-relu': pieces(0.01),
  identity: pieces(1, false),
  // Both pieces have the slope 1 at 0, so that there is no kink.
  elu: smooth((z, d) => (z > 0 ? d : Math.exp(z) * Math.expm1(d))),
  // One quotient after the other, because the product of both cosines may overflow.
  tanh: smooth((z, d) => Math.sinh(d) / Math.cosh(z) / Math.cosh(z + d)),
  sigmoid: smooth((z, d) => Math.sinh(d / 2) / Math.cosh(z / 2) / (2 * Math.cosh((z + d) / 2))),
  softplus: smooth((z, d) => Math.log1p(logistic(z) * Math.expm1(d))),
};

/** A change of a sum so small that every activation is linear along it. */
const TINY = 2 ** -60;

/** The derivative at z: that of the piece of z. */
export function slopeAt({ of }: OutputChange, z: number): number {
  return of(z, TINY) / TINY;
}

/** The mean of the slopes on both sides of a kink at 0. */
export function slopeAtKink(change: OutputChange): number {
  return (slopeAt(change, 1) + slopeAt(change, -1)) / 2;
}
