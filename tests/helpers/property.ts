import fc from 'fast-check';
import { test } from 'vitest';
import { RealFormat } from '../../src/gpu/memory/real-format.ts';
import type { Precision } from '../../src/index.ts';
import { TestRandom } from './random.ts';

export const PRECISIONS: Precision[] = ['single', 'double'];

/** vitest.config.ts sets both, unless the caller has. */
const [runs, seed] = ['PROPERTY_RUNS', 'PROPERTY_SEED'].map((name) => {
  const value = Number(process.env[name]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${name}: expected a whole number of at least 0, got '${process.env[name]}'`);
});
/** Milliseconds for a case that compiles slowly. */
const PATIENCE = 300;

/**
 * A test of a property over fixed examples first, then over random cases. A failure is reduced to
 * the smallest case that shows it. Keep that case among the examples.
 * @param share the share of the random cases to run, if each case compiles kernels of its own
 * @param patience milliseconds for each case, if a case takes longer than one kernel
 */
export function property<T>(
  name: string,
  cases: fc.Arbitrary<T>,
  examples: T[],
  check: (value: T) => Promise<void>,
  share = 1,
  patience = PATIENCE,
): void {
  const timeout = Math.max(300_000, patience * runs);
  const parameters = {
    seed,
    numRuns: examples.length + Math.ceil(share * runs),
    examples: examples.map((example): [T] => [example]),
    // The reduction of a failing case ends before the timeout, so that the case is reported.
    interruptAfterTimeLimit: timeout - 10_000,
    markInterruptAsFailure: true,
  };
  test(name, () => fc.assert(fc.asyncProperty(cases, check), parameters), timeout);
}

/** Sizes from 1, with extra weight on the sizes next to the edges of tiles and workgroups. */
export function sizes(most: number): fc.Arbitrary<number> {
  const edges = [4, 16, 64, 128, 256, 512, 1024].flatMap((edge) => [edge - 1, edge, edge + 1]);
  const near = edges.filter((edge) => edge <= most);
  return fc.oneof(
    fc.integer({ min: 1, max: 9 }),
    fc.constantFrom(...near),
    fc.integer({ min: 1, max: most }),
  );
}

/**
 * A short description of a tensor's values, so that a failing case can be read and copied into the
 * examples.
 */
export interface Contents {
  kind: keyof typeof KINDS;
  /** All values are multiplied by 2^scale. */
  scale: number;
  seed: number;
}

/** Makes the values of each kind from as many standard normals and the number of columns. */
const KINDS = {
  normal: (normals: Float64Array) => normals,
  'of many sizes': (normals: Float64Array) =>
    normals.map((x, i) => x * 2 ** (30 * ((i * 0.618034) % 1) - 15)),
  negative: (normals: Float64Array) => normals.map((x) => -Math.abs(x)),
  // Many of the values are equal.
  whole: (normals: Float64Array) => normals.map(Math.round),
  'all equal': (normals: Float64Array) => normals.map((_, __, all) => all[0]),
  // In double-single the values differ only in the second word.
  'nearly equal': (normals: Float64Array) => normals.map((x) => 1 + Math.round(x) * 2 ** -40),
  'mostly zero': (normals: Float64Array) => normals.map((x) => (x > 1 ? x : 0)),
  'zero in even columns': (normals: Float64Array, columns: number) =>
    normals.map((x, i) => ((i % columns) % 2 === 0 ? 0 : x)),
  zero: (normals: Float64Array) => normals.map(() => 0),
  'plus or minus 1e4': (normals: Float64Array) => normals.map((x) => Math.sign(x) * 1e4),
};

/**
 * The magnitudes keep every rounding error a normal number, so that no device flushes it to zero.
 */
export function contents({
  kinds,
  scale,
}: {
  kinds?: Contents['kind'][];
  scale?: number;
} = {}): fc.Arbitrary<Contents> {
  return fc.record({
    kind: fc.constantFrom(...(kinds ?? (Object.keys(KINDS) as Contents['kind'][]))),
    scale: fc.integer({ min: -(scale ?? 10), max: scale ?? 10 }),
    seed: fc.nat(),
  });
}

/** A short form for examples. */
export const of = (kind: Contents['kind'], scale = 0): Contents => ({ kind, scale, seed: 1 });

/**
 * A row-major matrix, or a column, of numbers that the precision holds: Float32Array or
 * Float64Array.
 */
export function fill(precision: Precision, { kind, scale, seed }: Contents, rows: number, columns = 1) {
  const normals = new TestRandom(seed).normals(rows * columns);
  return held(
    precision,
    KINDS[kind](normals, columns).map((value) => value * 2 ** scale),
  );
}

/** Numbers rounded to a precision, so that the oracle starts from the same numbers. */
export function held(precision: Precision, values: ArrayLike<number>) {
  const format = new RealFormat(precision);
  return format.decode(format.encode(values).buffer as ArrayBuffer);
}
