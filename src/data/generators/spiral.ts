import type { Dataset } from '../../types.ts';
import { cosine, sine } from '../elementary.ts';
import { RandomState } from '../random-state.ts';
import { emptyPlane, readPlaneOptions } from './plane.ts';

export interface SpiralOptions {
  /** Points in each arm. Default 100. */
  perClass?: number;
  /** Arms, each a class. Default 3. */
  classes?: number;
  /** Standard deviation of the angle, in radians. Default 0.2. */
  noise?: number;
  /** Seed of {@link RandomState}. Default 0, which gives the case study's own points. */
  seed?: number;
}

const DEFAULTS = { classes: 3, noise: 0.2 };

/**
 * The spiral of the CS231n case study: arm `j` runs from the centre to radius 1 while its angle
 * runs from 4j to 4(j + 1) radians, plus noise. A point is (r·sin t, r·cos t).
 *
 * @returns `perClass · classes` rows of 2 features, in class order, in float64
 * @throws {OptionError} if an option cannot be used
 */
export function spiral(options: SpiralOptions = {}): Dataset {
  const checked = readPlaneOptions(options, DEFAULTS);
  return spiralFrom(new RandomState(checked.seed), checked);
}

/**
 * The {@link spiral} from a given stream: the case study goes on to draw its weights from the same
 * stream.
 */
export function spiralFrom(
  random: RandomState,
  { perClass, classes, noise }: Required<Omit<SpiralOptions, 'seed'>> = { perClass: 100, ...DEFAULTS },
): Dataset {
  const data = emptyPlane(perClass, classes);
  const { inputs } = data;
  for (let j = 0; j < classes; j++) {
    const radius = linspace(0, 1, perClass);
    const angle = linspace(j * 4, (j + 1) * 4, perClass);
    const normals = random.randn(perClass);
    for (let i = 0; i < perClass; i++) {
      const row = j * perClass + i;
      const t = angle[i] + normals[i] * noise;
      inputs[2 * row] = radius[i] * sine(t);
      inputs[2 * row + 1] = radius[i] * cosine(t);
    }
  }
  return data;
}

/**
 * `count` evenly spaced numbers from `start` to `stop`, rounded as NumPy's `linspace` rounds them.
 */
function linspace(start: number, stop: number, count: number): Float64Array {
  const spacing = (stop - start) / (count - 1);
  const values = Float64Array.from({ length: count }, (_, i) => i * spacing + start);
  if (count > 1) values[count - 1] = stop;
  else values[0] = start;
  return values;
}
