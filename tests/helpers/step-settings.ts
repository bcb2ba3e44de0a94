import { type ResolvedOptimizer, ruleOf } from '../../src/options/optimizer.ts';
import type { StepSettings } from '../../src/options/step-settings.ts';

const SGD: ResolvedOptimizer = { name: 'sgd', momentum: 0, nesterov: false };

/** Settings of a step: no terms, and plain SGD at a learning rate of 1, unless something else is given. */
export function stepSettings(given: Partial<Omit<StepSettings, 'rule'>> = {}): StepSettings {
  const { optimizer = SGD } = given;
  const none = { l2: 0, l1: 0, weightDecay: 0, dropout: 0, classWeights: undefined };
  return { learningRate: 1, ...none, ...given, optimizer, rule: ruleOf(optimizer) };
}
