import { zeros } from '../../checks/arrays.ts';
import type { Synonyms } from '../../checks/names.ts';
import { seed as checkSeed, numberThat, size } from '../../checks/numbers.ts';
import { optional, readOptions, type Schema } from '../../checks/schema.ts';
import type { Dataset } from '../../types.ts';
import { RandomState } from '../random-state.ts';

/** The options of the data sets in the plane. */
export interface PlaneOptions {
  /** Points of each class. Default 100. */
  perClass?: number;
  /** Default: as the data set says. */
  classes?: number;
  /**
   * Standard deviation of the normal noise on each coordinate, in the coordinates' own units; with
   * 0 the points have no noise. Default: as the data set says.
   */
  noise?: number;
  /** Seed of the {@link RandomState} that draws every point. Default 0. */
  seed?: number;
}

/** The defaults of one data set. */
type PlaneDefaults = Required<Pick<PlaneOptions, 'classes' | 'noise'>>;

/**
 * The points of class `label` without noise: `perClass × 2` numbers, x and y of each point in turn.
 * The function may draw from `random`, always the same number of draws, so that a change of the
 * noise moves the same points.
 */
type PlanePoints = (
  label: number,
  shape: { perClass: number; classes: number },
  random: RandomState,
) => Float64Array;

/** A larger noise, times a normal draw, may be infinite. */
const MOST_NOISE = 1e300;

export const noise = numberThat((value) => value >= 0 && value <= MOST_NOISE, 'a number from 0 to 1e300');

export const SYNONYMS = {
  perClass: ['points', 'samples', 'count', 'n'],
  classes: ['k', 'numclasses', 'arms'],
  noise: ['sigma', 'std', 'deviation'],
  seed: ['randomseed', 'randomstate', 'rng'],
} satisfies Synonyms;

/**
 * Checks the options and fills in the defaults. @throws {OptionError} if an option cannot be used
 */
export function readPlaneOptions(options: PlaneOptions, defaults: PlaneDefaults): Required<PlaneOptions> {
  const schema: Schema<Required<PlaneOptions>> = {
    perClass: optional(size, 100),
    classes: optional(size, defaults.classes),
    noise: optional(noise, defaults.noise),
    seed: optional(checkSeed, 0),
  };
  return readOptions(options, schema, undefined, SYNONYMS);
}

/**
 * Draws a data set in the plane, class by class: first the points, then their noise.
 * @throws {OptionError} if an option cannot be used
 */
export function plane(options: PlaneOptions, defaults: PlaneDefaults, points: PlanePoints): Dataset {
  const { perClass, classes, noise, seed } = readPlaneOptions(options, defaults);
  const random = new RandomState(seed);
  const data = emptyPlane(perClass, classes);
  const { inputs } = data;
  for (let label = 0; label < classes; label++) {
    const values = points(label, { perClass, classes }, random);
    const normals = random.randn(2 * perClass);
    const start = 2 * label * perClass;
    for (let i = 0; i < values.length; i++) inputs[start + i] = values[i] + noise * normals[i];
  }
  return data;
}

/**
 * A data set of `perClass` points a class, in class order, all at the origin.
 * @throws {OptionError} if there is not enough memory
 */
export function emptyPlane(perClass: number, classes: number): Dataset {
  const count = perClass * classes;
  const larger = perClass >= classes ? 'perClass' : 'classes';
  const inputs = zeros(count * 2, larger, Math.max(perClass, classes));
  const labels = new Uint32Array(count);
  for (let label = 0; label < classes; label++) labels.fill(label, label * perClass, (label + 1) * perClass);
  return { inputs, labels, count, features: 2, classes, featureNames: ['x', 'y'] };
}

/** `count × 2` numbers: x and y of each point in turn. */
export function pairs(count: number, at: (i: number) => [x: number, y: number]): Float64Array {
  const values = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) values.set(at(i), 2 * i);
  return values;
}
