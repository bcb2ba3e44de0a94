import type { Measured } from '../../settings/network.ts';
import type { Settings } from '../../settings/settings.ts';
import type { StopReason } from '../protocol.ts';

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

/**
 * Decides when training stops by itself, from the loss on the test points, or on the training
 * points if there are no test points. A regression has no accuracy to stop at.
 */
export class Stopping {
  /** The points at which the loss was less than ever, by rising step. */
  #best: { step: number; loss: number }[] = [];
  /** The step from which on patience counts, without a better loss. */
  #since = 0;
  #reason: StopReason | undefined;

  /** Why training has stopped at a step. */
  reason({ stopStep }: Settings, step: number): StopReason | undefined {
    return this.#reason ?? (stopStep > 0 && step >= stopStep ? 'step' : undefined);
  }

  /** Forgets the reason to stop, because settings have changed. */
  resume(step: number): void {
    this.#reason = undefined;
    this.#since = step;
  }

  /** Forgets what came after a step. */
  goBack(step: number): void {
    this.#best = this.#best.filter((point) => point.step <= step);
    this.resume(step);
  }

  /** Whether a stop condition needs measurements. */
  static watches({ stopLoss, stopAccuracy, patience }: Settings): boolean {
    return stopLoss > 0 || stopAccuracy > 0 || patience > 0;
  }

  look({ stopLoss, stopAccuracy, patience }: Settings, { step, loss, accuracy = 0 }: Measured): void {
    const best = this.#best[this.#best.length - 1];
    if (!best || loss < best.loss) this.#best.push({ step, loss });
    const since = Math.max(this.#since, this.#best[this.#best.length - 1]?.step ?? 0);
    if (stopLoss > 0 && loss <= stopLoss) this.#reason = 'loss';
    else if (stopAccuracy > 0 && accuracy >= stopAccuracy) this.#reason = 'accuracy';
    else if (patience > 0 && step - since >= patience) this.#reason = 'patience';
  }

  /**
   * The number of steps to train before the next look.
   * @param stops whether to stop at each point of the curves
   * @param end the last step, 0 for none
   * @param printed the points are rarer after the last printed step
   */
  static segment(
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
}

/** Times a second that a slowed run goes on. */
const TICKS = 20;
