import type { Engine } from '../engine.ts';
import { UnsupportedError } from '../errors.ts';
import { requestDevice } from '../gpu/device/device.ts';
import { GpuEngine } from '../gpu/engine.ts';
import { gpuDevice } from '../options/backend.ts';
import type { BackendChoice, TrainingSetup } from '../options/setup.ts';
import { resolveOptions } from '../options/trainer.ts';
import type { Trainer, TrainerOptions } from '../types.ts';
import { Progress } from './progress.ts';
import { EngineRecovery, type EngineSource } from './recovery.ts';
import { EngineTrainer } from './trainer.ts';

/**
 * Creates a trainer: checks the options, chooses the backend, allocates memory and compiles
 * kernels.
 *
 * @throws {OptionError} if an option cannot be used; nothing has run then
 * @throws {UnsupportedError} if this machine or this version cannot fulfil the options
 * @throws {PlanError} if the requested plan does not take this network
 * @throws {DeviceLostError} if the device is lost and no other device may or can replace it
 * @throws {LimitError} {OutOfMemoryError} if the network does not fit the GPU or, on the CPU, the
 * memory
 */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { setup, choice } = resolveOptions(options);
  const { recovery } = choice;
  const progress = new Progress(setup, recovery ? recovery.interval : undefined);
  return new EngineTrainer(setup, await EngineRecovery.begin(engines(setup, choice), progress), progress);
}

/** Creates engines as the caller's options say. */
function engines(setup: TrainingSetup, choice: BackendChoice): EngineSource {
  const { backend, device, recovery } = choice;
  const gpu = globalThis.navigator?.gpu;
  const onCpu = () => createCpuEngine(setup);
  const onDevice = (device: GPUDevice) => GpuEngine.create(setup, choice, device, false);
  const onOwnDevice = async () => GpuEngine.create(setup, choice, await requestDevice(gpu), true);
  const another = () => {
    if (!recovery) return undefined;
    const { requestDevice } = recovery;
    if (requestDevice) return async () => onDevice(gpuDevice(await requestDevice(), 'device'));
    return gpu && onOwnDevice;
  };
  return {
    async first() {
      if (backend === 'cpu') return onCpu();
      if (device) return onDevice(device);
      try {
        return await onOwnDevice();
      } catch (error) {
        if (backend === 'auto' && error instanceof UnsupportedError) return onCpu();
        throw error;
      }
    },
    another: another(),
    onCpu: backend === 'auto' ? onCpu : undefined,
  };
}

/** A page that trains on the GPU does not load the CPU engine. */
async function createCpuEngine(setup: TrainingSetup): Promise<Engine> {
  const { CpuEngine } = await import('../cpu/engine.ts');
  return new CpuEngine(setup);
}
