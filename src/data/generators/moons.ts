import type { Dataset } from '../../types.ts';
import { cosine, sine } from '../elementary.ts';
import { type PlaneOptions, pairs, plane } from './plane.ts';

/**
 * The distance between the centres of neighbouring moons, and the height of every second moon above
 * the others, in radii.
 */
const STEP = 1.25;
const RISE = 0.4;
/** The distance from the origin to each end of the chain. */
const REACH = 0.9;

/**
 * A chain of half moons along the x axis, open downwards and upwards in turn, each with an end
 * inside the next; the chain reaches from -0.9 to 0.9, so that more moons are smaller. The points
 * of a moon are evenly spaced along it. After scikit-learn's `make_moons`.
 *
 * @param options default 2 classes and noise 0.03
 * @returns `perClass · classes` rows of 2 features, in class order, in float64
 * @throws {OptionError} if an option cannot be used
 */
export function moons(options: PlaneOptions = {}): Dataset {
  return plane(options, { classes: 2, noise: 0.03 }, (label, { perClass, classes }) => {
    const radius = REACH / (1 + ((classes - 1) * STEP) / 2);
    const x = (label - (classes - 1) / 2) * STEP;
    const [y, up] = label % 2 === 0 ? [-RISE / 2, 1] : [RISE / 2, -1];
    return pairs(perClass, (i) => {
      const angle = perClass > 1 ? (Math.PI * i) / (perClass - 1) : Math.PI / 2;
      return [radius * (x + cosine(angle)), radius * (y + up * sine(angle))];
    });
  });
}
