/*
 * This file has no text of a kernel, so that training on the CPU loads none.
 */

/** `sgd`: w ← w − lr·g. `momentum`: v ← μ·v + g, w ← w − lr·v. `adam`: Kingma & Ba 2015. */
export type UpdateRule = 'sgd' | 'momentum' | 'adam';

/** The number of moments that each rule keeps for a parameter. */
export const MOMENTS: Record<UpdateRule, 0 | 1 | 2> = { sgd: 0, momentum: 1, adam: 2 };
