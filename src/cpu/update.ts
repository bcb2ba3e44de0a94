import { allFinite } from '../engine.ts';
import { type ResolvedOptimizer, ruleOf, type UpdateRule } from '../options/setup.ts';
import type { FloatArray } from '../types.ts';

type Sgd = Extract<ResolvedOptimizer, { name: 'sgd' }>;
type Adam = Extract<ResolvedOptimizer, { name: 'adam' }>;

/**
 * One update of one tensor, in place: g ← gradient + l2·parameters, then the optimizer's rule.
 *
 * @param moments the tensor's own arrays, as many as momentCount() says
 * @param step updates applied before this one, from 0
 * @returns whether every parameter and moment is still finite
 */
export function update(
  parameters: FloatArray,
  gradient: FloatArray,
  moments: readonly FloatArray[],
  optimizer: ResolvedOptimizer,
  learningRate: number,
  l2: number,
  step: number,
): boolean {
  RULES[ruleOf(optimizer)](
    { parameters, gradient, moments, learningRate, l2, step },
    optimizer as Sgd & Adam,
  );
  // What has overflowed in a velocity is in the parameter too; a second moment only stops it for
  // ever.
  return allFinite(parameters) && (optimizer.name !== 'adam' || allFinite(moments[1]));
}

/** What {@link update} is given, but for the optimizer. */
interface Given {
  parameters: FloatArray;
  gradient: FloatArray;
  moments: readonly FloatArray[];
  learningRate: number;
  l2: number;
  step: number;
}

const RULES: Record<UpdateRule, (given: Given, optimizer: Sgd & Adam) => void> = {
  /** w ← w − lr·g. */
  sgd({ parameters, gradient, learningRate, l2 }) {
    for (let i = 0; i < parameters.length; i++) {
      parameters[i] -= learningRate * (gradient[i] + l2 * parameters[i]);
    }
  },

  /** As PyTorch has it: v ← μ·v + g, w ← w − lr·v. */
  momentum({ parameters, gradient, moments: [velocity], learningRate, l2 }, { momentum }) {
    for (let i = 0; i < parameters.length; i++) {
      velocity[i] = momentum * velocity[i] + gradient[i] + l2 * parameters[i];
      parameters[i] -= learningRate * velocity[i];
    }
  },

  /** Kingma & Ba 2015, algorithm 1. */
  adam({ parameters, gradient, moments: [first, second], learningRate, l2, step }, optimizer) {
    const { beta1, beta2, epsilon } = optimizer;
    const firstCorrection = 1 - beta1 ** (step + 1);
    const secondCorrection = 1 - beta2 ** (step + 1);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i] + l2 * parameters[i];
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      const size = Math.sqrt(second[i] / secondCorrection) + epsilon;
      parameters[i] -= (learningRate * (first[i] / firstCorrection)) / size;
    }
  },
};
