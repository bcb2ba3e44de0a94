import type { Precision } from '../../types.ts';

/** Most float32 numbers have a decimal of 8 digits, every one has one of 9. */
const [USUAL, ENOUGH] = [8, 9];
/** A decimal of so many digits is the only one near a float32 that is not among the smallest. */
const KEPT = 6;
const LEAST_NORMAL = 2 ** -126;

/** The bits of a float32. */
const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/**
 * The decimal with the fewest digits that reads back to the same bits, such as 0.1 for the float32 next to
 * 0.1, whose exact value has 27 digits.
 * @param value a finite number, in single precision a float32
 */
export function shortestDecimal(value: number, precision: Precision): string {
  if (Object.is(value, -0)) return '-0';
  // A float64 is printed with the fewest digits by the language itself.
  if (precision === 'double') return String(value);
  const fewest = Math.abs(value) < LEAST_NORMAL ? 1 : KEPT;
  let found: number | undefined;
  for (let digits = USUAL; digits >= fewest; digits--) {
    const shorter = decimalOf(value, digits);
    if (shorter === undefined) break;
    found = shorter;
  }
  // As a number, a decimal loses its zeros at the end.
  return String(found ?? decimalOf(value, ENOUGH) ?? value);
}

/** A decimal of so many digits that reads back to the same float32; undefined if there is none. */
function decimalOf(value: number, digits: number): number | undefined {
  const nearest = Number(value.toPrecision(digits));
  if (Math.fround(nearest) === value) return nearest;
  // Above a power of two float32 numbers lie further apart than below: the next decimal may be near enough.
  FLOAT[0] = value;
  if ((BITS[0] & 0x7fffff) !== 0) return undefined;
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const whole = Number(mantissa.replace('.', '')) + Math.sign(value);
  const next = Number(`${whole}e${Number(exponent) - digits + 1}`);
  return Math.fround(next) === value ? next : undefined;
}
