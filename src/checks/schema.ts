import { OptionError } from '../errors.ts';
import { type Synonyms, similarName, suggestedName } from './names.ts';

/**
 * The check of one option: from the caller's value to the value that the library uses, or to the
 * default if the caller gave none.
 * @throws {OptionError} with the name of the option, the expected and the received value
 */
export type Check<T> = (value: unknown, name: string) => T;

/** The place of options in words, by name. */
type Places = { readonly [option: string]: string };

/** The check of each option of an object, by name. */
export type Schema<T> = { readonly [Name in keyof T]-?: Check<T[Name]> };

/**
 * Checks an object of options.
 * @param owner the option that holds the object; undefined if the object is the argument of a call
 * @param synonyms other names of the options; each caller passes its own, so that a bundle holds
 * only the synonyms that it needs
 * @param places for options of other objects and calls: where each belongs
 * @throws {OptionError} also if a name is not in the schema; the error suggests a name
 */
export function readOptions<T extends object>(
  given: unknown,
  schema: Schema<T>,
  owner?: string,
  synonyms: Synonyms = {},
  places: Places = {},
): T {
  const names = Object.keys(schema).filter((name) => schema[name as keyof T] !== ignored);
  if (!isObject(given)) {
    throw new OptionError(owner ?? 'options', `an object with ${names.join(', ')}`, given);
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(schema, name)) continue;
    throw new OptionError(pathOf(name, owner), expectedName(name, names, synonyms, places), given[name]);
  }
  return readFields(given, schema, owner);
}

/** What is expected in place of a name that is no option. */
function expectedName(name: string, names: readonly string[], synonyms: Synonyms, places: Places): string {
  // A name that is known elsewhere goes before a name that has it as a part.
  for (const search of [similarName, suggestedName]) {
    const meant = search(name, names, synonyms);
    if (meant) return `the name '${meant}' for this option`;
    const elsewhere = search(name, Object.keys(places), synonyms);
    if (elsewhere) return `${places[elsewhere]} instead`;
  }
  return `one of the options ${names.join(', ')}`;
}

/** Checks an object like {@link readOptions}, but ignores other fields. */
export function readFields<T extends object>(given: object, schema: Schema<T>, owner?: string): T {
  const read: Partial<T> = {};
  for (const name of Object.keys(schema) as (keyof T & string)[]) {
    const value = schema[name]((given as { [name: string]: unknown })[name], pathOf(name, owner));
    if (value !== undefined) read[name] = value;
  }
  return read as T;
}

/**
 * Checks an object like {@link readOptions}, but ignores fields of the caller's own.
 * @throws {OptionError} also if a name probably means a field that is absent
 */
export function readRecord<T extends object>(
  given: object,
  schema: Schema<T>,
  owner: string,
  synonyms: Synonyms,
): T {
  const names = Object.keys(schema);
  const absent = names.filter((name) => Reflect.get(given, name) === undefined);
  for (const [name, value] of Object.entries(given)) {
    const meant = names.includes(name) ? undefined : similarName(name, absent, synonyms);
    if (meant) throw new OptionError(pathOf(name, owner), `the name '${meant}' for this option`, value);
  }
  return readFields(given, schema, owner);
}

/** Makes a check optional: undefined becomes `fallback`. */
export function optional<T>(check: Check<T>): Check<T | undefined>;
export function optional<T>(check: Check<T>, fallback: T): Check<T>;
export function optional<T>(check: Check<T>, fallback?: T): Check<T | undefined> {
  return (value, name) => (value === undefined ? fallback : check(value, name));
}

/** Checks one of a few words. */
export function oneOf<const T extends string>(...words: T[]): Check<T> {
  return (value, name) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new OptionError(name, words.map((word) => `'${word}'`).join(' or '), value);
  };
}

/** Checks an array of at most `most` values, each with the check `entry`. @returns a copy */
export function list<T>(entry: Check<T>, expected: string, most: number): Check<T[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw new OptionError(name, expected, value);
    if (value.length > most) throw new OptionError(name, expected, value, `an array of ${value.length}`);
    return Array.from(value, (one, i) => entry(one, `${name}[${i}]`));
  };
}

/** Checks an object with these methods, of any class or realm. */
export function withMethods<T extends object>(expected: string, ...methods: (keyof T)[]): Check<T> {
  return (value, name) => {
    const has = (method: keyof T) => typeof (value as T)[method] === 'function';
    if (isObject(value) && methods.every(has)) return value as T;
    throw new OptionError(name, expected, value);
  };
}

/** Checks a choice between yes and no. */
export const flag: Check<boolean> = (value, name) => {
  if (typeof value === 'boolean') return value;
  throw new OptionError(name, 'true or false', value);
};

/** Passes a value on to a later check, which needs other options first. */
export const unchecked: Check<unknown> = (value) => value;

/** Allows an option and drops its value. */
export const ignored: Check<undefined> = () => undefined;

export function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

/** A count with its noun: 1 number, 2 numbers. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const pathOf = (name: string, owner?: string) => (owner ? `${owner}.${name}` : name);
