import { OptionError } from '../errors.ts';

/**
 * Checks that options are an object of known options: one that is mistyped would be ignored, and something else computed.
 *
 * @param names every option there is; those that are false may be there, but mean nothing
 * @param owner what they are options of, such as `optimizer`; undefined at the top
 * @throws {OptionError} naming the unknown one, with those there are
 */
export function checkOptions<T extends object>(
  options: T,
  names: Record<keyof T, boolean>,
  owner?: string,
): void {
  const known = (Object.keys(names) as (keyof T)[]).filter((name) => names[name]).join(', ');
  if (typeof options !== 'object' || options === null) {
    throw new OptionError(owner ?? 'options', `an object with ${known}`, options);
  }
  for (const [key, value] of Object.entries(options)) {
    if (Object.hasOwn(names, key)) continue;
    throw new OptionError(owner ? `${owner}.${key}` : key, `no such option (there are ${known})`, value);
  }
}

/** An array of zeros. @throws {OptionError} naming the option that asks for more of them than memory holds */
export function zeros(length: number, option: string, value: number): Float64Array {
  try {
    return new Float64Array(length);
  } catch {
    throw new OptionError(option, 'a number that there is memory for', value);
  }
}
