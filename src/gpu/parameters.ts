import type { LayerParameters } from '../data/initialization.ts';
import type { GpuMemory, Slice } from './memory.ts';

/**
 * One layer's weights (fanIn×fanOut) and biases (fanOut) on the GPU, or anything else of those shapes. Tensors of one kind
 * lie in one buffer, at the same places whatever the kind.
 */
export interface LayerBuffers {
  weights: Slice;
  biases: Slice;
}

/** The tensors that training changes. */
export interface ParameterBuffers {
  /** Features, hidden…, classes. */
  sizes: readonly number[];
  parameters: LayerBuffers[];
  gradients: LayerBuffers[];
  /** `moments[m][layer]`: as many as the optimizer keeps. */
  moments: LayerBuffers[][];
  /** One word: the first step after which a parameter was not finite, or {@link NOT_DIVERGED}. */
  diverged: GPUBuffer;
}

export const NOT_DIVERGED = 0xffffffff;

/** Makes the tensors: parameters as given, all else zero. */
export function createParameters(
  memory: GpuMemory,
  sizes: readonly number[],
  start: readonly LayerParameters[],
  momentCount: number,
): ParameterBuffers {
  const lengths = start.flatMap(({ weights, biases }) => [weights.length, biases.length]);
  const layers = (kind: string): LayerBuffers[] => {
    const slices = memory.slices(kind, lengths);
    return start.map((_, layer) => ({ weights: slices[2 * layer], biases: slices[2 * layer + 1] }));
  };
  const buffers: ParameterBuffers = {
    sizes,
    parameters: layers('parameters'),
    gradients: layers('gradients'),
    moments: Array.from({ length: momentCount }, (_, m) => layers(`moment ${m}`)),
    diverged: memory.upload('diverged', Uint32Array.of(NOT_DIVERGED)),
  };
  writeLayers(memory, buffers.parameters, start);
  return buffers;
}

export function writeLayers(
  memory: GpuMemory,
  buffers: readonly LayerBuffers[],
  values: readonly LayerParameters[],
): void {
  buffers.forEach(({ weights, biases }, layer) => {
    memory.write(weights, values[layer].weights);
    memory.write(biases, values[layer].biases);
  });
}
