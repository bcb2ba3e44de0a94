import { describe, expect, test } from 'vitest';
import { RealFormat } from '../src/gpu/memory/real-format.ts';
import { compute, DOUBLE_PRIMITIVES, doubleArithmetic } from '../src/gpu/profile/self-test.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { errorOfExponential, errorOfLogarithm } from '../tests/helpers/oracle/exact.ts';
import { showFigure } from '../tests/helpers/oracle/figures.ts';
import { held as heldBy } from '../tests/helpers/property.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import type { Primitive } from './arithmetic.wgsl.ts';
import { double, guardedDouble } from './lib/real-double.ts';

const device = await testDevice();
/**
 * The form that trainers use on this device, and the guarded form: a compiler that simplifies
 * spoils the plain form.
 */
const FORMS = [double, guardedDouble].slice((await doubleArithmetic(device)) === double ? 0 : 1);

const COUNT = 100_000;
/** Numbers rounded to what a double-single holds, so that float64 has the exact operands. */
const held = (values: ArrayLike<number>) => Float64Array.from(heldBy('double', values));

/** Operands of either sign, with exponents evenly from `low` to `high`. */
function between(seed: number, low: number, high: number): Float64Array {
  const [signs, digits, exponents] = [0, 1, 2].map((i) => new TestRandom(seed + i).doubles(COUNT));
  const middle = (low + high) / 2;
  return signs.map(
    (sign, i) => Math.sign(sign) * (1 + Math.abs(digits[i])) * 2 ** (middle + (high - middle) * exponents[i]),
  );
}

const operands = (seed: number, range: number) => between(seed, -range, range);

/** The bound below which WGSL lets a device flush numbers to zero: all of them are subnormal. */
const FLUSHED = 2 ** -126;
/**
 * The most numbers that one operation loses to zero: second words of operands and result, and
 * rounding errors.
 */
const LOSSES = 8;

interface Case {
  name: string;
  create: () => [Float64Array, Float64Array];
  /**
   * The change of the result for each flushed number, in a set whose second words are subnormal:
   * the error is at most {@link LOSSES} · {@link FLUSHED} · this change, beside the relative error.
   */
  condition?: (a: number, b: number) => number;
}

const CASES: Record<Primitive, Case[]> = {
  add: [
    { name: 'of all sizes', create: () => [operands(1, 50), operands(4, 50)] },
    { name: 'of like sizes', create: () => [operands(1, 2), operands(4, 2)] },
    { name: 'that nearly cancel', create: () => nearlyCancelling() },
    { name: 'that are ties', create: () => [held(ties()), held(ties().reverse())] },
    { name: 'of large numbers', create: () => largeSums() },
    {
      name: 'with subnormal second words',
      create: () => [between(1, -126, -76), between(4, -126, -76)],
      condition: () => 1,
    },
  ],
  multiply: [
    { name: 'of all sizes', create: () => [operands(1, 35), operands(4, 35)] },
    { name: 'with full words', create: () => [held(fullWords(1)), held(fullWords(2))] },
    { name: 'that are ties', create: () => [held(ties()), held(ties().reverse())] },
    { name: 'with large products', create: () => factors(between(4, 120, 126.9)) },
    {
      name: 'with subnormal second words',
      create: () => factors(between(4, -125, -75)),
      condition: (a, b) => 1 + Math.abs(a) + Math.abs(b),
    },
  ],
  divide: [
    { name: 'of all sizes', create: () => [operands(1, 35), operands(4, 35)] },
    { name: 'with full words', create: () => [held(fullWords(1)), held(fullWords(2))] },
    { name: 'that are ties', create: () => [held(ties()), held(ties().reverse())] },
    { name: 'of large numbers', create: () => [between(1, 60, 126.9), between(4, 60, 126.9)] },
    {
      name: 'with subnormal second words',
      create: () => [between(1, -126, -80), between(4, -126, -80)],
      condition: (a, b) => (1 + Math.abs(a / b)) / Math.abs(b),
    },
  ],
  'square root': [
    { name: 'of all sizes', create: () => unary(operands(1, 60).map(Math.abs)) },
    { name: 'with full words', create: () => unary(fullWords(1)) },
    { name: 'of zero', create: () => unary(Float64Array.of(0)) },
    { name: 'of large numbers', create: () => unary(between(1, 60, 126.9).map(Math.abs)) },
    {
      name: 'with subnormal second words',
      create: () => unary(between(1, -126, -80).map(Math.abs)),
      condition: (a) => 1 / Math.sqrt(a),
    },
  ],
  exponential: [
    { name: 'from -50 to 80', create: () => unary(new TestRandom(1).doubles(COUNT).map((x) => 15 + 65 * x)) },
    { name: 'near zero', create: () => unary(operands(1, 30).map((x) => x * 2 ** -30)) },
    { name: 'near halves of ln 2', create: () => unary(nearMultiples(Math.LN2 / 2, 100)) },
    { name: 'of zero', create: () => unary(Float64Array.of(0)) },
    { name: 'up to 88.5', create: () => unary(new TestRandom(1).doubles(COUNT).map((x) => 84 + 4.5 * x)) },
    {
      name: 'with subnormal second words',
      create: () => unary(new TestRandom(1).doubles(COUNT).map((x) => -69 + 18 * x)),
      condition: () => 1,
    },
  ],
  logarithm: [
    { name: 'of all sizes', create: () => unary(operands(1, 70).map(Math.abs)) },
    { name: 'near one', create: () => unary(nearOne()) },
    { name: 'near powers of two and their roots', create: () => unary(nearPowers()) },
    { name: 'of one', create: () => unary(Float64Array.of(1)) },
    { name: 'of large numbers', create: () => unary(between(1, 60, 126.9).map(Math.abs)) },
    {
      name: 'with subnormal second words',
      create: () => unary(between(1, -126, -80).map(Math.abs)),
      condition: (a) => 1 / a,
    },
  ],
  'logarithm of one plus': [
    { name: 'of all sizes', create: () => unary(operands(1, 50).map(Math.abs)) },
    { name: 'where its forms meet', create: () => unary(nearOne().map((x) => 0.414 * x)) },
    { name: 'of zero', create: () => unary(Float64Array.of(0)) },
    { name: 'of large numbers', create: () => unary(between(1, 60, 126.9).map(Math.abs)) },
    {
      name: 'with subnormal second words',
      create: () => unary(between(1, -126, -80).map(Math.abs)),
      condition: () => 1,
    },
  ],
};

const unary = (values: Float64Array): [Float64Array, Float64Array] => [
  values,
  new Float64Array(values.length),
];

function nearlyCancelling(): [Float64Array, Float64Array] {
  const a = operands(1, 20);
  const random = new TestRandom(4).doubles(COUNT);
  return [a, a.map((x, i) => -x * (1 + random[i] * 2 ** -(i % 45)))];
}

/** Sums of up to 3·10³⁸; the signs differ where a sum of equal signs would be larger. */
function largeSums(): [Float64Array, Float64Array] {
  const [a, b] = [between(1, 100, 126.9), between(4, 100, 126.9)];
  return [a, b.map((y, i) => (Math.abs(a[i] + y) < 3e38 ? y : -y))];
}

/** Factors of all sizes with these products. */
function factors(products: Float64Array): [Float64Array, Float64Array] {
  const a = operands(1, 40).map((x, i) => x * Math.sqrt(Math.abs(products[i])));
  return [a, products.map((product, i) => product / a[i])];
}

/** 1 + half of a unit in the last place of one word, or of two, and their neighbours. */
function ties(): Float64Array {
  const bits = [2 ** -24, 2 ** -23, 2 ** -24 + 2 ** -47, 2 ** -24 - 2 ** -48, 3 * 2 ** -24, 2 ** -47];
  return Float64Array.from(bits.flatMap((bit) => [1 + bit, 1 - bit, -1 - bit, 2 + bit, 3 - bit, 1.5 + bit]));
}

/** Numbers between 1 and 2 with as many ones in both words as possible. */
function fullWords(seed: number): Float64Array {
  const random = new TestRandom(seed).doubles(COUNT);
  return random.map((x, i) => 2 - Math.abs(x) * 2 ** -(i % 46) - 2 ** -47);
}

function nearMultiples(of: number, most: number): Float64Array {
  const random = new TestRandom(1).doubles(COUNT);
  return random.map((x, i) => ((i % (2 * most + 1)) - most) * of + x * 2 ** -(i % 40));
}

function nearOne(): Float64Array {
  const random = new TestRandom(1).doubles(COUNT);
  return random.map((x, i) => 1 + 0.5 * x * 2 ** -(i % 45));
}

function nearPowers(): Float64Array {
  const random = new TestRandom(1).doubles(COUNT);
  return random.map((x, i) => 2 ** ((i % 101) / 2 - 25) * (1 + x * 2 ** -(i % 40)));
}

const power = (error: number) => (error === 0 ? 'exact' : `2^${Math.log2(error).toFixed(1)}`);

describe.each(FORMS)('$name', (form) => {
  for (const [primitive, cases] of Object.entries(CASES) as [Primitive, Case[]][]) {
    // Float64 rounds sums, products, quotients and roots correctly, to 2⁻⁵³, which is exact enough
    // for these measurements.
    const { tolerance, reference } = DOUBLE_PRIMITIVES[primitive];
    test.each(cases.map((set) => [set.name, set] as const))(
      `${primitive} %s is right to 2^${Math.log2(tolerance)}`,
      async (_, set) => {
        const [a, b] = set.create().map(held);
        const results = await compute(device, primitive, form, a, b);
        let worst = { error: 0, text: '' };
        let losses = 0;
        for (let i = 0; i < a.length; i++) {
          const expected = reference(a[i], b[i]);
          const difference = Math.abs(results[i] - expected);
          const loss = FLUSHED * (set.condition?.(a[i], b[i]) ?? 0);
          const error = difference <= LOSSES * loss ? 0 : (difference - LOSSES * loss) / Math.abs(expected);
          // NaN is the largest error of all.
          if (!(error <= worst.error)) {
            const text = `of ${a[i]} and ${b[i]}: ${results[i]}, expected ${expected}`;
            worst = { error: Number.isNaN(error) ? Number.POSITIVE_INFINITY : error, text };
          }
          if (loss > 0) losses = Math.max(losses, (difference - tolerance * Math.abs(expected)) / loss);
        }
        const most = set.condition ? `, and ${losses.toFixed(2)} numbers flushed` : '';
        showFigure(`${form} ${primitive} ${set.name}: ${power(worst.error)}${most}`);
        expect(worst.error, worst.text).toBeLessThanOrEqual(tolerance);
      },
    );
  }
});

test.each([
  ['exponential', errorOfExponential],
  ['logarithm', errorOfLogarithm],
] as const)('the reference of the %s is right to 2^-52, by integer arithmetic', (primitive, errorOf) => {
  const { reference } = DOUBLE_PRIMITIVES[primitive];
  for (const { name, create } of CASES[primitive]) {
    const values = held(create()[0]).filter((value, i) => i % 1000 === 0 && reference(value, 0) !== 0);
    const errors = values.map((value) => Math.abs(errorOf(reference(value, 0), value)));
    showFigure(`reference of ${primitive} ${name}: ${power(Math.max(0, ...errors))}`);
    expect(Math.max(0, ...errors), name).toBeLessThanOrEqual(2 ** -52);
  }
});

test('numbers of both precisions come back from the form that they are stored in', () => {
  const format = new RealFormat(double);
  const values = [0, 1, -1 / 3, 1e30, 2 ** -60, Math.PI];
  const { buffer } = format.encode(values);
  const back = format.decode(buffer as ArrayBuffer);
  values.forEach((value, i) => {
    expect(Math.abs(back[i] - value)).toBeLessThanOrEqual(2 ** -48 * Math.abs(value));
  });
});
