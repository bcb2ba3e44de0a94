import type { Dataset } from '../../types.ts';
import { cosine, sine } from '../elementary.ts';
import { type PlaneOptions, pairs, plane } from './plane.ts';

/**
 * The distance by which each sector is moved away from the origin, and the farthest reach of a
 * sector after that.
 */
const APART = 0.1;
const REACH = 0.95;

/**
 * Exclusive or: the points in the first and third quadrants have one class, the points in the
 * second and fourth the other. In general a disc around the origin has 2 · classes equal sectors,
 * counter-clockwise from the x axis. Sector s has class s mod classes, so that opposite sectors
 * share a class and no straight line separates two classes. The points of a class lie in its two
 * sectors in turn, uniformly distributed, with a gap between neighbouring sectors.
 *
 * @param options default 2 classes and noise 0.03
 * @returns `perClass · classes` rows of 2 features, in class order, in float64
 * @throws {OptionError} if an option cannot be used
 */
export function xor(options: PlaneOptions = {}): Dataset {
  return plane(options, { classes: 2, noise: 0.03 }, (label, { perClass, classes }, random) => {
    const draws = random.randomSample(2 * perClass);
    const width = Math.PI / classes;
    return pairs(perClass, (i) => {
      const sector = label + (i % 2) * classes;
      const [middle, angle] = [(sector + 0.5) * width, (sector + draws[2 * i]) * width];
      const radius = (REACH - APART) * Math.sqrt(draws[2 * i + 1]);
      return [APART * cosine(middle) + radius * cosine(angle), APART * sine(middle) + radius * sine(angle)];
    });
  });
}
