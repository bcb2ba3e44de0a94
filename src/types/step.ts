import type { FloatArray } from './data.ts';

/** A tensor of a step, without its numbers. */
export interface TensorShape {
  /**
   * `inputs`, `labels` or `targets`, `hidden 0`, `scores`, `probabilities`, `losses`, `dscores`, `dhidden 0`, `W 0`,
   * `b 0`, `dW 0`, `moment 0 of W 0`, … and the tensors after the update: `W 0 after`, `moment 0 of W 0
   * after`, … `dhidden 0` is the gradient on the sums of a hidden layer. The gradient on its outputs
   * is `dhidden 0 unmasked` for ReLU, `dhidden 0 before` for other activations, and `dhidden 0` itself
   * for `identity`.
   */
  name: string;
  /**
   * The symbol in the formulas, such as `H₀`. A tensor has the symbol of the tensor that it
   * replaces.
   */
  symbol: string;
  /** Rows and columns, or a length. */
  shape: number[];
  /** The content; for a gradient or a moment, the content of the tensor that it belongs to. */
  kind: 'inputs' | 'labels' | 'targets' | 'outputs' | 'probabilities' | 'losses' | 'weights' | 'biases';
  role: 'value' | 'gradient' | 'moment';
  /** The layer, from 0, of outputs, weights and biases. */
  layer?: number;
  /** The index of the optimizer's moment, from 0. */
  moment?: number;
  /**
   * The name of the tensor that this one replaces: `W 0` for `W 0 after`, `dhidden 0 unmasked` for
   * `dhidden 0`.
   */
  replaces?: string;
}

/** A tensor of a step with its numbers, row-major. */
export interface Tensor extends TensorShape {
  values: FloatArray | Uint32Array;
}

/** One binding of a kernel. */
export interface KernelBinding {
  /** The label of the buffer. */
  buffer: string;
  access: 'read' | 'read_write' | 'uniform';
}

/** One dispatch of a kernel. */
export interface KernelCall {
  label: string;
  /** The WGSL text that the device compiled. */
  code: string;
  workgroupSize: number[];
  /** Workgroups in each dimension. */
  workgroups: number[];
  /** The bindings in order, from `@binding(0)` of group 0 on. */
  bindings: KernelBinding[];
}

/** One line of a training step's mathematics. */
export interface Operation {
  /**
   * `batch`, `hidden 0`, `scores`, `softmax`, `hinge` or `squared error`, `dW 1`, `db 1`, `dhidden 0`, `ReLU mask 0` or, for other
   * activations, `tanh derivative 0` (none for `identity`), `update W 0`, …
   */
  name: string;
  phase: 'forward' | 'backward' | 'update';
  kind:
    | 'batch'
    | 'matmul'
    | 'softmax'
    | 'hinge'
    | 'squared error'
    | 'column sums'
    | 'ReLU mask'
    | 'derivative'
    | 'dropout'
    | 'update';
  /** The result; `dOutputs`, `dWeights` and `dBiases` are gradients. */
  role: 'batch' | 'outputs' | 'loss' | 'dOutputs' | 'dWeights' | 'dBiases' | 'weights' | 'biases';
  /** The layer of the result, from 0. */
  layer?: number;
  /** One equation a line, such as `H₀ = max(0, X·W₀ + b₀)`. */
  formula: string;
  /** The lines in NumPy, as a reader of the notes writes them. */
  numpy: string;
  /** Names of the tensors that the operation reads, as in {@link TensorShape}. */
  reads: string[];
  /** Names of the tensors that the operation writes. */
  writes: string[];
  /**
   * The kernels that compute the operation on WebGPU with the present plan. Fused operations have
   * the same kernels; the CPU has none.
   */
  kernels: KernelCall[];
}
