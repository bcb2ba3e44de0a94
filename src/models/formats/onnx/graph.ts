import type { Activation, FloatArray, Precision } from '../../../types.ts';
import type { ModelData } from '../../model-data.ts';

/** A tensor of a graph. */
export interface Value {
  /** A name in C, as ONNX wants it. */
  name: string;
  type: keyof typeof TYPES;
  /** 'N' is the number of rows, which is free. */
  shape: (number | 'N')[];
  /** Of a constant. */
  data?: FloatArray;
}

/** One operator of a graph. */
export interface Node {
  operator: string;
  inputs: Value[];
  output: Value;
  /** Whole numbers by name. */
  attributes: { [name: string]: number };
}

/** A network as operators of ONNX. */
export interface Graph {
  input: Value;
  /** In the order of their work. */
  nodes: Node[];
  /** The tensors with data that the nodes take. */
  constants: Value[];
  outputs: Value[];
}

/** The numbers of the types of elements, TensorProto.DataType in onnx.proto. */
export const TYPES = { single: 1, labels: 7, double: 11 };

/** The operators that graphs are made of. */
export const OPERATORS = [
  ...['Abs', 'Add', 'ArgMax', 'Cast', 'Div', 'Exp', 'Gemm', 'Log', 'Max', 'Min'],
  ...['Mul', 'Relu', 'Sigmoid', 'Softmax', 'Sub', 'Tanh'],
];

/** What ONNX calls each output that is not `label`. */
const OUTPUTS = { 'cross-entropy': 'probabilities', hinge: 'scores', 'squared-error': 'values' } as const;

/** The precisions of a graph, beside that of the weights. */
export interface Precisions {
  /** Of the rows, and of the numbers that come out. */
  inputs: Precision;
  /** Of all that lies between. */
  arithmetic: Precision;
}

/** Adds an operator. @returns its result, in the precision of the arithmetic, of the shape of its first input */
type Add = (operator: string, inputs: Value[], attributes?: Node['attributes']) => Value;
/** A constant of the graph, in the precision of the arithmetic; its name is its own. */
type Constant = (name: string, values: readonly number[], shape?: number[]) => Value;

/** The graph of a network. */
export function graphOf(model: ModelData, { inputs, arithmetic }: Precisions): Graph {
  const { sizes, activations, parameters, loss, precision, scaling } = model;
  const nodes: Node[] = [];
  const add: Add = (operator, inputs, attributes = {}) => {
    const output: Value = { name: `t${nodes.length}`, type: arithmetic, shape: inputs[0].shape };
    nodes.push({ operator, inputs, output, attributes });
    return output;
  };
  const cast = (value: Value, type: Precision): Value =>
    value.type === type ? value : Object.assign(add('Cast', [value], { to: TYPES[type] }), { type });
  const Float = arithmetic === 'single' ? Float32Array : Float64Array;
  const constant: Constant = (name, values, shape = [values.length]) => ({
    name,
    type: arithmetic,
    shape,
    data: Float.from(values),
  });
  const input: Value = { name: 'inputs', type: inputs, shape: ['N', sizes[0]] };
  let value = cast(input, arithmetic);
  if (scaling) {
    value = add('Sub', [value, constant('means', scaling.means)]);
    value = add('Div', [value, constant('deviations', scaling.deviations.map(divisor))]);
  }
  parameters.forEach(({ weights, biases }, layer) => {
    const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
    const tensors: Value[] = [
      { name: `weights_${layer}`, type: precision, shape: [fanIn, fanOut], data: weights },
      { name: `biases_${layer}`, type: precision, shape: [fanOut], data: biases },
    ];
    value = add('Gemm', [value, ...tensors.map((tensor) => cast(tensor, arithmetic))]);
    value.shape = ['N', fanOut];
    value = ACTIVATIONS[activations[layer] ?? 'identity'](value, add, constant);
    value.name = `hidden_${layer}`;
  });
  const logits = value;
  logits.name = 'logits';
  if (loss === 'cross-entropy') value = add('Softmax', [value], { axis: 1 });
  const { targets } = scaling ?? {};
  if (targets) {
    value = add('Mul', [value, constant('target_deviations', targets.deviations)]);
    value = add('Add', [value, constant('target_means', targets.means)]);
  }
  value = cast(value, inputs);
  value.name = OUTPUTS[loss];
  const outputs = [value];
  if (loss !== 'squared-error') {
    // Of equal numbers the first counts.
    const label = add('ArgMax', [logits], { axis: 1, keepdims: 0 });
    outputs.push(Object.assign(label, { name: 'label', type: 'labels', shape: ['N'] }));
  }
  const constants = nodes.flatMap((node) => node.inputs.filter(({ data }) => data));
  const once = new Map(constants.map((constant) => [constant.name, constant]));
  return { input, nodes, constants: [...once.values()], outputs };
}

/** Division by infinity makes 0 of a constant column. */
const divisor = (deviation: number) => (deviation === 0 ? 1 / deviation : deviation);

const of =
  (operator: string) =>
  (z: Value, add: Add): Value =>
    add(operator, [z]);

/** Only operators that onnxruntime has in double precision, which LeakyRelu, Elu and Softplus are not. */
const ACTIVATIONS: Record<Activation, (z: Value, add: Add, constant: Constant) => Value> = {
  relu: of('Relu'),
  'leaky-relu': (z, add, constant) => add('Max', [z, add('Mul', [z, constant('slope', [0.01], [])])]),
  // max(0, z) + (e^min(0, z) − 1)
  elu: (z, add, constant) => {
    const power = add('Exp', [add('Min', [z, constant('zero', [0], [])])]);
    return add('Add', [add('Relu', [z]), add('Sub', [power, constant('one', [1], [])])]);
  },
  tanh: of('Tanh'),
  sigmoid: of('Sigmoid'),
  // ln(1 + eᶻ) = max(0, z) − ln sigmoid |z|
  softplus: (z, add) => add('Sub', [add('Relu', [z]), add('Log', [add('Sigmoid', [add('Abs', [z])])])]),
  identity: (z) => z,
};
