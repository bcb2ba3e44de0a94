import type { UpdateRule } from '../shaders/lib/moments.ts';
import { ruleOf, type TrainingSetup } from './options/setup.ts';
import type { Operation, TensorShape } from './types.ts';

/** The part of the setup that determines the operations of a step. */
type StepSetup = Pick<TrainingSetup, 'sizes' | 'batchSize' | 'optimizer' | 'settings' | 'data'>;

/** One line of a step's mathematics, without the kernels that compute it. */
type StepOperation = Omit<Operation, 'kernels'>;

/**
 * Every line of a training step's mathematics, in the order in which the notes compute them:
 * forward, backward from the last layer to the first, then the updates.
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

/** Every tensor that a step over `batchSize` rows reads or writes, by its name. */
export function stepTensors(setup: StepSetup): Map<string, TensorShape> {
  const { sizes, batchSize: rows, data } = setup;
  const last = sizes.length - 2;
  const tensors: TensorShape[] = [
    { name: 'inputs', symbol: 'X', shape: [rows, data.features], kind: 'inputs', role: 'value' },
    { name: 'labels', symbol: 'y', shape: [rows], kind: 'labels', role: 'value' },
    ...sizes.slice(1).flatMap((_, layer) => layerTensors(layer, last, setup)),
    { name: 'probabilities', symbol: 'P', shape: [rows, data.classes], kind: 'probabilities', role: 'value' },
    { name: 'losses', symbol: 'L', shape: [rows], kind: 'losses', role: 'value' },
    ...sizes.slice(1).flatMap((_, layer) => updatedTensors(layer, setup)),
  ];
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

/** A layer's outputs and parameters, with their gradients and moments. */
function layerTensors(layer: number, last: number, setup: StepSetup): TensorShape[] {
  const shape = [setup.batchSize, setup.sizes[layer + 1]];
  const outputs = { shape, kind: 'outputs', layer } as const;
  const gradient = { ...outputs, symbol: `d${outputSymbol(layer, last)}`, role: 'gradient' } as const;
  const name = gradientName(layer, last);
  return [
    { ...outputs, name: outputName(layer, last), symbol: outputSymbol(layer, last), role: 'value' },
    ...(layer < last
      ? [
          { ...gradient, name: unmasked(layer) },
          { ...gradient, name, replaces: unmasked(layer) },
        ]
      : [{ ...gradient, name }]),
    ...(['W', 'b'] as const).flatMap((letter): TensorShape[] => {
      const [parameter, ...moments] = updatable(letter, layer, setup);
      const dParameter = {
        name: `d${letter} ${layer}`,
        symbol: `d${parameter.symbol}`,
        role: 'gradient',
      } as const;
      return [parameter, { ...parameter, ...dParameter }, ...moments];
    }),
  ];
}

/** A layer's parameters and moments after the update. */
function updatedTensors(layer: number, setup: StepSetup): TensorShape[] {
  return (['W', 'b'] as const).flatMap((letter) =>
    updatable(letter, layer, setup).map((tensor) => ({
      ...tensor,
      name: after(tensor.name),
      replaces: tensor.name,
    })),
  );
}

/** A layer's weights or biases and their moments. */
function updatable(letter: 'W' | 'b', layer: number, { sizes, optimizer }: StepSetup): TensorShape[] {
  const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
  const parameter: TensorShape = {
    name: `${letter} ${layer}`,
    symbol: `${letter}${subscript(layer)}`,
    shape: letter === 'W' ? [fanIn, fanOut] : [fanOut],
    kind: letter === 'W' ? 'weights' : 'biases',
    role: 'value',
    layer,
  };
  const moments = UPDATES[ruleOf(optimizer)].moments.map(
    (symbol, moment): TensorShape => ({
      ...parameter,
      name: momentName(moment, parameter.name),
      symbol: `${symbol}${parameter.symbol}`,
      role: 'moment',
      moment,
    }),
  );
  return [parameter, ...moments];
}

const momentName = (moment: number, parameter: string) => `moment ${moment} of ${parameter}`;
const after = (name: string) => `${name} after`;
const unmasked = (layer: number) => `dhidden ${layer} unmasked`;

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
      kind: 'batch',
      role: 'batch',
      formula: 'X = rows of the batch\ny = rows of the batch',
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
    kind: 'matmul',
    role: 'outputs',
    layer,
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
    kind: 'softmax',
    role: 'loss',
    formula: 'P = softmax(Z)\nL = −ln P[y]\ndZ = (P − 1[y]) / N',
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
      kind: 'matmul',
      role: 'dWeights',
      layer,
      formula: `dW${i} = ${x}ᵀ·${dy}`,
      numpy: `dW${layer} = np.dot(${plain(x)}.T, ${plain(dy)})`,
      reads: [input, own],
      writes: [`dW ${layer}`],
    },
    {
      name: `db ${layer}`,
      phase: 'backward',
      kind: 'column sums',
      role: 'dBiases',
      layer,
      formula: `db${i} = Σ ${dy}`,
      numpy: `db${layer} = ${plain(dy)}.sum(axis=0)`,
      reads: [own],
      writes: [`db ${layer}`],
    },
  ];
  if (layer === 0) return operations;
  const dx = `d${x}`;
  const masked = gradientName(layer - 1, last);
  return [
    ...operations,
    {
      name: masked,
      phase: 'backward',
      kind: 'matmul',
      role: 'dOutputs',
      layer: layer - 1,
      formula: `${dx} = ${dy}·W${i}ᵀ`,
      numpy: `${plain(dx)} = np.dot(${plain(dy)}, W${layer}.T)`,
      reads: [own, `W ${layer}`],
      writes: [unmasked(layer - 1)],
    },
    {
      name: `ReLU mask ${layer - 1}`,
      phase: 'backward',
      kind: 'ReLU mask',
      role: 'dOutputs',
      layer: layer - 1,
      formula: `${dx} = 0 where ${x} ≤ 0`,
      numpy: `${plain(dx)}[${plain(x)} <= 0] = 0`,
      reads: [unmasked(layer - 1), input],
      writes: [masked],
    },
  ];
}

/** The update of a layer's weights, with the L2 term, and of its biases. */
function updates(layer: number, { optimizer, settings }: StepSetup): StepOperation[] {
  const { moments: symbols, formula, numpy } = UPDATES[ruleOf(optimizer)];
  return (['W', 'b'] as const).map((letter) => {
    const own = `${letter} ${layer}`;
    const symbol = `${letter}${subscript(layer)}`;
    const name = `${letter}${layer}`;
    const regularized = letter === 'W' && settings.now.l2 > 0;
    const moments = symbols.map((_, moment) => momentName(moment, own));
    return {
      name: `update ${own}`,
      phase: 'update',
      kind: 'update',
      role: letter === 'W' ? 'weights' : 'biases',
      layer,
      formula: formula(symbol, regularized ? `(d${symbol} + λ·${symbol})` : `d${symbol}`),
      numpy: numpy(name, regularized ? `(d${name} + l2 * ${name})` : `d${name}`),
      reads: [own, `d${own}`, ...moments],
      // The update writes the moments before the parameter.
      writes: [...moments, own].map(after),
    };
  });
}

/** For each rule: the symbols of its moments, and the update of w as an equation and in NumPy. */
const UPDATES: Record<UpdateRule, { moments: string[]; formula: UpdateText; numpy: UpdateText }> = {
  sgd: {
    moments: [],
    formula: (w, gradient) => `${w} ← ${w} − η·${gradient}`,
    numpy: (w, gradient) => `${w} -= lr * ${gradient}`,
  },
  momentum: {
    moments: ['v'],
    formula: (w, gradient) => `v${w} ← μ·v${w} + ${gradient}\n${w} ← ${w} − η·v${w}`,
    numpy: (w, gradient) => `v${w} = momentum * v${w} + ${gradient}\n${w} -= lr * v${w}`,
  },
  adam: {
    moments: ['m', 'v'],
    formula: (w, gradient) => `g = ${gradient}
m${w} ← β₁·m${w} + (1 − β₁)·g
v${w} ← β₂·v${w} + (1 − β₂)·g²
${w} ← ${w} − η·m̂${w} / (√v̂${w} + ε)`,
    numpy: (w, gradient) => `g = ${gradient}
m${w} = beta1 * m${w} + (1 - beta1) * g
v${w} = beta2 * v${w} + (1 - beta2) * g**2
${w} -= lr * (m${w} / (1 - beta1**t)) / (np.sqrt(v${w} / (1 - beta2**t)) + eps)`,
  },
};

type UpdateText = (w: string, gradient: string) => string;

/** A symbol as a NumPy variable: `H₀` is `H0`. */
function plain(symbol: string): string {
  return symbol.replace(/[₀-₉]/g, (digit) => String(DIGITS.indexOf(digit)));
}
