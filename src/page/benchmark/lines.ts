import { type Entrant, isOnCpu, type Way } from '../run/benchmark/results.ts';
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

const DASHES: [Way, string][] = [
  ['layered', '2 3'],
  ['fused', ''],
  ['resident', '8 4'],
  ['cpu', ''],
  ['threads', '8 4'],
  ['plain', '2 3'],
];

/** The lines, named in the page's present language. */
export const chartLines = (): Line[] =>
  DASHES.map(([way, dash]) => ({
    name: entrantName({ way, precision: 'single' }),
    is: (entrant) => entrant.way === way,
    dash,
    ours: !isOnCpu(way),
  }));
