import { OptionError } from '../errors.ts';

/**
 * Checks that options are an object, and that none of its names is a known one mistyped, such as `learning_rate` or
 * `hiden`: it would be ignored, and something else computed. Other names belong to the caller.
 *
 * @param names every option there is; those that are false may be there, but mean nothing
 * @param owner what they are options of, such as `optimizer`; undefined at the top
 * @throws {OptionError} naming the mistyped one, with what it resembles
 */
export function checkOptions<T extends object>(
  options: T,
  names: Record<keyof T, boolean>,
  owner?: string,
): void {
  const known = (Object.keys(names) as (keyof T & string)[]).filter((name) => names[name]);
  if (typeof options !== 'object' || options === null) {
    throw new OptionError(owner ?? 'options', `an object with ${known.join(', ')}`, options);
  }
  for (const [key, value] of Object.entries(options)) {
    if (Object.hasOwn(names, key)) continue;
    const meant = known.find((name) => resembles(key, name));
    if (!meant) continue;
    throw new OptionError(owner ? `${owner}.${key}` : key, `the name '${meant}' for this option`, value);
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
  } catch {
    throw new OptionError(option, 'a number that there is memory for', value);
  }
}
