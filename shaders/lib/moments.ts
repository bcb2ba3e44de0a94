/*
 * This file has no text of a kernel, so that training on the CPU loads none.
 */

/**
 * The rule of an update by the gradient g, as PyTorch defines it.
 * `sgd`: w ← w − lr·g. `momentum`: v ← μ·v + g, w ← w − lr·v. `nesterov`: the same v, w ← w − lr·(g +
 * μ·v). `adam`: Kingma & Ba 2015, algorithm 1. `rmsprop`: s ← ρ·s + (1 − ρ)·g², w ← w − lr·g / (√s +
 * ε) (Hinton 2012). `adagrad`: s ← s + g², and the same step (Duchi et al. 2011).
 */
export type UpdateRule = 'sgd' | 'momentum' | 'nesterov' | 'adam' | 'rmsprop' | 'adagrad';

/** The number of moments that each rule keeps for a parameter. */
export const MOMENTS: Record<UpdateRule, 0 | 1 | 2> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  adam: 2,
  rmsprop: 1,
  adagrad: 1,
};

/** The index of the moment that holds squares, whose root an update takes. */
export const SQUARES: Partial<Record<UpdateRule, number>> = { adam: 1, rmsprop: 0, adagrad: 0 };

/** An update: its rule, and the terms that some trainers add. */
export interface Update {
  rule: UpdateRule;
  /** Whether the gradient of weights has the term l1·sign(w). */
  l1?: boolean;
  /** Whether weights decay before the step. */
  weightDecay?: boolean;
}
