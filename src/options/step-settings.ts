import type { UpdateRule } from '../../shaders/lib/moments.ts';
import { type NumberRange, setting, share } from '../checks/numbers.ts';
import { type Check, list, optional, readOptions, type Schema } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import { type Decays, decaysSchema, type ResolvedOptimizer, ruleOf } from './optimizer.ts';
import { learningRate, type Rate, rateAt } from './schedules.ts';
import { SYNONYMS } from './synonyms.ts';

/** The settings of one step. */
export interface StepSettings {
  learningRate: number;
  l2: number;
  l1: number;
  weightDecay: number;
  dropout: number;
  /** Undefined: all 1. */
  classWeights: readonly number[] | undefined;
  optimizer: ResolvedOptimizer;
  /**
   * The rule of the optimizer. SGD that has once had a momentum keeps its velocity, also while its
   * momentum is 0.
   */
  rule: UpdateRule;
}

/** The settings from one step on. */
export type Settings = Omit<StepSettings, 'learningRate'> & { learningRate: Rate };

/** The settings that are options of a trainer. */
export type SettingOptions = Omit<Settings, 'optimizer' | 'rule'>;

/**
 * With this limit, a part of a gradient below 2⁻¹²⁶, which 32 bits may treat as 0, moves a
 * parameter by less than 2e-8.
 */
const MOST_LEARNING_RATE = 1e30;
/** With this limit, 32 bits hold the product of every learning rate and weight decay. */
const MOST_WEIGHT_DECAY = 1e8;
/** The largest class weight: the sum over all rows is a number in 32 bits. */
const MOST_CLASS_WEIGHT = 1e30;
const mostRate = ({ float32 }: NumberRange) => (float32 ? MOST_LEARNING_RATE : undefined);

/**
 * The check of each setting, as an option of a trainer and as a change.
 * @param classes the number of classes; undefined for a regression
 */
export function settingsSchema(range: NumberRange, classes: number | undefined): Schema<SettingOptions> {
  return {
    learningRate: learningRate(range, mostRate(range)),
    l2: setting(range),
    l1: setting(range),
    weightDecay: setting(range, range.float32 ? MOST_WEIGHT_DECAY : undefined),
    dropout: share,
    classWeights: classWeights(range, classes),
  };
}

function classWeights(range: NumberRange, classes: number | undefined): Check<number[] | undefined> {
  const expected = `an array of ${classes} weights, one a class`;
  return (value, name) => {
    if (classes === undefined) throw new OptionError(name, 'data with labels for class weights', value);
    const weights = list(setting(range, MOST_CLASS_WEIGHT), expected, classes)(value, name);
    if (weights.length === classes) return weights;
    throw new OptionError(name, expected, value, `an array of ${weights.length}`);
  };
}

/** The names of all settings that a trainer may have. */
export const SETTINGS = [
  'learningRate',
  'l2',
  'l1',
  'weightDecay',
  'dropout',
  'classWeights',
  'momentum',
  'beta1',
  'beta2',
];

/** The settings that a call of {@link Trainer.set} names. */
export type SettingChanges = Partial<SettingOptions & Decays>;

/**
 * Checks the argument of {@link Trainer.set}.
 * @param optimizer the optimizer whose factors it may change
 */
export function settingsChanges(
  given: unknown,
  optimizer: ResolvedOptimizer,
  range: NumberRange,
  classes: number | undefined,
): SettingChanges {
  const checks = { ...settingsSchema(range, classes), ...decaysSchema(optimizer, range) };
  const optionals = Object.entries<Check<unknown>>(checks).map(([name, check]) => [name, optional(check)]);
  return readOptions<SettingChanges>(given, Object.fromEntries(optionals), undefined, SYNONYMS);
}

/**
 * The settings of every step: a list of settings with the first step of each. All engines of a
 * trainer share one record, so that a repeated step has the same settings again.
 */
export class SettingsRecord {
  readonly #range: NumberRange;
  /** The settings in ascending order of step. */
  #entries: { step: number; settings: Settings }[];
  /** The results of the caller's own function, which may differ the next time. */
  readonly #rates = new Map<number, number>();

  constructor(settings: Omit<Settings, 'rule'> & { rule?: UpdateRule }, range: NumberRange) {
    this.#range = range;
    this.#entries = [
      { step: 0, settings: { ...settings, rule: settings.rule ?? ruleOf(settings.optimizer) } },
    ];
  }

  /** The settings of the next steps. */
  get now(): Settings {
    return this.#entries[this.#entries.length - 1].settings;
  }

  /** The settings of the update after `step` updates, with the learning rate as it was given. */
  from(step: number): Settings {
    return (this.#entries.findLast((entry) => entry.step <= step) ?? this.#entries[0]).settings;
  }

  /** The first step after `step` whose settings differ in something that matters; ∞ if there is none. */
  alikeUntil(step: number, alike: (settings: Settings, first: Settings) => boolean): number {
    const first = this.from(step);
    const other = this.#entries.find((entry) => entry.step > step && !alike(entry.settings, first));
    return other?.step ?? Number.POSITIVE_INFINITY;
  }

  /**
   * The settings of the update after `step` updates.
   * @throws {OptionError} if the caller's function gives no learning rate for this step
   */
  at(step: number): StepSettings {
    const settings = this.from(step);
    if (hasNumber(settings)) return settings;
    return { ...settings, learningRate: this.#rateAt(settings.learningRate, step) };
  }

  /** A record of its own, which has the present settings, with changes, at every step. */
  fixed(changes: Partial<Settings> = {}): SettingsRecord {
    return new SettingsRecord({ ...this.now, ...changes }, this.#range);
  }

  /** Replaces the settings of every step. */
  become(settings: Settings): void {
    this.#entries = [{ step: 0, settings }];
    this.#rates.clear();
  }

  #rateAt(rate: Rate, step: number): number {
    const known = this.#rates.get(step);
    if (known !== undefined) return known;
    const value = rateAt(rate, step, this.#range, mostRate(this.#range));
    if (typeof rate === 'function' && !('data' in rate)) this.#rates.set(step, value);
    return value;
  }

  /**
   * Changes settings from a step on. Later steps that have been changed before, because a lost device
   * has the trainer repeat steps, keep what this change does not name.
   */
  set(step: number, changes: SettingChanges): void {
    if (Object.keys(changes).length === 0) return;
    const own = { step, settings: this.from(step) };
    const later = this.#entries.filter((entry) => entry.step > step);
    const changed = [own, ...later].map(({ step, settings }) => ({
      step,
      settings: merge(settings, changes),
    }));
    this.#entries = [...this.#entries.filter((entry) => entry.step < step), ...changed];
    if ('learningRate' in changes) this.#forgetRates((known) => known >= step);
  }

  /** Forgets the settings of the steps before `step`. */
  forget(step: number): void {
    const first = this.#entries.findLastIndex((entry) => entry.step <= step);
    if (first > 0) this.#entries.splice(0, first);
    this.#forgetRates((known) => known < step);
  }

  /**
   * Forgets the settings of every step: the next step, of any number, has the present settings.
   * @param velocity whether SGD has a velocity although its momentum is 0
   */
  restart(velocity = false): void {
    const rule = ruleOf(this.now.optimizer);
    this.become({ ...this.now, rule: rule === 'sgd' && velocity ? 'momentum' : rule });
  }

  #forgetRates(old: (step: number) => boolean): void {
    for (const step of this.#rates.keys()) if (old(step)) this.#rates.delete(step);
  }
}

function merge(settings: Settings, { momentum, beta1, beta2, ...changes }: SettingChanges): Settings {
  const named = Object.entries({ momentum, beta1, beta2 }).filter(([, value]) => value !== undefined);
  const optimizer = { ...settings.optimizer, ...Object.fromEntries(named) } as ResolvedOptimizer;
  const rule = momentum ? ruleOf(optimizer) : settings.rule;
  return { ...settings, ...changes, optimizer, rule };
}

/** Whether the learning rate is the same at every step. */
const hasNumber = (settings: Settings): settings is StepSettings => typeof settings.learningRate === 'number';
