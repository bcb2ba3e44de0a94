import { ShaderError, UnsupportedError } from '../../../index.ts';
import type { Settings } from '../../settings/settings.ts';
import { NoGpu, requestGpu } from '../adapter.ts';
import type { PlanCache } from '../found-plans.ts';
import type { AdapterReport, NoGpuReason } from '../protocol.ts';
import { Experiment, type Resources } from './experiment.ts';

interface Opened {
  device: GPUDevice | undefined;
  report: AdapterReport;
}

/**
 * Makes experiments: on a device that is opened once, and again after a loss; without one, on the
 * CPU.
 */
export class ExperimentSource {
  readonly #cache: PlanCache;
  readonly #tell: (adapter: AdapterReport) => void;
  #opened: Promise<Opened> | undefined;

  /**
   * @param tell is called with the adapter whenever an experiment is made or gets another device
   */
  constructor(cache: PlanCache, tell: (adapter: AdapterReport) => void) {
    this.#cache = cache;
    this.#tell = tell;
  }

  /** The present device, if there is one. */
  async device(): Promise<GPUDevice | undefined> {
    return (await this.#opened)?.device;
  }

  /** Makes an experiment on the settings' backend; undefined if there are no training points. */
  async create(settings: Settings): Promise<Experiment | undefined> {
    if (settings.backend === 'cpu') {
      this.#tell(onCpu('chosen'));
      return Experiment.create(settings, this.#resources(undefined));
    }
    this.#opened ??= this.#open();
    const { device, report } = await this.#opened;
    this.#tell(report);
    try {
      return await Experiment.create(settings, this.#resources(device));
    } catch (error) {
      // Only failing kernels are a reason to give up the device, not a network that it does not
      // take.
      if (!device || !(error instanceof ShaderError)) throw error;
      console.error(error);
      this.#opened = Promise.resolve({ device: undefined, report: onCpu('failed') });
      device.destroy();
      return this.create(settings);
    }
  }

  /** Reports that an experiment goes on without the lost GPU. */
  leaveGpu(): void {
    this.#tell(onCpu('lost'));
  }

  /** Resources for one experiment. Trainers that it makes after a loss begin on the new device. */
  #resources(device: GPUDevice | undefined): Resources {
    const resources: Resources = {
      device,
      cache: this.#cache,
      another: async () => {
        resources.device = await this.#another();
        return resources.device;
      },
    };
    return resources;
  }

  /** The device that replaces a lost one, the same for every caller. */
  async #another(): Promise<GPUDevice> {
    this.#opened ??= this.#open();
    const { device, report } = await this.#opened;
    if (!device) {
      // The next call may find a device again.
      this.#opened = undefined;
      throw new UnsupportedError('WebGPU gave no device in place of the lost one.');
    }
    this.#tell(report);
    return device;
  }

  #open(): Promise<Opened> {
    const opened = requestGpu(navigator.gpu).then((gpu): Opened => {
      if (gpu instanceof NoGpu) return { device: undefined, report: onCpu(gpu.reason) };
      gpu.device.lost.then(() => {
        if (this.#opened === opened) this.#opened = undefined;
      });
      return gpu;
    });
    return opened;
  }
}

function onCpu(reason: NoGpuReason): AdapterReport {
  return { backend: 'cpu', name: 'CPU', software: false, reason };
}
