import { argmax } from '../../data/answers.ts';
import { chunks } from '../../data/chunks.ts';
import type { Outputs } from '../../engine.ts';
import { allocatingArrays, checkLength } from '../../limits.ts';
import type { FloatArray } from '../../types.ts';
import { compiled, type Dispatch } from '../kernels/dispatch.ts';
import { softmax } from '../kernels/operations.ts';
import { allocating, type GpuMemory, type GpuTensor } from '../memory/memory.ts';
import type { Activations } from '../network/activations.ts';
import { logitsPassOf } from '../network/forward.ts';
import { freezeParameters } from '../network/parameter-copies.ts';
import { checkDiverged, type ParameterBuffers } from '../network/parameters.ts';
import { chunkRows } from '../network/rows.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/**
 * The probabilities, or for other losses the logits (rows×classes), and the classes of rows of inputs, all
 * by one step's parameters.
 */
export async function predict(
  memory: GpuMemory,
  network: ParameterBuffers,
  inputs: FloatArray,
): Promise<Outputs> {
  const { sizes, loss } = network;
  const { format } = memory;
  const classes = sizes[sizes.length - 1];
  const logitsPass = await logitsPassOf(network);
  const count = inputs.length / sizes[0];
  checkLength('the prediction', count * classes, format.Float, 'Use fewer rows at a time.');
  const prediction = allocatingArrays('the prediction', () => ({
    values: new format.Float(count * classes),
    labels: new Uint32Array(count),
  }));
  const probable = loss.name === 'cross-entropy';
  await readForward(
    memory,
    network,
    { what: 'the prediction', inputs, widths: [classes * format.words, ...(probable ? [1] : [])] },
    (network, chunk) => {
      const { rows, outputs } = chunk;
      const logits = outputs[outputs.length - 1];
      const dispatches = logitsPass(memory, network, chunk);
      if (!probable) return { dispatches, tensors: [logits] };
      const probabilities = memory.reals('probabilities', rows * classes);
      const predicted = memory.words('predicted', rows);
      const last = softmax(memory, { rows, classes }, { logits, probabilities, predicted });
      return { dispatches: [...dispatches, last], tensors: [probabilities, predicted] };
    },
    ([bytes, labels], start) => {
      const values = format.decode(bytes);
      prediction.values.set(values, start * classes);
      if (labels) prediction.labels.set(new Uint32Array(labels), start);
      else {
        const rows = values.length / classes;
        for (let i = 0; i < rows; i++) prediction.labels[start + i] = argmax(values, i * classes, classes);
      }
    },
  );
  return prediction;
}

/** Every layer's outputs (rows×width) for rows of inputs, all by one step's parameters. */
export async function activations(
  memory: GpuMemory,
  network: ParameterBuffers,
  inputs: FloatArray,
): Promise<FloatArray[]> {
  const [features, ...widths] = network.sizes;
  const { format } = memory;
  const count = inputs.length / features;
  widths.forEach((width, layer) => {
    checkLength(`outputs ${layer}`, count * width, format.Float, 'Use fewer rows at a time.');
  });
  const layers = allocatingArrays('the activations', () =>
    widths.map((width) => new format.Float(count * width)),
  );
  const { forwardPass } = await import('../network/layers.ts');
  await readForward(
    memory,
    network,
    { what: 'the activations', inputs, widths: widths.map((width) => width * format.words) },
    (network, chunk) => ({
      dispatches: forwardPass(memory, network, chunk),
      tensors: chunk.outputs,
    }),
    (outputs, start) => {
      outputs.forEach((bytes, layer) => void layers[layer].set(format.decode(bytes), start * widths[layer]));
    },
  );
  return layers;
}

/** A forward pass over a chunk, and the tensors that are read after it. */
interface ForwardRead {
  dispatches: Dispatch[];
  tensors: readonly GpuTensor[];
}

/**
 * Reads the results of a forward pass for all rows, chunk by chunk. If the device cannot hold
 * inputs or results in one buffer, rows are streamed, and the pass uses a copy of the parameters.
 * @param read `widths`: 32-bit words in a row of each tensor
 * @param create makes the pass, within {@link allocating}
 * @param collect takes the bytes of each tensor, and the number of their first row
 */
async function readForward(
  memory: GpuMemory,
  network: ParameterBuffers,
  { what, inputs, widths }: { what: string; inputs: FloatArray; widths: readonly number[] },
  create: (network: ParameterBuffers, chunk: Pick<Activations, 'rows' | 'inputs' | 'outputs'>) => ForwardRead,
  collect: (bytes: ArrayBuffer[], start: number) => void,
): Promise<void> {
  const { device, format } = memory;
  const { sizes } = network;
  const [features] = sizes;
  const rowBytes = features * format.bytes;
  const words = widths.reduce((sum, width) => sum + width);
  const count = inputs.length / features;
  const most = Math.min(
    Math.floor(memory.largestBinding / rowBytes),
    Math.floor((device.limits.maxBufferSize - 4) / (4 * words)),
  );
  const streamed = count > most;
  const widest = Math.max(features, words / format.words);
  const portion = streamed ? Math.min(most, chunkRows(memory, widest, most)) : count;
  const rows = Math.min(portion, chunkRows(memory, Math.max(...sizes)));
  const own = streamed ? await freezeParameters(memory, network) : network;
  const { all, chunk, dispatches, tensors } = await allocating(device, what, () => {
    const all = memory.reals('inputs', portion * features);
    const chunk = {
      rows,
      inputs: memory.reals('chunk inputs', rows * features),
      outputs: sizes.slice(1).map((width, layer) => memory.reals(`chunk outputs ${layer}`, rows * width)),
    };
    return { all, chunk, ...create(own, chunk) };
  });
  await compiled(dispatches);
  for (const { start, count: length } of chunks(count, portion)) {
    await allocating(device, what, () => {
      memory.write(all, inputs.subarray(start * features, (start + length) * features));
    });
    const parts = chunks(length, rows);
    const readback = await Readback.create(memory, length * words + 1);
    const commands = new Commands(memory, what);
    for (const part of parts) {
      commands.copy(all, part.start * rowBytes, chunk.inputs, 0, part.count * rowBytes);
      commands.dispatch(dispatches);
      tensors.forEach((tensor, i) => void readback.copy(commands, tensor, part.count * widths[i]));
    }
    readback.copy(commands, own.diverged, 1);
    const { origin } = own;
    await commands.submit();
    const results = await readback.read();
    checkDiverged(results.pop() as ArrayBuffer, origin);
    parts.forEach((part, i) => {
      collect(results.slice(i * tensors.length, (i + 1) * tensors.length), start + part.start);
    });
  }
}
