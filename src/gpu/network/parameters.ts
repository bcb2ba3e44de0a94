import { MOMENTS, type Update } from '../../../shaders/lib/moments.ts';
import type { FloatArrayConstructor } from '../../checks/numbers.ts';
import { Divergence, type EngineState } from '../../engine.ts';
import type { LayerParameters } from '../../types.ts';
import type { GpuMemory, Slice } from '../memory/memory.ts';
import type { NetworkTexts } from './texts.ts';

/**
 * The weights (fanIn×fanOut) and biases (fanOut) of one layer on the GPU, or tensors of the same
 * shapes, such as gradients. All tensors of one kind lie in one buffer, and each kind has the same
 * places.
 */
export interface LayerBuffers {
  weights: Slice;
  biases: Slice;
}

/** A network with the tensors that training changes. */
export interface ParameterBuffers extends NetworkTexts {
  /** Features, hidden…, classes or outputs. */
  sizes: readonly number[];
  parameters: LayerBuffers[];
  /**
   * `moments[m][layer]`: the optimizer's m-th moment of each layer. A network keeps moments that its
   * present rule has no use for.
   */
  moments: LayerBuffers[][];
  /**
   * One word: the first step after which a parameter or moment is not finite, counted from `origin`,
   * or {@link NOT_DIVERGED}.
   */
  diverged: GPUBuffer;
  /** The step from which kernels count, because a step may exceed 32 bits. */
  origin: number;
}

export const NOT_DIVERGED = 0xffffffff;

/** The lengths of the weights and biases of each layer, in order. */
export function tensorLengths(sizes: readonly number[]): number[] {
  return sizes.slice(1).flatMap((fanOut, layer) => [sizes[layer] * fanOut, fanOut]);
}

/**
 * The step in the bytes of the word `diverged`; undefined if training has not diverged.
 * @param origin the origin when the word was read
 */
export function divergedStep(bytes: ArrayBuffer, origin: number): number | undefined {
  const [steps] = new Uint32Array(bytes);
  return steps === NOT_DIVERGED ? undefined : origin + steps;
}

/** @throws {NonFiniteError} if the bytes of the word `diverged` hold a step */
export function checkDiverged(bytes: ArrayBuffer, origin: number): void {
  const step = divergedStep(bytes, origin);
  if (step !== undefined) throw new Divergence(step);
}

/** Makes tensors with the shapes of a network's parameters, all zero, in one buffer. */
export function createLayers(memory: GpuMemory, kind: string, sizes: readonly number[]): LayerBuffers[] {
  const slices = memory.slices(kind, tensorLengths(sizes));
  return sizes.slice(1).map((_, layer) => ({ weights: slices[2 * layer], biases: slices[2 * layer + 1] }));
}

/** Makes the tensors of a network, all zero. */
export function createParameters(
  memory: GpuMemory,
  { sizes, activations, loss }: Pick<ParameterBuffers, 'sizes' | 'activations' | 'loss'>,
  momentCount: number,
): ParameterBuffers {
  return {
    sizes,
    activations,
    loss,
    parameters: createLayers(memory, 'parameters', sizes),
    moments: Array.from({ length: momentCount }, (_, m) => createLayers(memory, `moment ${m}`, sizes)),
    diverged: memory.upload('diverged', Uint32Array.of(NOT_DIVERGED)),
    origin: 0,
  };
}

/** Gives a network so many moments at least; new ones are 0. Allocates. */
export function addMoments(memory: GpuMemory, { sizes, moments }: ParameterBuffers, count: number): void {
  for (let m = moments.length; m < count; m++) moments.push(createLayers(memory, `moment ${m}`, sizes));
}

/** The moments that a rule uses. */
export function momentsFor({ rule }: Update, { moments }: ParameterBuffers): LayerBuffers[][] {
  return moments.slice(0, MOMENTS[rule]);
}

/** Replaces all values of a network; moments without values become 0. */
export function writeState(
  memory: GpuMemory,
  { parameters, moments, sizes }: ParameterBuffers,
  state: Pick<EngineState, 'parameters' | 'moments'>,
): void {
  writeLayers(memory, parameters, state.parameters);
  moments.forEach(
    (buffers, m) =>
      void writeLayers(memory, buffers, state.moments[m] ?? zeroLayers(sizes, memory.format.Float)),
  );
}

/** Layers of a network's shapes, all zero. */
export function zeroLayers(sizes: readonly number[], Float: FloatArrayConstructor): LayerParameters[] {
  return sizes.slice(1).map((fanOut, layer) => ({
    weights: new Float(sizes[layer] * fanOut),
    biases: new Float(fanOut),
  }));
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
