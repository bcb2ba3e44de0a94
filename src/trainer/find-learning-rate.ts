import { numberThat, wholeFrom } from '../checks/numbers.ts';
import { optional, readOptions } from '../checks/schema.ts';
import { signal as checkSignal } from '../checks/signal.ts';
import { OptionError } from '../errors.ts';
import { SYNONYMS } from '../options/synonyms.ts';
import { NonFiniteError } from '../training-errors.ts';
import type { RegressionTrainer, Trainer } from '../types.ts';
import { EngineTrainer, type OwnCalls } from './trainer.ts';

/** The trial ends at a mean loss so many times the least, as in fast.ai. */
const BLOWN_UP = 4;
/** The share of all updates over whose losses means are taken. */
const WINDOW = 1 / 12;

/** The options of {@link findLearningRate}. */
export interface LearningRateSearchOptions {
  /** The first learning rate; default 1e-6. */
  from?: number;
  /** The last learning rate; default 10. */
  to?: number;
  /** The number of updates, each with a larger learning rate; default 100, at least 10. */
  steps?: number;
  signal?: AbortSignal;
}

/** The result of {@link findLearningRate}. */
export interface LearningRateSearch {
  /** The learning rate of each update. */
  rates: number[];
  /** The loss after each update, over the rows of the next batch. */
  losses: number[];
  /**
   * The rate at which the loss falls fastest over the logarithm of the rate: from the mean of the
   * losses just before to the mean of those just after. Undefined if the loss never falls.
   */
  suggestion: number | undefined;
}

/**
 * Finds a learning rate by a trial of rates that grow evenly in their logarithm (Smith 2017: Cyclical
 * learning rates for training neural networks), as fast.ai and PyTorch Lightning have it. The trial
 * ends early where the loss blows up. The trainer goes back to where it was, with its settings. While
 * the trial is at work, calls that train are refused, and reads see its steps.
 * @param trainer a trainer that `createTrainer` returned
 * @throws {OptionError} if an option cannot be used
 * @throws {BusyError} if the trainer is training
 * @throws the signal's reason after an abort
 */
export async function findLearningRate(
  trainer: Trainer | RegressionTrainer,
  options: LearningRateSearchOptions = {},
): Promise<LearningRateSearch> {
  if (!(trainer instanceof EngineTrainer)) {
    throw new OptionError('trainer', 'a trainer that createTrainer() returned', trainer);
  }
  const schema = {
    from: optional(positive, 1e-6),
    to: optional(positive, 10),
    steps: optional(wholeFrom(10), 100),
    signal: checkSignal,
  };
  const { from, to, steps, signal } = readOptions(options, schema, undefined, { ...SYNONYMS, ...NAMES });
  if (!(from < to)) throw new OptionError('to', `a learning rate above from, ${from}`, to);
  const rates = Array.from({ length: steps }, (_, i) => from * (to / from) ** (i / (steps - 1)));
  return trainer.alone('findLearningRate', async (own) => {
    const state = await trainer.save();
    const losses = await trial(trainer, own, state.step, rates, signal).finally(() => own.restore(state));
    return { rates: rates.slice(0, losses.length), losses, suggestion: steepest(rates, losses) };
  });
}

/** The loss after an update with each of the rates, until they blow up. */
async function trial(
  trainer: EngineTrainer,
  own: OwnCalls,
  first: number,
  rates: readonly number[],
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const { settings } = trainer.setup;
  const { learningRate } = settings.now;
  const rate = (step: number) => rates[step - first];
  const losses: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  trainer.set({ learningRate: rate });
  // A caller may have set a rate meanwhile, which counts after the trial.
  const changed = () => settings.now.learningRate !== rate;
  try {
    const run = own.run({ steps: rates.length, every: 1, last: true, measure: 'batch', signal });
    for await (const { step, loss } of run) {
      if (changed()) break;
      if (step === first) continue;
      losses.push(loss);
      const mean = meanOf(losses.slice(-windowOf(rates)));
      least = Math.min(least, mean);
      // The first loss may be smaller than the least by far, such as that of a batch without an error.
      if (losses.length >= windowOf(rates) && mean > Math.max(losses[0], BLOWN_UP * least)) break;
    }
  } catch (error) {
    // Training that diverges has been tried with too large a rate.
    if (!(error instanceof NonFiniteError)) throw error;
  } finally {
    if (!changed()) trainer.set({ learningRate });
  }
  return losses;
}

const positive = numberThat((value) => value > 0 && value <= 1e30, 'a learning rate above 0');

/** The names of fast.ai and PyTorch Lightning. */
const NAMES = {
  from: ['startlr', 'minlr', 'start', 'min'],
  to: ['endlr', 'maxlr', 'end', 'max'],
  steps: ['numit', 'numtraining', 'iterations', 'n'],
};

const windowOf = (rates: readonly number[]) => Math.ceil(WINDOW * rates.length);
const meanOf = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;

/** The rate with the largest fall of the losses about it. */
function steepest(rates: readonly number[], losses: readonly number[]): number | undefined {
  const window = windowOf(rates);
  let [rate, largest]: [number | undefined, number] = [undefined, 0];
  for (let i = window; i + window < losses.length; i++) {
    const fall = meanOf(losses.slice(i - window, i)) - meanOf(losses.slice(i + 1, i + 1 + window));
    if (fall > largest) [rate, largest] = [rates[i], fall];
  }
  return rate;
}
