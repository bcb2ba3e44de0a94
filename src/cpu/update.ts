import { allFinite } from '../engine.ts';
import { type ResolvedOptimizer, ruleOf, type UpdateRule } from '../options/setup.ts';
import type { FloatArray } from '../types.ts';
import { inParts, type PausableWork } from './time-slices.ts';

/** The time to update a parameter by Adam, in multiply-adds. */
const MULTIPLY_ADDS = 8;

type Sgd = Extract<ResolvedOptimizer, { name: 'sgd' }>;
type Adam = Extract<ResolvedOptimizer, { name: 'adam' }>;

/**
 * One update of one tensor, in place and in parts: g ← gradient + l2·parameters, then the optimizer's rule.
 *
 * @param moments momentCount() arrays, each as long as `parameters`
 * @param step updates applied before this one, from 0
 * @returns whether every parameter and moment is still finite
 */
export function* update(
  parameters: FloatArray,
  gradient: FloatArray,
  moments: readonly FloatArray[],
  optimizer: ResolvedOptimizer,
  learningRate: number,
  l2: number,
  step: number,
): PausableWork<boolean> {
  const rule = RULES[ruleOf(optimizer)];
  let finite = true;
  yield* inParts(parameters.length, MULTIPLY_ADDS, (start, end) => {
    const part = (values: FloatArray) => (end - start < values.length ? values.subarray(start, end) : values);
    const [own, g, kept] = [part(parameters), part(gradient), moments.map(part)];
    rule({ parameters: own, gradient: g, moments: kept, learningRate, l2, step }, optimizer as Sgd & Adam);
    // A velocity that overflows makes its parameter non-finite. An infinite second moment leaves its
    // parameter finite, but stops it for ever.
    if (!(allFinite(own) && (optimizer.name !== 'adam' || allFinite(kept[1])))) finite = false;
  });
  return finite;
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
