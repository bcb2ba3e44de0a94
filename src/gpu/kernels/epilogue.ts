import type { ActivationText } from '../../../shaders/lib/activation.ts';
import type { Epilogue } from '../../../shaders/lib/epilogue.ts';
import type { Update } from '../../../shaders/lib/moments.ts';
import type { GpuTensor } from '../memory/memory.ts';

/** The tensors of results that are stored. */
export interface StoreBuffers {
  target: GpuTensor;
  /** The vector that is added to every row. */
  bias?: GpuTensor;
  /** The activation that is applied last. */
  activation?: ActivationText;
  /** The hidden layer whose gradient the results are, for the backward pass of its activation. */
  derivative?: { activation: ActivationText; outputs: GpuTensor };
}

/** The tensors of results that are the gradient of parameters and update them. */
export interface UpdateBuffers {
  update: Update;
  parameters: GpuTensor;
  moments: readonly GpuTensor[];
  diverged: GpuTensor;
  /** The step structs, one every {@link STEP_STRIDE} bytes. */
  steps: GPUBuffer;
  /** Whether the parameters are weights, which have an L2 term, and not biases. */
  penalized: boolean;
}

/** An epilogue with the buffers that the kernel binds for it. */
export interface BoundEpilogue {
  epilogue: Epilogue;
  /** The buffers in the order of the epilogue's bindings. */
  buffers: readonly GpuTensor[];
  /** Words in the uniform before the shape. */
  uniform: readonly number[];
  /** The step structs, if the epilogue reads one. */
  steps?: GPUBuffer;
  /** The replaced operations, for the label of the dispatch. */
  suffix: string;
}

/** The epilogue of a kernel that stores its results or updates parameters with them. */
export function bindEpilogue(result: StoreBuffers | UpdateBuffers): BoundEpilogue {
  if ('update' in result) {
    const { update, parameters, moments, diverged, steps, penalized } = result;
    const buffers = [parameters, ...moments, diverged];
    return { epilogue: { update }, buffers, uniform: [penalized ? 1 : 0], steps, suffix: ', update' };
  }
  const { target, bias, activation, derivative } = result;
  const buffers = [...(bias ? [bias] : []), ...(derivative ? [derivative.outputs] : []), target];
  return {
    epilogue: { bias: bias !== undefined, activation, derivative: derivative?.activation },
    buffers,
    uniform: [],
    suffix: derivative ? `, ${derivativeLabel(derivative.activation)}` : '',
  };
}

/** What the backward pass of an activation is called in the labels of dispatches. */
export function derivativeLabel({ name }: ActivationText): string {
  return name === 'relu' ? 'relu mask' : `${name} derivative`;
}
