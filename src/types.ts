/// <reference lib="esnext.disposable" preserve="true" />
/** The numbers of a tensor, row-major: float32 in single precision, float64 in double precision. */
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
 * The normal distribution of the starting weights, with mean 0; biases start at 0. `'he'`: standard
 * deviation √(2 / fanIn) (He et al. 2015). `'glorot'`: √(2 / (fanIn + fanOut)) (Glorot & Bengio
 * 2010). A number: the standard deviation itself; the notes use 0.01.
 */
export type Initialization = 'he' | 'glorot' | number;

/** The backends on which training runs. */
export type Backend = 'webgpu' | 'cpu';
/**
 * `'single'` is float32. `'double'` is float64 on the CPU. WebGPU has no float64: there `'double'`
 * is double-single, a pair of float32 a number, with about 48 bits for numbers up to 3e38 and fewer
 * bits below 1e-24.
 */
export type Precision = 'single' | 'double';
/**
 * The kernels of a step, and their order. Every plan computes the same numbers. `'layered'` and
 * `'fused'` take every network. `'resident'` takes networks with at most one hidden layer and few
 * features, classes and units.
 */
export type PlanName = 'layered' | 'fused' | 'resident';

/** The search for the plan that computes the steps of a network fastest on its device. */
export interface TuningOptions {
  /**
   * Milliseconds of compiling and measuring in total; default 300. Training goes on between
   * measurements and during compilation. 0 measures nothing.
   */
  budget?: number;
  /**
   * Keeps the choice for later trainers, as JSON by adapter, shape and version: a Map, or another
   * object with these methods. If a method throws, training goes on without the cache. A text that
   * is no choice for this network is ignored. A kept choice takes over only if it gives the bits of
   * the plan in use.
   */
  cache?: Pick<Map<string, string>, 'get' | 'set'>;
}

/** The plan in use, and the reason for it. Every choice computes the same bits. */
export interface Tuning {
  /**
   * The plan and, where there is a choice, the division of its work: `resident, 256 invocations`.
   */
  chosen: string;
  /** The chosen plan. {@link Trainer.plan} may be another plan until the choice takes over. */
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

/**
 * `'sgd'`: gradient descent, v ← momentum·v + g, w ← w − learningRate·v. `'adam'`: Adam with bias
 * correction (Kingma & Ba 2015).
 */
export type Optimizer =
  | { name: 'sgd' /** Default 0. */; momentum?: number }
  | {
      name: 'adam';
      /** Default 0.9. */ beta1?: number;
      /** Default 0.999. */ beta2?: number;
      /**
       * Added outside the root; default 1e-8, at least 1e-30. In 32 bits at least 2⁻⁶³ / √((1 −
       * beta2)·u), where u is 2⁻²⁴ in single and 2⁻⁴⁴ in double precision, because the squares of
       * small gradients are 0 in 32 bits.
       */
      epsilon?: number;
    };

/**
 * The recovery of training from the loss of the GPU device (driver reset, sleep,
 * `device.destroy()`).
 */
export interface RecoveryOptions {
  /**
   * The least number of milliseconds between two snapshots of training; default 1000. Snapshots of
   * large networks are further apart, so that they take less than 2 % of the time.
   */
  interval?: number;
  /**
   * Returns a device that replaces the lost device; the trainer waits 10 seconds for the device, and
   * never destroys it. By default the trainers that share a device share the next one too, and
   * nothing replaces a device that was handed in.
   */
  requestDevice?: () => Promise<GPUDevice>;
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

/**
 * The options of `createTrainer`. The call checks every option and copies every array; an array may
 * come from another frame or lie in shared or resizable memory. A name that is no option throws an
 * {@link OptionError} that suggests a name.
 */
export interface TrainerOptions {
  /** The training data. */
  data: Dataset;
  /**
   * Units of each hidden ReLU layer, in order; at most 1000 layers. The default `[]` is the linear
   * softmax classifier.
   */
  hidden?: number[];
  /**
   * Factor of the gradient in an update, at least 0. In single precision it is 0 or from 1.2e-38 to
   * 1e30. In double precision, unless `backend` is `'cpu'`, it is 0 or from 1e-30 to 1e30.
   */
  learningRate: number;
  /** λ in ½·λ·ΣW², summed over weights, not biases. Default 0. */
  l2?: number;
  /** Default `{ name: 'sgd' }`. */
  optimizer?: Optimizer;
  /**
   * Rows of a batch; the default, and every number above the number of rows: all rows. With smaller
   * batches the data may be larger than a buffer
   * binding of the GPU: each batch is sent when its step needs it, with the same results.
   */
  batchSize?: number;
  /**
   * The starting weights and biases, one entry a layer; plain arrays of numbers, and what JSON makes
   * of the layers, are taken too. By default the weights are drawn from `seed`.
   */
  parameters?: LayerParameters[];
  /** The distribution of the starting weights. Default `'he'`. */
  initialization?: Initialization;
  /** Seed of the starting weights and of the order of mini-batches. Default 0. */
  seed?: number;
  /** Default `'auto'`: WebGPU where there is an adapter, else the CPU. */
  backend?: 'auto' | Backend;
  /** Default `'single'`. */
  precision?: Precision;
  /**
   * The kernels that compute a step on WebGPU. The default `'auto'` chooses by the network's shape
   * and the speed on the device.
   */
  plan?: 'auto' | PlanName;
  /**
   * The search for the fastest plan during training on WebGPU; `false` uses the plan that is likely
   * fast.
   */
  tuning?: false | TuningOptions;
  /**
   * The device to train on, which the trainer never destroys. By default all trainers of a page,
   * worker or program share one device.
   */
  device?: GPUDevice;
  /**
   * The recovery from a lost GPU device. By default training goes on from its last snapshot on
   * another device, at most twice a minute, then on the CPU if `backend` is `'auto'`. A device of
   * the same adapter gives the same bits. Otherwise, with `false`, and where no other device can be
   * requested, calls throw a {@link DeviceLostError}. With `false` the trainer still takes
   * snapshots: training that diverges is repeated from a snapshot to find its first tensor that is
   * not finite, and a {@link DeviceLostError} carries a snapshot.
   */
  recovery?: false | RecoveryOptions;
  /**
   * Ends the creation of the trainer: `createTrainer` frees everything and throws the signal's
   * reason. Later aborts have no effect.
   */
  signal?: AbortSignal;
}

/**
 * The settings that {@link Trainer.set} changes, with the meanings and ranges in {@link
 * TrainerOptions}.
 */
export interface Changes {
  learningRate?: number;
  l2?: number;
}

/** The options of {@link Trainer.run}. */
export interface RunOptions {
  /** The number of updates. */
  steps: number;
  /** A measurement is made before the update of every step that this number divides. */
  every: number;
  /** Whether the state after the last update is measured too. */
  last?: boolean;
  /**
   * The rows of each measurement. The default `'all'` takes the training data: each measurement is
   * a forward pass over all rows, which can take many times as long as the steps in between. With
   * `'batch'` a measurement takes the rows of the step that follows, and costs about as much as a
   * step. Both are the same if every step sees all rows.
   */
  measure?: 'all' | 'batch';
  /**
   * Whether each measurement holds the parameters that it was made at. The GPU copies them at that
   * step; {@link Trainer.parameters} in the loop gives those of a later step.
   */
  parameters?: boolean;
  signal?: AbortSignal;
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
  /** The weights and biases of this step, from a `run` with `parameters`. */
  parameters?: LayerParameters[];
}

export interface Prediction {
  /** `rows × classes`, row-major; each row sums to 1. */
  probabilities: FloatArray;
  /** The class of the largest logit of each row; ties go to the lower class. */
  labels: Uint32Array;
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
   * for Adam.
   */
  optimizer: { name: Optimizer['name']; moments: LayerParameters[][] };
}

/** A tensor of a step, without its numbers. */
export interface TensorShape {
  /**
   * `inputs`, `labels`, `hidden 0`, `scores`, `probabilities`, `losses`, `dscores`, `dhidden 0
   * unmasked`, `dhidden 0`, `W 0`, `b 0`, `dW 0`, `moment 0 of W 0`, … and the tensors after the
   * update: `W 0 after`, `moment 0 of W 0 after`, …
   */
  name: string;
  /**
   * The symbol in the formulas, such as `H₀`. A tensor has the symbol of the tensor that it
   * replaces.
   */
  symbol: string;
  /** Rows and columns, or a length. */
  shape: number[];
  /** The content; for a gradient or a moment, the content of the tensor that it belongs to. */
  kind: 'inputs' | 'labels' | 'outputs' | 'probabilities' | 'losses' | 'weights' | 'biases';
  role: 'value' | 'gradient' | 'moment';
  /** The layer, from 0, of outputs, weights and biases. */
  layer?: number;
  /** The index of the optimizer's moment, from 0. */
  moment?: number;
  /**
   * The name of the tensor that this one replaces: `W 0` for `W 0 after`, `dhidden 0 unmasked` for
   * `dhidden 0`.
   */
  replaces?: string;
}

/** A tensor of a step with its numbers, row-major. */
export interface Tensor extends TensorShape {
  values: FloatArray | Uint32Array;
}

/** One binding of a kernel. */
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
  /** The bindings in order, from `@binding(0)` of group 0 on. */
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
  /** The result; `dOutputs`, `dWeights` and `dBiases` are gradients. */
  role: 'batch' | 'outputs' | 'loss' | 'dOutputs' | 'dWeights' | 'dBiases' | 'weights' | 'biases';
  /** The layer of the result, from 0. */
  layer?: number;
  /** One equation a line, such as `H₀ = max(0, X·W₀ + b₀)`. */
  formula: string;
  /** The lines in NumPy, as a reader of the notes writes them. */
  numpy: string;
  /** Names of the tensors that the operation reads, as in {@link TensorShape}. */
  reads: string[];
  /** Names of the tensors that the operation writes. */
  writes: string[];
  /**
   * The kernels that compute the operation on WebGPU with the present plan. Fused operations have
   * the same kernels; the CPU has none.
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
export interface Trainer {
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
  /** The choice of the plan on WebGPU, with its reason and the candidates. */
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
   * handed to the GPU: {@link Trainer.step}, read in the same turn. All later results have the bits
   * of a new trainer with these settings that is restored at that step. The L2 term of a
   * measurement has the λ of its step.
   *
   * The call is allowed at any time, also during `run` and after a divergence. Settings that are
   * not named stay as they are, and `restore` changes no settings.
   * @throws {OptionError} if a name is unknown or a number out of range; no setting has changed
   * then
   */
  set(changes: Changes): void;

  /**
   * Searches for the fastest plan now, instead of during training; see {@link TuningOptions}. The
   * parameters stay as they are.
   */
  tune(): Promise<Tuning>;

  /** Loss and accuracy at the present parameters, over the training data. */
  measure(): Promise<Measurement>;
  /**
   * Loss and accuracy at the present parameters, over other data with the same features and
   * classes.
   * @throws {OptionError} if `data` is no data set; `undefined`, such as the `test` of a `split`
   * without test rows, does not stand for the training data
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
   * Class probabilities for `inputs`, rows × features, row-major.
   * @throws {NonFiniteError} if a logit is not finite
   */
  predict(inputs: FloatArray): Promise<Prediction>;

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
