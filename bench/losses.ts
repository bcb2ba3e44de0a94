import type { Entrant } from './entrant.ts';

/**
 * How far a loss may be from that of the CPU twin in float64, relative to the latter. In float32 it
 * is off by 1e-7, and by up to 2e-5 where ΣW² has some 100,000 terms and is summed one by one; a
 * term left out makes 1e-3 and more.
 */
const TOLERANCE = { single: 1e-4, double: 1e-10 };

export interface LossCheck {
  /** Updates after which both losses were taken. */
  steps: number;
  loss: number;
  reference: number;
  /** Relative to the reference. */
  difference: number;
  tolerance: number;
  wrong: boolean;
}

/** Whether a contestant computes the same as the CPU twin. NaN does not. */
export function checkLoss(
  steps: number,
  loss: number,
  reference: number,
  precision: Entrant['precision'],
): LossCheck {
  const tolerance = TOLERANCE[precision];
  const difference = Math.abs(loss - reference) / Math.abs(reference);
  return { steps, loss, reference, difference, tolerance, wrong: !(difference <= tolerance) };
}
