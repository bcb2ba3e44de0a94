import { caseStudy } from '../../../index.ts';
import type { Point } from '../../settings/plane.ts';
import { gridInputs, plotRange } from '../../settings/plane.ts';

const { data } = caseStudy.linear.options;

/** The notes' points, as they are drawn. */
export const POINTS: readonly Point[] = Array.from(data.labels, (label, row) => ({
  row,
  label,
  x: data.inputs[2 * row],
  y: data.inputs[2 * row + 1],
}));

/** The part of the plane that is drawn, the same as in the view Train. */
export const RANGE = plotRange(POINTS);

/** The inputs at the nodes of a grid over the plane: fewer than in the view Train, for a drag recomputes them. */
export const grid = (nodes: number): Float32Array => gridInputs(RANGE, nodes);
