import { allFinite, type Divergence, type Engine } from '../engine.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { NonFiniteError } from '../training-errors.ts';
import { checkpointOf, type Snapshot } from './snapshots.ts';

/**
 * Finds the tensor in which training diverged: repeats the steps from a snapshot up to the update
 * that diverged, and leaves the engine there.
 * @returns the error, with the state before the update and, if there is memory for `inspect`, the
 * first tensor that is not finite
 * @throws the errors of the engine
 */
export async function diagnose(
  engine: Engine,
  setup: TrainingSetup,
  snapshot: Snapshot,
  { step }: Divergence,
): Promise<NonFiniteError> {
  await engine.restore(snapshot.state, snapshot.seed);
  for await (const _ of engine.run(step - 1 - engine.step, undefined));
  const before = await engine.state();
  // `inspect` needs memory that a step does not need.
  const tensor = await firstNotFinite(engine).catch(() => undefined);
  const what = tensor === undefined ? 'a weight, a bias or a moment of the optimizer' : `'${tensor}'`;
  const checkpoint = checkpointOf(setup, { state: before, seed: snapshot.seed });
  return new NonFiniteError(step, what, { tensor, checkpoint });
}

/**
 * The name of the first tensor, in the order of the step's operations, that is not finite in the
 * next step. A gradient before the ReLU mask does not count, because the mask may remove its
 * non-finite numbers. For a result of the update, the name is that of the updated tensor.
 */
async function firstNotFinite(engine: Engine): Promise<string | undefined> {
  const tensors = new Map((await engine.inspect()).map((tensor) => [tensor.name, tensor]));
  const written = (updates: boolean) =>
    engine.operations.filter(({ phase }) => (phase === 'update') === updates).flatMap(({ writes }) => writes);
  const replaced = new Set(Array.from(tensors.values(), ({ replaces }) => replaces));
  const broken = (name: string) => {
    const values = tensors.get(name)?.values;
    return values !== undefined && !(values instanceof Uint32Array || allFinite(values));
  };
  const before = written(false).find((name) => !replaced.has(name) && broken(name));
  return before ?? tensors.get(written(true).find(broken) ?? '')?.replaces;
}
