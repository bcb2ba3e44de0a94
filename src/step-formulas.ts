import type { UpdateRule } from '../shaders/lib/moments.ts';
import type { Loss } from './options/setup.ts';
import type { Activation } from './types.ts';

/** Lines of mathematics as equations and in NumPy. */
interface Texts<T> {
  formula: T;
  numpy: T;
}

interface ActivationFormulas extends Texts<(z: string) => string> {
  /** Whether the sum z appears twice and needs a line of its own. */
  twice?: true;
  /** The gradient d times the derivative, from the output h, in place; undefined if it is 1. */
  derivative?: Texts<(d: string, h: string) => string>;
}

/** The output of each activation from a unit's sum z, and its backward pass. */
export const ACTIVATION_FORMULAS: Record<Activation, ActivationFormulas> = {
  relu: {
    formula: (z) => `max(0, ${z})`,
    numpy: (z) => `np.maximum(0, ${z})`,
    derivative: { formula: (d, h) => `${d} = 0 where ${h} ≤ 0`, numpy: (d, h) => `${d}[${h} <= 0] = 0` },
  },
  'leaky-relu': {
    formula: (z) => `max(${z}, 0.01·${z})`,
    numpy: (z) => `np.maximum(${z}, 0.01 * ${z})`,
    twice: true,
    derivative: {
      formula: (d, h) => `${d} = 0.01·${d} where ${h} ≤ 0`,
      numpy: (d, h) => `${d}[${h} <= 0] *= 0.01`,
    },
  },
  elu: {
    formula: (z) => `max(0, ${z}) + min(0, exp(${z}) − 1)`,
    numpy: (z) => `np.maximum(0, ${z}) + np.expm1(np.minimum(0, ${z}))`,
    twice: true,
    derivative: {
      formula: (d, h) => `${d} = ${d}·(${h} + 1) where ${h} ≤ 0`,
      numpy: (d, h) => `${d} *= np.minimum(${h}, 0) + 1`,
    },
  },
  tanh: {
    formula: (z) => `tanh(${z})`,
    numpy: (z) => `np.tanh(${z})`,
    derivative: { formula: (d, h) => `${d} = ${d}·(1 − ${h}²)`, numpy: (d, h) => `${d} *= 1 - ${h}**2` },
  },
  sigmoid: {
    formula: (z) => `1 / (1 + exp(−(${z})))`,
    numpy: (z) => `1 / (1 + np.exp(-(${z})))`,
    derivative: {
      formula: (d, h) => `${d} = ${d}·${h}·(1 − ${h})`,
      numpy: (d, h) => `${d} *= ${h} * (1 - ${h})`,
    },
  },
  softplus: {
    formula: (z) => `ln(1 + exp(${z}))`,
    numpy: (z) => `np.logaddexp(0, ${z})`,
    derivative: {
      formula: (d, h) => `${d} = ${d}·(1 − exp(−${h}))`,
      numpy: (d, h) => `${d} *= -np.expm1(-${h})`,
    },
  },
  identity: { formula: (z) => z, numpy: (z) => z },
};

/** The name of the operation that computes a loss. */
export function lossName(loss: Loss): string {
  return LOSS_FORMULAS[loss].name;
}

/** For each loss: its operation, what it writes beside the losses, and its lines with or without class weights. */
export const LOSS_FORMULAS: Record<
  Loss,
  {
    name: 'softmax' | 'hinge' | 'squared error';
    writes: 'probabilities'[];
    text: (weighted: boolean) => { formula: string[]; numpy: string[] };
  }
> = {
  'cross-entropy': {
    name: 'softmax',
    writes: ['probabilities'],
    text: (weighted) => ({
      formula: [
        'P = softmax(Z)',
        weighted ? 'L = −w[y]·ln P[y]' : 'L = −ln P[y]',
        weighted ? 'dZ = w[y]·(P − 1[y]) / Σw[y]' : 'dZ = (P − 1[y]) / N',
      ],
      numpy: [
        'P = np.exp(Z - Z.max(axis=1, keepdims=True))',
        'P /= P.sum(axis=1, keepdims=True)',
        ...(weighted
          ? ['w = class_weights[y]', 'L = -w * np.log(P[range(N), y])']
          : ['L = -np.log(P[range(N), y])']),
        'dZ = P.copy()',
        'dZ[range(N), y] -= 1',
        mean(weighted),
      ],
    }),
  },
  hinge: {
    name: 'hinge',
    writes: [],
    text: (weighted) => ({
      formula: [
        'M = max(0, Z − Z[y] + 1), M[y] = 0',
        weighted ? 'L = w[y]·Σ M' : 'L = Σ M',
        weighted ? 'dZ = w[y]·(1[M > 0] − 1[y]·Σ 1[M > 0]) / Σw[y]' : 'dZ = (1[M > 0] − 1[y]·Σ 1[M > 0]) / N',
      ],
      numpy: [
        'M = np.maximum(0, Z - Z[range(N), y][:, np.newaxis] + 1)',
        'M[range(N), y] = 0',
        ...(weighted ? ['w = class_weights[y]', 'L = w * M.sum(axis=1)'] : ['L = M.sum(axis=1)']),
        'dZ = (M > 0).astype(float)',
        'dZ[range(N), y] = -dZ.sum(axis=1)',
        mean(weighted),
      ],
    }),
  },
  'squared-error': {
    name: 'squared error',
    writes: [],
    text: () => ({
      formula: ['L = ½·‖Z − T‖²', 'dZ = (Z − T) / N'],
      numpy: ['dZ = Z - T', 'L = (dZ**2).sum(axis=1) / 2', mean(false)],
    }),
  },
};

/** The gradient's division by the rows or by their weights, in NumPy. */
function mean(weighted: boolean): string {
  return weighted ? 'dZ *= w[:, np.newaxis] / (w.sum() or 1)' : 'dZ /= N';
}

/**
 * For each rule: the symbols of its moments, and the update of w as an equation and in NumPy. `from` is
 * what the step is taken off.
 */
export const UPDATE_FORMULAS: Record<
  UpdateRule,
  { moments: string[]; formula: UpdateText; numpy: UpdateText }
> = {
  sgd: {
    moments: [],
    formula: (w, gradient, from) => `${w} ← ${from} − η·${gradient}`,
    numpy: (_, gradient, from) => `${from} lr * ${gradient}`,
  },
  momentum: {
    moments: ['v'],
    formula: (w, gradient, from) => `v${w} ← μ·v${w} + ${gradient}\n${w} ← ${from} − η·v${w}`,
    numpy: (w, gradient, from) => `v${w} = momentum * v${w} + ${gradient}\n${from} lr * v${w}`,
  },
  nesterov: {
    moments: ['v'],
    formula: (w, gradient, from) => `g = ${gradient}
v${w} ← μ·v${w} + g
${w} ← ${from} − η·(g + μ·v${w})`,
    numpy: (w, gradient, from) => `g = ${gradient}
v${w} = momentum * v${w} + g
${from} lr * (g + momentum * v${w})`,
  },
  adam: {
    moments: ['m', 'v'],
    formula: (w, gradient, from) => `g = ${gradient}
m${w} ← β₁·m${w} + (1 − β₁)·g
v${w} ← β₂·v${w} + (1 − β₂)·g²
${w} ← ${from} − η·m̂${w} / (√v̂${w} + ε)`,
    numpy: (w, gradient, from) => `g = ${gradient}
m${w} = beta1 * m${w} + (1 - beta1) * g
v${w} = beta2 * v${w} + (1 - beta2) * g**2
${from} lr * (m${w} / (1 - beta1**t)) / (np.sqrt(v${w} / (1 - beta2**t)) + eps)`,
  },
  rmsprop: {
    moments: ['s'],
    formula: (w, gradient, from) => `g = ${gradient}
s${w} ← ρ·s${w} + (1 − ρ)·g²
${w} ← ${from} − η·g / (√s${w} + ε)`,
    numpy: (w, gradient, from) => `g = ${gradient}
s${w} = decay * s${w} + (1 - decay) * g**2
${from} lr * g / (np.sqrt(s${w}) + eps)`,
  },
  adagrad: {
    moments: ['s'],
    formula: (w, gradient, from) => `g = ${gradient}
s${w} ← s${w} + g²
${w} ← ${from} − η·g / (√s${w} + ε)`,
    numpy: (w, gradient, from) => `g = ${gradient}
s${w} = s${w} + g**2
${from} lr * g / (np.sqrt(s${w}) + eps)`,
  },
};

type UpdateText = (w: string, gradient: string, from: string) => string;
