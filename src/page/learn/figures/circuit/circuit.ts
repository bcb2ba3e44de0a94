import { caseStudy, createTrainer, type Operation, type TrainerOptions } from '../../../../index.ts';
import type { Model } from '../../model/use-model.ts';

const { parameters: _, ...notes } = caseStudy.linear.options;
export const HIDDEN = 2;
export const { features: FEATURES, classes: CLASSES } = notes.data;

/** A network of a circuit that can be drawn whole, on the notes' data. */
export const OPTIONS: TrainerOptions = { ...notes, hidden: [HIDDEN], initialization: 'he', seed: 3 };
/** The row of a point at which the ReLU cuts a unit off. */
export const START = 80;
/** Updates before the figure looks at the network, and as many at a time as the page does not notice. */
export const STEPS = 300;
const AT_A_TIME = 20;

export type Line = Pick<Operation, 'name' | 'formula' | 'writes'>;

/** The numbers of a step for one point alone. */
export interface Circuit {
  row: number;
  label: number;
  /** The lines of the step in their order, without the update. */
  lines: readonly Line[];
  /** Every tensor by its name, and `sums`, the hidden units before the ReLU. */
  numbers: ReadonlyMap<string, ArrayLike<number>>;
}

/** One row of the data, and the network of the figure. */
export async function circuitOf({ trainer: network }: Model, row: number): Promise<Circuit> {
  while (network.step < STEPS) await network.train(Math.min(AT_A_TIME, STEPS - network.step));
  const parameters = await network.parameters();
  const inputs = notes.data.inputs.slice(FEATURES * row, FEATURES * (row + 1));
  const labels = notes.data.labels.slice(row, row + 1);
  const trainer = await createTrainer({
    ...OPTIONS,
    data: { ...notes.data, inputs, labels, count: 1 },
    parameters,
    backend: 'cpu',
    precision: 'double',
    threads: 1,
  });
  const tensors = await trainer.inspect();
  const lines = trainer.operations.filter(({ phase }) => phase !== 'update');
  trainer.destroy();
  const [{ weights, biases }] = parameters;
  const sums = Array.from(biases, (bias, unit) =>
    Array.from(inputs).reduce((sum, input, i) => sum + input * weights[i * HIDDEN + unit], bias),
  );
  const numbers = new Map<string, ArrayLike<number>>([
    ...tensors.map(({ name, values }) => [name, values] as const),
    ['sums', sums],
  ]);
  return { row, label: labels[0], lines, numbers };
}

/** A wire of the circuit: a number that goes forward, and the gradient on it. */
export interface Wire {
  /** The symbol with the place in its tensor, counted from 0 as in NumPy. */
  name: string;
  tensor: string;
  index: number;
  /** The tensor of the gradient; the point itself has none, as nothing changes it. */
  gradient?: string;
}

const wires = (
  symbol: string,
  [rows, columns]: readonly [number, number],
  tensor: string,
  gradient?: string,
): Wire[] =>
  Array.from({ length: rows * columns }, (_, index) => ({
    name: `${symbol}[${rows > 1 ? `${Math.floor(index / columns)}, ` : ''}${index % columns}]`,
    tensor,
    index,
    ...(gradient && { gradient }),
  }));

/** All wires, from the point to the loss. */
export const WIRES = {
  inputs: wires('X', [1, FEATURES], 'inputs'),
  weights0: wires('W₀', [FEATURES, HIDDEN], 'W 0', 'dW 0'),
  biases0: wires('b₀', [1, HIDDEN], 'b 0', 'db 0'),
  sums: wires('S₀', [1, HIDDEN], 'sums', 'dhidden 0'),
  hidden: wires('H₀', [1, HIDDEN], 'hidden 0', 'dhidden 0 unmasked'),
  weights1: wires('W₁', [HIDDEN, CLASSES], 'W 1', 'dW 1'),
  biases1: wires('b₁', [1, CLASSES], 'b 1', 'db 1'),
  scores: wires('Z', [1, CLASSES], 'scores', 'dscores'),
  probabilities: wires('P', [1, CLASSES], 'probabilities'),
  loss: wires('L', [1, 1], 'losses'),
};

/** What is known of a wire after some lines of the step. */
export interface Reading {
  value?: number;
  gradient?: number;
  /** Whether the last of the lines has just written it. */
  newValue: boolean;
  newGradient: boolean;
}

/** @param done lines of the step that are computed */
export function readingOf(
  { lines, numbers }: Circuit,
  { tensor, index, gradient }: Wire,
  done: number,
): Reading {
  const of = (name: string | undefined) => {
    if (name === undefined) return {};
    // The sums are computed with the ReLU, in one line.
    const written = name === 'sums' ? 'hidden 0' : name;
    const at = lines.findIndex(({ writes }) => writes.includes(written));
    return at < done ? { number: numbers.get(name)?.[index], fresh: at >= 0 && at === done - 1 } : {};
  };
  const [value, slope] = [of(tensor), of(gradient)];
  const reading: Reading = { newValue: value.fresh === true, newGradient: slope.fresh === true };
  if (value.number !== undefined) reading.value = value.number;
  if (slope.number !== undefined) reading.gradient = slope.number;
  return reading;
}
