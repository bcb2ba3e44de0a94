import { ShaderError, UnsupportedError } from '../../index.ts';
import type { Settings } from '../settings/settings.ts';
import { NoGpu, requestGpu } from './adapter.ts';
import { Experiment, type Place as ExperimentPlace } from './experiment.ts';
import type { PlanCache } from './found-plans.ts';
import type { AdapterReport, NoGpuReason } from './protocol.ts';

interface Opened {
  device: GPUDevice | undefined;
  report: AdapterReport;
}

/**
 * Where experiments run: a device that is opened once, and again after a loss; the CPU where there
 * is none.
 */
export class Place {
  readonly #cache: PlanCache;
  readonly #tell: (adapter: AdapterReport) => void;
  #opened: Promise<Opened> | undefined;

  /** @param tell is called whenever an experiment is made, or moves, with where it runs */
  constructor(cache: PlanCache, tell: (adapter: AdapterReport) => void) {
    this.#cache = cache;
    this.#tell = tell;
  }

  /** The device in use, where there is one. */
  async device(): Promise<GPUDevice | undefined> {
    return (await this.#opened)?.device;
  }

  /**
   * An experiment where the settings and the machine have it; undefined where there is nothing to
   * learn from.
   */
  async create(settings: Settings): Promise<Experiment | undefined> {
    if (settings.backend === 'cpu') {
      this.#tell(onCpu('chosen'));
      return Experiment.create(settings, this.#here(undefined));
    }
    this.#opened ??= this.#open();
    const { device, report } = await this.#opened;
    this.#tell(report);
    try {
      return await Experiment.create(settings, this.#here(device));
    } catch (error) {
      // What the device does not take is not a reason to do without it; that its kernels fail is.
      if (!device || !(error instanceof ShaderError)) throw error;
      console.error(error);
      this.#opened = Promise.resolve({ device: undefined, report: onCpu('failed') });
      device.destroy();
      return this.create(settings);
    }
  }

  /** Says that an experiment went on without the GPU that was lost. */
  leaveGpu(): void {
    this.#tell(onCpu('lost'));
  }

  /**
   * A place of an experiment's own: what it makes after a loss begins on the device that came then.
   */
  #here(device: GPUDevice | undefined): ExperimentPlace {
    const here: ExperimentPlace = {
      device,
      cache: this.#cache,
      another: async () => {
        here.device = await this.#another();
        return here.device;
      },
    };
    return here;
  }

  /** A device in place of one that was lost, the same for all who ask. */
  async #another(): Promise<GPUDevice> {
    this.#opened ??= this.#open();
    const { device, report } = await this.#opened;
    if (!device) {
      // There may be one again the next time.
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
