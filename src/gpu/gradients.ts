import type { LayerParameters } from '../data/initialization.ts';
import type { TrainingSetup } from '../options.ts';
import { encode, STEP_STRIDE } from './dispatch.ts';
import { backwardPass, createActivations, forwardPass, lossPass, updatePass } from './layered.ts';
import { allocating, type GpuMemory } from './memory.ts';
import { Operations } from './operations.ts';
import { createParameters, type ParameterBuffers } from './parameters.ts';
import { Readback } from './readback.ts';

/**
 * The gradient of the loss over all training data, L2 term included, from the very kernels that training runs. The
 * update by momentum leaves it in its velocity, v ← 0·v + g; with a learning rate of 0 it leaves the parameters alone.
 */
export async function gradients(
  memory: GpuMemory,
  network: ParameterBuffers,
  setup: TrainingSetup,
): Promise<LayerParameters[]> {
  const { device, format } = memory;
  const { data, sizes, l2 } = setup;
  const { steps, scratch, activations } = await allocating(device, 'the gradients', () => {
    const source = {
      inputs: memory.upload('inputs', data.inputs),
      labels: memory.upload('labels', data.labels),
    };
    return {
      // Zeros: a learning rate and a momentum of 0.
      steps: memory.uniforms('step', STEP_STRIDE),
      scratch: createParameters(memory, sizes, setup.parameters, 1),
      activations: createActivations(memory, 'gradient', sizes, data.count, source, true),
    };
  });
  const target = { ...scratch, parameters: network.parameters };
  const operations = new Operations(memory, steps);
  const dispatches = await Promise.all([
    forwardPass(operations, target, activations),
    lossPass(operations, target, activations),
    backwardPass(operations, target, activations),
    updatePass(operations, target, 'momentum', l2),
  ]);
  const encoder = device.createCommandEncoder({ label: 'gradients' });
  const pass = encoder.beginComputePass({ label: 'gradients' });
  encode(pass, dispatches.flat());
  pass.end();

  const lengths = setup.parameters.map(({ weights, biases }) => [weights.length, biases.length]);
  const readback = new Readback(memory, lengths.flat().reduce((sum, n) => sum + n) * format.words);
  scratch.moments[0].forEach(({ weights, biases }, layer) => {
    readback.copy(encoder, weights, lengths[layer][0] * format.words);
    readback.copy(encoder, biases, lengths[layer][1] * format.words);
  });
  device.queue.submit([encoder.finish()]);
  const values = (await readback.read()).map((bytes) => format.decode(bytes));
  return lengths.map((_, layer) => ({ weights: values[2 * layer], biases: values[2 * layer + 1] }));
}
