import { allFinite, type Divergence, type Engine, type EngineState } from '../engine.ts';
import type { Snapshot } from './snapshots.ts';

/** Where training diverged. */
export interface Diagnosis {
  /** The first tensor of the update's step that is not finite; undefined where there was no memory to look. */
  tensor: string | undefined;
  /** Everything before that update, all finite. */
  before: EngineState;
}

/**
 * Finds out where training diverged, by repeating it from a snapshot up to that update. Leaves the engine there.
 * @throws whatever the engine does
 */
export async function diagnose(engine: Engine, snapshot: Snapshot, { step }: Divergence): Promise<Diagnosis> {
  await engine.restore(snapshot.state, snapshot.seed);
  for await (const _ of engine.run(step - 1 - engine.step, undefined));
  const before = await engine.state();
  // A look takes memory that a step does not.
  const tensor = await firstNotFinite(engine).catch(() => undefined);
  return { tensor, before };
}

/**
 * The first tensor, in the order in which a step computes them, that the next step makes infinite or not a number. What the mask
 * takes away does no harm; of what the update leaves, it is the name of what is updated.
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
