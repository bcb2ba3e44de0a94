import type { Activation, ActivationText } from './activation.ts';
import type { Arithmetic } from './real.ts';
import { inverseFactorials, polynomial } from './series.ts';

/** The activations but ReLU. This file loads when a network has one of them. */
export const ACTIVATIONS: Record<Exclude<Activation, 'relu'>, ActivationText> = {
  // h = z where z > 0, else 0.01·z; h′ = 1 where h > 0, else 0.01.
  'leaky-relu': {
    name: 'leaky-relu',
    output: (z) => `leak(${z}, ${z})`,
    gradient: (d, h) => `leak(${d}, ${h})`,
    functions: (arithmetic) => `
fn leak(a: real, sign: real) -> real {
  return select(multiply(a, ${realConstant(arithmetic, 0.01)}), a, high(sign) > 0.0);
}`,
  },
  // h = z where z > 0, else eᶻ − 1; h′ = 1 where h > 0, else h + 1.
  elu: {
    name: 'elu',
    output: (z) =>
      `select(exponential_minus_one(-magnitude(${z})), ${z}, (high(${z}) > 0.0) | !is_finite(${z}))`,
    gradient: (d, h) => `select(multiply(${d}, add(${h}, one())), ${d}, high(${h}) > 0.0)`,
    functions: realFunctions,
  },
  // h = tanh z = -e / (2 + e) with e = exp(-2|z|) - 1 and the sign of z; h′ = 1 − h² = (1 − h)·(1 + h).
  tanh: {
    name: 'tanh',
    output: (z) => `hyperbolic_tangent(${z})`,
    gradient: (d, h) => `multiply(${d}, multiply(subtract(one(), ${h}), add(one(), ${h})))`,
    functions: (arithmetic) => `
${realFunctions(arithmetic)}
fn hyperbolic_tangent(z: real) -> real {
  let e = exponential_minus_one(-2.0 * magnitude(z));
  let size = divide(-e, add(${realConstant(arithmetic, 2)}, e));
  return select(select(size, -size, high(z) < 0.0), z, !is_finite(z));
}`,
  },
  // h = 1 / (1 + e⁻ᶻ); h′ = h·(1 − h). No exponential is above 1.
  sigmoid: {
    name: 'sigmoid',
    output: (z) => `logistic(${z})`,
    gradient: (d, h) => `multiply(${d}, multiply(${h}, subtract(one(), ${h})))`,
    functions: (arithmetic) => `
${realFunctions(arithmetic)}
fn logistic(z: real) -> real {
  let e = exponential(-magnitude(z));
  let h = divide(select(one(), e, high(z) < 0.0), add(one(), e));
  return select(h, z, !is_finite(z));
}`,
  },
  // h = ln(1 + eᶻ) = max(0, z) + ln(1 + exp(-|z|)); h′ = 1 − e⁻ʰ.
  softplus: {
    name: 'softplus',
    output: (z) => `softplus(${z})`,
    gradient: (d, h) => `multiply(${d}, -exponential_minus_one(-${h}))`,
    functions: (arithmetic) => `
${realFunctions(arithmetic)}
fn softplus(z: real) -> real {
  let h = add(select(z, real(), high(z) <= 0.0), log_of_one_plus(exponential(-magnitude(z))));
  return select(h, z, !is_finite(z));
}`,
  },
  // h = z; h′ = 1.
  identity: { name: 'identity', output: (z) => z, gradient: (d) => d },
};

/**
 * Further functions of `real`, for the kernels that need them: `one()` is 1, hidden from compilers as
 * every constant of double-single arithmetic; `magnitude(a)` is |a|, and
 * `exponential_minus_one(a)` is eᵃ − 1 for a ≤ 0.
 */
function realFunctions(arithmetic: Arithmetic): string {
  return arithmetic === 'single' ? singleFunctions : arithmetic.functions;
}

/** A number as the WGSL text of a `real`. */
function realConstant(arithmetic: Arithmetic, value: number): string {
  return arithmetic === 'single' ? `${value}f` : arithmetic.constant(value);
}

const singleFunctions = `
fn one() -> real { return 1.0; }
fn magnitude(a: real) -> real { return abs(a); }
// From -1 on a series, so that no digit of a is lost. Without branches, because compilers take long
// for many of them in one kernel.
fn exponential_minus_one(a: real) -> real {
  let x = max(a, -20.0);
  return select(exp(x) - 1.0, x + x * x * (${polynomial('x', inverseFactorials(2, 12))}), x > -1.0);
}
`;
