import { DeviceLostError, ShaderError } from '../../index.ts';
import type { PlanCache } from '../found-plans.ts';
import type { Settings } from '../settings/settings.ts';
import { NoGpu, requestGpu } from './adapter.ts';
import { Experiment } from './experiment.ts';
import type { AdapterReport, NoGpuReason } from './protocol.ts';

interface Opened {
  device: GPUDevice | undefined;
  report: AdapterReport;
}

/** Where experiments run: a device that is opened once, and again after a loss; the CPU where there is none. */
export class Place {
  readonly #cache: PlanCache;
  readonly #tell: (adapter: AdapterReport) => void;
  readonly #lost: (error: DeviceLostError) => void;
  #opened: Promise<Opened> | undefined;

  /**
   * @param tell is called whenever an experiment is made, with where it runs
   * @param lost is called when the device in use is lost
   */
  constructor(
    cache: PlanCache,
    tell: (adapter: AdapterReport) => void,
    lost: (error: DeviceLostError) => void,
  ) {
    this.#cache = cache;
    this.#tell = tell;
    this.#lost = lost;
  }

  /** The device in use, where there is one. */
  async device(): Promise<GPUDevice | undefined> {
    return (await this.#opened)?.device;
  }

  /** An experiment where the settings and the machine have it; undefined where there is nothing to learn from. */
  async create(settings: Settings): Promise<Experiment | undefined> {
    const cache = this.#cache;
    if (settings.backend === 'cpu') {
      this.#tell(onCpu('chosen'));
      return Experiment.create(settings, { device: undefined, cache });
    }
    this.#opened ??= this.#open();
    const { device, report } = await this.#opened;
    this.#tell(report);
    try {
      return await Experiment.create(settings, { device, cache });
    } catch (error) {
      // What the device does not take is not a reason to do without it; that its kernels fail is.
      if (!device || !(error instanceof ShaderError)) throw error;
      console.error(error);
      this.#opened = Promise.resolve({ device: undefined, report: onCpu('failed') });
      device.destroy();
      return this.create(settings);
    }
  }

  async #open(): Promise<Opened> {
    const gpu = await requestGpu(navigator.gpu);
    if (gpu instanceof NoGpu) return { device: undefined, report: onCpu(gpu.reason) };
    const { device, report } = gpu;
    device.lost.then(async ({ message }) => {
      if ((await this.device()) !== device) return;
      this.#opened = undefined;
      this.#lost(new DeviceLostError(message));
    });
    return { device, report };
  }
}

function onCpu(reason: NoGpuReason): AdapterReport {
  return { backend: 'cpu', name: 'CPU', software: false, reason };
}
