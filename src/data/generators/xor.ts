import type { Dataset } from '../../types.ts';
import { type PlaneOptions, pairs, plane } from './plane.ts';

/**
 * How far the sectors are moved apart, each along its middle, and how far they reach from the
 * origin then.
 */
const APART = 0.1;
const REACH = 0.95;

/**
 * Exclusive or: points in the first and third quadrant are of one class, those in the second and
 * fourth of the other. In general, 2 · classes equal sectors of a disc around the origin,
 * counter-clockwise from the x axis; sector s has class s mod classes, so that opposite ones share
 * theirs, and no straight line parts two classes. Points lie evenly spread over their sector, a
 * little off its edges, in turn in the one and the opposite one.
 *
 * @param options default 2 classes and noise 0.03
 * @returns `perClass · classes` rows of 2 features, in class order, in float64
 * @throws {OptionError}
 */
export function xor(options: PlaneOptions = {}): Dataset {
  return plane(options, { classes: 2, noise: 0.03 }, (label, { perClass, classes }, random) => {
    const draws = random.randomSample(2 * perClass);
    const width = Math.PI / classes;
    return pairs(perClass, (i) => {
      const sector = label + (i % 2) * classes;
      const [middle, angle] = [(sector + 0.5) * width, (sector + draws[2 * i]) * width];
      const radius = (REACH - APART) * Math.sqrt(draws[2 * i + 1]);
      return [
        APART * Math.cos(middle) + radius * Math.cos(angle),
        APART * Math.sin(middle) + radius * Math.sin(angle),
      ];
    });
  });
}
