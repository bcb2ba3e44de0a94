import type { Epilogue } from '../../../shaders/lib/epilogue.ts';
import type { UpdateRule } from '../../../shaders/lib/moments.ts';
import type { GpuTensor } from '../memory/memory.ts';

/** Results that are stored. */
export interface StoreBuffers {
  target: GpuTensor;
  /** Added to every row. */
  bias?: GpuTensor;
  /** Whether max(0, ·) is applied last. */
  relu?: boolean;
  /** Outputs of the hidden layer that the results are the gradient on: back through ReLU. */
  mask?: GpuTensor;
}

/** Results that are the gradient of parameters, which are updated. */
export interface UpdateBuffers {
  rule: UpdateRule;
  parameters: GpuTensor;
  moments: readonly GpuTensor[];
  diverged: GpuTensor;
  /** Holds a step struct every {@link STEP_STRIDE} bytes. */
  steps: GPUBuffer;
  /** Whether the loss has terms of them: it has of weights, not of biases. */
  penalized: boolean;
}

/** An epilogue with what its kernel binds. */
export interface BoundEpilogue {
  epilogue: Epilogue;
  /** In the order of its bindings. */
  buffers: readonly GpuTensor[];
  /** Words of the uniform in front of the shape. */
  uniform: readonly number[];
  /** The steps' structs, where it reads one. */
  steps?: GPUBuffer;
  /** For labels: which operations it makes needless. */
  suffix: string;
}

/** The epilogue of a kernel for what becomes of its results. */
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
