import { NonFiniteError } from './training-errors.ts';
import type {
  AnyDataset,
  Backend,
  FloatArray,
  LayerParameters,
  LossMeasurement,
  Measurement,
  Operation,
  RegressionMeasurement,
  Tensor,
  Tuning,
} from './types.ts';

/** A measurement of a classifier or of a regression. */
export type AnyMeasurement = Measurement | RegressionMeasurement;

/** What a network gives for rows. */
export interface Outputs {
  /** Rows × width: probabilities for the loss `'cross-entropy'`, else the logits. */
  values: FloatArray;
  /** The class of each row's largest logit. */
  labels: Uint32Array;
}

/** The measurements of a run. */
export interface Reports {
  /** A measurement is made before each step that this number divides. */
  every: number;
  /** Whether the state after the last step is measured too. */
  last: boolean;
  /** The rows of a measurement: the training data, or the batch of the step that follows. */
  measure: 'all' | 'batch';
  /** Whether a measurement holds the parameters. */
  parameters: boolean;
}

/**
 * The interface between a trainer and a backend. The trainer checks all arguments, and calls that
 * change the engine never overlap. After `destroy`, calls at work end soon, with any result or
 * error except a DeviceLostError: the trainer chooses the error for its caller.
 */
export interface Engine {
  readonly backend: Backend;
  /** Why the engine is on the CPU in place of the GPU. */
  readonly fallback?: string;
  readonly plan: string;
  readonly tuning: Tuning;
  /** Updates applied so far, or queued on the GPU. */
  readonly step: number;
  /**
   * Applies `steps` updates, and yields the measurements of `reports`. After an abort the run
   * begins no further update, yields the measurements of the updates that were begun, then throws
   * the signal's reason; no other run begins before that. After a divergence every call throws a
   * {@link Divergence} until `restore`.
   */
  run(
    steps: number,
    reports: Reports | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<AnyMeasurement, void, void>;
  /** Chooses the fastest plan. */
  tune(): Promise<void>;
  measure(data?: AnyDataset): Promise<AnyMeasurement>;
  predict(inputs: FloatArray): Promise<Outputs>;
  /** Every layer's outputs, rows × width each. */
  activations(inputs: FloatArray): Promise<FloatArray[]>;
  gradients(): Promise<GradientsAt>;
  /** The operations of the next step, as {@link Trainer.operations}. */
  readonly operations: readonly Operation[];
  /** All tensors of the next step, as {@link Trainer.inspect}. */
  inspect(): Promise<Tensor[]>;
  state(): Promise<EngineState>;
  /** Takes effect at once; the promise rejects if the state could not be restored. */
  restore(state: EngineState, seed: number): Promise<void>;
  destroy(): void;
}

/** The factors of the penalties in the loss: ½·l2·ΣW² and l1·Σ|W|. */
export interface Penalties {
  l2: number;
  l1: number;
}

/**
 * Gradients of the loss over the training data, penalties included, with the parameters, the factors
 * and the class weights that they were computed from.
 */
export interface GradientsAt extends Penalties {
  /** Undefined: all 1. */
  classWeights: readonly number[] | undefined;
  gradients: LayerParameters[];
  parameters: LayerParameters[];
}

/**
 * Everything that an engine's next step depends on, except the setup and the seed of the batches.
 */
export interface EngineState {
  step: number;
  parameters: LayerParameters[];
  /** `moments[m][layer]`: the optimizer's m-th running average for each parameter. */
  moments: LayerParameters[][];
}

/** Whether a run that ends before step `end` measures before step `step`. */
export function isDue({ every, last }: Reports, step: number, end: number): boolean {
  return step === end ? last : step % every === 0;
}

/**
 * ½·λ·ΣW².
 * @param squares Σ(s·W)² of each layer
 * @param scale s, a power of two with which no square is too large or too small for a number
 */
export function l2Term(squares: ArrayLike<number>, l2: number, scale = 1): number {
  let sum = 0;
  for (let layer = 0; layer < squares.length; layer++) sum += squares[layer];
  // Without an L2 term the squares may overflow, and 0 · ∞ is NaN.
  return l2 === 0 ? 0 : (0.5 * (l2 / scale) * sum) / scale;
}

/** l1·Σ|W|, with Σ|W| of each layer. */
export function l1Term(sizes: ArrayLike<number>, l1: number): number {
  let sum = 0;
  for (let layer = 0; layer < sizes.length; layer++) sum += sizes[layer];
  // Without an L1 term the sum may overflow, and 0 · ∞ is NaN.
  return l1 === 0 ? 0 : l1 * sum;
}

/**
 * Puts a measurement together.
 * @param spread of the targets of a regression, see `src/data/answers.ts`; undefined for a classifier
 * @throws {NonFiniteError} if the loss is not finite: a table must never hold NaN
 */
export function measurement(
  step: number,
  dataLoss: number,
  accuracy: number,
  spread: number | undefined,
  { l2Loss, l1Loss }: Pick<LossMeasurement, 'l2Loss' | 'l1Loss'>,
): AnyMeasurement {
  const loss = dataLoss + l2Loss + l1Loss;
  if (!Number.isFinite(dataLoss)) throw new NonFiniteError(step, 'the loss', { tensor: 'losses' });
  if (!Number.isFinite(l2Loss)) throw new NonFiniteError(step, 'the L2 term of the loss');
  if (!Number.isFinite(loss)) throw new NonFiniteError(step, 'the L1 term of the loss');
  const losses = { step, loss, dataLoss, l2Loss, l1Loss };
  return spread === undefined ? { ...losses, accuracy } : { ...losses, r2: r2Of(dataLoss, spread) };
}

/** 1 − Σ(z − t)² / Σ(t − m)², from the means of both over rows. The loss has the factor ½. */
function r2Of(dataLoss: number, spread: number): number {
  if (spread === 0) return dataLoss === 0 ? 1 : 0;
  return 1 - 2 * (dataLoss / spread);
}

/**
 * An update left a parameter or moment that is not finite. Training cannot go on, as it can after
 * another result that is not finite.
 */
export class Divergence extends NonFiniteError {
  constructor(step: number) {
    super(step, 'a weight, a bias or a moment of the optimizer');
  }
}

/**
 * Whether all values are finite. 0·x is 0 for a finite x and NaN otherwise, so one sum replaces a
 * test of each value.
 */
export function allFinite(values: FloatArray): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i];
  return sum === 0;
}
