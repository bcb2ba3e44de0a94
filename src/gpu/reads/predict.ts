import { allocatingArrays, checkLength } from '../../limits.ts';
import type { FloatArray, Prediction } from '../../types.ts';
import type { Operations } from '../kernels/operations.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { encodeLots, inputLots } from '../network/input-lots.ts';
import { logitsPass } from '../network/logits.ts';
import { checkDiverged, type ParameterBuffers } from '../network/parameters.ts';
import { inPortions, type RowsRead } from '../network/portions.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/** Probabilities and classes of rows of inputs; all with the parameters at the time they are queued. */
export async function predict(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  inputs: FloatArray,
): Promise<Prediction> {
  const [features, ...widths] = network.sizes;
  const classes = widths[widths.length - 1];
  const count = inputs.length / features;
  const Float = memory.format.words === 1 ? Float32Array : Float64Array;
  checkLength('probabilities', count * classes, Float, 'Use fewer rows at a time.');
  const prediction = allocatingArrays('the prediction', () => ({
    probabilities: new Float(count * classes),
    labels: new Uint32Array(count),
  }));
  const words = classes * memory.format.words + 1;
  await inPortions({ memory, operations, network, inputs }, words, predictPortion, (part, start) => {
    prediction.probabilities.set(part.probabilities, start * classes);
    prediction.labels.set(part.labels, start);
  });
  return prediction;
}

/** The same, in lots. */
async function predictPortion({ memory, operations, network, inputs }: RowsRead): Promise<Prediction> {
  const { device, format } = memory;
  const { sizes } = network;
  const classes = sizes[sizes.length - 1];
  const { lots, probabilities, predicted } = await allocating(device, 'the inputs to predict', () => {
    const lots = inputLots(memory, sizes, inputs);
    return {
      lots,
      probabilities: memory.reals('probabilities', lots.rows * classes),
      predicted: memory.words('predicted', lots.rows),
    };
  });
  const { count, rows, outputs } = lots;
  const logits = outputs[outputs.length - 1];
  const dispatches = await Promise.all([
    logitsPass(memory, operations, network, lots),
    operations.softmaxProbabilities({ rows, classes }, { logits, probabilities, predicted }),
  ]);

  const readback = await Readback.create(memory, count * (classes * format.words + 1) + 1);
  const commands = new Commands(memory, 'predict');
  encodeLots(commands, lots, dispatches.flat(), (own) => {
    readback.copy(commands, probabilities, own * classes * format.words);
    readback.copy(commands, predicted, own);
  });
  readback.copy(commands, network.diverged, 1);
  await commands.submit();

  const Float = format.words === 1 ? Float32Array : Float64Array;
  const prediction = allocatingArrays('the prediction', () => ({
    probabilities: new Float(count * classes),
    labels: new Uint32Array(count),
  }));
  const results = await readback.read();
  checkDiverged(results.pop() as ArrayBuffer);
  results.forEach((bytes, i) => {
    const start = Math.floor(i / 2) * rows;
    if (i % 2 === 0) prediction.probabilities.set(format.decode(bytes), start * classes);
    else prediction.labels.set(new Uint32Array(bytes), start);
  });
  return prediction;
}
