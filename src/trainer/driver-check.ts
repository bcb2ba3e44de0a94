import type { GpuEngine } from '../gpu/engine.ts';
import type { Choice } from '../gpu/plans/candidates.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { Recent } from '../recent.ts';

/** Shapes and choices kept for each device. */
const MOST_KEPT = 100;

const checks = new WeakMap<GPUDevice, Recent<Promise<void>>>();

/**
 * Compares one step of a GPU with the CPU in float64, once for each shape of a network and each
 * choice of kernels, on a problem with that shape: a driver may compute wrongly without an error.
 * The tuner compares what it changes to with the bits of this choice.
 * @param choice the plan that is to train, and the division of its work
 * @param create creates an engine with this choice
 * @throws {UnsupportedError} if the GPU differs, with the tensor and the difference
 * @throws {DeviceLostError} if the device is lost, for which the choice is blamed
 */
export async function checkDriver(
  setup: TrainingSetup,
  device: GPUDevice,
  choice: Choice,
  create: (setup: TrainingSetup) => Promise<GpuEngine>,
): Promise<void> {
  const known = checks.get(device) ?? new Recent(MOST_KEPT);
  checks.set(device, known);
  const { sizes, activations, loss, batchSize, data, precision, settings } = setup;
  const { rule, l1, weightDecay, classWeights } = settings.now;
  const terms = [rule, l1 > 0, weightDecay > 0, loss, classWeights !== undefined];
  const key = JSON.stringify([sizes, activations, batchSize, data.count, precision, terms, choice]);
  const other = known.get(key);
  // Another trainer's check may have ended with the abort of its creation.
  if (other && (await succeeds(other))) return;
  const check = comparison(setup, create);
  known.set(key, check);
  // A device that is lost or has no memory left says nothing about its driver.
  check.catch(() => known.delete(key));
  await check;
}

const succeeds = (work: Promise<void>) =>
  work.then(
    () => true,
    () => false,
  );

/** The comparison of one step. Without a network, a page may be unable to load this part. */
async function comparison(
  setup: TrainingSetup,
  create: (setup: TrainingSetup) => Promise<GpuEngine>,
): Promise<void> {
  const part = await import('./driver-comparison.ts').catch(() => undefined);
  await part?.compareStep(setup, create);
}
