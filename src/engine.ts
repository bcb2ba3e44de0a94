import { NonFiniteError } from './errors.ts';
import type {
  Backend,
  Dataset,
  FloatArray,
  LayerParameters,
  Measurement,
  Operation,
  Prediction,
  Tensor,
  Tuning,
} from './types.ts';

/**
 * What a backend must do for a trainer. Arguments arrive checked, and calls that change it never
 * overlap. What is under way when it is destroyed ends soon, in whatever way but a DeviceLostError:
 * the trainer says why.
 */
export interface Engine {
  readonly backend: Backend;
  readonly plan: string;
  readonly tuning: Tuning;
  /** Updates applied so far, or queued on the GPU. */
  readonly step: number;
  /**
   * Applies `steps` updates; before each step that `every` divides, where given, it yields a
   * measurement. After an abort it begins no more, but yields the measurements of those that were
   * begun, then throws the signal's reason; until then it is not run again. Throws a
   * {@link Divergence} after one, as every call does until `restore`.
   */
  run(
    steps: number,
    every: number | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<Measurement, void, void>;
  /** Ends with the fastest way to compute steps chosen. */
  tune(): Promise<void>;
  measure(data?: Dataset): Promise<Measurement>;
  predict(inputs: FloatArray): Promise<Prediction>;
  /** Every layer's outputs, rows × width each. */
  activations(inputs: FloatArray): Promise<FloatArray[]>;
  gradients(): Promise<Slope>;
  /** The operations of the next step, as {@link Trainer.operations}. */
  readonly operations: readonly Operation[];
  /** All tensors of the next step, as {@link Trainer.inspect}. */
  inspect(): Promise<Tensor[]>;
  state(): Promise<EngineState>;
  /** Takes effect at once; the promise tells whether it did. */
  restore(state: EngineState, seed: number): Promise<void>;
  destroy(): void;
}

/**
 * Gradients of the loss over the training data, L2 term included, and the parameters and λ that
 * they are at.
 */
export interface Slope {
  gradients: LayerParameters[];
  parameters: LayerParameters[];
  l2: number;
}

/** What an engine's next step depends on, apart from its setup. */
export interface EngineState {
  step: number;
  parameters: LayerParameters[];
  /** `moments[m][layer]`: the optimizer's m-th running average for each parameter. */
  moments: LayerParameters[][];
}

/**
 * Puts a measurement together from its sums.
 * @param squares ΣW² of each layer
 * @throws {NonFiniteError} if the loss is not finite: a table must never hold NaN
 */
export function measurement(
  step: number,
  dataLoss: number,
  accuracy: number,
  squares: ArrayLike<number>,
  l2: number,
): Measurement {
  let sum = 0;
  for (let layer = 0; layer < squares.length; layer++) sum += squares[layer];
  // Where there is no such term, the squares may overflow.
  const l2Loss = l2 === 0 ? 0 : 0.5 * l2 * sum;
  const loss = dataLoss + l2Loss;
  if (!Number.isFinite(dataLoss)) throw new NonFiniteError(step, 'the loss', { tensor: 'losses' });
  if (!Number.isFinite(loss)) throw new NonFiniteError(step, 'the L2 term of the loss');
  return { step, loss, dataLoss, l2Loss, accuracy };
}

/**
 * An update left a number behind which is not finite: unlike other answers that are not, it is the
 * end of training.
 */
export class Divergence extends NonFiniteError {
  constructor(step: number) {
    super(step, 'a weight, a bias or a moment of the optimizer');
  }
}

/** 0·x is 0 for every finite x and NaN for the rest: one sum instead of a test for each. */
export function allFinite(values: FloatArray): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i];
  return sum === 0;
}
