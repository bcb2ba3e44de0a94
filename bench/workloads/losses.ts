import type { Entrant } from '../contestants/entrant.ts';

/**
 * The largest relative difference of a loss from the float64 loss of the CPU twin. A float32 loss
 * differs by 1e-7, and by up to 2e-5 if ΣW² has some 100,000 terms and is summed one by one; a
 * missing term makes 1e-3 and more.
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
