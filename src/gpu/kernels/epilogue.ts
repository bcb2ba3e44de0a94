import type { Epilogue } from '../../../shaders/lib/epilogue.ts';
import type { UpdateRule } from '../../../shaders/lib/moments.ts';
import type { GpuTensor } from '../memory/memory.ts';

/** The tensors of results that are stored. */
export interface StoreBuffers {
  target: GpuTensor;
  /** The vector that is added to every row. */
  bias?: GpuTensor;
  /** Whether max(0, ·) is applied last. */
  relu?: boolean;
  /** The outputs of the hidden layer whose gradient the results are, for ReLU's backward pass. */
  mask?: GpuTensor;
}

/** The tensors of results that are the gradient of parameters and update them. */
export interface UpdateBuffers {
  rule: UpdateRule;
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
  if ('rule' in result) {
    const { rule, parameters, moments, diverged, steps, penalized } = result;
    const buffers = [parameters, ...moments, diverged];
    return { epilogue: { update: rule }, buffers, uniform: [penalized ? 1 : 0], steps, suffix: ', update' };
  }
  const { target, bias, relu, mask } = result;
  const buffers = [...(bias ? [bias] : []), ...(mask ? [mask] : []), target];
  return {
    epilogue: { bias: bias !== undefined, relu, mask: mask !== undefined },
    buffers,
    uniform: [],
    suffix: mask ? ', relu mask' : '',
  };
}
