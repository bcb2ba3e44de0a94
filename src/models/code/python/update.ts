import type { Piece } from '../check.ts';
import { indented } from '../text.ts';
import type { Uses } from '../uses.ts';
import { type Names, STEP } from './names.ts';

type Rule = Uses['rule'];

/** The moments of each rule, by the name of the list and of its entry. */
const MOMENTS: Record<Rule, [list: string, entry: string][]> = {
  sgd: [],
  momentum: [['velocities', 'v']],
  nesterov: [['velocities', 'v']],
  adam: [
    ['means', 'm'],
    ['squares', 's'],
  ],
  rmsprop: [['squares', 's']],
  adagrad: [['squares', 's']],
};

/** The update of a parameter `p` by its gradient `g`. */
const RULES: Record<Exclude<Rule, 'sgd'>, string[]> = {
  momentum: ['v[:] = momentum * v + g', 'p -= learning_rate * v'],
  nesterov: ['v[:] = momentum * v + g', 'p -= learning_rate * (g + momentum * v)'],
  adam: [
    'm[:] = beta1 * m + (1 - beta1) * g',
    's[:] = beta2 * s + (1 - beta2) * g**2',
    'p -= learning_rate * (m / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + epsilon)',
  ],
  rmsprop: ['s[:] = decay * s + (1 - decay) * g**2', 'p -= learning_rate * g / (np.sqrt(s) + epsilon)'],
  adagrad: ['s += g**2', 'p -= learning_rate * g / (np.sqrt(s) + epsilon)'],
};

/** The moments before the first step. */
export function momentLines({ rule }: Uses, { parameters }: Names): string[] {
  if (MOMENTS[rule].length === 0) return [];
  return [
    `parameters = [${parameters.join(', ')}]`,
    ...MOMENTS[rule].map(([list]) => `${list} = [np.zeros_like(p) for p in parameters]`),
  ];
}

/** The velocity begins at 0 where SGD is given a momentum. */
export function velocityLines(piece: Piece, before: Piece): string[] {
  const begins = piece.settings.rule === 'momentum' && before.settings.rule === 'sgd';
  return begins ? ['velocities = [np.zeros_like(p) for p in parameters]'] : [];
}

/** The penalties' part of the gradients, then the update of all parameters. */
export function updateLines(uses: Uses, { parameters, weights }: Names): string[] {
  const { rule, l2, l1, weightDecay } = uses;
  const terms = weights.flatMap((w) => [
    ...(l2 ? [`d${w} += l2 * ${w}`] : []),
    ...(l1 ? [`d${w} += l1 * np.sign(${w})`] : []),
  ]);
  const decay = weightDecay ? weights.map((w) => `${w} *= 1 - learning_rate * weight_decay`) : [];
  if (rule === 'sgd') return [...terms, ...decay, ...parameters.map((p) => `${p} -= learning_rate * d${p}`)];
  const moments = MOMENTS[rule];
  const lists = ['parameters', 'gradients', ...moments.map(([list]) => list)];
  const entries = ['p', 'g', ...moments.map(([, entry]) => entry)];
  return [
    ...terms,
    ...decay,
    `gradients = [${parameters.map((p) => `d${p}`).join(', ')}]`,
    ...(rule === 'adam' ? ['t = i + 1'] : []),
    `for ${entries.join(', ')} in zip(${lists.join(', ')}):`,
    ...indented(RULES[rule], STEP),
  ];
}
