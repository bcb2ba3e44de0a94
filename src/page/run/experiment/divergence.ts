import { type Checkpoint, NonFiniteError } from '../../../index.ts';
import type { Measured, Network } from '../../settings/network.ts';

/** The most steps before a divergence that are measured one by one. */
const LAST_POINTS = 100;

/**
 * Goes back to a state before a divergence and measures the last steps, which lie between two
 * points of the curve.
 * @param states to go back to, the latest first; the last one is taken if none is early enough
 */
export async function measureBefore(
  { step, checkpoint }: NonFiniteError,
  trainer: Network,
  states: readonly Checkpoint[],
  add: (measurement: Measured) => void,
): Promise<void> {
  const from = states.find((state) => state.step + LAST_POINTS < step) ?? states[states.length - 1];
  const last = Math.min(step - 1 - from.step, LAST_POINTS);
  try {
    await trainer.restore(from);
    await trainer.train(step - 1 - last - from.step);
    for await (const measurement of trainer.run({ steps: last, every: 1 })) add(measurement);
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
  }
  // The loss at the last finite parameters may be infinite.
  if (checkpoint) await trainer.restore(checkpoint);
}
