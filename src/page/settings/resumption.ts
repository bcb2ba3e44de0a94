import type { AnyDataset, Checkpoint, DescribedOptions, Description } from '../../index.ts';
import type { ScalingData } from '../../tables/index.ts';
import { parseLink } from './link.ts';
import {
  CLASS_WEIGHT,
  DEFAULTS,
  isLoaded,
  LAYERS,
  type NumberSetting,
  RANGES,
  type Range,
  type Settings,
  type Turn,
  UNITS,
  within,
} from './settings.ts';
import type { StudyData, Units } from './study-data.ts';
import { trainerOptions } from './trainer-options.ts';

/** A run as a safetensors file keeps it. */
export interface TrainingFile {
  /** Of the file. */
  name: string;
  network: Description;
  checkpoint: Checkpoint;
  /** Of the rows that the network was trained on. */
  scaling?: ScalingData;
  /** The page's own settings, with the turns on the way; absent in the files of other programs. */
  link?: string;
}

/** A run that goes on: the settings that it began with, the turns on its way, and where it stands. */
export interface Resumption {
  settings: Settings;
  turns: readonly Turn[];
  checkpoint: Checkpoint;
}

/** What the page shows of rows: inputs of the network, and classes or values. */
export interface Shape {
  inputs: number;
  outputs: number;
  task: 'classes' | 'values';
}

/** Why a run cannot go on here. */
export type Unfit =
  | { kind: 'layers' | 'units'; most: number; received: number }
  | { kind: 'activations'; received: readonly string[] }
  | { kind: 'range'; setting: NumberSetting | 'classWeights'; range: Range; received: number }
  /** A warm-up before a warm-up. */
  | { kind: 'schedule' }
  /** Parts of the page's own settings that it does not understand. */
  | { kind: 'link'; names: readonly string[] }
  /** The settings are those of another network. */
  | { kind: 'contradiction' }
  | { kind: 'data'; expected: Shape; received: Shape }
  | { kind: 'names'; expected: string; received: string }
  | { kind: 'scaling' };

class NotHeld extends Error {
  readonly unfit: Unfit;

  constructor(unfit: Unfit) {
    super(unfit.kind);
    this.unfit = unfit;
  }
}

/**
 * The settings of a run, and its turns: as the page has written them, else as far as the file of a program
 * has them; then the data are the present ones.
 */
export function resumptionOf(file: TrainingFile, present: Settings): Resumption | Unfit {
  const { link, checkpoint, network } = file;
  try {
    if (link === undefined) return { settings: settingsIn(file, present), turns: [], checkpoint };
    const { settings, turns, remarks } = parseLink(link);
    if (remarks.length > 0)
      throw new NotHeld({
        kind: 'link',
        names: remarks.map((remark) => ('name' in remark ? remark.name : '…')),
      });
    const { hidden, precision, batchSize = 0, optimizer } = network.options;
    const own = trainerOptions(settings, NO_ROWS);
    const same =
      settings.hidden.join() === hidden.join() &&
      settings.precision === precision &&
      settings.batchSize === batchSize &&
      own.optimizer?.name === optimizer.name;
    if (!same) throw new NotHeld({ kind: 'contradiction' });
    return { settings, turns, checkpoint };
  } catch (error) {
    if (error instanceof NotHeld) return error.unfit;
    throw error;
  }
}

const NO_ROWS: AnyDataset = {
  inputs: new Float64Array(),
  labels: new Uint32Array(),
  count: 0,
  features: 1,
  classes: 2,
};

/** The settings of a program's run, on the present data. */
function settingsIn({ network, checkpoint, scaling }: TrainingFile, present: Settings): Settings {
  const { options } = network;
  const { hidden, activation, loss, precision, l2, l1, weightDecay, dropout } = options;
  if (hidden.length > LAYERS.max)
    throw new NotHeld({ kind: 'layers', most: LAYERS.max, received: hidden.length });
  const units = Math.max(0, ...hidden);
  if (units > UNITS.max) throw new NotHeld({ kind: 'units', most: UNITS.max, received: units });
  const activations = [...new Set(activation)];
  if (activations.length > 1) throw new NotHeld({ kind: 'activations', received: activations });
  const settings: Settings = {
    ...present,
    ...(isLoaded(present.shape) && { scaled: scaling !== undefined }),
    hidden,
    activation: activations[0] ?? DEFAULTS.activation,
    loss: loss === 'squared-error' ? DEFAULTS.loss : loss,
    precision,
    ...{ l2, l1, weightDecay, dropout },
    // How its weights began is not in the file: a rewind begins as createTrainer does by itself.
    initialization: 'he',
    weightSeed: checkpoint.seed,
    batchSize: options.batchSize ?? 0,
    classWeights: options.classWeights ?? [],
    ...optimizerIn(options.optimizer),
    ...rateIn(options.learningRate),
    stopStep: present.stopStep > checkpoint.step ? present.stopStep : 0,
  };
  for (const setting of Object.keys(RANGES) as NumberSetting[]) {
    const [range, received]: [Range, number] = [RANGES[setting], settings[setting]];
    if (!within(received, range)) throw new NotHeld({ kind: 'range', setting, range, received });
  }
  const weight = settings.classWeights.find((weight) => !within(weight, CLASS_WEIGHT));
  if (weight !== undefined)
    throw new NotHeld({ kind: 'range', setting: 'classWeights', range: CLASS_WEIGHT, received: weight });
  return settings;
}

function optimizerIn(optimizer: DescribedOptions['optimizer']): Partial<Settings> {
  const { name, ...factors } = optimizer;
  if (name !== 'sgd') return { optimizer: name, ...factors };
  const { momentum, nesterov } = optimizer;
  return { optimizer: nesterov ? 'nesterov' : momentum > 0 ? 'momentum' : 'sgd', momentum };
}

/** The settings of a learning rate, of which every part is given anew. */
function rateIn(rate: DescribedOptions['learningRate'], warmup = 0): Partial<Settings> {
  const plain = { schedule: 'constant', warmup } as const;
  if (rate === undefined) return plain;
  if (typeof rate === 'number') return { ...plain, learningRate: rate };
  const learningRate = rate.rate as number;
  switch (rate.schedule) {
    case 'step decay':
      return { warmup, learningRate, schedule: 'step', decayEvery: rate.every, decayFactor: rate.factor };
    case 'exponential decay':
      return {
        warmup,
        learningRate,
        schedule: 'exponential',
        decayEvery: rate.every,
        decayFactor: rate.factor,
      };
    case 'cosine decay':
      return { warmup, learningRate, schedule: 'cosine', cosineSteps: rate.steps, cosineEnd: rate.end };
    case 'warmup':
      if (warmup > 0) throw new NotHeld({ kind: 'schedule' });
      return rateIn(rate.rate, rate.steps);
  }
}

/** Why a run cannot go on with these data; undefined if it can. */
export function misfitOf({ network, scaling }: TrainingFile, data: StudyData): Unfit | undefined {
  const { sizes, options, featureNames, classNames } = network;
  const expected: Shape = {
    inputs: sizes[0],
    outputs: sizes[sizes.length - 1],
    task: options.loss === 'squared-error' ? 'values' : 'classes',
  };
  const { train, inputs, outputs, loaded } = data;
  const received: Shape = {
    inputs: inputs.length,
    outputs,
    task: train && 'targets' in train ? 'values' : 'classes',
  };
  const fits = train && expected.inputs === received.inputs && expected.outputs === received.outputs;
  if (!fits || expected.task !== received.task) return { kind: 'data', expected, received };
  for (const [own, other] of [
    [featureNames, train.featureNames],
    [classNames, data.classNames],
  ]) {
    const at = own && other ? own.findIndex((name, i) => name !== other[i]) : -1;
    if (at >= 0) return { kind: 'names', expected: own?.[at] ?? '', received: other?.[at] ?? '' };
  }
  const { units = [], valueUnits } = loaded ?? {};
  const plain = { means: units.map(() => 0), deviations: units.map(() => 1) };
  const same = ({ mean, deviation }: Units, { means, deviations }: Omit<ScalingData, 'targets'>, i: number) =>
    mean === means[i] && deviation === deviations[i];
  const features = scaling ?? plain;
  const targets = scaling?.targets ?? { means: [0], deviations: [1] };
  const scaledSame =
    units.every((unit, i) => same(unit, features, i)) &&
    (expected.task === 'classes' || !valueUnits || same(valueUnits, targets, 0));
  return scaledSame && (loaded || !scaling) ? undefined : { kind: 'scaling' };
}
