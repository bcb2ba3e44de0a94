import { UnsupportedError } from '../../../index.ts';
import type { Network } from '../../settings/network.ts';
import type { Settings } from '../../settings/settings.ts';
import type { RowSet } from '../../settings/study-data.ts';
import { GpuAccess, onCpu } from '../adapter.ts';
import type { PlanCache } from '../found-plans.ts';
import type { AdapterReport } from '../protocol.ts';
import { Experiment } from './experiment.ts';
import type { Resources } from './open-trainer.ts';

/** Makes experiments: on one device, and on another after its loss; without one, on the CPU. */
export class ExperimentSource {
  readonly #cache: PlanCache;
  readonly #post: (adapter: AdapterReport) => void;
  readonly #gpu = new GpuAccess();
  /** The adapter of the last device. */
  #adapter: AdapterReport | undefined;
  /** The adapter that was told last. */
  #told: AdapterReport | undefined;

  /**
   * @param tell is called with the adapter whenever an experiment is made or gets another device
   */
  constructor(cache: PlanCache, tell: (adapter: AdapterReport) => void) {
    this.#cache = cache;
    this.#post = tell;
  }

  /**
   * Makes an experiment on the settings' backend; undefined if there are no training points.
   * @throws the signal's reason after an abort, with everything freed
   */
  async create(
    settings: Settings,
    rows: RowSet | undefined,
    signal: AbortSignal,
  ): Promise<Experiment | undefined> {
    const { device, report } = settings.backend === 'cpu' ? onCpu('chosen') : await this.#gpu.get();
    this.#tell(report);
    return Experiment.create(settings, rows, this.#resources(device), signal);
  }

  /** Whether a new experiment may train on a GPU that this one did not get. */
  canImprove({ settings, resources }: Experiment): boolean {
    return settings.backend !== 'cpu' && resources.device === undefined;
  }

  /** Tells of a trainer that is on the CPU though its experiment has a device, or is no longer there. */
  watch({ backend, fallback, recoveries }: Network): void {
    const adapter = this.#adapter;
    if (!adapter || backend === this.#told?.backend) return;
    if (backend === 'webgpu') this.#tell(adapter);
    else if (recoveries.length > 0) this.#tell(onCpu('lost').report);
    else if (fallback === undefined) this.#tell({ ...adapter, backend, reason: 'faster' });
    else {
      console.info(fallback);
      // Later lines quote the kernel.
      this.#tell(onCpu('driver', fallback.split('\n', 1)[0]).report);
    }
  }

  #tell(adapter: AdapterReport): void {
    this.#told = adapter;
    if (adapter.backend === 'webgpu') this.#adapter = adapter;
    this.#post(adapter);
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
    const { device, report } = await this.#gpu.get();
    if (!device) throw new UnsupportedError('WebGPU gave no device in place of the lost one.');
    this.#tell(report);
    return device;
  }
}
