import type { Activation } from '../../../types.ts';
import type { CheckedRun, Piece } from '../check.ts';
import { indented, paragraphs } from '../text.ts';
import { type Uses, usesOf } from '../uses.ts';
import { dataLines } from './data.ts';
import { importsFor } from './file.ts';
import { penalties } from './loss.ts';
import { type Names, namesOf, STEP } from './names.ts';
import { definitions, helpers } from './random.ts';
import { batchLines, dueLine, endLines, epochLines, headLines, loopLine, PRINT_ITEM } from './report.ts';
import { changeLines, rateFunction, settingLines } from './settings.ts';
import { startLines } from './start.ts';

const ACTIVATIONS: Record<Activation, (z: string) => string> = {
  relu: (z) => `torch.relu(${z})`,
  'leaky-relu': (z) => `F.leaky_relu(${z}, 0.01)`,
  elu: (z) => `F.elu(${z})`,
  tanh: (z) => `torch.tanh(${z})`,
  sigmoid: (z) => `torch.sigmoid(${z})`,
  // By default the function is z itself from 20 on.
  softplus: (z) => `F.softplus(${z}, threshold=40)`,
  identity: (z) => z,
};

const torchSum = (expression: string) => `torch.sum(${expression})`;

/** A run as a script of PyTorch, which computes the gradients by itself. */
export function pytorchScript(run: CheckedRun): string {
  const [uses, names] = [usesOf(run), namesOf(run)];
  const { answers, parameters, layers } = names;
  const classes = names.sizes[layers];
  const tensors = ['X', answers, ...(uses.test ? ['X_test', `${answers}_test`] : [])].join(', ');
  const all = parameters.join(', ');
  const imports = importsFor(run.source);
  const text = paragraphs(
    headLines('PyTorch', run, uses, names),
    [
      ...imports.before,
      'import numpy as np',
      'import torch',
      'import torch.nn.functional as F',
      ...imports.after,
      '',
      'torch.set_default_dtype(torch.float64)',
    ],
    helpers(uses),
    dataLines(run, names),
    startLines(run, names),
    [
      `${tensors} = [torch.tensor(rows) for rows in (${tensors})]`,
      `${all} = [torch.tensor(p, requires_grad=True) for p in (${all})]`,
    ],
    [
      '# The settings.',
      ...(uses.batches || uses.dropout ? [`seed = ${run.seed}`] : []),
      ...settingLines(run.pieces, uses, classes),
    ],
    functions(run, uses, names),
    [
      '# Gradient descent.',
      ...(uses.batches || uses.dropout ? ['num_examples = len(X)'] : []),
      ...epochLines(run, uses),
      ...optimizerLines(run.pieces, uses, all),
      loopLine(run),
    ].concat(indented(loopBody(run, uses, names, classes), STEP)),
    ...evaluation(uses, names),
  );
  return `${text.join('\n')}\n`;
}

function optimizerLines(pieces: readonly Piece[], { rule, schedule }: Uses, parameters: string): string[] {
  const rate = schedule ? 'lr=rate_at(0)' : 'lr=learning_rate';
  const nesterov = pieces[0].settings.rule === 'nesterov' ? ', nesterov=True' : '';
  const [name, factors] = {
    sgd: ['SGD', rate],
    momentum: ['SGD', `${rate}, momentum=momentum`],
    nesterov: ['SGD', `${rate}, momentum=momentum${nesterov}`],
    adam: ['Adam', `${rate}, betas=(beta1, beta2), eps=epsilon`],
    rmsprop: ['RMSprop', `${rate}, alpha=decay, eps=epsilon`],
    adagrad: ['Adagrad', `${rate}, eps=epsilon`],
  }[rule];
  return [`optimizer = torch.optim.${name}([${parameters}], ${factors})`];
}

/** Settings of the optimizer that are other ones in some steps. */
function factorLines({ pieces }: CheckedRun, { rule, schedule }: Uses): string[] {
  const varies = (of: (piece: Piece) => unknown) =>
    new Set(pieces.map((piece) => JSON.stringify(of(piece)))).size > 1;
  const factors = [
    ...(schedule || varies(({ rate }) => rate) ? ['lr=learning_rate'] : []),
    ...(varies(({ settings: { optimizer } }) => optimizer)
      ? [rule === 'adam' ? 'betas=(beta1, beta2)' : 'momentum=momentum']
      : []),
  ];
  return factors.length > 0 ? [`optimizer.param_groups[0].update(${factors.join(', ')})`] : [];
}

/** Without a momentum PyTorch keeps no velocity, which is the last gradient then. */
function velocityLines(parameters: readonly string[]) {
  return (piece: Piece, before: Piece): string[] => {
    const momentum = ({ settings: { optimizer } }: Piece) =>
      optimizer.name === 'sgd' ? optimizer.momentum : undefined;
    const begins = momentum(before) === 0 && momentum(piece) !== 0;
    if (!begins || before.settings.rule === 'sgd') return [];
    return [
      `for p in (${parameters.join(', ')}):`,
      `${STEP}optimizer.state[p]['momentum_buffer'] = p.grad.clone()`,
    ];
  };
}

/** The learning rate, `network(X)` and `loss_of(scores, y)`. */
function functions(run: CheckedRun, uses: Uses, names: Names): string[] {
  const { layers, W, b, hidden, output, answers } = names;
  const drops = uses.dropout;
  const forward = Array.from({ length: layers }, (_, layer) => {
    const sum = `${layer === 0 ? 'X' : hidden(layer - 1)} @ ${W(layer)} + ${b(layer)}`;
    if (layer === layers - 1) return [`return ${sum}`];
    const own = hidden(layer);
    return [
      `${own} = ${ACTIVATIONS[run.activations[layer]](sum)}`,
      ...(drops
        ? [
            'if rows is not None:',
            `${STEP}${own} = ${own} * torch.tensor(dropout_mask(i, ${layer}, rows, ${names.sizes[layer + 1]}))`,
          ]
        : []),
    ];
  }).flat();
  return definitions(
    rateFunction(run.pieces, uses),
    [
      ...(drops ? ['# With rows, a step drops outputs of these rows of the data set.'] : []),
      `def network(X${drops ? ', rows=None' : ''}):`,
      ...indented(forward, STEP),
    ],
    [`def loss_of(${output}, ${answers}):`, ...indented(lossLines(run, uses, names), STEP)],
  );
}

/** The mean loss, plus the penalties. */
function lossLines(run: CheckedRun, uses: Uses, names: Names): string[] {
  const { lines, mean } = meanLoss(run, uses);
  const terms = penalties(uses, names, torchSum);
  if (terms.length === 0) return [...lines, `return ${mean}`];
  return [...lines, `data_loss = ${mean}`, `reg_loss = ${terms.join(' + ')}`, 'return data_loss + reg_loss'];
}

function meanLoss(
  { loss }: CheckedRun,
  { classWeights, weightless }: Uses,
): { lines: string[]; mean: string } {
  if (loss === 'squared-error') return { lines: [], mean: '0.5 * torch.sum((values - T)**2) / len(T)' };
  const own = {
    'cross-entropy': [],
    hinge: [
      'margins = torch.relu(scores - scores[range(len(y)), y][:, None] + 1)',
      'losses = torch.sum(margins, dim=1) - 1  # without the margin of the label itself, which is 1',
    ],
  }[loss];
  if (!classWeights)
    return { lines: own, mean: loss === 'hinge' ? 'torch.mean(losses)' : 'F.cross_entropy(scores, y)' };
  const losses = loss === 'hinge' ? 'losses' : "F.cross_entropy(scores, y, reduction='none')";
  const total = weightless ? '(torch.sum(w) or 1)' : 'torch.sum(w)';
  return {
    lines: [...own, 'w = torch.tensor(class_weights)[y]'],
    mean: `torch.sum(w * ${losses}) / ${total}`,
  };
}

function loopBody(run: CheckedRun, uses: Uses, names: Names, classes: string): string[] {
  const { answers } = names;
  const rows = uses.batches ? 'batch' : 'range(num_examples)';
  const [x, y] = uses.batches ? ['X_batch', `${answers}_batch`] : ['X', answers];
  const all = `loss = loss_of(network(X), ${answers})`;
  const own = `loss = loss_of(network(${x}${uses.dropout ? `, ${rows}` : ''}), ${y})`;
  const separate = uses.batches || uses.dropout;
  const changes = changeLines(run.pieces, uses, classes, velocityLines(names.parameters));
  return [
    ...changes,
    ...(separate ? [] : [all]),
    dueLine(run),
    ...(separate ? [STEP + all] : []),
    PRINT_ITEM,
    ...endLines(run),
    '',
    ...batchLines(run, uses, names),
    ...(separate ? [own] : []),
    'optimizer.zero_grad()',
    'loss.backward()',
    ...(uses.weightDecay
      ? [
          'with torch.no_grad():',
          ...indented(
            names.weights.map((w) => `${w} *= 1 - learning_rate * weight_decay`),
            STEP,
          ),
        ]
      : []),
    ...factorLines(run, uses),
    'optimizer.step()',
  ];
}

function evaluation(uses: Uses, names: Names): string[][] {
  const { output, answers } = names;
  const lines = (what: 'training' | 'test') => {
    const [x, own] = what === 'test' ? ['X_test', `${answers}_test`] : ['X', answers];
    return [
      `${output} = network(${x})`,
      ...(what === 'test' ? [`print('test loss: %f' % loss_of(${output}, ${own}).item())`] : []),
      ...(answers === 'T'
        ? [
            `spread = torch.sum((${own} - torch.mean(${own}, dim=0))**2)`,
            `print('${what} r2: %.4f' % (1 - torch.sum((values - ${own})**2) / spread).item())`,
          ]
        : [
            'predicted_class = torch.argmax(scores, dim=1)',
            `print('${what} accuracy: %.2f' % torch.mean((predicted_class == ${own}).double()).item())`,
          ]),
    ];
  };
  return [['# The accuracy.', ...lines('training')], uses.test ? lines('test') : []];
}
