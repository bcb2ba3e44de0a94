import type { LayerParameters } from '../data/initialization.ts';
import type { TrainingSetup } from '../options.ts';
import type { PlanName } from '../types.ts';
import { candidates, whyNot } from './candidates.ts';
import type { GpuMemory } from './memory.ts';
import { createContext, type PlanContext } from './plan.ts';
import { Readback } from './readback.ts';

/**
 * The gradient of the loss over all training data, L2 term included, from the very kernels that training runs. The
 * update by momentum leaves it in its velocity, v ← 0·v + g; with a learning rate of 0 it leaves the parameters alone.
 */
export async function gradients(
  memory: GpuMemory,
  { setup, network, source }: PlanContext,
  plan: PlanName,
): Promise<LayerParameters[]> {
  const { device, format } = memory;
  const { data, parameters } = setup;
  const still: TrainingSetup = {
    ...setup,
    learningRate: 0,
    optimizer: { name: 'sgd', momentum: 0 },
    batchSize: data.count,
  };
  const own = await createContext(memory, still, { source, rule: 'momentum' });
  const context = { ...own, network: { ...own.network, parameters: network.parameters } };
  // A plan for mini-batches may not take all rows at once.
  const [candidate] = candidates(context, whyNot(plan, context) ? 'layered' : plan);
  const { encode } = await candidate.create(context);
  const encoder = device.createCommandEncoder({ label: 'gradients' });
  const pass = encoder.beginComputePass({ label: 'gradients' });
  encode(pass, 0, 0, 1, false);
  pass.end();
  context.schedule.write(0, 1);

  const lengths = parameters.map(({ weights, biases }) => [weights.length, biases.length]);
  const readback = new Readback(memory, lengths.flat().reduce((sum, n) => sum + n) * format.words);
  own.network.moments[0].forEach(({ weights, biases }, layer) => {
    readback.copy(encoder, weights, lengths[layer][0] * format.words);
    readback.copy(encoder, biases, lengths[layer][1] * format.words);
  });
  device.queue.submit([encoder.finish()]);
  const values = (await readback.read()).map((bytes) => format.decode(bytes));
  return lengths.map((_, layer) => ({ weights: values[2 * layer], biases: values[2 * layer + 1] }));
}
