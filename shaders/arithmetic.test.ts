import { beforeAll, describe, expect, test } from 'vitest';
import { RealFormat } from '../src/gpu/real-format.ts';
import { compute, DOUBLE_PRIMITIVES } from '../src/gpu/self-test.ts';
import { testDevice } from '../tests/gpu.ts';
import { TestRandom } from '../tests/random.ts';
import type { Primitive } from './arithmetic.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const COUNT = 100_000;
const format = new RealFormat('double');
/** Numbers rounded to what a double-single holds, so that float64 has the exact operands. */
const held = (values: ArrayLike<number>) =>
  Float64Array.from(format.decode(format.encode(values).buffer as ArrayBuffer));

/** Operands of either sign with exponents from −`range` to `range`, evenly. */
function operands(seed: number, range: number): Float64Array {
  const [signs, digits, exponents] = [0, 1, 2].map((i) => new TestRandom(seed + i).doubles(COUNT));
  return signs.map((sign, i) => Math.sign(sign) * (1 + Math.abs(digits[i])) * 2 ** (range * exponents[i]));
}

/** Second words below 2⁻¹²⁶ may be flushed to zero: operands and results stay where they are normal numbers. */
const CASES: Record<Primitive, [string, () => [Float64Array, Float64Array]][]> = {
  add: [
    ['of all sizes', () => [operands(1, 50), operands(4, 50)]],
    ['of like sizes', () => [operands(1, 2), operands(4, 2)]],
    ['that nearly cancel', () => nearlyCancelling()],
    ['that are ties', () => [held(ties()), held(ties().reverse())]],
  ],
  multiply: [
    ['of all sizes', () => [operands(1, 35), operands(4, 35)]],
    ['with full words', () => [held(fullWords(1)), held(fullWords(2))]],
    ['that are ties', () => [held(ties()), held(ties().reverse())]],
  ],
  divide: [
    ['of all sizes', () => [operands(1, 35), operands(4, 35)]],
    ['with full words', () => [held(fullWords(1)), held(fullWords(2))]],
    ['that are ties', () => [held(ties()), held(ties().reverse())]],
  ],
  'square root': [
    ['of all sizes', () => unary(operands(1, 60).map(Math.abs))],
    ['with full words', () => unary(fullWords(1))],
    ['of zero', () => unary(Float64Array.of(0))],
  ],
  exponential: [
    ['from -50 to 80', () => unary(new TestRandom(1).doubles(COUNT).map((x) => 15 + 65 * x))],
    ['near zero', () => unary(operands(1, 30).map((x) => x * 2 ** -30))],
    ['near halves of ln 2', () => unary(nearMultiples(Math.LN2 / 2, 100))],
    ['of zero', () => unary(Float64Array.of(0))],
  ],
  logarithm: [
    ['of all sizes', () => unary(operands(1, 70).map(Math.abs))],
    ['near one', () => unary(nearOne())],
    ['near powers of two and their roots', () => unary(nearPowers())],
    ['of one', () => unary(Float64Array.of(1))],
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

/** 1 + half of a unit in the last place of one word, or of two, and their neighbours. */
function ties(): Float64Array {
  const bits = [2 ** -24, 2 ** -23, 2 ** -24 + 2 ** -47, 2 ** -24 - 2 ** -48, 3 * 2 ** -24, 2 ** -47];
  return Float64Array.from(bits.flatMap((bit) => [1 + bit, 1 - bit, -1 - bit, 2 + bit, 3 - bit, 1.5 + bit]));
}

/** Between 1 and 2, with as many ones in both words as there can be. */
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

describe.each(['double', 'guarded double'] as const)('%s', (form) => {
  for (const [primitive, sets] of Object.entries(CASES) as [Primitive, (typeof CASES)[Primitive]][]) {
    const { tolerance, reference } = DOUBLE_PRIMITIVES[primitive];
    test.each(sets)(`${primitive} %s is right to 2^${Math.log2(tolerance)}`, async (_, create) => {
      const [a, b] = create().map(held);
      const results = await compute(device, primitive, form, a, b);
      let worst = { error: 0, text: '' };
      for (let i = 0; i < a.length; i++) {
        const expected = reference(a[i], b[i]);
        const error = expected === 0 ? Math.abs(results[i]) : Math.abs(results[i] / expected - 1);
        if (!(error <= worst.error)) {
          worst = { error, text: `of ${a[i]} and ${b[i]}: ${results[i]}, expected ${expected}` };
        }
      }
      if (process.env.ACCURACY)
        console.log(`${form} ${primitive} ${_}: 2^${Math.log2(worst.error).toFixed(1)}`);
      expect(worst.error, worst.text).toBeLessThanOrEqual(tolerance);
    });
  }
});

test('numbers of both precisions come back from the form that they are stored in', () => {
  const values = [0, 1, -1 / 3, 1e30, 2 ** -60, Math.PI];
  const { buffer } = format.encode(values);
  const back = format.decode(buffer as ArrayBuffer);
  values.forEach((value, i) => {
    expect(Math.abs(back[i] - value)).toBeLessThanOrEqual(2 ** -48 * Math.abs(value));
  });
});
