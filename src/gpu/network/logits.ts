import { fusedLogits } from '../../../shaders/fused.wgsl.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { createDispatch, type Dispatch } from '../kernels/dispatch.ts';
import type { Operations } from '../kernels/operations.ts';
import type { GpuMemory } from '../memory/memory.ts';
import { type Activations, forwardPass } from './layered.ts';
import { narrowNetwork, narrowShape, narrowWork, whyNotNarrowSizes } from './narrow.ts';
import type { ParameterBuffers } from './parameters.ts';

/**
 * The logits of rows that no step is made of, into the last of `outputs`: in one dispatch for narrow networks, whose hidden
 * outputs nobody needs then, else by the matrix products of {@link forwardPass}.
 */
export async function logitsPass(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  activations: Pick<Activations, 'rows' | 'inputs' | 'outputs'>,
): Promise<Dispatch[]> {
  const { sizes, parameters } = network;
  if (whyNotNarrowSizes(sizes)) return forwardPass(operations, network, activations);
  const { rows, inputs, outputs } = activations;
  // Four rows share what they load, which is most of the work on a software adapter.
  const tiling = isSoftwareAdapter(memory.device.adapterInfo)
    ? { each: 4, workgroup: 8 }
    : { each: 1, workgroup: 64 };
  const dispatch = await createDispatch(memory, {
    label: 'fused logits',
    kernel: fusedLogits({
      network: narrowNetwork(sizes, false),
      ...tiling,
      arithmetic: memory.format.arithmetic,
    }),
    buffers: [parameters[0].weights.buffer, inputs, outputs[outputs.length - 1]],
    uniform: [...narrowShape(memory, network), rows],
    extent: { x: rows },
    work: narrowWork(sizes, rows),
  });
  return [dispatch];
}
