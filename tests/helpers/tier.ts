/** Whether all cases run, as in `npm run test:all`; by default those do that show each promise once. */
export const ALL = process.env.TEST_TIER === 'all';

/** Some cases by default, and more in the tier `all`. */
export function cases<T>(always: T[], more: T[]): T[] {
  return ALL ? [...always, ...more] : always;
}

/** Each of the first with one of the second, in turn; in the tier `all`, with every one. */
export function inTurn<A, B>(first: readonly A[], second: readonly B[], start = 0): [A, B][] {
  return first.flatMap((a, i) =>
    (ALL ? second : [second[(start + i) % second.length]]).map((b): [A, B] => [a, b]),
  );
}

/**
 * Combinations of one value of each list: every one in the tier `all`; by default as few as hold every pair of values of
 * two lists.
 */
export function combinations<T extends unknown[]>(...lists: { [I in keyof T]: readonly T[I][] }): T[] {
  const all = lists.reduce<unknown[][]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  ) as T[];
  return ALL ? all : pairwise(all);
}

/** Takes in turn the combination with the most pairs that none before it has, the first of equals. */
export function pairwise<T extends unknown[]>(all: T[]): T[] {
  const numbers = new Map<unknown, number>();
  for (const value of all.flat(1)) if (!numbers.has(value)) numbers.set(value, numbers.size);
  const pairs = all.map((row) =>
    row.flatMap((first, i) =>
      row.slice(i + 1).map((second, j) => `${i}:${numbers.get(first)} ${i + j + 1}:${numbers.get(second)}`),
    ),
  );
  const missing = new Set(pairs.flat());
  const chosen = new Set<number>();
  while (missing.size > 0) {
    const gains = pairs.map((row) => row.filter((pair) => missing.has(pair)).length);
    const best = gains.indexOf(Math.max(...gains));
    chosen.add(best);
    for (const pair of pairs[best]) missing.delete(pair);
  }
  return all.filter((_, i) => chosen.has(i));
}
