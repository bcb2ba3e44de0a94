import type { Measured } from '../../settings/network.ts';
import type { Settings } from '../../settings/settings.ts';
import type { StopReason } from '../protocol.ts';

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
}
