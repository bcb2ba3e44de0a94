import { findLearningRate } from '../../../index.ts';
import { createNetwork } from '../../settings/network.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { RateTrial } from '../protocol.ts';

/** Updates of the trial, each with a larger rate. */
const STEPS = 100;
/** Milliseconds between two reports of progress. */
const INTERVAL = 100;

/**
 * Tries learning rates from the run's present parameters on. A trainer of its own tries them, so
 * that the run stays as it is, whatever looks at it meanwhile.
 * @throws the signal's reason after an abort
 */
export async function tryRates(
  { trainer: own, trainerOptions, resources: { device }, settings }: Experiment,
  signal: AbortSignal,
  onProgress: (progress: number) => void,
): Promise<RateTrial> {
  const state = await own.save();
  const place =
    own.backend === 'webgpu' && device ? { device, plan: settings.plan } : { backend: 'cpu' as const };
  const trainer = await createNetwork({ ...trainerOptions, ...place, recovery: false, signal });
  const timer = setInterval(() => onProgress((trainer.step - state.step) / STEPS), INTERVAL);
  try {
    await trainer.restore(state);
    const search = await findLearningRate(trainer, { steps: STEPS, signal });
    return { ...search, step: state.step };
  } finally {
    clearInterval(timer);
    trainer.destroy();
  }
}
