import type { EngineDissection } from '../engine.ts';
import { allocatingArrays } from '../limits.ts';
import type { TrainingSetup } from '../options/setup.ts';
import { gradientName, outputName, stepOperations, stepTensors } from '../step-operations.ts';
import type { FloatArray, LayerParameters, Operation, Tensor, TensorShape } from '../types.ts';
import type { CpuNetwork } from './network.ts';
import { crossEntropy, softmax } from './softmax.ts';
import { complete } from './turns.ts';
import { update } from './update.ts';

/** What a step on the CPU works on. */
export interface CpuStep {
  setup: TrainingSetup;
  network: CpuNetwork;
  parameters: readonly LayerParameters[];
  moments: readonly (readonly LayerParameters[])[];
  /** The batch, fetched already. */
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

/** One step on the CPU, operation by operation, on the arrays of the run. */
export class CpuDissection implements EngineDissection {
  readonly operations: readonly Operation[];
  readonly tensors: readonly TensorShape[];
  readonly #begin: () => CpuStep;
  readonly #count: () => void;
  #work: ReadonlyMap<string, () => void>;
  #values: ReadonlyMap<string, () => FloatArray | Uint32Array>;
  #position = 0;

  /**
   * @param begin what the step works on, which restoring the run replaces
   * @param count counts the step as applied
   */
  constructor(begin: () => CpuStep, count: () => void) {
    const step = begin();
    this.#begin = begin;
    this.#count = count;
    this.operations = cpuOperations(step.setup);
    this.tensors = [...stepTensors({ ...step.setup, batchSize: step.rows }).values()];
    this.#work = workOf(step);
    this.#values = valuesOf(step);
  }

  async advance(position: number): Promise<number> {
    while (this.#position < position) this.#work.get(this.operations[this.#position++].name)?.();
    return this.#position;
  }

  restart(): void {
    const step = this.#begin();
    this.#work = workOf(step);
    this.#values = valuesOf(step);
    this.#position = 0;
  }

  async complete(): Promise<void> {
    this.#count();
  }

  async read(name: string): Promise<Tensor> {
    const shape = this.tensors.find((tensor) => tensor.name === name) as TensorShape;
    const length = shape.shape.reduce((product, size) => product * size, 1);
    // An array may be for more rows than this batch has.
    const values = allocatingArrays(`the tensor '${name}'`, () =>
      this.#values.get(name)?.().slice(0, length),
    );
    if (!values) throw new Error(`${name} is not kept.`);
    return { ...shape, values };
  }
}

/** What each operation does, by its name. */
function workOf({ setup, network, parameters, moments, inputs, labels, rows, step }: CpuStep) {
  const { optimizer, settings } = setup;
  const { learningRate, l2 } = settings.at(step);
  const last = parameters.length - 1;
  const work = new Map<string, () => void>([['softmax', () => network.lossGradient(labels, rows)]]);
  for (let layer = 0; layer <= last; layer++) {
    work.set(outputName(layer, last), () => complete(network.forwardLayer(parameters, inputs, rows, layer)));
    work.set(`dW ${layer}`, () => complete(network.weightsGradient(inputs, rows, layer)));
    work.set(`db ${layer}`, () => network.biasesGradient(rows, layer));
    if (layer < last) {
      work.set(gradientName(layer, last), () => complete(network.inputGradient(parameters, rows, layer + 1)));
      work.set(`ReLU mask ${layer}`, () => network.mask(rows, layer));
    }
    for (const [letter, kind] of KINDS) {
      const own = moments.map((layers) => layers[layer][kind]);
      work.set(`update ${letter} ${layer}`, () => {
        const gradient = network.gradients[layer][kind];
        const decay = kind === 'weights' ? l2 : 0;
        update(parameters[layer][kind], gradient, own, optimizer, learningRate, decay, step);
      });
    }
  }
  return work;
}

const KINDS = [
  ['W', 'weights'],
  ['b', 'biases'],
] as const;

/** Where each tensor is, by its name. */
function valuesOf({ setup, network, parameters, moments, inputs, labels, rows }: CpuStep) {
  const { classes } = setup.data;
  const last = parameters.length - 1;
  const scores = network.outputs[last];
  const values = new Map<string, () => FloatArray | Uint32Array>([
    ['inputs', () => inputs],
    ['labels', () => labels],
    [
      'probabilities',
      () => {
        const probabilities = scores.slice();
        softmax(scores, probabilities, rows, classes);
        return probabilities;
      },
    ],
    [
      'losses',
      () =>
        scores.slice(0, rows).map((_, row) => {
          const own = scores.subarray(row * classes, (row + 1) * classes);
          return crossEntropy(own, labels.subarray(row, row + 1), 1, classes).sum;
        }),
    ],
  ]);
  for (let layer = 0; layer <= last; layer++) {
    values.set(outputName(layer, last), () => network.outputs[layer]);
    values.set(gradientName(layer, last), () => network.dOutputs[layer]);
    for (const [letter, kind] of KINDS) {
      values.set(`${letter} ${layer}`, () => parameters[layer][kind]);
      values.set(`d${letter} ${layer}`, () => network.gradients[layer][kind]);
      moments.forEach((layers, moment) => {
        values.set(`moment ${moment} of ${letter} ${layer}`, () => layers[layer][kind]);
      });
    }
  }
  return values;
}
