import { zeros } from '../../checks/arrays.ts';
import type { Synonyms } from '../../checks/names.ts';
import { seed as checkSeed, numberThat, size } from '../../checks/numbers.ts';
import { optional, readOptions, type Schema } from '../../checks/schema.ts';
import type { Dataset } from '../../types.ts';
import { RandomState } from '../random-state.ts';

/** What the data sets in the plane are drawn by. */
export interface PlaneOptions {
  /** Points of each class. Default 100. */
  perClass?: number;
  /** Default: as the data set says. */
  classes?: number;
  /**
   * Standard deviation of the normal noise on each coordinate, in the coordinates' own units; 0
   * leaves every point where its class belongs. Default: as the data set says.
   */
  noise?: number;
  /** Seed of {@link RandomState}, from which alone they are drawn. Default 0. */
  seed?: number;
}

/** Defaults that each data set has for itself. */
export type PlaneDefaults = Required<Pick<PlaneOptions, 'classes' | 'noise'>>;

/**
 * The points of class `label` without noise, x and y of each in turn: `2 · perClass` numbers. It
 * may draw from `random`, but always as many numbers, so that the same points move when the noise
 * does.
 */
export type PlanePoints = (
  label: number,
  shape: { perClass: number; classes: number },
  random: RandomState,
) => Float64Array;

/** More, times a normal number, may be infinite. */
const MOST_NOISE = 1e300;

const noise = numberThat((value) => value >= 0 && value <= MOST_NOISE, 'a number from 0 to 1e300');

const SYNONYMS: Synonyms = {
  perClass: ['points', 'samples', 'count', 'n'],
  classes: ['k', 'numclasses', 'arms'],
  noise: ['sigma', 'std', 'deviation'],
  seed: ['randomseed', 'randomstate', 'rng'],
};

/** Checks the options and fills in what they leave open. @throws {OptionError} */
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
 * Draws a data set in the plane, class by class: where its points belong, then their noise.
 * @throws {OptionError}
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

/** `perClass` points a class, in class order, all at the origin still. @throws {OptionError} */
export function emptyPlane(perClass: number, classes: number): Dataset {
  const count = perClass * classes;
  const larger = perClass >= classes ? 'perClass' : 'classes';
  const inputs = zeros(count * 2, larger, Math.max(perClass, classes));
  const labels = new Uint32Array(count);
  for (let label = 0; label < classes; label++) labels.fill(label, label * perClass, (label + 1) * perClass);
  return { inputs, labels, count, features: 2, classes, featureNames: ['x', 'y'] };
}

/** `count` points, x and y of each in turn. */
export function pairs(count: number, at: (i: number) => [x: number, y: number]): Float64Array {
  const values = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) values.set(at(i), 2 * i);
  return values;
}
