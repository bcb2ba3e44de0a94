import { checkNumber, type NumberRange } from '../checks/numbers.ts';
import { readOptions } from '../checks/read.ts';
import { OptionError } from '../errors.ts';
import type { Changes } from '../types.ts';

/** The settings that {@link Trainer.set} may change, as one step has them. */
export type StepSettings = Required<Changes>;

/** A part of a gradient that 32 bits take for 0, below 2⁻¹²⁶, moves a parameter by less than 2e-8 then. */
const MOST_LEARNING_RATE = 1e30;

/** How each of them is checked, as an option of a trainer and as a change. */
const CHECKS: { readonly [name in keyof StepSettings]: typeof checkNumber } = {
  learningRate(value, name, range) {
    checkNumber(value, name, range);
    if (range.float32 && value > MOST_LEARNING_RATE) {
      throw new OptionError(name, `at most ${MOST_LEARNING_RATE} in 32 bits`, value);
    }
  },
  l2: checkNumber,
};

const NAMES = Object.keys(CHECKS) as (keyof StepSettings)[];

/** @throws {OptionError} naming the setting, what was expected and what came */
export function checkStepSettings(settings: StepSettings, range: NumberRange): StepSettings {
  for (const name of NAMES) CHECKS[name](settings[name], name, range);
  return settings;
}

/**
 * Reads changes, each once.
 * @throws {OptionError} as {@link checkStepSettings}, and for any other name
 */
export function readChanges(changes: Changes, range: NumberRange): Changes {
  const read = readOptions(changes, { learningRate: true, l2: true });
  for (const name of Object.keys(changes)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new OptionError(
        name,
        `a setting that can be changed: ${NAMES.join(' or ')}`,
        Reflect.get(changes, name),
      );
    }
  }
  for (const name of Object.keys(read) as (keyof StepSettings)[])
    CHECKS[name](read[name] as number, name, range);
  return read;
}

/**
 * The settings of every step: those at the start, and a list of changes with the step that each begins at. All engines of a
 * trainer share one record, so that a step that is repeated has the settings that it had.
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
