import type { CheckedRun } from '../check.ts';
import { indented, paragraphs } from '../text.ts';
import { type Uses, usesOf } from '../uses.ts';
import { dataLines } from './data.ts';
import { importsFor } from './file.ts';
import { backwardLines, forwardLines } from './forward.ts';
import { type LossText, lossText, penalties } from './loss.ts';
import { type Names, namesOf, STEP } from './names.ts';
import { definitions, helpers } from './random.ts';
import {
  accuracyLines,
  batchLines,
  dueLine,
  endLines,
  epochLines,
  headLines,
  loopLine,
  PRINT,
} from './report.ts';
import { changeLines, rateFunction, settingLines } from './settings.ts';
import { startLines } from './start.ts';
import { momentLines, updateLines, velocityLines } from './update.ts';

const FORWARD = '# The outputs of each layer, and the loss.';
const BACKWARD = '# The gradients, from the last layer to the first.';
const UPDATE = '# The update.';

const npSum = (expression: string) => `np.sum(${expression})`;

/** A run as a script of NumPy. */
export function numpyScript(run: CheckedRun): string {
  const [uses, names] = [usesOf(run), namesOf(run)];
  const classes = names.sizes[names.layers];
  const imports = importsFor(run.source);
  const text = paragraphs(
    headLines('NumPy', run, uses, names),
    [...imports.before, 'import numpy as np', ...imports.after],
    helpers(uses),
    dataLines(run, names),
    startLines(run, names),
    [
      '# The settings.',
      ...(uses.batches || uses.dropout ? [`seed = ${run.seed}`] : []),
      ...settingLines(run.pieces, uses, classes),
    ],
    functions(run, uses, names),
    [
      '# Gradient descent.',
      'num_examples = X.shape[0]',
      ...epochLines(run, uses),
      ...momentLines(uses, names),
      loopLine(run),
    ].concat(
      indented(
        [
          ...changeLines(run.pieces, uses, classes, velocityLines),
          ...(uses.separateLoss ? separateStep(run, uses, names) : stepOfAllRows(run, uses, names)),
        ],
        STEP,
      ),
    ),
    ...evaluation(run, uses, names),
  );
  return `${text.join('\n')}\n`;
}

/** The mean loss, plus the penalties. */
function lossLines({ mean }: LossText, uses: Uses, names: Names): string[] {
  const terms = penalties(uses, names, npSum);
  if (terms.length === 0) return [`loss = ${mean}`];
  return [`data_loss = ${mean}`, `reg_loss = ${terms.join(' + ')}`, 'loss = data_loss + reg_loss'];
}

/** A step whose forward pass also gives the loss that is printed. */
function stepOfAllRows(run: CheckedRun, uses: Uses, names: Names): string[] {
  const text = lossText(run, uses, names.answers, 'num_examples');
  return paragraphs(
    [
      FORWARD,
      ...forwardLines(run, names, 'X'),
      ...text.shared,
      ...lossLines(text, uses, names),
      dueLine(run),
      PRINT,
      ...endLines(run),
    ],
    [BACKWARD, ...text.gradient, ...backwardLines(run, names, 'X', false)],
    [UPDATE, ...updateLines(uses, names)],
  );
}

/**
 * The learning rate, and `network(X)` and `loss_of(scores, y)` for rows of which a step sees some or drops
 * outputs.
 */
function functions(run: CheckedRun, uses: Uses, names: Names): string[] {
  const { output, answers } = names;
  const text = lossText(run, uses, answers, `len(${answers})`);
  return definitions(
    rateFunction(run.pieces, uses),
    ...(uses.separateLoss
      ? [
          ['def network(X):', ...indented([...forwardLines(run, names, 'X'), `return ${output}`], STEP)],
          [
            `def loss_of(${output}, ${answers}):`,
            ...indented([...text.shared, ...lossLines(text, uses, names), 'return loss'], STEP),
          ],
        ]
      : []),
  );
}

/** The loss of all rows where it is printed, then a step on a batch, or with dropout. */
function separateStep(run: CheckedRun, uses: Uses, names: Names): string[] {
  const { answers } = names;
  const [x, y] = uses.batches ? ['X_batch', `${answers}_batch`] : ['X', answers];
  const rows = uses.batches ? 'batch' : 'range(num_examples)';
  const { shared, gradient } = lossText(run, uses, y, uses.batches ? 'len(batch)' : 'num_examples');
  return paragraphs(
    [dueLine(run), `${STEP}loss = loss_of(network(X), ${answers})`, PRINT, ...endLines(run)],
    [
      uses.batches ? '# The rows of the step, and the outputs of each layer.' : FORWARD,
      ...batchLines(run, uses, names),
      ...forwardLines(run, names, x, uses.dropout ? rows : undefined),
      ...shared,
    ],
    [BACKWARD, ...gradient, ...backwardLines(run, names, x, uses.dropout)],
    [UPDATE, ...updateLines(uses, names)],
  );
}

/** The accuracy of the training rows, then the loss and the accuracy of those for testing. */
function evaluation(run: CheckedRun, uses: Uses, names: Names): string[][] {
  const { output, answers } = names;
  const training = uses.separateLoss ? [`${output} = network(X)`] : forwardLines(run, names, 'X');
  return [
    ['# The accuracy.', ...training, ...accuracyLines(names, 'training')],
    uses.test
      ? [
          `${output} = network(X_test)`,
          `print('test loss: %f' % loss_of(network(X_test), ${answers}_test))`,
          ...accuracyLines(names, 'test'),
        ]
      : [],
  ];
}
