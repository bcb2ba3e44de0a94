/// <reference lib="esnext.disposable" preserve="true" />
import type { Dataset, FloatArray, LayerParameters, RegressionDataset } from './data.ts';
import type { Description } from './description.ts';
import type {
  Backend,
  Changes,
  NetworkChanges,
  Precision,
  RunOptions,
  TrainerOptions,
  TuningOptions,
} from './options.ts';
import type {
  Checkpoint,
  Measurement,
  Prediction,
  Recovery,
  RegressionMeasurement,
  RegressionPrediction,
  Tuning,
} from './results.ts';
import type { Operation, Tensor } from './step.ts';

/**
 * A network in training: the calls that a {@link Trainer} and a {@link RegressionTrainer} share.
 *
 * | Call | Changes | While `train`, `run` or `tune` is at work |
 * | --- | --- | --- |
 * | `train`, `run` | the parameters | refused with a {@link BusyError} |
 * | `tune` | the plan | refused with a {@link BusyError} |
 * | `restore` | the parameters, after all reads called before it and before all later calls | refused |
 * | `set` | the settings of the next steps | allowed |
 * | `measure`, `predict`, `activations`, `gradients` | nothing | allowed, and sees a whole step |
 * | `inspect`, `parameters`, `save` | nothing | allowed, and sees a whole step |
 * | `destroy` | frees everything; waiting calls throw a {@link DestroyedError} | allowed |
 *
 * If one of two calls in the same turn is refused, it is the second. A `run` is at work from its
 * first `next()` until it ends, or until its `return()` or `throw()` is answered.
 *
 * Trainers that share a device can train at the same time, each with the results it has alone: a
 * trainer that diverges or is destroyed leaves the other trainers as they are.
 *
 * After training has diverged, every call except `set`, `restore` and `destroy` throws a {@link
 * NonFiniteError} with the step, the tensor and the last finite parameters, until `restore`.
 *
 * A lost device is replaced, and the calls at work go on; see {@link TrainerOptions.recovery}.
 */
export interface NetworkTrainer {
  /**
   * Updates applied so far. During `train` or `run` the step may be ahead of the last reported
   * measurement.
   */
  readonly step: number;
  readonly backend: Backend;
  /**
   * Why the trainer is on the CPU though `backend: 'auto'` prefers the GPU; undefined on the GPU, and
   * with `backend: 'cpu'`.
   */
  readonly fallback: string | undefined;
  readonly precision: Precision;
  /** The plan that computes the next steps; tuning may change the plan, but not the numbers. */
  readonly plan: string;
  /**
   * The choice of the plan on WebGPU or of the kernels on the CPU, with its reason and the candidates; with
   * `backend: 'fastest'` first that of the backend.
   */
  readonly tuning: Tuning;
  /** The losses of devices since the start, in order. */
  readonly recoveries: readonly Recovery[];

  /**
   * Applies `steps` updates.
   * @throws {NonFiniteError} if training diverged
   * @throws the signal's reason within 100 ms of an abort; the trainer then stands at a whole step
   * and stays usable
   */
  train(steps: number, options?: { signal?: AbortSignal }): Promise<void>;

  /**
   * Changes settings from the next step on. The next step is the first step that has not been
   * handed to the GPU: {@link NetworkTrainer.step}, read in the same turn. All later results have the bits
   * of a new trainer with these settings that is restored at that step. The L2 term of a
   * measurement has the λ of its step.
   *
   * The call is allowed at any time, also during `run` and after a divergence. Settings that are
   * not named stay as they are, and `restore` changes no settings.
   * @throws {OptionError} if a name is unknown or a number out of range; no setting has changed
   * then
   */
  set(changes: NetworkChanges): void;

  /**
   * Searches for the fastest plan now, instead of during training; see {@link TuningOptions}. The
   * parameters stay as they are.
   */
  tune(): Promise<Tuning>;

  /**
   * The outputs of every layer for `inputs`, rows × features, row-major, at the present parameters:
   * one matrix a layer, rows × width, row-major. A hidden layer gives max(0, X·W + b), the last
   * layer the logits, H·W + b.
   * @throws {NonFiniteError} if an output is not finite
   */
  activations(inputs: FloatArray): Promise<FloatArray[]>;

  /**
   * Gradient of the loss over the training data, L2 term included, with respect to the present
   * weights and biases. If the GPU cannot hold all rows at once, the gradient is the mean over
   * chunks of rows, which rounds differently.
   * @throws {NonFiniteError} if the gradient is not finite
   */
  gradients(): Promise<LayerParameters[]>;

  /**
   * The operations of a step in the order in which the present plan computes them, with its
   * kernels.
   */
  readonly operations: readonly Operation[];

  /**
   * Every tensor of the next step: the batch, the parameters, the intermediate results, the
   * gradients, and the parameters and moments after the update, with the bits that `train(1)`
   * gives. The numbers up to the gradients come from the kernels of the plan `layered`, which may
   * round differently from the kernels of the present plan. The trainer stays as it is.
   */
  inspect(): Promise<Tensor[]>;

  /** The network, its names and its settings as plain data, for files and code. */
  describe(): Description;

  /**
   * A copy of the present weights and biases.
   * @throws {NonFiniteError} after a divergence: no trainer accepts such parameters
   */
  parameters(): Promise<LayerParameters[]>;

  /**
   * A copy of everything the next step depends on.
   * @throws {NonFiniteError} after a divergence: `restore` refuses such a checkpoint
   */
  save(): Promise<Checkpoint>;

  /**
   * Goes back to a checkpoint of a trainer with the same shape, optimizer and batch size; trainers
   * that take all rows in each step need not have the same rows. On the same device with the same options, training repeats bit for bit the steps that followed the
   * checkpoint. The settings stay as they are.
   * @throws {OptionError} if the checkpoint does not fit this trainer
   */
  restore(checkpoint: Checkpoint): Promise<void>;

  /**
   * Frees the trainer's memory and ends its calls. The last trainer on the shared device also gives
   * the device back. A second call does nothing.
   */
  destroy(): void;

  /** Calls `destroy`, at the end of a block with `await using trainer = await createTrainer(…)`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A classifier in training. */
export interface Trainer extends NetworkTrainer {
  set(changes: Changes): void;

  /** Loss and accuracy at the present parameters, over the training data. */
  measure(): Promise<Measurement>;
  /**
   * Loss and accuracy at the present parameters, over other data with the same features and
   * classes.
   * @throws {OptionError} if `data` is no data set with labels; `undefined`, such as the `test` of a
   * `split` without test rows, does not stand for the training data
   */
  measure(data: Dataset): Promise<Measurement>;

  /**
   * Applies `steps` updates and yields a measurement before the update of every step that `every`
   * divides (0, every, 2·every, … as the notes print), and with `last` also after the last update.
   * Each measurement takes all rows of the training data unless `measure` is `'batch'`; see {@link
   * RunOptions.measure} for the price. The GPU does not wait for the reader: a loop that is left
   * early ends the run at a whole step after the last measurement. After an abort, the run yields
   * the measurements of the updates that were applied, then throws the signal's reason.
   * Measurements that take too long come first in the next `run`, also in a run of 0 steps, unless
   * `restore` is called before.
   * @throws as {@link train}
   */
  run(options: RunOptions): AsyncGenerator<Measurement, void, void>;

  /**
   * Class probabilities for `inputs`, rows × features, row-major; for the loss `'hinge'` the scores.
   * @throws {NonFiniteError} if a logit is not finite
   */
  predict(inputs: FloatArray): Promise<Prediction>;
}

/** A regression in training. */
export interface RegressionTrainer extends NetworkTrainer {
  /** The loss and r² at the present parameters, over the training data. */
  measure(): Promise<RegressionMeasurement>;
  /**
   * The loss and r² at the present parameters, over other data with the same features and outputs.
   * @throws {OptionError} if `data` is no data set with targets, as in {@link Trainer.measure}
   */
  measure(data: RegressionDataset): Promise<RegressionMeasurement>;

  /** Applies `steps` updates and yields measurements, as {@link Trainer.run}. */
  run(options: RunOptions): AsyncGenerator<RegressionMeasurement, void, void>;

  /**
   * The network's outputs for `inputs`, rows × features, row-major.
   * @throws {NonFiniteError} if an output is not finite
   */
  predict(inputs: FloatArray): Promise<RegressionPrediction>;
}
