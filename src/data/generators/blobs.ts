import type { Dataset } from '../../types.ts';
import { type PlaneOptions, pairs, plane } from './plane.ts';

/** From the origin to the middle of each cloud. */
const RADIUS = 0.65;

/**
 * Round clouds, normally distributed around points that lie evenly on the circle of radius 0.65,
 * counter-clockwise from the x axis. Their standard deviation is the noise.
 *
 * @param options default 3 classes and noise 0.12
 * @returns `perClass · classes` rows of 2 features, in class order, in float64
 * @throws {OptionError}
 */
export function blobs(options: PlaneOptions = {}): Dataset {
  return plane(options, { classes: 3, noise: 0.12 }, (label, { perClass, classes }) => {
    const angle = (2 * Math.PI * label) / classes;
    return pairs(perClass, () => [RADIUS * Math.cos(angle), RADIUS * Math.sin(angle)]);
  });
}
