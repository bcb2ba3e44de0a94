import { type Answers, answerLength, type ClassWeights } from '../data/answers.ts';
import type { Dropout } from '../data/dropout.ts';
import { allocatingArrays } from '../limits.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { stepOperations } from '../step-operations.ts';
import { stepTensors } from '../step-tensors.ts';
import type { FloatArray, LayerParameters, Operation, Tensor, TensorShape } from '../types.ts';
import { score } from './losses.ts';
import type { CpuNetwork } from './network.ts';
import type { PausableWork } from './time-slices.ts';

/** A step and its arrays. The step may change all arrays but `inputs` and `answers`. */
interface CpuStep {
  setup: TrainingSetup;
  network: CpuNetwork;
  parameters: readonly LayerParameters[];
  moments: readonly (readonly LayerParameters[])[];
  /** The inputs of the batch. */
  inputs: FloatArray;
  answers: Answers;
  rows: number;
  dropout: Dropout | undefined;
  /** Updates before this one. */
  step: number;
}

/** The operations of a step on the CPU, which has no kernels. */
export function cpuOperations(setup: TrainingSetup): Operation[] {
  return stepOperations(setup).map((operation) => ({ ...operation, kernels: [] }));
}

/** Carries out a step. @returns copies of all its tensors */
export function* inspect(step: CpuStep): PausableWork<Tensor[]> {
  const shapes = stepTensors({ ...step.setup, batchSize: step.rows });
  const copies = new Map<string, Tensor['values']>();
  const copy = function* (name: string): PausableWork {
    const shape = shapes.get(name) as TensorShape;
    const length = shape.shape.reduce((product, size) => product * size, 1);
    const values = yield* valuesOf(shape, step);
    // An array may have space for more rows than this batch has.
    copies.set(
      name,
      allocatingArrays(`the tensor '${name}'`, () => values.slice(0, length)),
    );
    yield;
  };
  for (const operation of stepOperations(step.setup)) {
    for (const written of operation.writes) {
      const replaced = shapes.get(written)?.replaces;
      if (replaced !== undefined) yield* copy(replaced);
    }
    yield* carryOut(operation, step);
    yield;
  }
  for (const name of shapes.keys()) if (!copies.has(name)) yield* copy(name);
  return Array.from(shapes.values(), (shape) => ({
    ...shape,
    values: copies.get(shape.name) as Tensor['values'],
  }));
}

function* carryOut(
  { role, layer = 0, kind }: Pick<Operation, 'kind' | 'role' | 'layer'>,
  step: CpuStep,
): PausableWork {
  const { network, parameters, inputs, answers, rows, dropout } = step;
  if (kind === 'dropout' && dropout) {
    yield* network.drop(role === 'outputs' ? network.outputs : network.dOutputs, dropout, rows, layer);
  } else if (kind === 'ReLU mask' || kind === 'derivative')
    yield* network.activationGradient(rows, layer, dropout);
  else if (role === 'outputs') yield* network.forwardLayer(parameters, inputs, rows, layer);
  else if (role === 'loss') yield* network.lossGradient(answers, rows, weightsOf(step));
  else if (role === 'dWeights') yield* network.weightsGradient(inputs, rows, layer);
  else if (role === 'dBiases') yield* network.biasesGradient(rows, layer);
  else if (role === 'dOutputs') yield* network.inputGradient(parameters, rows, layer + 1);
  else if (role === 'weights' || role === 'biases') yield* updateOne(role, layer, step);
}

function weightsOf({ setup, step }: CpuStep): ClassWeights {
  return setup.settings.from(step).classWeights;
}

function* updateOne(kind: 'weights' | 'biases', layer: number, step: CpuStep): PausableWork {
  const settings = step.setup.settings.at(step.step);
  const moments = step.moments.map((layers) => layers[layer][kind]);
  const gradient = step.network.gradients[layer][kind];
  const penalized = kind === 'weights';
  yield* step.network.kernels.update(
    step.parameters[layer][kind],
    gradient,
    moments,
    settings,
    step.step,
    penalized,
  );
}

/** The values of a tensor, until another tensor replaces them. */
function* valuesOf(
  { kind, role, layer = 0, moment = 0 }: TensorShape,
  step: CpuStep,
): PausableWork<FloatArray | Uint32Array> {
  const { setup, network, parameters, moments, inputs, answers, rows } = step;
  const width = setup.sizes[setup.sizes.length - 1];
  const layers = role === 'gradient' ? network.gradients : role === 'moment' ? moments[moment] : parameters;
  switch (kind) {
    case 'inputs':
      return inputs;
    case 'labels':
    case 'targets':
      return answers;
    case 'outputs':
      return (role === 'gradient' ? network.dOutputs : network.outputs)[layer];
    case 'probabilities': {
      const { length } = network.logits;
      const probabilities = allocatingArrays('the probabilities', () => network.kernels.floats(length));
      yield* network.kernels.softmax(network.logits, probabilities, rows, width);
      return probabilities;
    }
    case 'losses': {
      const losses = network.logits.slice(0, rows);
      for (let row = 0; row < rows; row++) {
        const own = network.logits.subarray(row * width, (row + 1) * width);
        const answer = answers.subarray(row * answerLength(setup.data));
        losses[row] = (yield* score(setup.loss, own, answer, 1, width, weightsOf(step))).sum;
        yield;
      }
      return losses;
    }
    case 'weights':
    case 'biases':
      return layers[layer][kind];
  }
}
