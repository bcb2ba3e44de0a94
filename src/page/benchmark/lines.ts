import type { Entrant } from '../run/benchmark/results.ts';
import { entrantName } from './words.ts';

/** A line of the crossover chart. Lines differ in dashes, and not in colour alone. */
export interface Line {
  name: string;
  is: (entrant: Entrant) => boolean;
  /** An SVG dash pattern; an empty one is a line without gaps. */
  dash: string;
  /** Whether the line is the GPU's, which is drawn in the accent colour. */
  ours: boolean;
}

const line = (entrant: Entrant, dash: string): Line => ({
  name: entrantName(entrant),
  is: ({ way, precision }) => way === entrant.way && precision === entrant.precision,
  dash,
  ours: entrant.way !== 'cpu',
});

/** The lines, named in the page's present language. */
export const chartLines = (): Line[] => [
  line({ way: 'layered', precision: 'single' }, '2 3'),
  line({ way: 'fused', precision: 'single' }, ''),
  line({ way: 'resident', precision: 'single' }, '8 4'),
  line({ way: 'cpu', precision: 'single' }, ''),
  line({ way: 'cpu', precision: 'double' }, '8 4'),
];
