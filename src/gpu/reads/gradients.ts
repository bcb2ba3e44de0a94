import { allocatingArrays } from '../../limits.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { Dataset, LayerParameters, PlanName } from '../../types.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { uploadSource } from '../network/evaluation.ts';
import { tensorLengths } from '../network/fit.ts';
import { readLayers, snapshot } from '../network/parameters.ts';
import { windowRows } from '../network/row-window.ts';
import { choicesFor, createPlan, whyNot } from '../plans/candidates.ts';
import { createContext, type PlanContext } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';

/** What gradients are of. */
type Subject = Pick<PlanContext, 'setup' | 'network' | 'source'>;

/**
 * The gradient of the loss over all training data, L2 term included. Where a pass over all rows at once is more than the
 * device can hold, it is the mean of the gradients over lots of rows, each with its share, taken in float64.
 */
export async function gradients(
  memory: GpuMemory,
  { setup, network, source }: Subject,
  wanted: PlanName,
): Promise<LayerParameters[]> {
  const { data, sizes } = setup;
  const rowBytes = Math.max(...sizes) * memory.format.bytes;
  if (!source.host && data.count * rowBytes <= memory.largestBinding) {
    return gradientsOf(memory, { setup, network, source }, wanted);
  }
  const held = await snapshot(memory, network);
  const rows = windowRows(memory, rowBytes);
  const mean = allocatingArrays('the gradients', () =>
    tensorLengths(sizes).map((length) => new Float64Array(length)),
  );
  for (let start = 0; start < data.count; start += rows) {
    const own = memory.apart();
    try {
      const lot = rowsOf(data, start, Math.min(start + rows, data.count));
      const source = await allocating(memory.device, 'the rows', () => uploadSource(own, lot));
      const part = await gradientsOf(own, { setup: { ...setup, data: lot }, network: held, source }, wanted);
      const tensors = part.flatMap(({ weights, biases }) => [weights, biases]);
      const share = lot.count / data.count;
      tensors.forEach((values, tensor) => {
        for (let i = 0; i < values.length; i++) mean[tensor][i] += share * values[i];
      });
    } finally {
      own.destroy();
    }
  }
  const Float = memory.format.words === 1 ? Float32Array : Float64Array;
  return network.parameters.map((_, layer) => ({
    weights: new Float(mean[2 * layer]),
    biases: new Float(mean[2 * layer + 1]),
  }));
}

function rowsOf({ inputs, labels, features, classes }: Dataset, start: number, end: number): Dataset {
  return {
    inputs: inputs.subarray(start * features, end * features),
    labels: labels.subarray(start, end),
    count: end - start,
    features,
    classes,
  };
}

/**
 * The same over rows that fit, from the very kernels that training runs. The update by momentum leaves it in its velocity,
 * v ← 0·v + g. It works on a copy of the parameters, which a gradient that is not finite would spoil even with a learning rate
 * of 0.
 */
async function gradientsOf(
  memory: GpuMemory,
  { setup, network, source }: Subject,
  wanted: PlanName,
): Promise<LayerParameters[]> {
  const still: TrainingSetup = {
    ...setup,
    learningRate: 0,
    optimizer: { name: 'sgd', momentum: 0 },
    batchSize: source.rows,
  };
  const context = await createContext(memory, still, { source, rule: 'momentum' });
  const { network: scratch, schedule } = context;
  // A plan for mini-batches may not take all rows at once.
  const { list } = choicesFor(context, whyNot(wanted, context) ? 'layered' : wanted);
  const plan = await createPlan(context, list[0]);
  const commands = new Commands(memory, 'gradients');
  const [from, to] = [network, scratch].map(({ parameters }) => parameters[0].weights.buffer);
  commands.copy(from, 0, to, 0, from.size);
  plan.encode(commands, 0, 0, 1, false);
  schedule.write(0, 1);
  await commands.submit();
  const [layers] = await readLayers(memory, network, scratch.moments);
  return layers;
}
