import { callersReason, ownSignal, untilAborted } from '../abort.ts';
import { resolveOptions } from '../options/trainer.ts';
import type { RegressionOptions, RegressionTrainer, Trainer, TrainerOptions } from '../types.ts';
import { EngineSource } from './engine-source.ts';
import { Progress } from './progress.ts';
import { EngineRecovery } from './recovery.ts';
import { EngineTrainer } from './trainer.ts';

/**
 * Creates a trainer: checks the options, chooses the backend, allocates memory, compiles kernels
 * and compares the GPU with the CPU.
 *
 * @throws {OptionError} if an option cannot be used; nothing has run then
 * @throws {UnsupportedError} if this machine or this version cannot fulfil the options
 * @throws {PlanError} if the requested plan does not take this network
 * @throws {DeviceLostError} if the device is lost and no other device may or can replace it
 * @throws {LimitError} {OutOfMemoryError} if the network does not fit the GPU or, on the CPU, the
 * memory
 * @throws the reason of `options.signal` after an abort, with everything freed
 */
export function createTrainer(options: TrainerOptions): Promise<Trainer>;
export function createTrainer(options: RegressionOptions): Promise<RegressionTrainer>;
export async function createTrainer(
  options: TrainerOptions | RegressionOptions,
): Promise<Trainer | RegressionTrainer> {
  const { setup, choice } = resolveOptions(options);
  const { recovery, signal: given } = choice;
  given?.throwIfAborted();
  const own = given && ownSignal(given);
  const signal = own?.signal;
  const progress = new Progress(setup, recovery ? recovery.interval : undefined);
  const source = new EngineSource(setup, { ...choice, signal });
  const beginning = EngineRecovery.begin(source, progress, signal);
  try {
    // After an abort nobody waits for the work under way, which frees everything when it ends.
    const recovery = await untilAborted(beginning, signal).finally(own?.end);
    // The kind of the data decides which measurements and predictions the engine makes.
    return new EngineTrainer(setup, recovery, progress) as unknown as Trainer | RegressionTrainer;
  } catch (error) {
    // A signal of a program's own may fail after the creation.
    beginning.then(
      (recovery) => recovery.destroy(),
      () => {},
    );
    throw callersReason(error);
  }
}
