import type { Activation, ClassifierLoss, PlanName, Precision } from '../../index.ts';

const CLASSIFIED = ['spiral', 'circles', 'moons', 'blobs', 'xor', 'chequerboard', 'own'] as const;
const SURFACES = ['plane', 'hills', 'wave'] as const;
const LOADED = ['digits', 'table'] as const;
export const SHAPES = [...CLASSIFIED, ...SURFACES, ...LOADED] as const;
/**
 * The kinds of data; `own` begins empty. The points of a surface have a value and no class. Rows of
 * `digits` and `table` are loaded and not generated, and have any number of features.
 */
export type Shape = (typeof SHAPES)[number];
export type Surface = (typeof SURFACES)[number];
export type LoadedShape = (typeof LOADED)[number];

export const FEATURES = ['x', 'y', 'x2', 'y2', 'xy', 'sinx', 'siny', 'r', 'angle'] as const;
/**
 * The inputs that the network may get of a point. `x2`: x²; `sinx`: sin(π·x); `r`: the distance from
 * the origin; `angle`: from the positive x axis, from −π to π.
 */
export type Feature = (typeof FEATURES)[number];

export const STARTS = ['notes', 'normal', 'he', 'glorot', 'lecun'] as const;
/** The kinds of starting weights; `notes` goes on with the random stream of the notes. */
export type Start = (typeof STARTS)[number];

export const ACTIVATIONS: readonly Activation[] = [
  'relu',
  'leaky-relu',
  'elu',
  'tanh',
  'sigmoid',
  'softplus',
  'identity',
];
export const LOSSES: readonly ClassifierLoss[] = ['cross-entropy', 'hinge'];
export const OPTIMIZERS = ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam'] as const;
/** The course of the learning rate. */
export const SCHEDULES = ['constant', 'step', 'exponential', 'cosine'] as const;
export const PRECISIONS: readonly Precision[] = ['single', 'double'];
/** `auto`: the GPU, if there is one; `fastest`: the faster of GPU and CPU, measured. */
export const BACKENDS = ['auto', 'cpu', 'fastest'] as const;
export const PLANS: readonly ('auto' | PlanName)[] = ['auto', 'layered', 'fused', 'resident'];

/**
 * A change that a person made to the generated points. Rows are counted from the first generated
 * one and keep their number.
 */
export type Edit =
  | { kind: 'add'; x: number; y: number; label: number }
  | { kind: 'move'; row: number; x: number; y: number }
  | { kind: 'remove'; row: number };

/** What a link says of a person's rows; the rows themselves are in a file. */
export interface TableChoice {
  /** Of the file. */
  name: string;
  /** Of the file's bytes, in hexadecimal digits; empty where the browser could not tell. */
  sha256: string;
  /** The column that is learned. */
  label: string;
  /** Whether the network learns classes, or values. */
  task: 'classes' | 'values';
  /** Rows that lack a value are left out, or get the mean of the column. */
  missing: 'drop' | 'mean';
  /** The columns that the network gets; without any, all that are fit for it. */
  columns: readonly string[];
}

/** Everything that a person chooses. A run depends on it, on loaded rows and on the adapter alone. */
export interface Settings {
  shape: Shape;
  /** Of generated data. */
  classes: number;
  /** Points of each class, or all points of a surface. */
  perClass: number;
  noise: number;
  dataSeed: number;
  /** Share of each class's points that is kept for testing. */
  testShare: number;
  edits: readonly Edit[];
  /** Of the data `table`. */
  table: TableChoice | undefined;
  /** Whether loaded rows are scaled: to mean 0 and standard deviation 1, and pixels to the largest. */
  scaled: boolean;
  /** The two features over which loaded rows are drawn; without any, the principal components. */
  axes: readonly number[];
  /** The inputs of the network of a point, in the order of {@link FEATURES}; at least one. */
  features: readonly Feature[];
  /** Units of each hidden layer. */
  hidden: readonly number[];
  initialization: Start;
  /** Standard deviation of the first weights, where `initialization` is `normal`. */
  deviation: number;
  weightSeed: number;
  /** Of all hidden layers. */
  activation: Activation;
  /** The share of the hidden layers' outputs that a step drops. */
  dropout: number;
  loss: ClassifierLoss;
  /** A weight for each class; all 1 where there is none. */
  classWeights: readonly number[];
  /** The first learning rate, of which a schedule makes the later ones. */
  learningRate: number;
  schedule: (typeof SCHEDULES)[number];
  /** Steps in which the learning rate rises to its value, before its schedule begins. */
  warmup: number;
  /** The schedules `step` and `exponential` multiply the rate by the factor after so many steps. */
  decayEvery: number;
  decayFactor: number;
  /** The schedule `cosine` falls in so many steps to this rate. */
  cosineSteps: number;
  cosineEnd: number;
  l2: number;
  l1: number;
  weightDecay: number;
  optimizer: (typeof OPTIMIZERS)[number];
  momentum: number;
  beta1: number;
  beta2: number;
  /** The part of the mean of squares that RMSProp keeps. */
  decay: number;
  epsilon: number;
  /** Rows of a step; 0 for all. */
  batchSize: number;
  precision: Precision;
  backend: (typeof BACKENDS)[number];
  plan: 'auto' | PlanName;
  /** Stop conditions; 0 means never. */
  stopStep: number;
  stopLoss: number;
  stopAccuracy: number;
  /** Steps without improvement. */
  patience: number;
  /** Steps per second; 0 for as fast as possible. */
  speed: number;
}

/** The notes' two-layer network. */
export const DEFAULTS: Settings = {
  shape: 'spiral',
  classes: 3,
  perClass: 100,
  noise: 0.2,
  dataSeed: 0,
  testShare: 0,
  edits: [],
  table: undefined,
  scaled: true,
  axes: [],
  features: ['x', 'y'],
  hidden: [100],
  initialization: 'notes',
  deviation: 0.01,
  weightSeed: 0,
  activation: 'relu',
  dropout: 0,
  loss: 'cross-entropy',
  classWeights: [],
  learningRate: 1,
  schedule: 'constant',
  warmup: 0,
  decayEvery: 1000,
  decayFactor: 0.5,
  cosineSteps: 10_000,
  cosineEnd: 0,
  l2: 1e-3,
  l1: 0,
  weightDecay: 0,
  optimizer: 'sgd',
  momentum: 0.9,
  beta1: 0.9,
  beta2: 0.999,
  decay: 0.99,
  epsilon: 1e-8,
  batchSize: 0,
  precision: 'single',
  backend: 'auto',
  plan: 'auto',
  stopStep: 10_000,
  stopLoss: 0,
  stopAccuracy: 0,
  patience: 0,
  speed: 0,
};

export interface Range {
  min: number;
  max: number;
  whole?: boolean;
}

const SEED: Range = { min: 0, max: 2 ** 32 - 1, whole: true };
const STEPS: Range = { min: 1, max: 10_000_000, whole: true };

/** The range of each number. */
export const RANGES = {
  classes: { min: 2, max: 6, whole: true },
  perClass: { min: 1, max: 2000, whole: true },
  noise: { min: 0, max: 2 },
  dataSeed: SEED,
  testShare: { min: 0, max: 0.9 },
  deviation: { min: 0, max: 10 },
  weightSeed: SEED,
  dropout: { min: 0, max: 0.9 },
  learningRate: { min: 0, max: 100 },
  warmup: { min: 0, max: 1_000_000, whole: true },
  decayEvery: STEPS,
  decayFactor: { min: 0.001, max: 1 },
  cosineSteps: STEPS,
  cosineEnd: { min: 0, max: 100 },
  l2: { min: 0, max: 10 },
  l1: { min: 0, max: 10 },
  weightDecay: { min: 0, max: 10 },
  momentum: { min: 0, max: 0.999 },
  beta1: { min: 0, max: 0.999 },
  // With these three every optimizer takes every epsilon, in 32 bits too.
  beta2: { min: 0, max: 0.9999 },
  decay: { min: 0, max: 0.9999 },
  epsilon: { min: 1e-10, max: 1 },
  batchSize: { min: 0, max: 12_000, whole: true },
  stopStep: { min: 0, max: 10_000_000, whole: true },
  stopLoss: { min: 0, max: 100 },
  stopAccuracy: { min: 0, max: 1 },
  patience: { min: 0, max: 1_000_000, whole: true },
  speed: { min: 0, max: 10_000, whole: true },
} satisfies Partial<Record<keyof Settings, Range>>;

export type NumberSetting = keyof typeof RANGES;

/** Hidden layers, and units of each. */
export const LAYERS: Range = { min: 0, max: 6, whole: true };
export const UNITS: Range = { min: 1, max: 1024, whole: true };

/** The most classes of loaded rows. */
export const MOST_CLASSES = 100;

/** The weight of a class. */
export const CLASS_WEIGHT: Range = { min: 0, max: 100 };

/** The most edits of points that are kept. */
export const MOST_EDITS = 1000;

export function within(value: number, { min, max, whole }: Range): boolean {
  return value >= min && value <= max && (!whole || Number.isInteger(value));
}

/** The settings of a step that may change between two steps of a run. */
export const TURNED = [
  'learningRate',
  'l2',
  'plan',
  'schedule',
  'warmup',
  'decayEvery',
  'decayFactor',
  'cosineSteps',
  'cosineEnd',
  'l1',
  'weightDecay',
  'dropout',
  'classWeights',
  'momentum',
  'beta1',
  'beta2',
] as const satisfies (keyof Settings)[];

/**
 * The settings that a run takes over while it stands or trains; all other settings begin a new run.
 */
const LIVE: readonly (keyof Settings)[] = [
  ...TURNED,
  'axes',
  'stopStep',
  'stopLoss',
  'stopAccuracy',
  'patience',
  'speed',
];

/** Whether a run takes the setting over as it is. */
export const isLive = (key: keyof Settings): boolean => LIVE.includes(key);

/** Settings that changed during a run: the values, and the step from which on they hold. */
export type Turn = { step: number } & Pick<Settings, (typeof TURNED)[number]>;

export function turnAt(step: number, settings: Settings): Turn {
  const values = Object.fromEntries(TURNED.map((key) => [key, settings[key]]));
  return { step, ...(values as Omit<Turn, 'step'>) };
}

/** The settings with the values that they had at a step of a run. */
export function settingsAt(step: number, turns: readonly Turn[], settings: Settings): Settings {
  const { step: _, ...values } = turns.findLast((turn) => turn.step <= step) ?? { step: 0 };
  return { ...settings, ...values };
}

/** The names of the settings that differ. */
export function changes(from: Settings, to: Settings): (keyof Settings)[] {
  return (Object.keys(DEFAULTS) as (keyof Settings)[]).filter((key) => !same(from[key], to[key]));
}

/** Whether a run cannot take the settings over. */
export function needsRestart(from: Settings, to: Settings): boolean {
  // Without a momentum, Nesterov's rule is plain gradient descent.
  const another = to.optimizer === 'nesterov' && (from.momentum === 0) !== (to.momentum === 0);
  return another || changes(from, to).some((key) => !isLive(key));
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

export const isSurface = (shape: Shape): shape is Surface => (SURFACES as readonly Shape[]).includes(shape);

/** Whether the rows are loaded and not generated. */
export const isLoaded = (shape: Shape): shape is LoadedShape => (LOADED as readonly Shape[]).includes(shape);

/** Whether a network learns values instead of classes. */
export const isRegression = ({ shape, table }: Pick<Settings, 'shape' | 'table'>): boolean =>
  isSurface(shape) || (shape === 'table' && table?.task === 'values');

/** What says nothing of loaded rows, as a link omits it. */
const NOT_GENERATED = { classes: DEFAULTS.classes, noise: DEFAULTS.noise };

/** Noise and classes that a data set begins with, which show its shape best. */
export const SHAPE_DEFAULTS: Record<Shape, Pick<Settings, 'classes' | 'noise'>> = {
  spiral: { classes: 3, noise: 0.2 },
  circles: { classes: 2, noise: 0.04 },
  moons: { classes: 2, noise: 0.03 },
  blobs: { classes: 3, noise: 0.12 },
  xor: { classes: 2, noise: 0.03 },
  chequerboard: { classes: 2, noise: 0.03 },
  own: { classes: 2, noise: 0 },
  plane: { classes: 3, noise: 0.05 },
  hills: { classes: 3, noise: 0.05 },
  wave: { classes: 3, noise: 0.05 },
  digits: NOT_GENERATED,
  table: NOT_GENERATED,
};

/** The epsilon that an optimizer begins with, as PyTorch has them. */
export const epsilonOf = (optimizer: Settings['optimizer']): number =>
  optimizer === 'adagrad' ? 1e-10 : DEFAULTS.epsilon;

/** The factors of each optimizer, in the order in which a person may choose them. */
export const FACTORS = {
  sgd: [],
  momentum: ['momentum'],
  nesterov: ['momentum'],
  adagrad: ['epsilon'],
  rmsprop: ['decay', 'epsilon'],
  adam: ['beta1', 'beta2', 'epsilon'],
} as const satisfies Record<Settings['optimizer'], (keyof Settings)[]>;
