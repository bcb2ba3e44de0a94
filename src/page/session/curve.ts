import { caseStudy } from '../../index.ts';
import type { Measured } from '../settings/network.ts';

/** The most points of a curve. */
const MOST_POINTS = 1200;

/**
 * Adds points to a curve; a run that goes on from a step measured before reports that step again.
 * If there are too many, those stay whose step a power of two divides, and those that the notes
 * print.
 */
export function joined(before: readonly Measured[], added: readonly Measured[]): Measured[] {
  let points = before.slice();
  for (const point of added) {
    while (points.length > 0 && points[points.length - 1].step >= point.step) points.pop();
    points.push(point);
  }
  for (let spacing = 2; points.length > MOST_POINTS; spacing *= 2) {
    const last = points.length - 1;
    points = points.filter(({ step }, i) => step % spacing === 0 || isPrinted(step) || i === last);
  }
  return points;
}

/** Whether a run of the notes prints its loss at a step. */
function isPrinted(step: number): boolean {
  return Object.values(caseStudy).some(({ steps, every }) => step <= steps && step % every === 0);
}
