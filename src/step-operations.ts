import type { TrainingSetup } from './options/setup.ts';
import type { Operation, TensorShape } from './types.ts';

/** What the list of a step's operations depends on. */
export type StepSetup = Pick<TrainingSetup, 'sizes' | 'batchSize' | 'optimizer' | 'settings' | 'data'>;

/** One line of a step's mathematics, whatever computes it. */
export type StepOperation = Omit<Operation, 'kernels'>;

/**
 * Every line of a training step's mathematics, in the order in which the notes compute them: forward, backward from the last
 * layer to the first, then the updates.
 */
export function stepOperations(setup: StepSetup): StepOperation[] {
  const last = setup.sizes.length - 2;
  const layers = setup.sizes.slice(1).map((_, layer) => layer);
  return [
    ...gather(setup),
    ...layers.map((layer) => forward(layer, last)),
    softmaxLoss(last),
    ...layers.toReversed().flatMap((layer) => backward(layer, last)),
    ...layers.flatMap((layer) => updates(layer, setup)),
  ];
}

/** Every tensor that a step reads or writes, by the name that its operations know it by. */
export function stepTensors({ sizes, batchSize, data, optimizer }: StepSetup): Map<string, TensorShape> {
  const rows = batchSize;
  const tensors = new Map<string, TensorShape>();
  const add = (name: string, symbol: string, shape: readonly number[]) =>
    tensors.set(name, { name, symbol, shape: [...shape] });
  add('inputs', 'X', [rows, data.features]);
  add('labels', 'y', [rows]);
  const last = sizes.length - 2;
  for (let layer = 0; layer <= last; layer++) {
    const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
    const i = subscript(layer);
    add(`W ${layer}`, `W${i}`, [fanIn, fanOut]);
    add(`b ${layer}`, `b${i}`, [fanOut]);
    add(outputName(layer, last), outputSymbol(layer, last), [rows, fanOut]);
    add(gradientName(layer, last), `d${outputSymbol(layer, last)}`, [rows, fanOut]);
    add(`dW ${layer}`, `dW${i}`, [fanIn, fanOut]);
    add(`db ${layer}`, `db${i}`, [fanOut]);
    momentSymbols(optimizer).forEach((symbol, moment) => {
      add(`moment ${moment} of W ${layer}`, `${symbol}W${i}`, [fanIn, fanOut]);
      add(`moment ${moment} of b ${layer}`, `${symbol}b${i}`, [fanOut]);
    });
  }
  add('probabilities', 'P', [rows, data.classes]);
  add('losses', 'L', [rows]);
  return tensors;
}

export function outputName(layer: number, last: number): string {
  return layer < last ? `hidden ${layer}` : 'scores';
}

export function gradientName(layer: number, last: number): string {
  return layer < last ? `dhidden ${layer}` : 'dscores';
}

function outputSymbol(layer: number, last: number): string {
  return layer < last ? `H${subscript(layer)}` : 'Z';
}

const DIGITS = '₀₁₂₃₄₅₆₇₈₉';

function subscript(number: number): string {
  return Array.from(String(number), (digit) => DIGITS[Number(digit)]).join('');
}

function gather({ batchSize, data }: StepSetup): StepOperation[] {
  if (batchSize === data.count) return [];
  return [
    {
      name: 'batch',
      phase: 'forward',
      formula: 'X = rows of the batch, y = rows of the batch',
      numpy: 'X, y = data[batch], labels[batch]',
      reads: [],
      writes: ['inputs', 'labels'],
    },
  ];
}

function forward(layer: number, last: number): StepOperation {
  const [x, y, i] = [
    layer === 0 ? 'X' : `H${subscript(layer - 1)}`,
    outputSymbol(layer, last),
    subscript(layer),
  ];
  const product = `${x}·W${i} + b${i}`;
  const numpy = `np.dot(${plain(x)}, W${layer}) + b${layer}`;
  return {
    name: outputName(layer, last),
    phase: 'forward',
    formula: layer < last ? `${y} = max(0, ${product})` : `${y} = ${product}`,
    numpy: `${plain(y)} = ${layer < last ? `np.maximum(0, ${numpy})` : numpy}`,
    reads: [layer === 0 ? 'inputs' : outputName(layer - 1, last), `W ${layer}`, `b ${layer}`],
    writes: [outputName(layer, last)],
  };
}

function softmaxLoss(last: number): StepOperation {
  return {
    name: 'softmax',
    phase: 'forward',
    formula: 'P = softmax(Z), L = −ln P[y], dZ = (P − 1[y]) / N',
    numpy: [
      'P = np.exp(Z - Z.max(axis=1, keepdims=True))',
      'P /= P.sum(axis=1, keepdims=True)',
      'L = -np.log(P[range(N), y])',
      'dZ = P.copy()',
      'dZ[range(N), y] -= 1',
      'dZ /= N',
    ].join('\n'),
    reads: ['scores', 'labels'],
    writes: ['probabilities', 'losses', gradientName(last, last)],
  };
}

function backward(layer: number, last: number): StepOperation[] {
  const [x, dy, i] = [
    layer === 0 ? 'X' : outputSymbol(layer - 1, last),
    `d${outputSymbol(layer, last)}`,
    subscript(layer),
  ];
  const input = layer === 0 ? 'inputs' : outputName(layer - 1, last);
  const own = gradientName(layer, last);
  const operations: StepOperation[] = [
    {
      name: `dW ${layer}`,
      phase: 'backward',
      formula: `dW${i} = ${x}ᵀ·${dy}`,
      numpy: `dW${layer} = np.dot(${plain(x)}.T, ${plain(dy)})`,
      reads: [input, own],
      writes: [`dW ${layer}`],
    },
    {
      name: `db ${layer}`,
      phase: 'backward',
      formula: `db${i} = Σ ${dy}`,
      numpy: `db${layer} = ${plain(dy)}.sum(axis=0)`,
      reads: [own],
      writes: [`db ${layer}`],
    },
  ];
  if (layer === 0) return operations;
  const dx = `d${x}`;
  const before = gradientName(layer - 1, last);
  return [
    ...operations,
    {
      name: before,
      phase: 'backward',
      formula: `${dx} = ${dy}·W${i}ᵀ`,
      numpy: `${plain(dx)} = np.dot(${plain(dy)}, W${layer}.T)`,
      reads: [own, `W ${layer}`],
      writes: [before],
    },
    {
      name: `ReLU mask ${layer - 1}`,
      phase: 'backward',
      formula: `${dx} = 0 where ${x} ≤ 0`,
      numpy: `${plain(dx)}[${plain(x)} <= 0] = 0`,
      reads: [before, input],
      writes: [before],
    },
  ];
}

/** The update of a layer's weights, with the L2 term, and of its biases. */
function updates(layer: number, { optimizer, settings }: StepSetup): StepOperation[] {
  return (['W', 'b'] as const).map((letter) => {
    const own = `${letter} ${layer}`;
    const symbol = `${letter}${subscript(layer)}`;
    const regularized = letter === 'W' && settings.now.l2 > 0;
    const moments = momentSymbols(optimizer).map((_, moment) => `moment ${moment} of ${own}`);
    return {
      name: `update ${own}`,
      phase: 'update',
      formula: updateFormula(optimizer, symbol, regularized ? `(d${symbol} + λ·${symbol})` : `d${symbol}`),
      numpy: updateNumpy(
        optimizer,
        `${letter}${layer}`,
        regularized ? `(d${letter}${layer} + l2 * ${letter}${layer})` : `d${letter}${layer}`,
      ),
      reads: [own, `d${own}`, ...moments],
      writes: [own, ...moments],
    };
  });
}

function momentSymbols(optimizer: StepSetup['optimizer']): string[] {
  if (optimizer.name === 'adam') return ['m', 'v'];
  return optimizer.momentum > 0 ? ['v'] : [];
}

function updateFormula(optimizer: StepSetup['optimizer'], w: string, gradient: string): string {
  if (optimizer.name === 'adam') {
    return `m${w} ← β₁·m${w} + (1 − β₁)·${gradient}, v${w} ← β₂·v${w} + (1 − β₂)·${gradient}², ${w} ← ${w} − η·m̂${w} / (√v̂${w} + ε)`;
  }
  if (optimizer.momentum > 0) return `v${w} ← μ·v${w} + ${gradient}, ${w} ← ${w} − η·v${w}`;
  return `${w} ← ${w} − η·${gradient}`;
}

function updateNumpy(optimizer: StepSetup['optimizer'], w: string, gradient: string): string {
  if (optimizer.name === 'adam') {
    return [
      `g = ${gradient}`,
      `m${w} = beta1 * m${w} + (1 - beta1) * g`,
      `v${w} = beta2 * v${w} + (1 - beta2) * g**2`,
      `${w} -= lr * (m${w} / (1 - beta1**t)) / (np.sqrt(v${w} / (1 - beta2**t)) + eps)`,
    ].join('\n');
  }
  if (optimizer.momentum > 0) return `v${w} = momentum * v${w} + ${gradient}\n${w} -= lr * v${w}`;
  return `${w} -= lr * ${gradient}`;
}

/** A symbol as a name in a program: its subscript as a plain number. */
function plain(symbol: string): string {
  return symbol.replace(/[₀-₉]/g, (digit) => String(DIGITS.indexOf(digit)));
}
