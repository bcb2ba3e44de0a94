import { allFinite } from '../engine.ts';
import type { ResolvedOptimizer } from '../options/setup.ts';
import type { FloatArray } from '../types.ts';

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
  if (optimizer.name === 'adam') {
    adam(parameters, gradient, moments[0], moments[1], optimizer, learningRate, l2, step);
  } else if (optimizer.momentum > 0) {
    momentum(parameters, gradient, moments[0], optimizer.momentum, learningRate, l2);
  } else {
    for (let i = 0; i < parameters.length; i++) {
      parameters[i] -= learningRate * (gradient[i] + l2 * parameters[i]);
    }
  }
  // What has overflowed in a velocity is in the parameter too; a second moment only stops it for ever.
  return allFinite(parameters) && (optimizer.name !== 'adam' || allFinite(moments[1]));
}

/** As PyTorch has it: v ← μ·v + g, w ← w − lr·v. */
function momentum(
  parameters: FloatArray,
  gradient: FloatArray,
  velocity: FloatArray,
  mu: number,
  learningRate: number,
  l2: number,
): void {
  for (let i = 0; i < parameters.length; i++) {
    velocity[i] = mu * velocity[i] + gradient[i] + l2 * parameters[i];
    parameters[i] -= learningRate * velocity[i];
  }
}

/** Kingma & Ba 2015, algorithm 1. */
function adam(
  parameters: FloatArray,
  gradient: FloatArray,
  first: FloatArray,
  second: FloatArray,
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
  learningRate: number,
  l2: number,
  step: number,
): void {
  const firstCorrection = 1 - beta1 ** (step + 1);
  const secondCorrection = 1 - beta2 ** (step + 1);
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i] + l2 * parameters[i];
    first[i] = beta1 * first[i] + (1 - beta1) * g;
    second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    const size = Math.sqrt(second[i] / secondCorrection) + epsilon;
    parameters[i] -= (learningRate * (first[i] / firstCorrection)) / size;
  }
}
