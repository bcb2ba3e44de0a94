import { checkSize } from '../../checks/dataset.ts';
import { readOptions, zeros } from '../../checks/read.ts';
import { OptionError } from '../../errors.ts';
import type { Dataset } from '../../types.ts';
import { RandomState } from '../random-state.ts';

/** What the data sets in the plane are drawn by. */
export interface PlaneOptions {
  /** Points of each class. Default 100. */
  perClass?: number;
  /** Default: as the data set says. */
  classes?: number;
  /**
   * Standard deviation of the normal noise on each coordinate, in the coordinates' own units; 0 leaves every point where
   * its class belongs. Default: as the data set says.
   */
  noise?: number;
  /** Seed of {@link RandomState}, from which alone they are drawn. Default 0. */
  seed?: number;
}

/** Defaults that each data set has for itself. */
export type PlaneDefaults = Required<Pick<PlaneOptions, 'classes' | 'noise'>>;

/**
 * The points of class `label` without noise, x and y of each in turn: `2 · perClass` numbers. It may draw from `random`, but
 * always as many numbers, so that the same points move when the noise does.
 */
export type PlanePoints = (
  label: number,
  shape: { perClass: number; classes: number },
  random: RandomState,
) => Float64Array;

/** More, times a normal number, may be infinite. */
const MOST_NOISE = 1e300;

/** Reads the options, each once. @throws {OptionError} */
export function readPlaneOptions(options: PlaneOptions): PlaneOptions {
  return readOptions(options, { perClass: true, classes: true, noise: true, seed: true });
}

/** Draws a data set in the plane, class by class: where its points belong, then their noise. @throws {OptionError} */
export function plane(options: PlaneOptions, defaults: PlaneDefaults, points: PlanePoints): Dataset {
  const given = readPlaneOptions(options);
  const { seed = 0 } = given;
  const random = new RandomState(seed);
  const { data, perClass, noise } = emptyPlane(given, defaults);
  const { inputs, classes } = data;
  for (let label = 0; label < classes; label++) {
    const values = points(label, { perClass, classes }, random);
    const normals = random.randn(2 * perClass);
    const start = 2 * label * perClass;
    for (let i = 0; i < values.length; i++) inputs[start + i] = values[i] + noise * normals[i];
  }
  return data;
}

/** `perClass` points a class, in class order, all at the origin still. @throws {OptionError} */
export function emptyPlane(
  options: PlaneOptions,
  defaults: PlaneDefaults,
): { data: Dataset; perClass: number; noise: number } {
  const { perClass = 100, classes = defaults.classes, noise = defaults.noise } = options;
  checkSize(perClass, 'perClass');
  checkSize(classes, 'classes');
  if (typeof noise !== 'number' || !(noise >= 0 && noise <= MOST_NOISE))
    throw new OptionError('noise', 'a number from 0 to 1e300', noise);

  const count = perClass * classes;
  const larger = perClass >= classes ? 'perClass' : 'classes';
  const inputs = zeros(count * 2, larger, Math.max(perClass, classes));
  const labels = new Uint32Array(count);
  for (let label = 0; label < classes; label++) labels.fill(label, label * perClass, (label + 1) * perClass);
  return {
    data: { inputs, labels, count, features: 2, classes, featureNames: ['x', 'y'] },
    perClass,
    noise,
  };
}

/** `count` points, x and y of each in turn. */
export function pairs(count: number, at: (i: number) => [x: number, y: number]): Float64Array {
  const values = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) values.set(at(i), 2 * i);
  return values;
}
