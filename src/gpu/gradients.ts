import type { LayerParameters } from '../data/initialization.ts';
import type { TrainingSetup } from '../options.ts';
import type { PlanName } from '../types.ts';
import { candidates, whyNot } from './candidates.ts';
import type { GpuMemory } from './memory.ts';
import { readLayers } from './parameters.ts';
import { createContext, type PlanContext } from './plan.ts';

/**
 * The gradient of the loss over all training data, L2 term included, from the very kernels that training runs. The
 * update by momentum leaves it in its velocity, v ← 0·v + g. It works on a copy of the parameters, which a gradient that is
 * not finite would spoil even with a learning rate of 0.
 */
export async function gradients(
  memory: GpuMemory,
  { setup, network, source }: PlanContext,
  wanted: PlanName,
): Promise<LayerParameters[]> {
  const { device } = memory;
  const still: TrainingSetup = {
    ...setup,
    learningRate: 0,
    optimizer: { name: 'sgd', momentum: 0 },
    batchSize: source.rows,
  };
  const context = await createContext(memory, still, { source, rule: 'momentum' });
  const { network: scratch, schedule } = context;
  // A plan for mini-batches may not take all rows at once.
  const [candidate] = candidates(context, whyNot(wanted, context) ? 'layered' : wanted);
  const plan = await candidate.create(context);
  const encoder = device.createCommandEncoder({ label: 'gradients' });
  const [from, to] = [network, scratch].map(({ parameters }) => parameters[0].weights.buffer);
  encoder.copyBufferToBuffer(from, 0, to, 0, from.size);
  const pass = encoder.beginComputePass({ label: 'gradients' });
  plan.encode(pass, 0, 0, 1, false);
  pass.end();
  schedule.write(0, 1);
  const [layers] = await readLayers(memory, encoder, network, scratch.moments);
  return layers;
}
