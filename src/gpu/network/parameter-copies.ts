import type { LayerParameters } from '../../types.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';
import {
  checkDiverged,
  createParameters,
  type LayerBuffers,
  type ParameterBuffers,
  tensorLengths,
} from './parameters.ts';

/**
 * Copies a network's parameters, without moments, at a later point of the queue.
 * @param reached is called at that point
 */
export async function freezeParameters(
  memory: GpuMemory,
  network: ParameterBuffers,
  reached = () => {},
): Promise<ParameterBuffers> {
  const copy = await allocating(memory.device, 'a copy of the parameters', () =>
    createParameters(memory, network, 0),
  );
  const commands = new Commands(memory, 'copy parameters');
  copyParameters(commands, network, copy);
  reached();
  await commands.submit();
  return copy;
}

/** Records a copy of the parameters, of the moments that both networks have, and of `diverged`. */
export function copyParameters(commands: Commands, from: ParameterBuffers, to: ParameterBuffers): void {
  const [sources, targets] = [from, to].map(({ parameters, moments }) => [parameters, ...moments]);
  targets.slice(0, sources.length).forEach((layers, set) => {
    const { buffer } = layers[0].weights;
    commands.copy(sources[set][0].weights.buffer, 0, buffer, 0, buffer.size);
  });
  commands.copy(from.diverged, 0, to.diverged, 0, 4);
  to.origin = from.origin;
}

/**
 * Reads the values of sets of layers at this point of the queue.
 * @param reached is called at that point
 * @throws {NonFiniteError} if the network has diverged by then
 */
export async function readLayers(
  memory: GpuMemory,
  network: ParameterBuffers,
  sets: readonly LayerBuffers[][],
  reached = () => {},
): Promise<LayerParameters[][]> {
  const words = sets.length * layerWords(memory, network.sizes) + 1;
  let { origin } = network;
  const readback = await Readback.create(memory, words, (readback, own) => {
    const commands = new Commands(own, 'read parameters');
    readback.copy(commands, network.diverged, 1);
    origin = network.origin;
    for (const layers of sets) copyLayers(memory, readback, commands, network.sizes, layers);
    reached();
    return commands.submit();
  });
  const [flag, ...tensors] = await readback.read();
  checkDiverged(flag, origin);
  return sets.map((_, set) =>
    decodeLayers(memory, network.sizes, tensors.slice((set * tensors.length) / sets.length)),
  );
}

/** The number of 32-bit words of a network's parameters. */
export function layerWords({ format }: GpuMemory, sizes: readonly number[]): number {
  return tensorLengths(sizes).reduce((sum, length) => sum + length) * format.words;
}

/** Records copies of layers, tensor by tensor. */
export function copyLayers(
  { format }: GpuMemory,
  readback: Readback,
  commands: Commands,
  sizes: readonly number[],
  layers: readonly LayerBuffers[],
): void {
  const lengths = tensorLengths(sizes);
  layers.forEach(({ weights, biases }, layer) => {
    readback.copy(commands, weights, lengths[2 * layer] * format.words);
    readback.copy(commands, biases, lengths[2 * layer + 1] * format.words);
  });
}

/** The layers in the first of these copies, which {@link copyLayers} has recorded. */
export function decodeLayers(
  { format }: GpuMemory,
  sizes: readonly number[],
  tensors: readonly ArrayBuffer[],
): LayerParameters[] {
  return sizes.slice(1).map((_, layer) => ({
    weights: format.decode(tensors[2 * layer]),
    biases: format.decode(tensors[2 * layer + 1]),
  }));
}
