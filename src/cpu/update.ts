import { allFinite } from '../engine.ts';
import { type ResolvedOptimizer, ruleOf, type UpdateRule } from '../options/setup.ts';
import type { FloatArray } from '../types.ts';

type Sgd = Extract<ResolvedOptimizer, { name: 'sgd' }>;
type Adam = Extract<ResolvedOptimizer, { name: 'adam' }>;

/**
 * One update of one tensor, in place: g ← gradient + l2·parameters, then the optimizer's rule.
 *
 * @param moments momentCount() arrays, each as long as `parameters`
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
  // A velocity that overflows makes its parameter non-finite. An infinite second moment leaves its
  // parameter finite, but stops it for ever.
  return allFinite(parameters) && (optimizer.name !== 'adam' || allFinite(moments[1]));
}

/** The arguments of {@link update}, without the optimizer. */
interface UpdateArguments {
  parameters: FloatArray;
  gradient: FloatArray;
  moments: readonly FloatArray[];
  learningRate: number;
  l2: number;
  step: number;
}

const RULES: Record<UpdateRule, (update: UpdateArguments, optimizer: Sgd & Adam) => void> = {
  /** w ← w − lr·g. */
  sgd({ parameters, gradient, learningRate, l2 }) {
    for (let i = 0; i < parameters.length; i++) {
      parameters[i] -= learningRate * (gradient[i] + l2 * parameters[i]);
    }
  },

  /** PyTorch's momentum: v ← μ·v + g, w ← w − lr·v. */
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
