import { LimitError, OutOfMemoryError } from '../../errors.ts';
import { DeviceLostError, PlanError } from '../../training-errors.ts';

/** Milliseconds by which the notice of a lost device may follow the call that failed for it. */
const LOSS_NOTICE = 200;

/** Errors that explain a failure, so that {@link guard} waits for no notice of a lost device. */
const EXPLAINED = [DeviceLostError, OutOfMemoryError, LimitError, PlanError];

/** The end of a device, undefined while the device works, and the work that the end interrupts. */
interface DeviceEnd {
  error?: Error;
  interrupts: Set<(error: Error) => void>;
}

const ends = new WeakMap<GPUDevice, DeviceEnd>();

/**
 * The loss of a device. One callback a device waits for `device.lost`, which keeps every callback
 * as long as the device.
 */
function endOf(device: GPUDevice): DeviceEnd {
  let deviceEnd = ends.get(device);
  if (!deviceEnd) {
    const known: DeviceEnd = { interrupts: new Set() };
    device.lost.then(({ message }) => end(known, new DeviceLostError(message)));
    ends.set(device, known);
    deviceEnd = known;
  }
  return deviceEnd;
}

function end(deviceEnd: DeviceEnd, error: Error): void {
  deviceEnd.error ??= error;
  for (const interrupt of deviceEnd.interrupts) interrupt(deviceEnd.error);
}

/** Whether a device that {@link guard} has watched has been lost or destroyed. */
export function isEnded(device: GPUDevice): boolean {
  return ends.get(device)?.error !== undefined;
}

/**
 * Destroys a device of the library's own. The end is not reported as a loss; work on the device
 * fails.
 */
export function destroyDevice(device: GPUDevice): void {
  end(endOf(device), new Error('The device has been destroyed.'));
  device.destroy();
}

/**
 * Ends work when its device is lost. Without this race, work on a lost device may fail in any way,
 * seem to succeed, or never end.
 * @param memory the memory that the work needs; after it has been freed, the work fails without a
 * loss
 * @throws {DeviceLostError} if the device is lost before the work has ended
 */
export function guard<T>(memory: { device: GPUDevice; freed: boolean }, work: Promise<T>): Promise<T> {
  const deviceEnd = endOf(memory.device);
  return new Promise((resolve, reject) => {
    let notice: ReturnType<typeof setTimeout> | undefined;
    const leave = () => {
      clearTimeout(notice);
      deviceEnd.interrupts.delete(interrupt);
    };
    const interrupt = (error: unknown) => {
      leave();
      reject(error);
    };
    deviceEnd.interrupts.add(interrupt);
    work.then(
      (result) => {
        leave();
        resolve(result);
      },
      (error) => {
        const explained = memory.freed || EXPLAINED.some((kind) => error instanceof kind);
        if (explained || deviceEnd.error) interrupt(error);
        else notice = setTimeout(interrupt, LOSS_NOTICE, error);
      },
    );
    if (deviceEnd.error) interrupt(deviceEnd.error);
  });
}
