/** Fixed-point numbers: a BigInt times 2^-BITS. */
const BITS = 256n;
const ONE = 1n << BITS;

/** A float64 as a whole number times a power of two, exactly. */
function decompose(x: number): { digits: bigint; exponent: bigint } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = (bits >> 52n) & 0x7ffn;
  const fraction = bits & ((1n << 52n) - 1n);
  const digits = biased === 0n ? fraction : fraction | (1n << 52n);
  return { digits: x < 0 ? -digits : digits, exponent: (biased || 1n) - 1075n };
}

/** x·2^shift in fixed point, rounded down to its last bit. */
function fixed(x: number, shift = 0n): bigint {
  const { digits, exponent } = decompose(x);
  const places = BITS + exponent + shift;
  return places >= 0n ? digits << places : digits >> -places;
}

const multiply = (a: bigint, b: bigint) => (a * b) >> BITS;

/** artanh s = s + s³/3 + s⁵/5 + … for |s| ≤ 1/3. */
function artanh(s: bigint): bigint {
  const square = multiply(s, s);
  let sum = 0n;
  for (let power = s, n = 1n; power / n !== 0n; power = multiply(power, square), n += 2n) sum += power / n;
  return sum;
}

const LN_2 = 2n * artanh(ONE / 3n);

/** The relative error of a float64 as a value of e^x. */
export function errorOfExponential(value: number, x: number): number {
  const n = BigInt(Math.round(x / Math.LN2));
  const r = fixed(x) - n * LN_2;
  let exact = 0n;
  for (let term = ONE, k = 1n; term !== 0n; term = multiply(term, r) / k++) exact += term;
  return Number(fixed(value, -n) - exact) / Number(exact);
}

/** The relative error of a float64 as a value of ln x. */
export function errorOfLogarithm(value: number, x: number): number {
  const n = BigInt(Math.round(Math.log2(x)));
  const m = fixed(x, -n);
  const exact = 2n * artanh(((m - ONE) << BITS) / (m + ONE)) + n * LN_2;
  return Number(fixed(value) - exact) / Number(exact);
}
