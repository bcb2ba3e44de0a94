import { Divergence } from '../../engine.ts';
import type { LayerParameters } from '../../types.ts';
import type { GpuMemory, Slice } from '../memory/memory.ts';

/**
 * One layer's weights (fanIn×fanOut) and biases (fanOut) on the GPU, or anything else of those
 * shapes. Tensors of one kind lie in one buffer, at the same places whatever the kind.
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
  /** `moments[m][layer]`: as many as the optimizer keeps. */
  moments: LayerBuffers[][];
  /**
   * One word: the first step after which a parameter or moment was not finite, or
   * {@link NOT_DIVERGED}.
   */
  diverged: GPUBuffer;
}

export const NOT_DIVERGED = 0xffffffff;

/** Numbers in the weights and the biases of each layer, in order. */
export function tensorLengths(sizes: readonly number[]): number[] {
  return sizes.slice(1).flatMap((fanOut, layer) => [sizes[layer] * fanOut, fanOut]);
}

/** What the word `diverged`, as it was read back, tells: a step, or undefined. */
export function divergedStep(bytes: ArrayBuffer): number | undefined {
  const [step] = new Uint32Array(bytes);
  return step === NOT_DIVERGED ? undefined : step;
}

/** @throws {NonFiniteError} if that word tells a step */
export function checkDiverged(bytes: ArrayBuffer): void {
  const step = divergedStep(bytes);
  if (step !== undefined) throw new Divergence(step);
}

/** Makes tensors of the shapes of a network's parameters, all zero, in one buffer. */
export function createLayers(memory: GpuMemory, kind: string, sizes: readonly number[]): LayerBuffers[] {
  const slices = memory.slices(kind, tensorLengths(sizes));
  return sizes.slice(1).map((_, layer) => ({ weights: slices[2 * layer], biases: slices[2 * layer + 1] }));
}

/** Makes the tensors, all zero. */
export function createParameters(
  memory: GpuMemory,
  sizes: readonly number[],
  momentCount: number,
): ParameterBuffers {
  return {
    sizes,
    parameters: createLayers(memory, 'parameters', sizes),
    moments: Array.from({ length: momentCount }, (_, m) => createLayers(memory, `moment ${m}`, sizes)),
    diverged: memory.upload('diverged', Uint32Array.of(NOT_DIVERGED)),
  };
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
