import type { AnyDataset } from '../../../index.ts';
import { createNetwork, type Network } from '../../settings/network.ts';
import type { Settings } from '../../settings/settings.ts';
import { trainerOptions } from '../../settings/trainer-options.ts';
import type { PlanCache } from '../found-plans.ts';

/** The device and the caches of an experiment. */
export interface Resources {
  /** The device to train on; undefined: training runs on the CPU. */
  device: GPUDevice | undefined;
  cache: PlanCache;
  /** Gives the device that replaces a lost one. */
  another: () => Promise<GPUDevice>;
}

/** A trainer of the settings' network, with their backend and plan. */
export function openTrainer(
  settings: Settings,
  data: AnyDataset,
  resources: Resources,
  signal?: AbortSignal,
): Promise<Network> {
  const options = { ...trainerOptions(settings, data), ...(signal && { signal }) };
  const { device, cache, another } = resources;
  if (!device) return createNetwork({ ...options, backend: 'cpu' });
  const recovery = { requestDevice: another };
  const { backend, plan } = settings;
  return createNetwork({ ...options, backend, plan, tuning: { cache }, device, recovery });
}
