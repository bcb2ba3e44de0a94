import { OptionError } from '../errors.ts';
import { type Check, optional, withMethods } from './schema.ts';

/** Checks an `AbortSignal`, or a program's own object with all that is used of one, or undefined. */
export const signal: Check<AbortSignal | undefined> = optional((value, name) => {
  const methods = ['throwIfAborted', 'addEventListener', 'removeEventListener'] as const;
  const given = withMethods<AbortSignal>('an AbortSignal', ...methods)(value, name);
  if (typeof given.aborted === 'boolean' && 'reason' in given) return given;
  throw new OptionError(name, 'an AbortSignal', value);
});
