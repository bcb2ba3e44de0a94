import type { FloatArray } from '../data/dataset.ts';
import { encodeLots, inputLots } from './input-lots.ts';
import { forwardPass } from './layered.ts';
import { allocating, type GpuMemory } from './memory.ts';
import type { Operations } from './operations.ts';
import { checkDiverged, type ParameterBuffers } from './parameters.ts';
import { Readback } from './readback.ts';

/**
 * Every layer's outputs for rows of inputs, each rows × width, in lots; all with the parameters at the time they are queued.
 */
export async function activations(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  inputs: FloatArray,
): Promise<FloatArray[]> {
  const { device, format } = memory;
  const { sizes } = network;
  const widths = sizes.slice(1);
  // A buffer for each lot of each layer, so that none is larger than what is read from.
  const { lots, readbacks, flag } = await allocating(device, 'the activations', () => {
    const lots = inputLots(memory, sizes, inputs);
    const readbacks = lots.counts.map((count) =>
      widths.map((width) => new Readback(memory, count * width * format.words)),
    );
    return { lots, readbacks, flag: new Readback(memory, 1) };
  });
  const dispatches = await forwardPass(operations, network, lots);

  const encoder = device.createCommandEncoder({ label: 'activations' });
  encodeLots(encoder, 'activations', lots, dispatches, (count, lot) => {
    lots.outputs.forEach((outputs, layer) => {
      readbacks[lot][layer].copy(encoder, outputs, count * widths[layer] * format.words);
    });
  });
  flag.copy(encoder, network.diverged, 1);
  memory.submit(encoder);

  const Float = format.words === 1 ? Float32Array : Float64Array;
  const layers = widths.map((width) => new Float(lots.count * width));
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
