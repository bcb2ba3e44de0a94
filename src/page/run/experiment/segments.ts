import type { Settings } from '../../settings/settings.ts';

/** Points of the curves of a run with a last step. */
const POINTS = 200;
/** Steps at a time of a run without a last step. */
const ENDLESS = 50_000;

/** The steps whose losses the notes print: every so many, up to the last one. */
export interface PrintedSteps {
  every: number;
  steps: number;
}

/**
 * Steps between two points of the curves: a round number, which grows with the length of the run.
 * @param printed the points up to the last printed step include all printed steps
 */
export function pointSpacing(stopStep: number, step: number, printed?: PrintedSteps): number {
  const spacing = freeSpacing(stopStep, step);
  return printed && step <= printed.steps ? commonDivisor(spacing, printed.every) : spacing;
}

function freeSpacing(stopStep: number, step: number): number {
  if (stopStep === 0) return 2 ** Math.max(0, Math.ceil(Math.log2((step + 1) / (2 * POINTS))));
  const least = Math.max(1, stopStep / POINTS);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((spacing) => spacing >= least) as number;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Times a second that a slowed run goes on. */
const TICKS = 20;

/**
 * The number of steps to train before the next look.
 * @param stops whether to stop at each point of the curves
 * @param end the last step, 0 for none
 * @param printed the points are rarer after the last printed step
 */
export function segmentSteps(
  { stopStep, speed }: Pick<Settings, 'stopStep' | 'speed'>,
  step: number,
  { stops, end = stopStep, printed }: { stops: boolean; end?: number; printed?: PrintedSteps | undefined },
): number {
  const toEnd = end > 0 ? end - step : ENDLESS;
  const left = printed && step <= printed.steps ? Math.min(toEnd, printed.steps + 1 - step) : toEnd;
  const spacing = pointSpacing(stopStep, step, printed);
  const toPoint = stops ? spacing - (step % spacing) : left;
  const toTick = speed > 0 ? Math.ceil(speed / TICKS) : left;
  return Math.min(left, toPoint, toTick);
}
