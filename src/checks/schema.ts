import { OptionError } from '../errors.ts';
import { type Synonyms, suggestedName } from './names.ts';

/**
 * How one option is checked: from what the caller gave to what the library uses, with the default
 * where nothing came.
 * @throws {OptionError} naming the option, what was expected and what came
 */
export type Check<T> = (value: unknown, name: string) => T;

/** How each option of an object is checked, by name. */
export type Schema<T> = { readonly [Name in keyof T]-?: Check<T[Name]> };

/**
 * Checks an object of options.
 * @param owner the option that holds the object; none where the object is a call's argument
 * @param synonyms by which a name that is no option may be known; each caller's own, so that none
 * pays for others'
 * @throws {OptionError} also for each name that the schema lacks, with the name that was probably
 * meant
 */
export function readOptions<T extends object>(
  given: unknown,
  schema: Schema<T>,
  owner?: string,
  synonyms: Synonyms = {},
): T {
  const names = Object.keys(schema).filter((name) => schema[name as keyof T] !== ignored);
  if (!isObject(given)) {
    throw new OptionError(owner ?? 'options', `an object with ${names.join(', ')}`, given);
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(schema, name)) continue;
    const meant = suggestedName(name, names, synonyms);
    const expected = meant ? `the name '${meant}' for this option` : `one of the options ${names.join(', ')}`;
    throw new OptionError(pathOf(name, owner), expected, given[name]);
  }
  return readFields(given, schema, owner);
}

/** The same of an object that may have other fields too. */
export function readFields<T extends object>(given: object, schema: Schema<T>, owner?: string): T {
  const read: Partial<T> = {};
  for (const name of Object.keys(schema) as (keyof T & string)[]) {
    const value = schema[name]((given as { [name: string]: unknown })[name], pathOf(name, owner));
    if (value !== undefined) read[name] = value;
  }
  return read as T;
}

/** Gives a default where nothing came. */
export function optional<T>(check: Check<T>): Check<T | undefined>;
export function optional<T>(check: Check<T>, fallback: T): Check<T>;
export function optional<T>(check: Check<T>, fallback?: T): Check<T | undefined> {
  return (value, name) => (value === undefined ? fallback : check(value, name));
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: T[]): Check<T> {
  return (value, name) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new OptionError(name, words.map((word) => `'${word}'`).join(' or '), value);
  };
}

/** An array of at most `most` values, each checked alike. @returns a copy */
export function list<T>(entry: Check<T>, expected: string, most: number): Check<T[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw new OptionError(name, expected, value);
    if (value.length > most) throw new OptionError(name, expected, value, `an array of ${value.length}`);
    return Array.from(value, (one, i) => entry(one, `${name}[${i}]`));
  };
}

/** An object with these methods, of whatever class or realm. */
export function withMethods<T extends object>(expected: string, ...methods: (keyof T)[]): Check<T> {
  return (value, name) => {
    const has = (method: keyof T) => typeof (value as T)[method] === 'function';
    if (isObject(value) && methods.every(has)) return value as T;
    throw new OptionError(name, expected, value);
  };
}

/** An `AbortSignal`, or nothing. */
export const signal: Check<AbortSignal | undefined> = optional(
  withMethods<AbortSignal>('an AbortSignal', 'throwIfAborted'),
);

/** What another check looks at, which needs other options to be known. */
export const unchecked: Check<unknown> = (value) => value;

/** What may be there and means nothing. */
export const ignored: Check<undefined> = () => undefined;

export function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

const pathOf = (name: string, owner?: string) => (owner ? `${owner}.${name}` : name);
