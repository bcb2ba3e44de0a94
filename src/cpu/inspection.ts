import { allocatingArrays } from '../limits.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { stepOperations, stepTensors } from '../step-operations.ts';
import type { FloatArray, LayerParameters, Operation, Tensor, TensorShape } from '../types.ts';
import type { CpuNetwork } from './network.ts';
import { crossEntropy, softmax } from './softmax.ts';
import type { PausableWork } from './time-slices.ts';
import { update } from './update.ts';

/** A step and its arrays. The step may change all arrays but `inputs` and `labels`. */
interface CpuStep {
  setup: TrainingSetup;
  network: CpuNetwork;
  parameters: readonly LayerParameters[];
  moments: readonly (readonly LayerParameters[])[];
  /** The inputs of the batch. */
  inputs: FloatArray;
  labels: Uint32Array;
  rows: number;
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
  const { network, parameters, inputs, labels, rows } = step;
  if (kind === 'ReLU mask') yield* network.mask(rows, layer);
  else if (role === 'outputs') yield* network.forwardLayer(parameters, inputs, rows, layer);
  else if (role === 'loss') yield* network.lossGradient(labels, rows);
  else if (role === 'dWeights') yield* network.weightsGradient(inputs, rows, layer);
  else if (role === 'dBiases') yield* network.biasesGradient(rows, layer);
  else if (role === 'dOutputs') yield* network.inputGradient(parameters, rows, layer + 1);
  else if (role === 'weights' || role === 'biases') yield* updateOne(role, layer, step);
}

function* updateOne(kind: 'weights' | 'biases', layer: number, step: CpuStep): PausableWork {
  const { optimizer, settings } = step.setup;
  const { learningRate, l2 } = settings.at(step.step);
  const moments = step.moments.map((layers) => layers[layer][kind]);
  const gradient = step.network.gradients[layer][kind];
  const decay = kind === 'weights' ? l2 : 0;
  yield* update(step.parameters[layer][kind], gradient, moments, optimizer, learningRate, decay, step.step);
}

/** The values of a tensor, until another tensor replaces them. */
function* valuesOf(
  { kind, role, layer = 0, moment = 0 }: TensorShape,
  { setup, network, parameters, moments, inputs, labels, rows }: CpuStep,
): PausableWork<FloatArray | Uint32Array> {
  const { classes } = setup.data;
  const layers = role === 'gradient' ? network.gradients : role === 'moment' ? moments[moment] : parameters;
  switch (kind) {
    case 'inputs':
      return inputs;
    case 'labels':
      return labels;
    case 'outputs':
      return (role === 'gradient' ? network.dOutputs : network.outputs)[layer];
    case 'probabilities': {
      const probabilities = network.logits.slice();
      yield* softmax(network.logits, probabilities, rows, classes);
      return probabilities;
    }
    case 'losses': {
      const losses = network.logits.slice(0, rows);
      for (let row = 0; row < rows; row++) {
        const own = network.logits.subarray(row * classes, (row + 1) * classes);
        losses[row] = (yield* crossEntropy(own, labels.subarray(row, row + 1), 1, classes)).sum;
        yield;
      }
      return losses;
    }
    case 'weights':
    case 'biases':
      return layers[layer][kind];
  }
}
