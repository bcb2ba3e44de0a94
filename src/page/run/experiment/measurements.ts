import { type Checkpoint, type Measurement, NonFiniteError, type Trainer } from '../../../index.ts';

/** The most steps before a divergence that are measured one by one. */
const LAST_POINTS = 100;
/**
 * Milliseconds of a first measurement that is repeated, as the compilation of its kernels may have
 * been most of it.
 */
const DOUBTFUL = { least: 300, most: 3000 };

/**
 * Measures the training points, and the time of a forward pass.
 * @returns `rowTime`: milliseconds, per row
 */
export async function timedMeasurement(
  trainer: Trainer,
  rows: number,
): Promise<{ measurement: Measurement; rowTime: number }> {
  const timed = async () => {
    const start = performance.now();
    const measurement = await trainer.measure();
    return { measurement, milliseconds: performance.now() - start };
  };
  const first = await timed();
  const { least, most } = DOUBTFUL;
  const doubtful = first.milliseconds > least && first.milliseconds < most;
  const { measurement, milliseconds } = doubtful ? await timed() : first;
  return { measurement, rowTime: Math.min(milliseconds, first.milliseconds) / rows };
}

/**
 * Goes back to a state before a divergence and measures the last steps, which lie between two
 * points of the curve.
 * @param states to go back to, the latest first; the last one is taken if none is early enough
 */
export async function measureBefore(
  { step, checkpoint }: NonFiniteError,
  trainer: Trainer,
  states: readonly Checkpoint[],
  add: (measurement: Measurement) => void,
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
