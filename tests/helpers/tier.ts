/**
 * Whether all cases run, as in `npm run test:all`. By default only the cases that show each promise
 * once run.
 */
export const ALL = process.env.TEST_TIER === 'all';

/** The cases of the default tier, or of the tier `all`. */
export function cases<T>(always: T[], more: T[]): T[] {
  return ALL ? [...always, ...more] : always;
}

/** Each of the first with one of the second in turn; in the tier `all`, with each of the second. */
export function inTurn<A, B>(first: readonly A[], second: readonly B[], start = 0): [A, B][] {
  return first.flatMap((a, i) =>
    (ALL ? second : [second[(start + i) % second.length]]).map((b): [A, B] => [a, b]),
  );
}
