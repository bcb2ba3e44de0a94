import type { LayerParameters } from '../data/initialization.ts';
import type { GpuMemory } from './memory.ts';

/** One layer's weights (fanIn×fanOut) and biases (fanOut) on the GPU, or anything else of those shapes. */
export interface LayerBuffers {
  weights: GPUBuffer;
  biases: GPUBuffer;
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
  const layers = (prefix: string) =>
    start.map(({ weights, biases }, layer) => ({
      weights: memory.reals(`${prefix}weights ${layer}`, weights.length),
      biases: memory.reals(`${prefix}biases ${layer}`, biases.length),
    }));
  const buffers: ParameterBuffers = {
    sizes,
    parameters: layers(''),
    gradients: layers('d'),
    moments: Array.from({ length: momentCount }, (_, m) => layers(`moment ${m} of `)),
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
