import { ACTIVATION_FUNCTIONS } from '../data/activation-functions.ts';
import type { Activation, FloatArray } from '../types.ts';

/** `outputs[i, j] += biases[j]`; `rows × biases.length`, in place. */
export function addBiases(outputs: FloatArray, biases: FloatArray, rows: number): void {
  const columns = biases.length;
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) outputs[at] += biases[j];
  }
}

/** An activation of hidden layers, on the first `count` numbers of arrays. */
interface ArrayActivation {
  /** Turns sums into outputs, in place. Keeps NaN. */
  apply(values: FloatArray, count: number): void;
  /** Turns the gradient on outputs into that on sums, in place; the derivative comes from the outputs. */
  chain(gradient: FloatArray, outputs: FloatArray, count: number): void;
}

/**
 * The activation of a name, number by number.
 * @param derivative from the output h
 */
function smooth(name: Activation, derivative: (h: number) => number): ArrayActivation {
  const output = ACTIVATION_FUNCTIONS[name];
  return {
    apply(values, count) {
      for (let i = 0; i < count; i++) values[i] = output(values[i]);
    },
    chain(gradient, outputs, count) {
      for (let i = 0; i < count; i++) gradient[i] *= derivative(outputs[i]);
    },
  };
}

/** Each activation with its derivative. */
export const ACTIVATIONS: Record<Activation, ArrayActivation> = {
  relu: {
    apply(values, count) {
      for (let i = 0; i < count; i++) if (values[i] <= 0) values[i] = 0;
    },
    chain(gradient, outputs, count) {
      for (let i = 0; i < count; i++) if (outputs[i] <= 0) gradient[i] = 0;
    },
  },
  'leaky-relu': smooth('leaky-relu', (h) => (h > 0 ? 1 : 0.01)),
  elu: smooth('elu', (h) => (h > 0 ? 1 : h + 1)),
  tanh: smooth('tanh', (h) => (1 - h) * (1 + h)),
  sigmoid: smooth('sigmoid', (h) => h * (1 - h)),
  softplus: smooth('softplus', (h) => -Math.expm1(-h)),
  identity: { apply() {}, chain() {} },
};
