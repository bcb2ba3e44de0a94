import type { Dataset, LayerParameters, RegressionDataset } from './data.ts';

/**
 * The function that a hidden layer applies to z = X·W + b. `'relu'`: max(0, z). `'leaky-relu'`: z
 * above 0, else 0.01·z. `'elu'`: z above 0, else eᶻ − 1 (Clevert et al. 2016). `'tanh'`: tanh z.
 * `'sigmoid'`: 1 / (1 + e⁻ᶻ). `'softplus'`: ln(1 + eᶻ). `'identity'`: z. The derivatives of `'relu'`
 * and `'leaky-relu'` at 0 are those below 0.
 */
export type Activation = 'relu' | 'leaky-relu' | 'elu' | 'tanh' | 'sigmoid' | 'softplus' | 'identity';

/**
 * The loss of a row with the label y and the logits z, of which a mean is taken over rows.
 * `'cross-entropy'`: −ln softmax(z)[y], in nats. `'hinge'`: Σ max(0, z_j − z_y + 1) over all classes
 * but y, with the derivative 0 at the kink (the notes' support vector machine).
 */
export type ClassifierLoss = 'cross-entropy' | 'hinge';

/** The loss of a row of a regression with the targets t: `'squared-error'`, ½·‖z − t‖². */
export type RegressionLoss = 'squared-error';

/**
 * The normal distribution of the starting weights, with mean 0; biases start at 0. `'he'`: standard
 * deviation √(2 / fanIn) (He et al. 2015). `'glorot'`: √(2 / (fanIn + fanOut)) (Glorot & Bengio
 * 2010). `'lecun'`: √(1 / fanIn) (LeCun et al. 1998). A number: the standard deviation itself; the
 * notes use 0.01.
 */
export type Initialization = 'he' | 'glorot' | 'lecun' | number;

/**
 * A learning rate as plain data, which can be posted and kept as JSON. `stepDecay`,
 * `exponentialDecay`, `cosineDecay` and `warmup` make one.
 */
export type ScheduleData =
  | { schedule: 'step decay'; rate: number; every: number; factor: number }
  | { schedule: 'exponential decay'; rate: number; every: number; factor: number }
  | { schedule: 'cosine decay'; rate: number; steps: number; end: number }
  | { schedule: 'warmup'; steps: number; rate: number | ScheduleData };

/**
 * A learning rate as a function of the number of updates applied so far: 0 for the first update.
 * `JSON.stringify` keeps it as its data.
 */
export interface Schedule {
  (step: number): number;
  /** The schedule as plain data. */
  readonly data: ScheduleData;
  toJSON(): ScheduleData;
}

/**
 * A learning rate: one number, a {@link Schedule} or its data, or another function of the number of
 * updates applied so far.
 */
export type LearningRate = number | Schedule | ScheduleData | ((step: number) => number);

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

/**
 * The rule of an update by the gradient g, as PyTorch defines it. `'sgd'`: v ← momentum·v + g, w ←
 * w − learningRate·v; with `nesterov` w ← w − learningRate·(g + momentum·v). `'adam'`: Adam with
 * bias correction (Kingma & Ba 2015). `'rmsprop'`: s ← decay·s + (1 − decay)·g², w ← w −
 * learningRate·g / (√s + epsilon) (Hinton 2012). `'adagrad'`: s ← s + g², then the same step (Duchi
 * et al. 2011).
 */
export type Optimizer =
  | {
      name: 'sgd';
      /** Default 0. */ momentum?: number;
      /** Default false; needs a momentum. */ nesterov?: boolean;
    }
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
    }
  | {
      name: 'rmsprop';
      /** Default 0.99. */ decay?: number;
      /** Default 1e-8; in 32 bits at least as for Adam, with decay in place of beta2. */
      epsilon?: number;
    }
  | {
      name: 'adagrad';
      /** Default 1e-10; in 32 bits at least 2⁻⁶³ / √u, with u as for Adam. */
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

/**
 * The options that {@link TrainerOptions} and {@link RegressionOptions} share. `createTrainer` checks every option and copies every array; an array may
 * come from another frame or lie in shared or resizable memory. A name that is no option throws an
 * {@link OptionError} that suggests a name.
 */
export interface NetworkOptions {
  /**
   * Units of each hidden layer, in order; at most 1000 layers. The default `[]` is a linear model.
   */
  hidden?: number[];
  /** The activation of all hidden layers, or of each of them. Default `'relu'`. */
  activation?: Activation | Activation[];
  /**
   * Factor of the gradient in an update, at least 0. In single precision it is 0 or from 1.2e-38 to
   * 1e30. In double precision, unless `backend` is `'cpu'`, it is 0 or from 1e-30 to 1e30.
   */
  learningRate: LearningRate;
  /** λ in ½·λ·ΣW², summed over weights, not biases. Default 0. */
  l2?: number;
  /** The factor of Σ|W|, summed over weights, not biases; its derivative at 0 is 0. Default 0. */
  l1?: number;
  /**
   * Decoupled weight decay: before an update, each weight, but no bias, is multiplied by 1 −
   * learningRate·weightDecay (Loshchilov & Hutter 2019). Default 0; in 32 bits at most 1e8.
   */
  weightDecay?: number;
  /**
   * The share of a hidden layer's outputs that a step sets to 0, from 0 to below 1; all others are
   * divided by 1 − dropout (Srivastava et al. 2014). Measurements and other reads drop none. The
   * outputs that are dropped depend on the seed, the step, the layer, the row's index in the data
   * set and the unit alone. Default 0.
   */
  dropout?: number;
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
  /**
   * Default `'auto'`: WebGPU where there is an adapter, else the CPU. `'fastest'` measures some steps on
   * both, for as long as `tuning.budget` says, and takes the faster one; {@link Trainer.tuning} says why.
   * The two have different last digits.
   */
  backend?: 'auto' | 'fastest' | Backend;
  /**
   * Threads on the CPU, with the caller's own, from 1 to 64. By default one less than the machine has
   * cores, and at least one. The bits of the results do not depend on it. Small networks train on one
   * thread, and so do all where the program may start no worker that shares memory, such as a page that
   * is not cross-origin isolated; {@link Trainer.tuning} says why.
   */
  threads?: number;
  /**
   * Whether the CPU computes in WebAssembly, where it may. Default `true`; `false` takes the plain loops
   * that train where a page's policy forbids WebAssembly: to see what that costs, and to compare results.
   */
  webAssembly?: boolean;
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

/** The options of `createTrainer` for a classifier. */
export interface TrainerOptions extends NetworkOptions {
  /** The training data. */
  data: Dataset;
  /** Default `'cross-entropy'`. */
  loss?: ClassifierLoss;
  /**
   * The weight w of each class, from 0 to 1e30: the mean loss is Σ w_y·L / Σ w_y over rows. Rows of
   * total weight 0 have loss and gradient 0. Accuracy counts every row alike. By default all
   * weights are 1.
   */
  classWeights?: number[];
}

/** The options of `createTrainer` for a regression. */
export interface RegressionOptions extends NetworkOptions {
  /** The training data. */
  data: RegressionDataset;
  /** Default `'squared-error'`. */
  loss?: RegressionLoss;
}

/**
 * The settings that `set` changes in every trainer, with the meanings and ranges in {@link
 * NetworkOptions}.
 */
export interface NetworkChanges {
  learningRate?: LearningRate;
  l2?: number;
  l1?: number;
  weightDecay?: number;
  dropout?: number;
  /** Of an optimizer `'sgd'`. */
  momentum?: number;
  /** Of an optimizer `'adam'`. */
  beta1?: number;
  beta2?: number;
}

/** The settings that `Trainer.set` changes, as in {@link TrainerOptions}. */
export interface Changes extends NetworkChanges {
  classWeights?: number[];
}

/** The options of `Trainer.run`. */
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
   * step; `Trainer.parameters` in the loop gives those of a later step.
   */
  parameters?: boolean;
  signal?: AbortSignal;
}
