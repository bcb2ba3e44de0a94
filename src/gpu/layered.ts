import type { UpdateRule } from '../../shaders/update-rule.ts';
import type { Dispatch } from './dispatch.ts';
import type { GpuMemory } from './memory.ts';
import type { Operations } from './operations.ts';
import type { ParameterBuffers } from './parameters.ts';

/** The tensors that a forward pass over `rows` rows leaves behind. */
export interface Activations {
  rows: number;
  inputs: GPUBuffer;
  labels: GPUBuffer;
  /** `outputs[l]`: rows × width of layer l, after ReLU in hidden layers; the last holds the logits. */
  outputs: GPUBuffer[];
  /** `dOutputs[l]`: the gradient of the loss on each; the last holds the notes' dscores. */
  dOutputs: GPUBuffer[];
  /** Cross-entropy of each row. */
  losses: GPUBuffer;
  /** 1 for each row whose largest logit is the label's, else 0. */
  correct: GPUBuffer;
}

/**
 * Makes the activations of a pass over `rows` rows.
 * @param training whether the gradients on hidden outputs are needed too
 */
export function createActivations(
  memory: GpuMemory,
  name: string,
  sizes: readonly number[],
  rows: number,
  source: { inputs: GPUBuffer; labels: GPUBuffer },
  training: boolean,
): Activations {
  const widths = sizes.slice(1);
  const last = widths.length - 1;
  const outputs = widths.map((width, layer) =>
    memory.reals(layer < last ? `${name} hidden ${layer}` : `${name} logits`, rows * width),
  );
  const gradients = training ? widths : widths.slice(-1);
  return {
    rows,
    ...source,
    outputs,
    dOutputs: gradients.map((width, layer) => memory.reals(`${name} doutputs ${layer}`, rows * width)),
    losses: memory.reals(`${name} losses`, rows),
    correct: memory.reals(`${name} correct`, rows),
  };
}

/** Each layer's outputs: max(0, X·W + b) in the hidden ones, H·W + b for the logits. */
export async function forwardPass(
  operations: Operations,
  { sizes, parameters }: ParameterBuffers,
  { rows, inputs, outputs }: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
): Promise<Dispatch[]> {
  const last = parameters.length - 1;
  const layers = await Promise.all(
    parameters.map(({ weights, biases }, layer) => {
      const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
      const a = layer === 0 ? inputs : outputs[layer - 1];
      return operations.matmul(
        layer < last ? `hidden ${layer}` : 'logits',
        { m: rows, k: fanIn, n: fanOut },
        { a, b: weights, bias: biases, product: outputs[layer] },
        { form: 'nn', relu: layer < last },
      );
    }),
  );
  return layers.flat();
}

/** Softmax, loss and the gradient on the logits, after {@link forwardPass}. */
export function lossPass(
  operations: Operations,
  { sizes }: ParameterBuffers,
  { rows, labels, outputs, dOutputs, losses, correct }: Activations,
): Promise<Dispatch> {
  const logits = outputs[outputs.length - 1];
  const gradient = dOutputs[dOutputs.length - 1];
  const classes = sizes[sizes.length - 1];
  return operations.softmaxLoss({ rows, classes }, { logits, labels, losses, correct, gradient });
}

/** After {@link lossPass}, from the last layer to the first: dW = Xᵀ·dY, db = Σ dY, dX = dY·Wᵀ where X > 0. */
export async function backwardPass(
  operations: Operations,
  { sizes, parameters, gradients }: ParameterBuffers,
  { rows, inputs, outputs, dOutputs }: Activations,
): Promise<Dispatch[]> {
  const layers = parameters.map(({ weights }, layer) => {
    const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
    const x = layer === 0 ? inputs : outputs[layer - 1];
    const dY = dOutputs[layer];
    const { weights: dW, biases: db } = gradients[layer];
    const dispatches: Promise<Dispatch | Dispatch[]>[] = [
      operations.matmul(
        `dweights ${layer}`,
        { m: fanIn, k: rows, n: fanOut },
        { a: x, b: dY, product: dW },
        { form: 'tn' },
      ),
      operations.columnSums(`dbiases ${layer}`, { rows, columns: fanOut }, dY, db),
    ];
    if (layer > 0) {
      const dX = dOutputs[layer - 1];
      dispatches.push(
        operations.matmul(
          `dhidden ${layer - 1}`,
          { m: rows, k: fanOut, n: fanIn },
          { a: dY, b: weights, product: dX },
          { form: 'nt' },
        ),
        operations.reluMask(`dhidden ${layer - 1}`, rows * fanIn, x, dX),
      );
    }
    return Promise.all(dispatches);
  });
  return (await Promise.all(layers)).reverse().flat(2);
}

/** Each tensor's update; the L2 term belongs to the weights alone. */
export function updatePass(
  operations: Operations,
  { sizes, parameters, gradients, moments, diverged }: ParameterBuffers,
  rule: UpdateRule,
  l2: number,
): Promise<Dispatch[]> {
  return Promise.all(
    parameters.flatMap((_, layer) =>
      (['weights', 'biases'] as const).map((name) => {
        const count = name === 'weights' ? sizes[layer] * sizes[layer + 1] : sizes[layer + 1];
        return operations.update(`${name} ${layer}`, { count, l2: name === 'weights' ? l2 : 0 }, rule, {
          parameters: parameters[layer][name],
          gradient: gradients[layer][name],
          moments: moments.map((layers) => layers[layer][name]),
          diverged,
        });
      }),
    ),
  );
}
