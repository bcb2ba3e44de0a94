import type { FloatArray, LayerParameters } from '../../types.ts';
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
  const lengths = tensorLengths(network.sizes);
  const { format } = memory;
  let { origin } = network;
  const count = sets.length * lengths.reduce((sum, length) => sum + length);
  const readback = await Readback.create(memory, count * format.words + 1, (readback, own) => {
    const commands = new Commands(own, 'read parameters');
    readback.copy(commands, network.diverged, 1);
    origin = network.origin;
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
  checkDiverged(flag, origin);
  const values = tensors.map((bytes) => format.decode(bytes))[Symbol.iterator]();
  const next = () => values.next().value as FloatArray;
  return sets.map((layers) => layers.map(() => ({ weights: next(), biases: next() })));
}
