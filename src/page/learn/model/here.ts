import { createTrainer, type Trainer, type TrainerOptions } from '../../../index.ts';
import { GpuAccess, onCpu } from '../../run/adapter.ts';
import type { AdapterReport } from '../../run/protocol.ts';

/** All figures share one device. */
const gpu = new GpuAccess();

/** A trainer on the reader's GPU where there is one, and what it computes on. */
export async function trainerHere(
  options: TrainerOptions,
): Promise<{ trainer: Trainer; report: AdapterReport }> {
  const { device, report } = await gpu.get();
  const trainer = await createTrainer({ ...options, ...(device ? { device } : { backend: 'cpu' }) });
  return { trainer, report: device && trainer.backend === 'cpu' ? onCpu('device').report : report };
}
