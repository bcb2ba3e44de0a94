import type { Entrant } from '../run/benchmark/results.ts';
import { entrantName } from './words.ts';

/** A line of the crossover chart. Lines differ in dashes, and not in colour alone. */
export interface Line {
  name: string;
  is: (entrant: Entrant) => boolean;
  /** In SVG's words; the empty pattern is a line without gaps. */
  dash: string;
  /** Whether it is of the GPU, which has the accent. */
  ours: boolean;
}

const line = (entrant: Entrant, dash: string): Line => ({
  name: entrantName(entrant),
  is: ({ way, precision }) => way === entrant.way && precision === entrant.precision,
  dash,
  ours: entrant.way !== 'cpu',
});

/** In the page's language as it is now. */
export const chartLines = (): Line[] => [
  line({ way: 'layered', precision: 'single' }, '2 3'),
  line({ way: 'fused', precision: 'single' }, ''),
  line({ way: 'resident', precision: 'single' }, '8 4'),
  line({ way: 'cpu', precision: 'single' }, ''),
  line({ way: 'cpu', precision: 'double' }, '8 4'),
];
