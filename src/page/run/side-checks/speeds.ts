import { createNetwork } from '../../settings/network.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Answer } from '../protocol.ts';

/** The most milliseconds of the comparison, which takes some ten steps of the slower backend. */
const LONGEST = 5000;

/**
 * Milliseconds of a step on the GPU and on the CPU, as the choice of the faster one measures them, with
 * trainers of their own. Undefined where there is no GPU.
 * @throws the signal's reason after an abort, or if it takes too long
 */
export async function speedsOf(
  { trainerOptions, settings: { plan }, resources: { device, cache } }: Experiment,
  signal: AbortSignal,
): Promise<Extract<Answer, { what: 'speeds' }> | undefined> {
  if (!device) return undefined;
  const trainer = await createNetwork({
    ...trainerOptions,
    backend: 'fastest',
    device,
    plan,
    // The run finds and keeps its own plan.
    tuning: { cache: { get: (key) => cache.get(key), set: () => new Map() } },
    recovery: false,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST)]),
  });
  const { fallback, tuning } = trainer;
  trainer.destroy();
  if (fallback !== undefined) return undefined;
  const [gpu, cpu] = tuning.candidates.map(({ milliseconds = Number.NaN }) => milliseconds);
  return { what: 'speeds', gpu, cpu };
}
