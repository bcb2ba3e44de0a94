/**
 * The natural logarithm and exponential, sine and cosine from sums, products and quotients alone, which every
 * JavaScript engine rounds alike. `Math.log`, `Math.exp`, `Math.sin` and `Math.cos` differ from engine to engine
 * in the last bit.
 *
 * A number in these functions is the unevaluated sum of two float64 (double-double). Sums and
 * products of such pairs have a relative error of at most 2⁻¹⁰⁰ (Joldes, Muller, Popescu, see
 * docs/numerics.md), and the last terms of each series, which are single float64, of 2⁻⁷² of the
 * result. The result is therefore the float64 next to the exact value, except where the exact value
 * is within 2⁻¹⁸ of a unit in the last place of the middle between two of them.
 */
type Pair = readonly [high: number, low: number];

/** 2²⁷ + 1, which splits a float64 into halves (Veltkamp). */
const SPLITTER = 134217729;

/** ln 2 and π / 2 with 106 bits; the rest of π / 2 makes 159. */
const LN_2: Pair = [Math.LN2, 2.3190468138462996e-17];
const HALF_PI: Pair = [Math.PI / 2, 6.123233995736766e-17];
const REST_OF_HALF_PI = -1.4973849048591833e-33;

/** a + b and its rounding error (Knuth). */
function twoSum(a: number, b: number): Pair {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

/** The same for |a| ≥ |b|. */
function fastTwoSum(a: number, b: number): Pair {
  const sum = a + b;
  return [sum, b - (sum - a)];
}

/** a·b and its rounding error (Dekker). */
function twoProduct(a: number, b: number): Pair {
  const product = a * b;
  const aHigh = SPLITTER * a - (SPLITTER * a - a);
  const bHigh = SPLITTER * b - (SPLITTER * b - b);
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

function add(a: Pair, b: Pair): Pair {
  const [high, rest] = twoSum(a[0], b[0]);
  const [low, restOfLow] = twoSum(a[1], b[1]);
  const [sum, error] = fastTwoSum(high, rest + low);
  return fastTwoSum(sum, error + restOfLow);
}

function multiply(a: Pair, b: Pair): Pair {
  const [product, rest] = twoProduct(a[0], b[0]);
  return fastTwoSum(product, rest + (a[0] * b[1] + a[1] * b[0]));
}

function divide(a: Pair, b: Pair): Pair {
  const first = a[0] / b[0];
  const rest = add(a, multiply(b, [-first, 0]));
  const second = rest[0] / b[0];
  const last = add(rest, multiply(b, [-second, 0]));
  return add(fastTwoSum(first, second), [last[0] / b[0], 0]);
}

/** 1 / n. */
const inverse = (n: number): Pair => divide([1, 0], [n, 0]);

/**
 * Σ coefficients[i]·x^i for |x| < 1.
 * @param pairs the number of first terms with pairs: the others are small enough for float64
 */
function polynomial(x: Pair, coefficients: readonly Pair[], pairs: number): Pair {
  let rest = 0;
  for (let i = coefficients.length - 1; i >= pairs; i--) rest = coefficients[i][0] + x[0] * rest;
  let sum: Pair = [rest, 0];
  for (let i = pairs - 1; i >= 0; i--) sum = add(coefficients[i], multiply(x, sum));
  return sum;
}

/** 1, 1/3, 1/5, … of artanh s = s + s³/3 + s⁵/5 + … */
const ARTANH = /* @__PURE__ */ Array.from({ length: 17 }, (_, i) => inverse(2 * i + 1));

/**
 * ln x for a normal x > 0: ln(2ⁿ·m) = n·ln 2 + 2·artanh(s), s = (m − 1) / (m + 1), with m between
 * 1/√2 and √2, so that nothing cancels near 1.
 */
export function logarithm(x: number): number {
  let [m, n] = [x, 0];
  // Halves and doubles are exact.
  for (; m > Math.SQRT2; m /= 2) n++;
  for (; m < Math.SQRT1_2; m *= 2) n--;
  const s = divide(twoSum(m, -1), twoSum(m, 1));
  const artanh = multiply(s, polynomial(multiply(s, s), ARTANH, 5));
  return add(multiply(LN_2, [n, 0]), [2 * artanh[0], 2 * artanh[1]])[0];
}

/** 1, 1, 1/2, 1/6, … of eʳ. */
const EXPONENTIAL = /* @__PURE__ */ factorials(20);

function factorials(length: number): Pair[] {
  const terms: Pair[] = [[1, 0]];
  for (let i = 1; i < length; i++) terms.push(divide(terms[i - 1], [i, 0]));
  return terms;
}

/** eˣ for −700 ≤ x ≤ 700: e^(n·ln 2 + r) = 2ⁿ·eʳ with |r| ≤ ln 2 / 2. */
export function exponential(x: number): number {
  const n = Math.round(x / Math.LN2);
  const r = add([x, 0], multiply(LN_2, [-n, 0]));
  let [value] = polynomial(r, EXPONENTIAL, 8);
  // Halves and doubles are exact.
  for (let i = 0; i < Math.abs(n); i++) value *= n < 0 ? 0.5 : 2;
  return value;
}

/** The coefficients of Σ ±r²ⁱ / (2i + first)!, the series of sin r / r and of cos r. */
function alternating(first: 0 | 1, length: number): Pair[] {
  const terms: Pair[] = [[1, 0]];
  for (let i = 1; i < length; i++) {
    const n = 2 * i + first;
    terms.push(divide(terms[i - 1], [-n * (n - 1), 0]));
  }
  return terms;
}

const SINE = /* @__PURE__ */ alternating(1, 12);
const COSINE = /* @__PURE__ */ alternating(0, 12);

/** sin x of a finite x. The remainder of an |x| above 2⁴⁰ is taken by the float64 next to 2π. */
export const sine = (x: number): number => shifted(x, 0);

/** cos x, as {@link sine}. */
export const cosine = (x: number): number => shifted(x, 1);

/** sin(x + quarters·π/2), from r = x − n·π/2 with |r| ≤ π/4. */
function shifted(angle: number, quarters: number): number {
  const x = Math.abs(angle) > 2 ** 40 ? angle % (2 * Math.PI) : angle;
  const n = Math.round(x / HALF_PI[0]);
  const rest = twoProduct(-n, REST_OF_HALF_PI);
  const r = add(add(add([x, 0], twoProduct(-n, HALF_PI[0])), twoProduct(-n, HALF_PI[1])), rest);
  const square = multiply(r, r);
  const quadrant = (((n + quarters) % 4) + 4) % 4;
  const value = quadrant % 2 === 0 ? multiply(r, polynomial(square, SINE, 5)) : polynomial(square, COSINE, 5);
  return quadrant < 2 ? value[0] : 0 - value[0];
}
