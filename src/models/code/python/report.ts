import type { CheckedRun } from '../check.ts';
import type { Uses } from '../uses.ts';
import { type Names, STEP } from './names.ts';

/** What holds of the digits that a script prints. */
const PROMISE = [
  '# It prints the digits of the trainer in double precision, after 1,000 steps of a network within 5e-6,',
  '# with the same accuracy. The order of a sum decides the last digit of a float64; training enlarges such',
  '# differences, and a run whose loss jumps up and down does so sooner.',
];
const LINEAR_PROMISE = ['# It prints the digits of the trainer in double precision.'];

/**
 * The first lines. Only gradient descent of a linear model without kinks in its loss makes differences smaller:
 * other rules divide by small gradients near the least loss.
 */
export function headLines(language: string, { loss }: CheckedRun, uses: Uses, { layers }: Names): string[] {
  const descends = ['sgd', 'momentum', 'nesterov'].includes(uses.rule);
  const isSmooth = layers === 1 && loss !== 'hinge' && !uses.l1;
  return [
    `# A run of spiralnet in ${language}: the same data, the same starting weights, the same losses.`,
    ...(descends && isSmooth ? LINEAR_PROMISE : PROMISE),
  ];
}

/** The loop over the steps. */
export function loopLine({ steps, last }: CheckedRun): string {
  return `for i in range(${steps}${last ? ' + 1' : ''}):`;
}

/** Whether a loss is printed before the update number `i`. */
export function dueLine({ steps, every, last }: CheckedRun): string {
  return `if i % ${every} == 0${last ? ` or i == ${steps}` : ''}:`;
}

/** Prints a loss of NumPy, and one of PyTorch. */
export const PRINT = `${STEP}print('iteration %d: loss %f' % (i, loss))`;
export const PRINT_ITEM = `${STEP}print('iteration %d: loss %f' % (i, loss.item()))`;

/** The end of the loop in a run whose last state is printed. */
export const endLines = ({ steps, last }: CheckedRun): string[] =>
  last ? [`if i == ${steps}:`, `${STEP}break`] : [];

/**
 * Prints the accuracy, or r² of a regression, from `scores` or `values`.
 * @param what the rows: the training rows or those for testing
 */
export function accuracyLines({ answers }: Names, what: 'training' | 'test'): string[] {
  const own = what === 'test' ? `${answers}_test` : answers;
  if (answers === 'T')
    return [
      `spread = np.sum((${own} - np.mean(${own}, axis=0))**2)`,
      `print('${what} r2: %.4f' % (1 - np.sum((values - ${own})**2) / spread))`,
    ];
  return [
    'predicted_class = np.argmax(scores, axis=1)',
    `print('${what} accuracy: %.2f' % np.mean(predicted_class == ${own}))`,
  ];
}

/** The length of an epoch, whose last batch may be shorter. */
export function epochLines({ batchSize }: CheckedRun, { batches }: Uses): string[] {
  return batches ? [`steps_per_epoch = -(-num_examples // ${batchSize})`] : [];
}

/** The rows of a batch. */
export function batchLines({ batchSize }: CheckedRun, uses: Uses, { answers }: Names): string[] {
  if (!uses.batches) return [];
  return [
    'epoch, start = divmod(i, steps_per_epoch)',
    'if start == 0 or i == 0:',
    `${STEP}order = permutation(num_examples, seed_of(epoch))`,
    `batch = order[${batchSize} * start:${batchSize} * (start + 1)]`,
    `X_batch, ${answers}_batch = X[batch], ${answers}[batch]`,
  ];
}
