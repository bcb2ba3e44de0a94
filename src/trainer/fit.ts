import { numberRange, size } from '../checks/numbers.ts';
import { type Check, isObject, oneOf, optional, readOptions, unchecked } from '../checks/schema.ts';
import { signal as checkSignal } from '../checks/signal.ts';
import { OptionError } from '../errors.ts';
import { steps as countSteps, measuredRows } from '../options/calls.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { SYNONYMS } from '../options/synonyms.ts';
import type {
  Checkpoint,
  Dataset,
  Measurement,
  RegressionDataset,
  RegressionMeasurement,
  RegressionTrainer,
  Trainer,
} from '../types.ts';
import { EngineTrainer, type OwnCalls } from './trainer.ts';

/** The most reports of a fit without `every`. */
const REPORTS = 100;

/** Where a fit stands. */
export interface FitReport<M = Measurement> {
  /** Updates applied so far, also before the fit. */
  step: number;
  /** The number of times that the fit has gone through the training data. */
  epoch: number;
  /** Loss and accuracy (or r2) over the training data. */
  train: M;
  /** Loss and accuracy (or r2) over the test data, if there are any. */
  test?: M;
}

/** A report with the speed of the fit. */
export interface FitProgress<M = Measurement> extends FitReport<M> {
  /** Rows of training in a second, since the report before; 0 in the first. */
  rowsPerSecond: number;
  /** The expected seconds to the last step, at the mean speed so far; ∞ in the first report. */
  secondsLeft: number;
}

/** The options of {@link fit}: either `steps` or `epochs`. */
export interface FitOptions<Data = Dataset, M = Measurement> {
  /** The number of updates. */
  steps?: number;
  /** The number of times to go through the training data. */
  epochs?: number;
  /**
   * The number of updates between two reports. By default an epoch, or a hundredth of the fit if an
   * epoch is shorter.
   */
  every?: number;
  /** Data that is not trained on. `undefined` is refused, as by `trainer.measure`. */
  test?: Data;
  /** The number of reports in a row without a better one after which the fit ends. Default: never. */
  patience?: number;
  /**
   * What makes a report the best: the least loss, which is the default, or the greatest accuracy, and
   * of these the least loss. Both of the test data, if there are any.
   */
  by?: 'loss' | 'accuracy';
  /** Ends the fit: it goes back to the best parameters and throws the signal's reason. */
  signal?: AbortSignal;
  /** Is called with each report, and awaited. */
  progress?: (progress: FitProgress<M>) => unknown;
}

/** The result of {@link fit}. */
export interface Fit<M = Measurement> {
  /** The best measurement: of the test data, if there are any, else of the training data. */
  best: M;
  /** The step of the best measurement, at which the trainer stands. */
  step: number;
  /** Why the fit ended: all steps were made, or the patience was at its end. */
  reason: 'steps' | 'patience';
  history: FitReport<M>[];
}

/**
 * Trains and measures in turns, and ends at the best parameters.
 *
 * The first report is made before the first update, and the last one after the last update. If
 * training diverges or the fit is aborted, the trainer goes back to the best parameters so far, and
 * the error is thrown. While the fit is at work, other calls that train are refused.
 * @param trainer a trainer that `createTrainer` returned
 * @throws {OptionError} if an option cannot be used
 * @throws {BusyError} if the trainer is training
 * @throws {NonFiniteError} if training diverged
 * @throws the signal's reason after an abort
 */
export function fit(trainer: Trainer, options: FitOptions): Promise<Fit>;
export function fit(
  trainer: RegressionTrainer,
  options: FitOptions<RegressionDataset, RegressionMeasurement>,
): Promise<Fit<RegressionMeasurement>>;
export async function fit(trainer: unknown, options: unknown): Promise<Fit<AnyMeasurement>> {
  if (!(trainer instanceof EngineTrainer)) {
    throw new OptionError('trainer', 'a trainer that createTrainer() returned', trainer);
  }
  return trainer.alone('fit', (own) => fitAlone(trainer, options, own));
}

async function fitAlone(
  trainer: EngineTrainer,
  options: unknown,
  own: OwnCalls,
): Promise<Fit<AnyMeasurement>> {
  const { setup } = trainer;
  const { steps, every, test, patience, better, signal, progress } = fitOptions(trainer, options);
  const stepsPerEpoch = stepsPerEpochOf(setup);
  const began = performance.now();
  const history: FitReport<AnyMeasurement>[] = [];
  let best: { report: FitReport<AnyMeasurement>; state: Checkpoint } | undefined;
  let reason: Fit['reason'] = 'steps';
  try {
    for (let [done, bad, rowsPerSecond] = [0, 0, 0]; ; ) {
      signal?.throwIfAborted();
      const report = {
        step: trainer.step,
        epoch: done / stepsPerEpoch,
        train: await trainer.measure(),
        ...(test && { test: await trainer.measure(test) }),
      };
      history.push(report);
      bad++;
      if (!best || better(report, best.report)) {
        best = { report, state: await trainer.save() };
        bad = 0;
      }
      const elapsed = (performance.now() - began) / 1000;
      const secondsLeft = done === steps ? 0 : elapsed * (steps / done - 1);
      await progress?.({ ...report, rowsPerSecond, secondsLeft });
      if (bad >= patience) reason = 'patience';
      if (done === steps || reason === 'patience') break;
      const count = Math.min(every, steps - done);
      const before = performance.now();
      await own.train(count, { signal });
      done += count;
      rowsPerSecond = ((count / stepsPerEpoch) * setup.data.count * 1000) / (performance.now() - before);
    }
  } catch (error) {
    // A trainer that is destroyed or has lost its device cannot go back.
    if (best) await own.restore(best.state).catch(() => {});
    throw error;
  }
  const { report, state } = best;
  if (report.step !== trainer.step) await own.restore(state);
  return { best: report.test ?? report.train, step: report.step, reason, history };
}

type AnyMeasurement = Measurement | RegressionMeasurement;
type AnyReport = FitReport<AnyMeasurement>;

const stepsPerEpochOf = ({ data, batchSize }: TrainingSetup) => Math.ceil(data.count / batchSize);

/** Checks the options of {@link fit}. */
function fitOptions(trainer: EngineTrainer, options: unknown) {
  const { setup } = trainer;
  const range = numberRange(setup.precision, trainer.backend === 'cpu');
  const given = readOptions(
    options,
    {
      steps: optional(countSteps(trainer.step)),
      epochs: optional(size),
      every: optional(size),
      // Data that is undefined, such as an empty test set, must not pass for no test.
      test: isObject(options) && 'test' in options ? measuredRows(setup, range) : unchecked,
      patience: optional(size, Number.POSITIVE_INFINITY),
      by: optional(oneOf('loss', 'accuracy'), 'loss'),
      signal: checkSignal,
      progress: optional(aFunction),
    },
    undefined,
    FIT_SYNONYMS,
  );
  const { steps, epochs, by } = given;
  if ((steps === undefined) === (epochs === undefined)) {
    throw new OptionError('steps', "either 'steps' or 'epochs'", steps);
  }
  if (by === 'accuracy' && setup.loss === 'squared-error') {
    throw new OptionError('by', "'loss', because a regression has no accuracy", by);
  }
  const all = steps ?? countSteps(trainer.step)((epochs ?? 0) * stepsPerEpochOf(setup), 'epochs');
  return {
    ...given,
    test: given.test as Dataset | undefined,
    steps: all,
    every: given.every ?? Math.max(stepsPerEpochOf(setup), Math.ceil(all / REPORTS)),
    better: (one: AnyReport, other: AnyReport) => isBetter(judged(one), judged(other), by),
  };
}

/** The names that other libraries use, beside those of a trainer's options. */
const FIT_SYNONYMS = {
  epochs: ['nepochs', 'numepochs', 'maxepochs', 'epoch'],
  steps: SYNONYMS.steps.filter((name) => !name.startsWith('epoch')),
  every: SYNONYMS.every,
  test: ['validation', 'validationdata', 'valid', 'val', 'testdata', 'evalset'],
  patience: ['earlystopping', 'niternochange'],
  by: ['monitor', 'metric'],
  progress: ['callback', 'callbacks', 'onprogress', 'onepochend'],
  signal: SYNONYMS.signal,
};

type Progress = (progress: FitProgress<AnyMeasurement>) => unknown;

const aFunction: Check<Progress> = (value, name) => {
  if (typeof value === 'function') return value as Progress;
  throw new OptionError(name, 'a function', value);
};

const judged = ({ train, test }: AnyReport) => test ?? train;

function isBetter(one: AnyMeasurement, other: AnyMeasurement, by: 'loss' | 'accuracy'): boolean {
  if (by === 'accuracy' && 'accuracy' in one && 'accuracy' in other && one.accuracy !== other.accuracy) {
    return one.accuracy > other.accuracy;
  }
  return one.loss < other.loss;
}
