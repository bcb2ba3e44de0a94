import type { Dataset } from '../../types.ts';
import { cosine, sine } from '../elementary.ts';
import { type PlaneOptions, pairs, plane } from './plane.ts';

/** The distance from the origin to the centre of each cloud. */
const RADIUS = 0.65;

/**
 * Round clouds of normally distributed points. Their centres are evenly spaced on the circle of
 * radius 0.65, counter-clockwise from the x axis. The noise is their standard deviation.
 *
 * @param options default 3 classes and noise 0.12
 * @returns `perClass · classes` rows of 2 features, in class order, in float64
 * @throws {OptionError} if an option cannot be used
 */
export function blobs(options: PlaneOptions = {}): Dataset {
  return plane(options, { classes: 3, noise: 0.12 }, (label, { perClass, classes }) => {
    const angle = (2 * Math.PI * label) / classes;
    return pairs(perClass, () => [RADIUS * cosine(angle), RADIUS * sine(angle)]);
  });
}
