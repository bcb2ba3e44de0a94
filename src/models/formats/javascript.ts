import type { Activation } from '../../types.ts';
import type { Model } from '../model.ts';
import { shortestDecimal } from './decimal.ts';
import { lineOf, rowsOf } from './json.ts';

/** The name and the code of each activation, with the bits of those in the library. */
const FUNCTIONS: Record<Activation, [name: string, code: string]> = {
  relu: ['relu', '(z) => (z <= 0 ? 0 : z)'],
  'leaky-relu': ['leakyRelu', '(z) => (z > 0 ? z : 0.01 * z)'],
  elu: ['elu', '(z) => (z > 0 ? z : Math.expm1(z))'],
  tanh: ['tanh', 'Math.tanh'],
  sigmoid: ['sigmoid', '(z) => (z < 0 ? Math.exp(z) : 1) / (1 + Math.exp(-Math.abs(z)))'],
  softplus: ['softplus', '(z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)))'],
  identity: ['identity', '(z) => z'],
};

/**
 * A model as a JavaScript module without dependencies, whose function `predict` takes one row of raw
 * numbers. Names are nothing but strings in it, whatever they hold.
 */
export function javascriptOf(model: Model): string {
  const { sizes, activations, loss, featureNames, classNames, outputNames, scaling } = model;
  const used = [...new Set<Activation>([...activations, 'identity'])];
  const names = `: \${features.join(', ')}`;
  return `// A network trained with spiralnet: ${[sizes.join(' → '), ...new Set(activations), loss].join(', ')}.
${[
  ...list('features', featureNames),
  ...list('names', classNames ?? outputNames),
  ...list('means', scaling?.means),
  ...list('deviations', scaling?.deviations),
  ...list('targetMeans', scaling?.targets?.means),
  ...list('targetDeviations', scaling?.targets?.deviations),
  ...used.map((activation) => `const ${FUNCTIONS[activation].join(' = ')};`),
].join('\n')}

// Weights are fan in × fan out.
const layers = [
${model.parameters.map((_, layer) => layerOf(model, layer)).join('\n')}
];

function predict(inputs) {
  if (inputs.length !== ${sizes[0]} || !Array.from(inputs).every(Number.isFinite))
    throw new TypeError(\`Expected ${sizes[0]} finite numbers${featureNames ? names : ''}.\`);
  let values = Array.from(inputs${scaling ? SCALED : ''});
  for (const { weights, biases, activation } of layers) {
    values = Array.from(biases, (bias, j) => {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[i] * weights[i * biases.length + j];
      return activation(sum + bias);
    });
  }
  if (!values.every(Number.isFinite)) throw new RangeError('Expected smaller numbers, whose outputs are finite.');
${answerOf(model)}
}

export { predict, predict as default };
`;
}

const SCALED = `, (x, i) =>
    deviations[i] === 0 ? 0 : (x / 2 - means[i] / 2) / (deviations[i] / 2)
  `;

/** The lines that make the answer of the logits, or of the outputs. */
function answerOf({ loss, classNames, outputNames, scaling }: Model): string {
  if (loss === 'squared-error') {
    const restored = scaling?.targets ? '.map((y, k) => y * targetDeviations[k] + targetMeans[k])' : '';
    return `  return { ${outputNames ? 'names, ' : ''}values: values${restored} };`;
  }
  const best = `  const most = values.reduce((a, b) => Math.max(a, b));
  const label = values.indexOf(most);
`;
  const answer = `return { label${classNames ? ', name: names[label]' : ''}`;
  if (loss === 'hinge') return `${best}  ${answer}, scores: values };`;
  return `${best}  const exponentials = values.map((z) => Math.exp(z - most));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  ${answer}, probabilities: exponentials.map((e) => e / sum) };`;
}

function layerOf({ parameters, activations, precision }: Model, layer: number): string {
  const { weights, biases } = parameters[layer];
  const Float = precision === 'single' ? 'Float32Array' : 'Float64Array';
  const line = (values: Iterable<number>) =>
    Array.from(values, (value) => shortestDecimal(value, precision)).join(', ');
  const rows = Array.from(rowsOf(weights, biases.length), (row) => `      ${line(row)},\n`);
  return `  {
    weights: new ${Float}([
${rows.join('')}    ]),
    biases: new ${Float}([${line(biases)}]),
    activation: ${FUNCTIONS[activations[layer] ?? 'identity'][0]},
  },`;
}

/** The line of a constant array of numbers or names; none for undefined. */
function list(name: string, values: readonly unknown[] | undefined): string[] {
  return values ? [`const ${name} = ${escaped(lineOf(values))};`] : [];
}

/** Strings of JSON that end no script and no line, wherever the code is put. */
function escaped(text: string): string {
  return text.replace(/[<\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
