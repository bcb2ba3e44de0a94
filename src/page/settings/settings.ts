import type { PlanName, Precision } from '../../index.ts';

export const SHAPES = ['spiral', 'circles', 'moons', 'blobs', 'xor', 'chequerboard', 'own'] as const;
/** The kinds of data; `own` begins empty. */
export type Shape = (typeof SHAPES)[number];

export const STARTS = ['notes', 'normal', 'he', 'glorot'] as const;
/** The kinds of starting weights; `notes` goes on with the random stream of the notes. */
export type Start = (typeof STARTS)[number];

export const OPTIMIZERS = ['sgd', 'momentum', 'adam'] as const;
export const PRECISIONS: readonly Precision[] = ['single', 'double'];
export const BACKENDS = ['auto', 'cpu'] as const;
export const PLANS: readonly ('auto' | PlanName)[] = ['auto', 'layered', 'fused', 'resident'];

/**
 * A change that a person made to the generated points. Rows are counted from the first generated
 * one and keep their number.
 */
export type Edit =
  | { kind: 'add'; x: number; y: number; label: number }
  | { kind: 'move'; row: number; x: number; y: number }
  | { kind: 'remove'; row: number };

/** Everything that a person chooses. A run depends on it and on the adapter alone. */
export interface Settings {
  shape: Shape;
  classes: number;
  perClass: number;
  noise: number;
  dataSeed: number;
  /** Share of each class's points that is kept for testing. */
  testShare: number;
  edits: readonly Edit[];
  /** Units of each hidden layer. */
  hidden: readonly number[];
  initialization: Start;
  /** Standard deviation of the first weights, where `initialization` is `normal`. */
  deviation: number;
  weightSeed: number;
  learningRate: number;
  l2: number;
  optimizer: (typeof OPTIMIZERS)[number];
  momentum: number;
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
  hidden: [100],
  initialization: 'notes',
  deviation: 0.01,
  weightSeed: 0,
  learningRate: 1,
  l2: 1e-3,
  optimizer: 'sgd',
  momentum: 0.9,
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

/** The range of each number. */
export const RANGES = {
  classes: { min: 2, max: 6, whole: true },
  perClass: { min: 1, max: 2000, whole: true },
  noise: { min: 0, max: 2 },
  dataSeed: SEED,
  testShare: { min: 0, max: 0.9 },
  deviation: { min: 0, max: 10 },
  weightSeed: SEED,
  learningRate: { min: 0, max: 100 },
  l2: { min: 0, max: 10 },
  momentum: { min: 0, max: 0.999 },
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

/** The most edits of points that are kept. */
export const MOST_EDITS = 1000;

export function within(value: number, { min, max, whole }: Range): boolean {
  return value >= min && value <= max && (!whole || Number.isInteger(value));
}

/**
 * The settings that a run takes over while it stands or trains; all other settings begin a new run.
 */
const LIVE: readonly (keyof Settings)[] = [
  'learningRate',
  'l2',
  'plan',
  'stopStep',
  'stopLoss',
  'stopAccuracy',
  'patience',
  'speed',
];

/** Settings that changed during a run: the values, and the step from which on they hold. */
export interface Turn {
  step: number;
  learningRate: number;
  l2: number;
  plan: Settings['plan'];
}

/** The names of the settings that differ. */
export function changes(from: Settings, to: Settings): (keyof Settings)[] {
  return (Object.keys(DEFAULTS) as (keyof Settings)[]).filter((key) => !same(from[key], to[key]));
}

export function needsRestart(changed: readonly (keyof Settings)[]): boolean {
  return changed.some((key) => !LIVE.includes(key));
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Noise and classes that a data set begins with, which show its shape best. */
export const SHAPE_DEFAULTS: Record<Shape, Pick<Settings, 'classes' | 'noise'>> = {
  spiral: { classes: 3, noise: 0.2 },
  circles: { classes: 2, noise: 0.04 },
  moons: { classes: 2, noise: 0.03 },
  blobs: { classes: 3, noise: 0.12 },
  xor: { classes: 2, noise: 0.03 },
  chequerboard: { classes: 2, noise: 0.03 },
  own: { classes: 2, noise: 0 },
};
