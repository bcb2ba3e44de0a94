import { ACTIVATION_FORMULAS, LOSS_FORMULAS, UPDATE_FORMULAS } from './step-formulas.ts';
import {
  after,
  answers,
  derivativeName,
  dropoutName,
  drops,
  gradientName,
  gradientNames,
  momentName,
  outputName,
  outputNames,
  outputSymbol,
  plain,
  type StepSetup,
  subscript,
} from './step-names.ts';
import type { Operation } from './types.ts';

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
    ...layers.flatMap((layer) => forward(layer, last, setup)),
    loss(last, setup),
    ...layers.toReversed().flatMap((layer) => backward(layer, last, setup)),
    ...layers.flatMap((layer) => updates(layer, setup)),
  ];
}

/** The line that makes of each of these tensors the next one: 0 where D is 0, else divided by 1 − p. */
function dropout(role: 'outputs' | 'dOutputs', layer: number, [from, to]: string[]): StepOperation {
  const [d, i] = [role === 'outputs' ? '' : 'd', subscript(layer)];
  return {
    name: dropoutName(role, layer),
    phase: role === 'outputs' ? 'forward' : 'backward',
    kind: 'dropout',
    role,
    layer,
    formula: `${d}H${i} = D${i}∘${d}H${i} / (1 − p)`,
    numpy: `${d}H${layer} = D${layer} * ${d}H${layer} / (1 - p)`,
    reads: [from],
    writes: [to],
  };
}

function gather({ batchSize, data }: StepSetup): StepOperation[] {
  if (batchSize === data.count) return [];
  const [name, symbol] = answers(data);
  return [
    {
      name: 'batch',
      phase: 'forward',
      kind: 'batch',
      role: 'batch',
      formula: `X = rows of the batch\n${symbol} = rows of the batch`,
      numpy: `X, ${symbol} = data[batch], ${name}[batch]`,
      reads: [],
      writes: ['inputs', name],
    },
  ];
}

function forward(layer: number, last: number, setup: StepSetup): StepOperation[] {
  const [x, y, i] = [
    layer === 0 ? 'X' : `H${subscript(layer - 1)}`,
    outputSymbol(layer, last),
    subscript(layer),
  ];
  const product = `${x}·W${i} + b${i}`;
  const code = `np.dot(${plain(x)}, W${layer}) + b${layer}`;
  const { formula, numpy, twice } = ACTIVATION_FORMULAS[layer < last ? setup.activations[layer] : 'identity'];
  const names = outputNames(layer, last, setup);
  const lines = (y: string, sum: string, product: string, apply: (z: string) => string) =>
    twice ? `${sum} = ${product}\n${y} = ${apply(sum)}` : `${y} = ${apply(product)}`;
  const operation: StepOperation = {
    name: outputName(layer, last),
    phase: 'forward',
    kind: 'matmul',
    role: 'outputs',
    layer,
    formula: lines(y, `S${i}`, product, formula),
    numpy: lines(plain(y), `S${layer}`, code, numpy),
    reads: [layer === 0 ? 'inputs' : outputName(layer - 1, last), `W ${layer}`, `b ${layer}`],
    writes: [names[0]],
  };
  return names.length > 1 ? [operation, dropout('outputs', layer, names)] : [operation];
}

function loss(last: number, { loss, settings, data }: StepSetup): StepOperation {
  const { name, writes, text } = LOSS_FORMULAS[loss];
  const { formula, numpy } = text(settings.now.classWeights !== undefined);
  return {
    name,
    phase: 'forward',
    kind: name,
    role: 'loss',
    formula: formula.join('\n'),
    numpy: numpy.join('\n'),
    reads: ['scores', answers(data)[0]],
    writes: [...writes, 'losses', gradientName(last, last)],
  };
}

function backward(layer: number, last: number, setup: StepSetup): StepOperation[] {
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
  const activation = setup.activations[layer - 1];
  const { derivative } = ACTIVATION_FORMULAS[activation];
  const names = gradientNames(layer - 1, last, setup);
  const output = drops(setup) ? [`((1 − p)·${x})`, `((1 - p) * ${plain(x)})`] : [x, plain(x)];
  return [
    ...operations,
    {
      name: gradientName(layer - 1, last),
      phase: 'backward',
      kind: 'matmul',
      role: 'dOutputs',
      layer: layer - 1,
      formula: `${dx} = ${dy}·W${i}ᵀ`,
      numpy: `${plain(dx)} = np.dot(${plain(dy)}, W${layer}.T)`,
      reads: [own, `W ${layer}`],
      writes: [names[0]],
    },
    ...(drops(setup) ? [dropout('dOutputs', layer - 1, names)] : []),
    ...(derivative
      ? [
          {
            name: derivativeName(activation, layer - 1),
            phase: 'backward' as const,
            kind: activation === 'relu' ? ('ReLU mask' as const) : ('derivative' as const),
            role: 'dOutputs' as const,
            layer: layer - 1,
            formula: derivative.formula(dx, output[0]),
            numpy: derivative.numpy(plain(dx), output[1]),
            reads: [...names.slice(-2, -1), input],
            writes: names.slice(-1),
          },
        ]
      : []),
  ];
}

/** The update of a layer's weights, with the penalties, and of its biases. */
function updates(layer: number, { settings }: StepSetup): StepOperation[] {
  const { l2, l1, weightDecay, rule } = settings.now;
  const { moments: symbols, formula, numpy } = UPDATE_FORMULAS[rule];
  return (['W', 'b'] as const).map((letter) => {
    const own = `${letter} ${layer}`;
    const symbol = `${letter}${subscript(layer)}`;
    const name = `${letter}${layer}`;
    const weights = letter === 'W';
    const penalized = (gradient: string, ...terms: [factor: number, term: string][]) => {
      const sum = [gradient, ...terms.flatMap(([factor, term]) => (weights && factor > 0 ? term : []))];
      return sum.length > 1 ? `(${sum.join(' + ')})` : gradient;
    };
    const g = penalized(`d${symbol}`, [l2, `λ·${symbol}`], [l1, `λ₁·sign(${symbol})`]);
    const gradient = penalized(`d${name}`, [l2, `l2 * ${name}`], [l1, `l1 * np.sign(${name})`]);
    const decays = weights && weightDecay > 0;
    const moments = symbols.map((_, moment) => momentName(moment, own));
    return {
      name: `update ${own}`,
      phase: 'update',
      kind: 'update',
      role: weights ? 'weights' : 'biases',
      layer,
      formula: formula(symbol, g, decays ? `(1 − η·δ)·${symbol}` : symbol),
      numpy: numpy(name, gradient, decays ? `${name} = (1 - lr * weight_decay) * ${name} -` : `${name} -=`),
      reads: [own, `d${own}`, ...moments],
      // The update writes the moments before the parameter.
      writes: [...moments, own].map(after),
    };
  });
}
