import type { Dataset } from '../../types.ts';
import { cosine, sine } from '../elementary.ts';
import { type PlaneOptions, pairs, plane } from './plane.ts';

/** The radius of the outermost ring. */
const RADIUS = 0.9;

/**
 * Concentric rings around the origin, evenly spaced, the first class innermost, the last at radius
 * 0.9; the points of a ring are evenly spaced around it. After scikit-learn's `make_circles`.
 *
 * @param options default 2 classes and noise 0.04
 * @returns `perClass · classes` rows of 2 features, in class order, in float64
 * @throws {OptionError} if an option cannot be used
 */
export function circles(options: PlaneOptions = {}): Dataset {
  return plane(options, { classes: 2, noise: 0.04 }, (label, { perClass, classes }) => {
    const radius = (RADIUS * (label + 1)) / classes;
    return pairs(perClass, (i) => {
      const angle = (2 * Math.PI * i) / perClass;
      return [radius * cosine(angle), radius * sine(angle)];
    });
  });
}
