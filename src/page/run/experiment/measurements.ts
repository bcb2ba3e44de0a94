import { type Measured, measure, type Network } from '../../settings/network.ts';

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
  trainer: Network,
  rows: number,
): Promise<{ measurement: Measured; rowTime: number }> {
  const timed = async () => {
    const start = performance.now();
    const measurement = await measure(trainer);
    return { measurement, milliseconds: performance.now() - start };
  };
  const first = await timed();
  const { least, most } = DOUBTFUL;
  const doubtful = first.milliseconds > least && first.milliseconds < most;
  const { measurement, milliseconds } = doubtful ? await timed() : first;
  return { measurement, rowTime: Math.min(milliseconds, first.milliseconds) / rows };
}
