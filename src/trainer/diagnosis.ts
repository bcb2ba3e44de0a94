import { allFinite, type Divergence, type Engine } from '../engine.ts';
import { NonFiniteError } from '../errors.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { checkpointOf, type Snapshot } from './snapshots.ts';

/**
 * Finds out where training diverged, by repeating it from a snapshot up to that update. Leaves the
 * engine there.
 * @returns the error with the first tensor that is not finite, where there is memory to look, and
 * all before the update
 * @throws whatever the engine does
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
  // A look takes memory that a step does not.
  const tensor = await firstNotFinite(engine).catch(() => undefined);
  const what = tensor === undefined ? 'a weight, a bias or a moment of the optimizer' : `'${tensor}'`;
  const checkpoint = checkpointOf(setup, { state: before, seed: snapshot.seed });
  return new NonFiniteError(step, what, { tensor, checkpoint });
}

/**
 * The first tensor, in the order in which a step computes them, that the next step makes infinite
 * or not a number. What the mask takes away does no harm; of what the update leaves, it is the name
 * of what is updated.
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
