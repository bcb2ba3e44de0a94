import { type NumberRange, setting } from '../checks/numbers.ts';
import { type Check, optional, readOptions, type Schema } from '../checks/schema.ts';
import type { Changes } from '../types.ts';
import { SYNONYMS } from './synonyms.ts';

/** The settings of one step, which {@link Trainer.set} may change. */
export type StepSettings = Required<Changes>;

/**
 * With this limit, a part of a gradient below 2⁻¹²⁶, which 32 bits may treat as 0, moves a
 * parameter by less than 2e-8.
 */
const MOST_LEARNING_RATE = 1e30;

/** The check of each setting, as an option of a trainer and as a change. */
export function settingsSchema(range: NumberRange): Schema<StepSettings> {
  return {
    learningRate: setting(range, range.float32 ? MOST_LEARNING_RATE : undefined),
    l2: setting(range),
  };
}

/** Checks the argument of {@link Trainer.set}. Settings that are not named are left out. */
export function settingsChanges(given: unknown, range: NumberRange): Changes {
  const checks: [string, Check<number>][] = Object.entries(settingsSchema(range));
  const optionals = checks.map(([name, check]) => [name, optional(check)]);
  return readOptions<Changes>(given, Object.fromEntries(optionals), undefined, SYNONYMS);
}

/**
 * The settings of every step: a list of settings with the first step of each. All engines of a
 * trainer share one record, so that a repeated step has the same settings again.
 */
export class SettingsRecord {
  /** The settings in ascending order of step. */
  #entries: { step: number; settings: StepSettings }[];

  constructor(settings: StepSettings) {
    this.#entries = [{ step: 0, settings }];
  }

  /** The settings of the next steps. */
  get now(): StepSettings {
    return this.#entries[this.#entries.length - 1].settings;
  }

  /** The settings of the update after `step` updates. */
  at(step: number): StepSettings {
    const entry = this.#entries.findLast((entry) => entry.step <= step);
    return (entry ?? this.#entries[0]).settings;
  }

  /** Changes settings from a step on. */
  set(step: number, changes: Changes): void {
    if (Object.keys(changes).length === 0) return;
    const settings = { ...this.now, ...changes };
    this.#entries = [...this.#entries.filter((entry) => entry.step < step), { step, settings }];
  }

  /** Forgets the settings of the steps before `step`. */
  forget(step: number): void {
    const first = this.#entries.findLastIndex((entry) => entry.step <= step);
    if (first > 0) this.#entries.splice(0, first);
  }

  /** Forgets the settings of every step: the next step, of any number, has the present settings. */
  restart(): void {
    this.#entries = [{ step: 0, settings: this.now }];
  }
}
