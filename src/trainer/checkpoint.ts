import type { EngineState } from '../engine.ts';
import type { TrainingSetup } from '../options/setup.ts';
import type { Checkpoint } from '../types.ts';

/** What a trainer gives away of its state. */
export function checkpointOf(
  { optimizer, batchSize }: TrainingSetup,
  { step, parameters, moments }: EngineState,
  seed: number,
): Checkpoint {
  return { version: 1, step, seed, batchSize, parameters, optimizer: { name: optimizer.name, moments } };
}
