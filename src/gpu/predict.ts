import type { FloatArray } from '../data/dataset.ts';
import type { Prediction } from '../types.ts';
import { encodeLots, inputLots } from './input-lots.ts';
import { logitsPass } from './logits.ts';
import { allocating, type GpuMemory } from './memory.ts';
import type { Operations } from './operations.ts';
import { checkDiverged, type ParameterBuffers } from './parameters.ts';
import { Readback } from './readback.ts';

/** Probabilities and classes of rows of inputs, in lots; all with the parameters at the time they are queued. */
export async function predict(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  inputs: FloatArray,
): Promise<Prediction> {
  const { device, format } = memory;
  const { sizes } = network;
  const classes = sizes[sizes.length - 1];
  const { lots, probabilities, predicted, readback } = await allocating(
    device,
    'the inputs to predict',
    () => {
      const lots = inputLots(memory, sizes, inputs);
      return {
        lots,
        probabilities: memory.reals('probabilities', lots.rows * classes),
        predicted: memory.words('predicted', lots.rows),
        readback: new Readback(memory, lots.count * (classes * format.words + 1) + 1),
      };
    },
  );
  const { count, rows, outputs } = lots;
  const logits = outputs[outputs.length - 1];
  const dispatches = await Promise.all([
    logitsPass(memory, operations, network, lots),
    operations.softmaxProbabilities({ rows, classes }, { logits, probabilities, predicted }),
  ]);

  const encoder = device.createCommandEncoder({ label: 'predict' });
  encodeLots(encoder, 'predict', lots, dispatches.flat(), (own) => {
    readback.copy(encoder, probabilities, own * classes * format.words);
    readback.copy(encoder, predicted, own);
  });
  readback.copy(encoder, network.diverged, 1);
  memory.submit(encoder);

  const Float = format.words === 1 ? Float32Array : Float64Array;
  const prediction = { probabilities: new Float(count * classes), labels: new Uint32Array(count) };
  const results = await readback.read();
  checkDiverged(results.pop() as ArrayBuffer);
  results.forEach((bytes, i) => {
    const start = Math.floor(i / 2) * rows;
    if (i % 2 === 0) prediction.probabilities.set(format.decode(bytes), start * classes);
    else prediction.labels.set(new Uint32Array(bytes), start);
  });
  return prediction;
}
