import type { Engine } from '../engine.ts';
import { inTime, PATIENCE } from '../gpu/device/device.ts';
import { DeviceSupply, type Lease, sharedSupply } from '../gpu/device/supply.ts';
import { GpuEngine } from '../gpu/engine.ts';
import { gpuDevice } from '../options/backend.ts';
import type { BackendChoice, TrainingSetup } from '../options/setup.ts';
import { ShaderError, UnsupportedError } from '../training-errors.ts';
import { checkDriver } from './driver-check.ts';
import type { Comparison } from './fastest.ts';

/** Creates the engines of one trainer, as its options say. */
export class EngineSource {
  readonly #setup: TrainingSetup;
  readonly #choice: BackendChoice;
  /** Gives the devices that replace a lost one; undefined if the caller wants none of them. */
  readonly #supply: DeviceSupply | undefined;
  /** The device of the last engine. */
  #device: GPUDevice | undefined;
  #comparison: Comparison | undefined;

  constructor(setup: TrainingSetup, choice: BackendChoice) {
    this.#setup = setup;
    this.#choice = choice;
    this.#supply = supplyOf(choice);
  }

  /**
   * Creates the first engine.
   * @throws {UnsupportedError} if the GPU cannot be used, and the caller does not allow the CPU
   */
  async first(): Promise<Engine> {
    const { backend, signal } = this.#choice;
    if (backend === 'cpu') return this.onCpu();
    let gpu: Engine;
    try {
      gpu = await this.#onGpu(await this.#firstLease(), signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (backend !== 'webgpu' && error instanceof UnsupportedError) return this.onCpu(error.message);
      throw error;
    }
    return backend === 'fastest' ? this.#fastest(gpu, signal) : gpu;
  }

  /** What the backend of the last engine was chosen by, if it was measured. */
  get comparison(): Comparison | undefined {
    return this.#comparison;
  }

  /** The faster of an engine on the GPU and one on the CPU. */
  async #fastest(gpu: Engine, signal: AbortSignal | undefined): Promise<Engine> {
    const { fasterEngine } = await import('./fastest.ts');
    const { tuning } = this.#choice;
    try {
      const found = await fasterEngine(gpu, () => this.onCpu(), this.#setup, tuning, signal);
      this.#comparison = found.comparison;
      return found.engine;
    } catch (error) {
      if (!(error instanceof ShaderError)) throw error;
      return this.onCpu(refused(error).message);
    }
  }

  /** Counts the loss of the last engine's device. */
  countLoss(): void {
    if (this.#device) this.#supply?.lost(this.#device);
  }

  /** Whether another device may be requested. */
  get hasAnother(): boolean {
    return this.#choice.recovery !== false && this.#supply?.open === true;
  }

  /** Creates an engine on another device. @throws the signal's reason after an abort */
  async another(signal: AbortSignal): Promise<Engine> {
    if (!this.#supply) throw new Error('The caller wants no other device.');
    return this.#onGpu(await this.#supply.lease(signal), signal);
  }

  /** Whether the caller allows the CPU in place of the GPU. */
  get allowsCpu(): boolean {
    const { backend, recovery } = this.#choice;
    return backend !== 'webgpu' && recovery !== false;
  }

  async #firstLease(): Promise<Lease> {
    const { device, signal } = this.#choice;
    if (device) return { device, release: () => {} };
    return sharedSupply(globalThis.navigator?.gpu).lease(signal);
  }

  async #onGpu(lease: Lease, signal?: AbortSignal): Promise<Engine> {
    this.#device = lease.device;
    this.#comparison = undefined;
    try {
      return await this.#compared(lease, signal);
    } catch (error) {
      lease.release();
      if (!(error instanceof ShaderError)) throw error;
      throw refused(error);
    }
  }

  /** An engine on the GPU, after the comparison of its kernels with the CPU. */
  async #compared(lease: Lease, signal?: AbortSignal): Promise<Engine> {
    const engine = await GpuEngine.create(this.#setup, this.#choice, lease, signal);
    const { choice } = engine;
    const own = { device: lease.device, release: () => {} };
    const options = { plan: choice, tuning: this.#choice.tuning };
    const create = (setup: TrainingSetup) => GpuEngine.create(setup, options, own, signal);
    try {
      await checkDriver(this.#setup, lease.device, choice, create);
      return engine;
    } catch (error) {
      engine.destroy();
      throw error;
    }
  }

  /**
   * Creates an engine on the CPU, which a page that trains on the GPU does not load.
   * @param fallback why it replaces the GPU
   */
  async onCpu(fallback?: string): Promise<Engine> {
    this.#comparison = undefined;
    const { createCpuEngine } = await import('../cpu/create.ts');
    return createCpuEngine(this.#setup, this.#choice, fallback);
  }
}

/** The error of a driver that does not compile or take the kernels of any plan. */
export function refused(error: ShaderError): UnsupportedError {
  const failure = new UnsupportedError(
    `The graphics driver does not take the kernels of this network. ${error.message}\n` +
      "Update the graphics driver, or train with backend: 'cpu'.",
  );
  failure.cause = error;
  return failure;
}

/** What replaces a lost device: never a device of our own for one that the caller has handed in. */
function supplyOf({ device, recovery }: BackendChoice): DeviceSupply | undefined {
  const request = recovery ? recovery.requestDevice : undefined;
  if (request) {
    return new DeviceSupply(
      async (signal) => {
        const device = await inTime(Promise.resolve(request()), PATIENCE, noDevice, signal);
        return gpuDevice(device, 'device');
      },
      () => {},
    );
  }
  const gpu = globalThis.navigator?.gpu;
  return device || !gpu ? undefined : sharedSupply(gpu);
}

const noDevice = () =>
  new UnsupportedError(
    `recovery.requestDevice has given no device within ${PATIENCE / 1000} seconds. ` +
      "Have it reject, or allow the CPU with backend: 'auto'.",
  );
