import { allFinite, type Divergence, type Engine, type EngineState } from '../engine.ts';
import type { FloatArray } from '../types.ts';
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

/** The first tensor, in the order in which a step computes them, that the next step makes infinite or not a number. */
async function firstNotFinite(engine: Engine): Promise<string | undefined> {
  const finite = new Map((await engine.inspect()).map(({ name, values }) => [name, holds(values)]));
  const before = engine.operations.filter(({ phase }) => phase !== 'update');
  const written = before.flatMap(({ writes }) => writes).find((name) => finite.get(name) === false);
  return written ?? updatedNotFinite(engine);
}

/** The same, where everything up to the update is finite. */
async function updatedNotFinite(engine: Engine): Promise<string | undefined> {
  const dissection = await engine.dissect();
  const { operations } = dissection;
  // A dissection may notice the divergence itself; what it has computed can be read all the same.
  await dissection.advance(operations.length).catch(() => {});
  for (const { writes } of operations.filter(({ phase }) => phase === 'update')) {
    // Moments come before the parameter that they move.
    const [parameter, ...moments] = writes;
    for (const name of [...moments, parameter]) {
      if (!holds((await dissection.read(name)).values)) return name;
    }
  }
  return undefined;
}

function holds(values: FloatArray | Uint32Array): boolean {
  return values instanceof Uint32Array || allFinite(values);
}
