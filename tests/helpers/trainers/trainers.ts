import { afterEach, beforeAll } from 'vitest';

import { createTrainer, type Trainer, type TrainerOptions } from '../../../src/index.ts';
import { testDevice } from '../devices/gpu.ts';
import { SMALL } from './tuning.ts';

/**
 * Trainers of one test file, all on the shared device, each destroyed after the test that made it.
 */
interface TestTrainers {
  /** Every backend in every precision, with the trainer options for it. */
  backends: [name: string, options: () => Partial<TrainerOptions>][];
  create: (options: TrainerOptions) => Promise<Trainer>;
  readonly device: GPUDevice;
}

export function testTrainers(): TestTrainers {
  let device: GPUDevice;
  const trainers: Trainer[] = [];
  beforeAll(async () => {
    device = await testDevice();
  });
  afterEach(() => {
    for (const trainer of trainers.splice(0)) trainer.destroy();
  });
  return {
    backends: [
      ['webgpu, single', () => ({ backend: 'webgpu', device, tuning: SMALL })],
      ['webgpu, double', () => ({ backend: 'webgpu', precision: 'double', device, tuning: SMALL })],
      ['cpu, single', () => ({ backend: 'cpu' })],
      ['cpu, double', () => ({ backend: 'cpu', precision: 'double' })],
    ],
    create: async (options) => {
      const trainer = await createTrainer(options);
      trainers.push(trainer);
      return trainer;
    },
    get device() {
      return device;
    },
  };
}
