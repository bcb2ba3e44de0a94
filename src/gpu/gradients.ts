import type { LayerParameters } from '../data/initialization.ts';
import type { TrainingSetup } from '../options.ts';
import type { PlanName } from '../types.ts';
import { createPlan, whyNot } from './choose-plan.ts';
import { uploadSource } from './evaluation.ts';
import { allocating, type GpuMemory } from './memory.ts';
import { Operations } from './operations.ts';
import { createParameters, type ParameterBuffers } from './parameters.ts';
import { Readback } from './readback.ts';
import { Schedule } from './schedule.ts';

/**
 * The gradient of the loss over all training data, L2 term included, from the very kernels that training runs. The
 * update by momentum leaves it in its velocity, v ← 0·v + g; with a learning rate of 0 it leaves the parameters alone.
 */
export async function gradients(
  memory: GpuMemory,
  network: ParameterBuffers,
  setup: TrainingSetup,
  plan: PlanName,
): Promise<LayerParameters[]> {
  const { device, format } = memory;
  const { data, sizes, parameters } = setup;
  const still: TrainingSetup = {
    ...setup,
    learningRate: 0,
    optimizer: { name: 'sgd', momentum: 0 },
    batchSize: data.count,
  };
  const { schedule, scratch, source } = await allocating(device, 'the gradients', () => ({
    schedule: new Schedule(memory, still),
    scratch: createParameters(memory, sizes, parameters, 1),
    source: uploadSource(memory, data),
  }));
  const operations = new Operations(memory, schedule.steps);
  const target = { ...scratch, parameters: network.parameters };
  const rule = 'momentum';
  const context = { memory, operations, network: target, schedule, setup: still, source, rule } as const;
  // A plan for mini-batches may not take all rows at once.
  const { encode } = await createPlan(context, whyNot(plan, context) ? 'layered' : plan);
  const encoder = device.createCommandEncoder({ label: 'gradients' });
  const pass = encoder.beginComputePass({ label: 'gradients' });
  encode(pass, 0, 0, 1, false);
  pass.end();
  schedule.write(0, 1);

  const lengths = parameters.map(({ weights, biases }) => [weights.length, biases.length]);
  const readback = new Readback(memory, lengths.flat().reduce((sum, n) => sum + n) * format.words);
  scratch.moments[0].forEach(({ weights, biases }, layer) => {
    readback.copy(encoder, weights, lengths[layer][0] * format.words);
    readback.copy(encoder, biases, lengths[layer][1] * format.words);
  });
  memory.submit(encoder);
  const values = (await readback.read()).map((bytes) => format.decode(bytes));
  return lengths.map((_, layer) => ({ weights: values[2 * layer], biases: values[2 * layer + 1] }));
}
