import { allocatingArrays, checkLength } from '../../limits.ts';
import type { FloatArray } from '../../types.ts';
import type { Operations } from '../kernels/operations.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { encodeLots, inputLots } from '../network/input-lots.ts';
import { forwardPass } from '../network/layered.ts';
import { checkDiverged, type ParameterBuffers } from '../network/parameters.ts';
import { inPortions, type RowsRead } from '../network/portions.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/** Every layer's outputs for rows of inputs, each rows × width; all with the parameters at the time they are queued. */
export async function activations(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  inputs: FloatArray,
): Promise<FloatArray[]> {
  const [features, ...widths] = network.sizes;
  const count = inputs.length / features;
  const Float = memory.format.words === 1 ? Float32Array : Float64Array;
  widths.forEach((width, layer) => {
    checkLength(`outputs ${layer}`, count * width, Float, 'Use fewer rows at a time.');
  });
  const layers = allocatingArrays('the activations', () => widths.map((width) => new Float(count * width)));
  const words = widths.reduce((sum, width) => sum + width) * memory.format.words;
  await inPortions({ memory, operations, network, inputs }, words, activationsOfPortion, (part, start) => {
    layers.forEach((values, layer) => void values.set(part[layer], start * widths[layer]));
  });
  return layers;
}

/** The same, in lots. */
async function activationsOfPortion({
  memory,
  operations,
  network,
  inputs,
}: RowsRead): Promise<FloatArray[]> {
  const { device, format } = memory;
  const { sizes } = network;
  const widths = sizes.slice(1);
  // A buffer for each lot of each layer, so that none is larger than what is read from.
  const { lots, readbacks, flag } = await allocating(device, 'the activations', () => {
    const lots = inputLots(memory, sizes, inputs);
    const readback = (words: number) => new Readback(memory, memory.staging('readback', words * 4));
    const readbacks = lots.counts.map((count) =>
      widths.map((width) => readback(count * width * format.words)),
    );
    return { lots, readbacks, flag: readback(1) };
  });
  const dispatches = await forwardPass(operations, network, lots);

  const commands = new Commands(memory, 'activations');
  encodeLots(commands, lots, dispatches, (count, lot) => {
    lots.outputs.forEach((outputs, layer) => {
      readbacks[lot][layer].copy(commands, outputs, count * widths[layer] * format.words);
    });
  });
  flag.copy(commands, network.diverged, 1);
  await commands.submit();

  const Float = format.words === 1 ? Float32Array : Float64Array;
  const layers = allocatingArrays('the activations', () =>
    widths.map((width) => new Float(lots.count * width)),
  );
  const parts = readbacks.flatMap((own, lot) =>
    own.map(async (readback, layer) => {
      const [bytes] = await readback.read();
      layers[layer].set(format.decode(bytes), lot * lots.rows * widths[layer]);
    }),
  );
  const [[diverged]] = await Promise.all([flag.read(), ...parts]);
  checkDiverged(diverged);
  return layers;
}
