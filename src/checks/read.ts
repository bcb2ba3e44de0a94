import { OptionError } from '../errors.ts';

/**
 * Reads options, each once: a getter cannot give one answer to the check and another one afterwards. None of their names may be
 * a known one mistyped, such as `learning_rate` or `hiden`: it would be ignored, and something else computed. Other names belong
 * to the caller.
 *
 * @param names every option there is; those that are false may be there, but mean nothing
 * @param owner what they are options of, such as `optimizer`; undefined at the top
 * @returns a plain object with those that are given
 * @throws {OptionError} naming the mistyped one, with what it resembles, or the one whose getter throws
 */
export function readOptions<T extends object>(
  options: T,
  names: Record<keyof T, boolean>,
  owner?: string,
): T {
  const known = (Object.keys(names) as (keyof T & string)[]).filter((name) => names[name]);
  if (typeof options !== 'object' || options === null) {
    throw new OptionError(owner ?? 'options', `an object with ${known.join(', ')}`, options);
  }
  const path = (name: string) => (owner ? `${owner}.${name}` : name);
  for (const key of attempt(owner ?? 'options', () => Object.keys(options))) {
    if (Object.hasOwn(names, key)) continue;
    const meant = known.find((name) => resembles(key, name));
    if (!meant) continue;
    const value = read(options, key as keyof T, path(key));
    throw new OptionError(path(key), `the name '${meant}' for this option`, value);
  }
  return readFields(options, known, owner);
}

/** The same of some fields of an object that may have others, of whatever name. */
export function readFields<T extends object>(
  object: T,
  names: readonly (keyof T & string)[],
  owner?: string,
): T {
  const fields: Partial<T> = {};
  for (const name of names) {
    const value = read(object, name, owner ? `${owner}.${name}` : name);
    if (value !== undefined) fields[name] = value;
  }
  return fields as T;
}

/**
 * The entries of an array, each read once.
 * @param most entries
 * @throws {OptionError} if it is none, or longer
 */
export function readList<T>(values: readonly T[], name: string, expected: string, most: number): T[] {
  if (!attempt(name, () => Array.isArray(values))) throw new OptionError(name, expected, values);
  const length = read(values, 'length', name);
  if (!Number.isSafeInteger(length) || length < 0 || length > most) {
    throw new OptionError(name, expected, values, `an array of ${String(length)}`);
  }
  return Array.from({ length }, (_, i) => read(values, i, `${name}[${i}]`));
}

function read<T extends object, K extends keyof T>(object: T, key: K, name: string): T[K] {
  return attempt(name, () => object[key]);
}

/** Getters, and every trap of a proxy, may throw. @throws {OptionError} with what they throw as `received` */
export function attempt<T>(name: string, answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    const got = `one that throws ${error instanceof Error ? error.name : 'something'} when it is read`;
    throw new OptionError(name, 'a value that can be read', error, got);
  }
}

/** Whether a name is another one but for case, punctuation, and one letter more, less or other, or their order. */
function resembles(key: string, name: string): boolean {
  const [a, b] = [key, name].map((word) => word.toLowerCase().replace(/[^a-z0-9]/g, ''));
  if (a === b) return true;
  if (Math.min(a.length, b.length) < 4 || Math.abs(a.length - b.length) > 1) return false;
  if (a.length === b.length && [...a].sort().join() === [...b].sort().join()) return true;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const rests = [a, b].flatMap((word) => [word.slice(start), word.slice(start + 1)]);
  const [restA, shorterA, restB, shorterB] = rests;
  return shorterA === restB || restA === shorterB || shorterA === shorterB;
}

/** An array of zeros. @throws {OptionError} naming the option that asks for more of them than memory holds */
export function zeros(length: number, option: string, value: number): Float64Array {
  try {
    return new Float64Array(length);
  } catch (cause) {
    throw Object.assign(new OptionError(option, 'a number that there is memory for', value), { cause });
  }
}

/** @throws {OptionError} unless a setting is one of these */
export function oneOf<T extends string>(value: T, allowed: readonly T[], name: string): void {
  if (!allowed.includes(value)) {
    throw new OptionError(name, allowed.map((entry) => `'${entry}'`).join(' or '), value);
  }
}
