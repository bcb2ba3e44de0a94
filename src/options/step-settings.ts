import { type NumberRange, setting } from '../checks/numbers.ts';
import { type Check, optional, readOptions, type Schema } from '../checks/schema.ts';
import type { Changes } from '../types.ts';
import { SYNONYMS } from './synonyms.ts';

/** The settings that {@link Trainer.set} may change, as one step has them. */
export type StepSettings = Required<Changes>;

/**
 * A part of a gradient that 32 bits take for 0, below 2⁻¹²⁶, moves a parameter by less than 2e-8
 * then.
 */
const MOST_LEARNING_RATE = 1e30;

/** How each of these settings is checked, as an option of a trainer and as a change. */
export function settingsSchema(range: NumberRange): Schema<StepSettings> {
  return {
    learningRate: setting(range, range.float32 ? MOST_LEARNING_RATE : undefined),
    l2: setting(range),
  };
}

/** The argument of {@link Trainer.set}: what is not given is left out. */
export function changes(given: unknown, range: NumberRange): Changes {
  const checks: [string, Check<number>][] = Object.entries(settingsSchema(range));
  const optionals = checks.map(([name, check]) => [name, optional(check)]);
  return readOptions<Changes>(given, Object.fromEntries(optionals), undefined, SYNONYMS);
}

/**
 * The settings of every step: those at the start, and a list of changes with the step that each
 * begins at. All engines of a trainer share one record, so that a step that is repeated has the
 * settings that it had.
 */
export class SettingsRecord {
  /** By rising step. */
  #entries: { step: number; settings: StepSettings }[];

  constructor(settings: StepSettings) {
    this.#entries = [{ step: 0, settings }];
  }

  /** The settings of the steps that come. */
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
    const settings = { ...this.now, ...changes };
    this.#entries = [...this.#entries.filter((entry) => entry.step < step), { step, settings }];
  }

  /** Forgets the steps before one. */
  forget(step: number): void {
    const first = this.#entries.findLastIndex((entry) => entry.step <= step);
    if (first > 0) this.#entries.splice(0, first);
  }

  /** Forgets every step: whatever step comes next has the present settings. */
  restart(): void {
    this.#entries = [{ step: 0, settings: this.now }];
  }
}
