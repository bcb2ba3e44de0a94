import { untilAborted } from '../../abort.ts';
import { requestDevice } from './device.ts';
import { destroyDevice } from './guard.ts';

/** Browsers block a page's access to the GPU after three losses in a short time. */
const MOST_LOSSES = 2;
const PERIOD = 60_000;

/** A device in use. */
export interface Lease {
  device: GPUDevice;
  /** Tells that the user needs the device no longer. A second call does nothing. */
  release(): void;
}

/** A device that is being requested or in use, and the number of its users. */
interface Share {
  device: Promise<GPUDevice>;
  /** The device, once it has come. */
  arrived?: GPUDevice;
  users: number;
  /** Ends the request when nobody waits for it any more. */
  cancel: AbortController;
}

/**
 * One device for all users: the first lease requests it, and the release of the last one gives it
 * back. When the device is lost, the next lease requests another.
 */
export class DeviceSupply {
  readonly #request: (signal: AbortSignal) => Promise<GPUDevice>;
  readonly #giveBack: (device: GPUDevice) => void;
  #share: Share | undefined;
  /** The times of the last losses. */
  #losses: number[] = [];
  readonly #lost = new WeakSet<GPUDevice>();

  /** @param giveBack ends a device that nobody uses */
  constructor(request: (signal: AbortSignal) => Promise<GPUDevice>, giveBack: (device: GPUDevice) => void) {
    this.#request = request;
    this.#giveBack = giveBack;
  }

  /** Whether so few devices have been lost lately that another one may be requested. */
  get open(): boolean {
    const now = performance.now();
    this.#losses = this.#losses.filter((time) => now - time < PERIOD);
    return this.#losses.length <= MOST_LOSSES;
  }

  /**
   * Waits for the device.
   * @throws {UnsupportedError} if there is none
   * @throws the signal's reason after an abort
   */
  async lease(signal?: AbortSignal): Promise<Lease> {
    this.#share ??= this.#begin();
    const share = this.#share;
    share.users++;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      share.users--;
      if (share.users === 0) this.#end(share);
    };
    try {
      return { device: await untilAborted(share.device, signal), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Counts a loss, once for each device, and gives the device to nobody any more. */
  lost(device: GPUDevice): void {
    if (this.#lost.has(device)) return;
    this.#lost.add(device);
    this.#losses.push(performance.now());
    if (this.#share?.arrived === device) this.#share = undefined;
  }

  #begin(): Share {
    const cancel = new AbortController();
    const share: Share = { device: this.#request(cancel.signal), users: 0, cancel };
    share.device.then(
      (device) => {
        share.arrived = device;
        if (share.users === 0) this.#giveBack(device);
        device.lost.then(() => share.users > 0 && this.lost(device));
      },
      () => {
        if (this.#share === share) this.#share = undefined;
      },
    );
    return share;
  }

  #end(share: Share): void {
    if (this.#share === share) this.#share = undefined;
    share.cancel.abort();
    if (share.arrived) this.#giveBack(share.arrived);
  }
}

const supplies = new WeakMap<GPU, DeviceSupply>();

/** The supply that all trainers of this page, worker or program share. */
export function sharedSupply(gpu: GPU | undefined): DeviceSupply {
  let supply = gpu && supplies.get(gpu);
  if (!supply) {
    supply = new DeviceSupply((signal) => requestDevice(gpu, { signal }), destroyDevice);
    if (gpu) supplies.set(gpu, supply);
  }
  return supply;
}
