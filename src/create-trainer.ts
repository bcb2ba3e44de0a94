import type { Engine } from './engine.ts';
import { UnsupportedError } from './errors.ts';
import { requestDevice } from './gpu/device.ts';
import { GpuEngine } from './gpu/engine.ts';
import { type BackendChoice, resolveOptions, type TrainingSetup } from './options.ts';
import { EngineTrainer } from './trainer.ts';
import type { Trainer, TrainerOptions } from './types.ts';

/**
 * Makes a network and everything it needs to train: checks the options, chooses the backend, allocates, compiles.
 *
 * @throws {OptionError} if an option cannot be used; nothing has run then
 * @throws {UnsupportedError} if this machine or this version cannot do what was asked
 * @throws {PlanError} if the plan asked for does not take this network
 * @throws {DeviceLostError} if the device is lost
 * @throws {LimitError} {OutOfMemoryError} if the network does not fit the GPU or, on the CPU, the memory
 */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { setup, choice } = resolveOptions(options);
  return new EngineTrainer(await createEngine(setup, choice), setup);
}

async function createEngine(setup: TrainingSetup, choice: BackendChoice): Promise<Engine> {
  if (choice.backend === 'cpu') return createCpuEngine(setup);
  if (choice.device) return GpuEngine.create(setup, choice, choice.device, false);
  try {
    return await GpuEngine.create(setup, choice, await requestDevice(globalThis.navigator?.gpu), true);
  } catch (error) {
    if (choice.backend === 'auto' && error instanceof UnsupportedError) return createCpuEngine(setup);
    throw error;
  }
}

/** A page that trains on the GPU need not load what it does without. */
async function createCpuEngine(setup: TrainingSetup): Promise<Engine> {
  const { CpuEngine } = await import('./cpu/engine.ts');
  return new CpuEngine(setup);
}
