import { gpuDevice } from '../../options/backend.ts';
import { queueOf } from './queue.ts';

/**
 * Waits until a device has done all work submitted so far. Firefox answers
 * `queue.onSubmittedWorkDone()` up to 100 ms after the end of the work, and this function at once.
 * @throws {OptionError} without a device
 */
export async function workDone(device: GPUDevice): Promise<void> {
  await queueOf(gpuDevice(device, 'device')).done();
}
