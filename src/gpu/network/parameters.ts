import { Divergence } from '../../engine.ts';
import type { FloatArray, LayerParameters } from '../../types.ts';
import { allocating, type GpuMemory, type Slice } from '../memory/memory.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

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
  /** `moments[m][layer]`: as many as the optimizer keeps. */
  moments: LayerBuffers[][];
  /** One word: the first step after which a parameter or moment was not finite, or {@link NOT_DIVERGED}. */
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

/**
 * A copy of a network's parameters as they are at some point of the queue from now on, without moments.
 * @param reached is called at that point
 */
export async function freezeParameters(
  memory: GpuMemory,
  network: ParameterBuffers,
  reached = () => {},
): Promise<ParameterBuffers> {
  const { sizes } = network;
  const copy = await allocating(memory.device, 'a copy of the parameters', () =>
    createParameters(memory, sizes, 0),
  );
  const commands = new Commands(memory, 'copy parameters');
  copyParameters(commands, network, copy);
  reached();
  await commands.submit();
  return copy;
}

/** Records a copy of the parameters, of as many moments as there are on both sides, and of the word `diverged`. */
export function copyParameters(commands: Commands, from: ParameterBuffers, to: ParameterBuffers): void {
  const [sources, targets] = [from, to].map(({ parameters, moments }) => [parameters, ...moments]);
  targets.slice(0, sources.length).forEach((layers, set) => {
    const { buffer } = layers[0].weights;
    commands.copy(sources[set][0].weights.buffer, 0, buffer, 0, buffer.size);
  });
  commands.copy(from.diverged, 0, to.diverged, 0, 4);
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

/**
 * Reads what sets of layers hold at this point of the queue.
 * @param reached is called at that point
 * @throws {NonFiniteError} if the network had diverged by then
 */
export async function readLayers(
  memory: GpuMemory,
  { sizes, diverged }: ParameterBuffers,
  sets: readonly LayerBuffers[][],
  reached = () => {},
): Promise<LayerParameters[][]> {
  const lengths = tensorLengths(sizes);
  const { format } = memory;
  const count = sets.length * lengths.reduce((sum, length) => sum + length);
  const readback = await Readback.create(memory, count * format.words + 1, (readback, own) => {
    const commands = new Commands(own, 'read parameters');
    readback.copy(commands, diverged, 1);
    for (const layers of sets) {
      layers.forEach(({ weights, biases }, layer) => {
        readback.copy(commands, weights, lengths[2 * layer] * format.words);
        readback.copy(commands, biases, lengths[2 * layer + 1] * format.words);
      });
    }
    reached();
    return commands.submit();
  });
  const [flag, ...tensors] = await readback.read();
  checkDiverged(flag);
  const values = tensors.map((bytes) => format.decode(bytes))[Symbol.iterator]();
  const next = () => values.next().value as FloatArray;
  return sets.map((layers) => layers.map(() => ({ weights: next(), biases: next() })));
}
