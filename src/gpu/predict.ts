import type { FloatArray } from '../data/dataset.ts';
import type { Prediction } from '../types.ts';
import { encode } from './dispatch.ts';
import { EVALUATION_ROWS } from './evaluation.ts';
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
  const [features, classes] = [sizes[0], sizes[sizes.length - 1]];
  const rows = inputs.length / features;
  const lot = Math.min(rows, EVALUATION_ROWS);
  const buffers = await allocating(device, 'the inputs to predict', () => ({
    all: memory.upload('inputs', inputs),
    inputs: memory.reals('lot inputs', lot * features),
    outputs: sizes.slice(1).map((width, layer) => memory.reals(`lot outputs ${layer}`, lot * width)),
    probabilities: memory.reals('probabilities', lot * classes),
    predicted: memory.words('predicted', lot),
    readback: new Readback(memory, rows * (classes * format.words + 1) + 1),
  }));
  const { all, outputs, probabilities, predicted, readback } = buffers;
  const logits = outputs[outputs.length - 1];
  const dispatches = await Promise.all([
    logitsPass(memory, operations, network, { rows: lot, inputs: buffers.inputs, outputs }),
    operations.softmaxProbabilities({ rows: lot, classes }, { logits, probabilities, predicted }),
  ]);

  const encoder = device.createCommandEncoder({ label: 'predict' });
  for (let start = 0; start < rows; start += lot) {
    const count = Math.min(lot, rows - start);
    const rowBytes = features * format.bytes;
    const bytes = count * rowBytes;
    encoder.copyBufferToBuffer(all, start * rowBytes, buffers.inputs, 0, bytes);
    const pass = encoder.beginComputePass({ label: 'predict' });
    encode(pass, dispatches.flat());
    pass.end();
    readback.copy(encoder, probabilities, count * classes * format.words);
    readback.copy(encoder, predicted, count);
  }
  readback.copy(encoder, network.diverged, 1);
  memory.submit(encoder);

  const Float = format.words === 1 ? Float32Array : Float64Array;
  const prediction = { probabilities: new Float(rows * classes), labels: new Uint32Array(rows) };
  const results = await readback.read();
  checkDiverged(results.pop() as ArrayBuffer);
  results.forEach((bytes, i) => {
    const start = Math.floor(i / 2) * lot;
    if (i % 2 === 0) prediction.probabilities.set(format.decode(bytes), start * classes);
    else prediction.labels.set(new Uint32Array(bytes), start);
  });
  return prediction;
}
