import type { FloatArray, LayerParameters } from './data.ts';
import type { Backend, Optimizer } from './options.ts';

/** The plan in use, and the reason for it. Every choice computes the same bits. */
export interface Tuning {
  /**
   * The plan and, where there is a choice, the division of its work: `resident, 256 invocations`.
   */
  chosen: string;
  /** The chosen plan. `Trainer.plan` may be another plan until the choice takes over. */
  plan: string;
  /**
   * The numbers in `chosen`, where the work is divided. `rows` and `units`: how many of them an
   * invocation takes. `workgroup`, or `forwardWorkgroup` and `backwardWorkgroup`: the invocations
   * of a workgroup.
   */
  tiling?: Readonly<Record<string, number>>;
  reason: string;
  /**
   * Whether the choice is final. Training may use another candidate until the final choice is
   * compiled.
   */
  done: boolean;
  candidates: TunedCandidate[];
}

/** A candidate for the plan that was measured or rejected. */
export interface TunedCandidate {
  /** The name of the choice, as in {@link Tuning.chosen}. */
  name: string;
  /** Milliseconds a step, the least of several measurements. */
  milliseconds?: number;
  /** The reason why this candidate cannot be chosen. */
  rejected?: string;
}

/** The loss of a device after which training went on. */
export interface Recovery {
  /** WebGPU's description of the loss. */
  reason: string;
  /** The backend on which training went on. */
  backend: Backend;
  /** The step of the snapshot from which training was repeated. */
  step: number;
}

/** The loss at the parameters of one step. */
export interface LossMeasurement {
  /** Updates applied so far. */
  step: number;
  /** `dataLoss + l2Loss + l1Loss`. */
  loss: number;
  /** The mean loss over rows, by class weights where there are any. */
  dataLoss: number;
  /** ½·λ·ΣW². */
  l2Loss: number;
  /** l1·Σ|W|. */
  l1Loss: number;
  /** The weights and biases of this step, from a `run` with `parameters`. */
  parameters?: LayerParameters[];
}

/** Loss and accuracy at the parameters of one step. */
export interface Measurement extends LossMeasurement {
  /** Share of rows whose largest logit is the label's, 0 … 1; ties go to the lower class. */
  accuracy: number;
}

/** The loss of a regression at the parameters of one step, and how much it explains. */
export interface RegressionMeasurement extends LossMeasurement {
  /**
   * 1 − Σ(z − t)² / Σ(t − m)² over all rows and outputs, with the mean m of each output's targets in
   * the measured rows. If all targets of each output are the same: 1 for a loss of 0, else 0.
   */
  r2: number;
}

export interface Prediction {
  /**
   * `rows × classes`, row-major; each row sums to 1. The loss `'hinge'` has no probabilities: there
   * this property throws an {@link OptionError}.
   */
  probabilities: FloatArray;
  /** The logits of the loss `'hinge'`, `rows × classes`, row-major; else undefined. */
  scores?: FloatArray;
  /** The class of the largest logit of each row; ties go to the lower class. */
  labels: Uint32Array;
}

export interface RegressionPrediction {
  /** `rows × outputs`, row-major. */
  values: FloatArray;
}

/**
 * Everything that the next step depends on, except the options. A checkpoint is plain data: it can
 * be cloned, posted to a worker and kept as JSON. `restore` takes the result of
 * `JSON.parse(JSON.stringify(checkpoint))`, in which typed arrays are plain objects.
 */
export interface Checkpoint {
  version: 1;
  step: number;
  seed: number;
  /** Rows of a batch. */
  batchSize: number;
  /** Present if every step takes all rows, however many there are. */
  fullBatch?: true;
  /** The `batchSize` of the options, present if it is above the number of rows. */
  askedBatchSize?: number;
  parameters: LayerParameters[];
  /**
   * The optimizer and its moments: none for plain SGD, the velocity with momentum, first and second
   * for Adam, the sum or mean of squares for Adagrad and RMSProp.
   */
  optimizer: { name: Optimizer['name']; moments: LayerParameters[][] };
}
