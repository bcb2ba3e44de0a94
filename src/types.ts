/** Numbers of a tensor, row-major: 32-bit in single precision, 64-bit in double. */
export type FloatArray = Float32Array | Float64Array;

/**
 * A labelled data set: `count` rows of `features` numbers, each row in one of `classes` classes.
 */
export interface Dataset {
  /** `count × features`, row-major. */
  inputs: FloatArray;
  /** `count` class indices, each below `classes`. */
  labels: Uint32Array;
  count: number;
  features: number;
  classes: number;
  featureNames?: string[];
  classNames?: string[];
}

/** One affine layer: `outputs = inputs · weights + biases`. */
export interface LayerParameters {
  /** `fanIn × fanOut`, row-major. */
  weights: FloatArray;
  /** `fanOut`. */
  biases: FloatArray;
}

/**
 * How weights are drawn, always from a normal distribution; biases start at 0. `'he'`: standard
 * deviation √(2 / fanIn) (He et al. 2015). `'glorot'`: √(2 / (fanIn + fanOut)) (Glorot & Bengio
 * 2010). A number: that standard deviation; the notes use 0.01.
 */
export type Initialization = 'he' | 'glorot' | number;

/** Where training runs. */
export type Backend = 'webgpu' | 'cpu';
/**
 * `'single'` is float32. `'double'` is float64 on the CPU, and on WebGPU, which has no float64,
 * double-single: pairs of float32, about 48 bits, for numbers up to 3e38; those below 1e-24 have
 * fewer.
 */
export type Precision = 'single' | 'double';
/**
 * Which kernels make up a step, and in which order. Every plan computes the same numbers.
 * `'layered'` and `'fused'` take every network, `'resident'` those with at most one hidden layer
 * and few features, classes and units.
 */
export type PlanName = 'layered' | 'fused' | 'resident';

/** How a trainer finds the fastest way to compute a step on the device and shape at hand. */
export interface TuningOptions {
  /**
   * Milliseconds of compiling and measuring in all, default 300. Training goes on in between, and
   * beside the compiler. With 0, nothing is measured.
   */
  budget?: number;
  /**
   * Keeps what was found for the next trainer, as JSON by adapter, shape and version: a Map, or
   * anything else with these calls. Where one throws, training goes on without it. A text that is
   * no choice here is ignored, and a choice takes over only if it gives the bits of the plan in
   * use.
   */
  cache?: Pick<Map<string, string>, 'get' | 'set'>;
}

/** What a trainer runs on and why. Whatever it is, it computes the same bits. */
export interface Tuning {
  /**
   * The plan, and how its work is cut where there is a choice, such as `resident, 256 invocations`.
   */
  chosen: string;
  reason: string;
  /**
   * Whether the choice stands. Until then, and while it is being compiled, training may go on with
   * another one.
   */
  done: boolean;
  candidates: TunedCandidate[];
}

/** A way to compute a step that was tried. */
export interface TunedCandidate {
  /** As in {@link Tuning.chosen}. */
  name: string;
  /** Of a step; the least of several measurements. */
  milliseconds?: number;
  /** Why it cannot be chosen. */
  rejected?: string;
}

/**
 * Gradient descent, v ← momentum·v + g, w ← w − learningRate·v, or Adam (Kingma & Ba 2015,
 * bias-corrected).
 */
export type Optimizer =
  | { name: 'sgd' /** Default 0. */; momentum?: number }
  | {
      name: 'adam';
      /** Default 0.9. */ beta1?: number;
      /** Default 0.999. */ beta2?: number;
      /**
       * Added outside the root, at least 1e-30. Default 1e-8. In 32 bits at least 2⁻⁶³ / √((1 −
       * beta2)·u), where u is 2⁻²⁴ in single and 2⁻⁴⁴ in double precision: squares of small
       * gradients are 0 there.
       */
      epsilon?: number;
    };

/** How training survives the loss of the GPU device (driver reset, sleep, `device.destroy()`). */
export interface RecoveryOptions {
  /**
   * Milliseconds between two snapshots of training, at least; default 1000. Those of large networks
   * are further apart, so that they take less than 2 % of the time.
   */
  interval?: number;
  /**
   * Gives a device in place of the lost one, which the trainer never destroys. By default one is
   * requested from `navigator.gpu`.
   */
  requestDevice?: () => Promise<GPUDevice>;
}

/** A device was lost, and training went on. */
export interface Recovery {
  /** What WebGPU says of the loss. */
  reason: string;
  /** Where training went on. */
  backend: Backend;
  /** The step of the snapshot that it went on from. */
  step: number;
}

/**
 * Every option is checked while `createTrainer` is called, and arrays are copied then: they may be
 * of another frame, or in shared or resizable memory. A name that is no option is an
 * {@link OptionError} with the name that was probably meant.
 */
export interface TrainerOptions {
  /** The training data. */
  data: Dataset;
  /**
   * Sizes of the hidden ReLU layers, in order, at most 1000; `[]`, the default, is the linear
   * softmax classifier.
   */
  hidden?: number[];
  /**
   * Size of a step, at least 0; where numbers have 32 bits, 0 or from 1.2e-38, in double precision
   * from 1e-30, to 1e30.
   */
  learningRate: number;
  /** λ in ½·λ·ΣW², summed over weights, not biases. Default 0. */
  l2?: number;
  /** Default `{ name: 'sgd' }`. */
  optimizer?: Optimizer;
  /**
   * Rows each step sees. Default: all of them. With fewer, the data may be larger than what the GPU
   * can bind: its rows are sent to it as steps need them, with the same results.
   */
  batchSize?: number;
  /** The starting point, one entry a layer; without it, drawn from `seed`. */
  parameters?: LayerParameters[];
  /** How starting weights are drawn. Default `'he'`. */
  initialization?: Initialization;
  /** Seed of the starting weights and of the order of mini-batches. Default 0. */
  seed?: number;
  /** Default `'auto'`: WebGPU where there is an adapter, else the CPU. */
  backend?: 'auto' | Backend;
  /** Default `'single'`. */
  precision?: Precision;
  /**
   * How steps are computed on WebGPU; default `'auto'`, by the network's shape and what is fastest
   * on the device.
   */
  plan?: 'auto' | PlanName;
  /**
   * Whether to find out on WebGPU what is fastest, while training; `false` takes what is likely
   * fast.
   */
  tuning?: false | TuningOptions;
  /** A device to train on; otherwise one is requested. The trainer never destroys it. */
  device?: GPUDevice;
  /**
   * What happens when the GPU device is lost. By default training goes on from its last snapshot on
   * another device, with the same bits where that is of the same adapter, at most twice a minute;
   * then on the CPU, if `backend` is `'auto'`. Otherwise, with `false`, and where there is no way
   * to ask for another device, calls throw a {@link DeviceLostError}.
   */
  recovery?: false | RecoveryOptions;
}

/**
 * What {@link Trainer.set} can change; {@link TrainerOptions} says what each means, and which
 * numbers it may be.
 */
export interface Changes {
  learningRate?: number;
  l2?: number;
}

/** Loss and accuracy at the parameters of one step. */
export interface Measurement {
  /** Updates applied so far. */
  step: number;
  /** `dataLoss + l2Loss`. */
  loss: number;
  /** Mean cross-entropy, in nats. */
  dataLoss: number;
  /** ½·λ·ΣW². */
  l2Loss: number;
  /** Share of rows whose largest logit is the label's, 0 … 1; ties go to the lower class. */
  accuracy: number;
}

export interface Prediction {
  /** `rows × classes`, row-major; each row sums to 1. */
  probabilities: FloatArray;
  /** The class of the largest logit of each row; ties go to the lower class. */
  labels: Uint32Array;
}

/**
 * Everything the next step depends on beside the options. Plain data: it can be cloned and posted
 * to a worker.
 */
export interface Checkpoint {
  version: 1;
  step: number;
  seed: number;
  batchSize: number;
  parameters: LayerParameters[];
  /**
   * The optimizer and its moments: none for plain SGD, the velocity with momentum, first and second
   * for Adam.
   */
  optimizer: { name: Optimizer['name']; moments: LayerParameters[][] };
}

/** A tensor of a step, without its numbers. */
export interface TensorShape {
  /**
   * `inputs`, `labels`, `hidden 0`, `scores`, `probabilities`, `losses`, `dscores`,
   * `dhidden 0 unmasked`, `dhidden 0`, `W 0`, `b 0`, `dW 0`, `moment 0 of W 0`, … and what the
   * update leaves: `W 0 after`, `moment 0 of W 0 after`, …
   */
  name: string;
  /** As the formulas write it, such as `H₀`. Tensors that replace each other have the same. */
  symbol: string;
  /** Rows and columns, or a length. */
  shape: number[];
  /** What it holds, or what its gradient or moment is of. */
  kind: 'inputs' | 'labels' | 'outputs' | 'probabilities' | 'losses' | 'weights' | 'biases';
  role: 'value' | 'gradient' | 'moment';
  /** The layer, from 0, of outputs, weights and biases. */
  layer?: number;
  /** Which moment of the optimizer it is, from 0. */
  moment?: number;
  /** The tensor whose place it takes: `W 0` of `W 0 after`, `dhidden 0 unmasked` of `dhidden 0`. */
  replaces?: string;
}

/** A tensor of a step with its numbers, row-major. */
export interface Tensor extends TensorShape {
  values: FloatArray | Uint32Array;
}

/** What a kernel has at one of its bindings. */
export interface KernelBinding {
  /** The label of the buffer. */
  buffer: string;
  access: 'read' | 'read_write' | 'uniform';
}

/** One dispatch of a kernel. */
export interface KernelCall {
  label: string;
  /** The WGSL text that the device compiled. */
  code: string;
  workgroupSize: number[];
  /** Workgroups in each dimension. */
  workgroups: number[];
  /** In order, from `@binding(0)` of group 0 on. */
  bindings: KernelBinding[];
}

/** One line of a training step's mathematics. */
export interface Operation {
  /**
   * `batch`, `hidden 0`, `scores`, `softmax`, `dW 1`, `db 1`, `dhidden 0`, `ReLU mask 0`,
   * `update W 0`, …
   */
  name: string;
  phase: 'forward' | 'backward' | 'update';
  kind: 'batch' | 'matmul' | 'softmax' | 'column sums' | 'ReLU mask' | 'update';
  /** What it computes; `dOutputs`, `dWeights` and `dBiases` are gradients. */
  role: 'batch' | 'outputs' | 'loss' | 'dOutputs' | 'dWeights' | 'dBiases' | 'weights' | 'biases';
  /** The layer, from 0, whose outputs, weights or biases these are. */
  layer?: number;
  /** Such as `H₀ = max(0, X·W₀ + b₀)`: an equation a line. */
  formula: string;
  /** What a reader of the notes would write for it with NumPy. */
  numpy: string;
  /** Names of {@link TensorShape}. */
  reads: string[];
  writes: string[];
  /**
   * What computes it on WebGPU with the present plan. Operations that are fused have the same
   * calls; the CPU's plain loops have none.
   */
  kernels: KernelCall[];
}

/**
 * A network in training.
 *
 * | Call | Changes | While `train`, `run` or `tune` is at work |
 * | --- | --- | --- |
 * | `train`, `run` | the parameters | refused with a {@link BusyError} |
 * | `tune` | the plan | refused with a {@link BusyError} |
 * | `restore` | the parameters, at once: a later call in the same turn comes after it | refused |
 * | `set` | the settings of the steps that come | allowed |
 * | `measure`, `predict`, `activations`, `gradients`, `inspect`, `parameters`, `save` | nothing | allowed, and sees a whole step |
 * | `destroy` | frees everything; waiting calls throw a {@link DestroyedError} | allowed |
 *
 * Of two calls in one turn the first one runs. A `run` is at work from its first `next()` until it
 * ends, or until its `return()` or `throw()` is answered.
 *
 * Trainers that share a device train at the same time, each as if it were alone: one that diverges
 * or is destroyed leaves the others as they are.
 *
 * Once training has diverged, every call throws a {@link NonFiniteError} with the step and the
 * tensor where it did, and the last finite parameters, until `restore`.
 *
 * A lost device is replaced, and what was under way goes on; see {@link TrainerOptions.recovery}.
 */
export interface Trainer {
  /**
   * Updates applied so far. While `train` or `run` is at work it runs ahead of what has been
   * reported.
   */
  readonly step: number;
  readonly backend: Backend;
  readonly precision: Precision;
  /** The plan that computes the next steps; tuning may change it, but not the numbers. */
  readonly plan: string;
  /** Which way to compute a step was chosen on WebGPU, and why. */
  readonly tuning: Tuning;
  /** The devices that were lost since the start, in order. */
  readonly recoveries: readonly Recovery[];

  /**
   * Applies `steps` updates.
   * @throws {NonFiniteError} if training diverged
   * @throws the signal's reason within 100 ms of an abort; the trainer then stands at a whole step
   * and stays usable
   */
  train(steps: number, options?: { signal?: AbortSignal }): Promise<void>;

  /**
   * Changes settings from the next step on: the first one that has not been handed to the GPU,
   * which is {@link Trainer.step} as it is read in the same turn. All after it is, bit for bit,
   * what a new trainer with these settings makes of a checkpoint of that step. The L2 term of a
   * measurement has the λ of its step.
   *
   * It may be called at any time, also during `run` and after a divergence. What is not named stays
   * as it is, and `restore` changes no settings.
   * @throws {OptionError} for a name or a number that it does not take; nothing has changed then
   */
  set(changes: Changes): void;

  /**
   * Finds out now, instead of while training, what is fastest; see {@link TuningOptions}. It trains
   * nothing.
   */
  tune(): Promise<Tuning>;

  /**
   * Loss and accuracy at the present parameters, over the training data unless other data is given.
   */
  measure(data?: Dataset): Promise<Measurement>;

  /**
   * Applies `steps` updates and yields a measurement over the training data before the update of
   * every step that `every` divides (0, every, 2·every, … as the notes print). The GPU does not
   * wait for the reader: leaving the loop early ends the run at a later whole step than the last
   * one seen. After an abort, the measurements of the updates that were applied come first, then
   * the signal's reason. Those that take too long are the first that the next `run` yields, also
   * one of 0 steps, unless there is a `restore` before.
   * @throws as {@link train}
   */
  run(options: {
    steps: number;
    every: number;
    signal?: AbortSignal;
  }): AsyncGenerator<Measurement, void, void>;

  /**
   * Class probabilities for rows of `features` numbers.
   * @throws {NonFiniteError} if a logit is not finite
   */
  predict(inputs: FloatArray): Promise<Prediction>;

  /**
   * What every layer gives for rows of `features` numbers, at the present parameters: one matrix a
   * layer, `rows × width`, row-major; of the hidden layers after ReLU, max(0, X·W + b), and last
   * the logits, H·W + b.
   * @throws {NonFiniteError} if one of them is not finite
   */
  activations(inputs: FloatArray): Promise<FloatArray[]>;

  /**
   * Gradient of the loss over the training data, L2 term included, on the present weights and
   * biases. Of rows that are too many for the GPU to go through at once, it is the mean over lots
   * of them, which rounds otherwise.
   * @throws {NonFiniteError} if it is not finite
   */
  gradients(): Promise<LayerParameters[]>;

  /**
   * The operations of a step in the order in which the present plan computes them, with its
   * kernels.
   */
  readonly operations: readonly Operation[];

  /**
   * Every tensor of the step that comes next: what the step is made from, what the step computes on
   * the way, the gradients, and what the update leaves, bit for bit what `train(1)` leaves. Up to
   * the gradients the numbers come from the kernels of the plan `layered`, which may round
   * otherwise than those of the present plan. Nothing is trained.
   */
  inspect(): Promise<Tensor[]>;

  /**
   * A copy of the present weights and biases.
   * @throws {NonFiniteError} after divergence: no trainer could start from them
   */
  parameters(): Promise<LayerParameters[]>;

  /**
   * A copy of everything the next step depends on.
   * @throws {NonFiniteError} after divergence: `restore` would refuse such a checkpoint
   */
  save(): Promise<Checkpoint>;

  /**
   * Goes back to a checkpoint of a trainer with the same shape, optimizer and batch size; training
   * then repeats bit for bit what followed it there, on the same device with the same options. The
   * settings stay as they are at the moment.
   */
  restore(checkpoint: Checkpoint): Promise<void>;

  /** Frees what the trainer holds and ends what it is doing. Calling it again does nothing. */
  destroy(): void;
}
