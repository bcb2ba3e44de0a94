import { dropout as dropoutKernel } from '../../../shaders/dropout.wgsl.ts';
import { dropoutName } from '../../step-names.ts';
import { computing, createDispatch, type Dispatch } from '../kernels/dispatch.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import type { ParameterBuffers } from './parameters.ts';

/** What the dropout of a step reads. */
export interface DropoutBuffers {
  /** The step structs. */
  steps: GPUBuffer;
  /** The index in the data set of each row of the step; undefined if a step takes all rows. */
  rows: GPUBuffer | undefined;
}

/**
 * The dispatch that drops outputs of a hidden layer, or of the gradient on them. Allocates.
 * @param values `rows` rows of the layer's width, changed in place
 */
export function dropoutPass(
  memory: GpuMemory,
  { sizes }: ParameterBuffers,
  { steps, rows: order }: DropoutBuffers,
  role: 'outputs' | 'dOutputs',
  layer: number,
  values: GpuTensor,
  rows: number,
): Dispatch[] {
  const width = sizes[layer + 1];
  const name = dropoutName(role, layer);
  const dispatch = createDispatch(memory, {
    label: name,
    kernel: dropoutKernel({ batches: order !== undefined, arithmetic: memory.format.arithmetic }),
    buffers: [values, ...(order ? [order] : [])],
    uniform: [layer, width, rows * width],
    extent: { x: rows * width },
    steps,
  });
  return computing([name], [dispatch]);
}
