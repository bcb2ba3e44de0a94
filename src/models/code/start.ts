import { initialParameters } from '../../data/initialization.ts';
import { RandomState } from '../../data/random-state.ts';
import { OptionError } from '../../errors.ts';
import { layers } from '../../options/parameters.ts';
import type { Initialization, LayerParameters, NetworkOptions } from '../../types.ts';
import { MOST_NUMBERS } from './check-data.ts';

/** Where the starting weights of a script come from. */
export type Start =
  | { kind: 'seed'; seed: number; initialization: Initialization }
  /** The stream of the notes' own weights, before which others are drawn. */
  | { kind: 'notes'; drawn: number }
  | { kind: 'given'; layers: LayerParameters[] }
  | { kind: 'file'; file: string };

/** The normals of the notes' points, those that were skipped, and the weights of the linear classifier. */
export const NOTES = { points: 300, skipped: 18, linear: 6, deviation: 0.01 };

/** How a script comes to the starting weights. @param sizes as the trainer has them */
export function startOf(
  { parameters, initialization = 'he' }: Pick<NetworkOptions, 'parameters' | 'initialization'>,
  sizes: readonly number[],
  file: string | undefined,
  seed: number,
): Start {
  if (file !== undefined) {
    if (parameters === undefined) return { kind: 'file', file };
    throw new OptionError('weights', 'undefined, as options.parameters has the weights', file);
  }
  if (parameters === undefined) return { kind: 'seed', seed, initialization };
  const given = layers(sizes, { float32: false })(parameters, 'parameters');
  const drawn = NOTES.points + NOTES.skipped + (sizes.length > 2 ? NOTES.linear : 0);
  if (equal(given, notesLayers(sizes, drawn))) return { kind: 'notes', drawn };
  const numbers = given.reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0);
  if (numbers <= MOST_NUMBERS) return { kind: 'given', layers: given };
  throw new OptionError(
    'parameters',
    `at most ${MOST_NUMBERS} numbers, which a script can contain; write more to a file with ` +
      "exportModel(trainer, 'npz') and name it: weights: 'start.npz'",
    parameters,
    `${numbers} numbers`,
  );
}

function notesLayers(sizes: readonly number[], drawn: number): LayerParameters[] {
  const random = new RandomState(0);
  random.randn(drawn);
  return initialParameters(sizes, NOTES.deviation, random);
}

function equal(a: readonly LayerParameters[], b: readonly LayerParameters[]): boolean {
  const same = (x: ArrayLike<number>, y: ArrayLike<number>) => Array.from(x).every((one, i) => one === y[i]);
  return a.every(
    ({ weights, biases }, layer) => same(weights, b[layer].weights) && same(biases, b[layer].biases),
  );
}
