import { type Chunk, chunks } from '../../data/chunks.ts';
import type { GradientsAt } from '../../engine.ts';
import { allocatingArrays } from '../../limits.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import { SettingsRecord, type StepSettings } from '../../options/step-settings.ts';
import type { Dataset, PlanName } from '../../types.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { freezeParameters, readLayers } from '../network/parameter-copies.ts';
import { tensorLengths } from '../network/parameters.ts';
import { chunkRows, uploadSource } from '../network/rows.ts';
import { type ChoiceForRead, createPlan, whyNot } from '../plans/candidates.ts';
import { createContext, type PlanContext } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';

/** The network and the data of a gradient. */
type Subject = Pick<PlanContext, 'setup' | 'network' | 'source'>;

/**
 * The gradient of the loss over all training data, L2 term included. If a pass over all rows is
 * more than the device can hold, the gradient is the mean over chunks of rows, each weighted by its
 * share of the rows, in float64.
 */
export async function gradients(
  memory: GpuMemory,
  { setup, network, source }: Subject,
  wanted: PlanName,
  choiceForRead: ChoiceForRead,
): Promise<GradientsAt> {
  const { data, sizes } = setup;
  const width = Math.max(...sizes);
  if (!source.streamed && data.count * width * memory.format.bytes <= memory.largestBinding) {
    return gradientsOf(memory, { setup, network, source }, wanted, choiceForRead, () => setup.settings.now);
  }
  let settings = setup.settings.now;
  const frozen = await freezeParameters(memory, network, () => {
    settings = setup.settings.now;
  });
  const rows = chunkRows(memory, width, Number.POSITIVE_INFINITY);
  const mean = allocatingArrays('the gradients', () =>
    tensorLengths(sizes).map((length) => new Float64Array(length)),
  );
  let part: GradientsAt | undefined;
  for (const chunk of chunks(data.count, rows)) {
    const own = memory.apart();
    try {
      const some = rowsOf(data, chunk);
      const source = await allocating(memory.device, 'the rows', () => uploadSource(own, some));
      const subject = { setup: { ...setup, data: some }, network: frozen, source };
      part = await gradientsOf(own, subject, wanted, choiceForRead, () => settings);
      const tensors = part.gradients.flatMap(({ weights, biases }) => [weights, biases]);
      const share = chunk.count / data.count;
      tensors.forEach((values, tensor) => {
        for (let i = 0; i < values.length; i++) mean[tensor][i] += share * values[i];
      });
    } finally {
      own.destroy();
    }
  }
  const { Float } = memory.format;
  const gradients = network.parameters.map((_, layer) => ({
    weights: new Float(mean[2 * layer]),
    biases: new Float(mean[2 * layer + 1]),
  }));
  return { ...(part as GradientsAt), gradients };
}

function rowsOf({ inputs, labels, features, classes }: Dataset, { start, count }: Chunk): Dataset {
  const end = start + count;
  return {
    inputs: inputs.subarray(start * features, end * features),
    labels: labels.subarray(start, end),
    count,
    features,
    classes,
  };
}

/**
 * The gradient over rows that fit, by the kernels of training. An update by momentum leaves the
 * gradient in its velocity, v ← 0·v + g. The update changes a copy of the parameters, because a
 * gradient that is not finite spoils parameters even with a learning rate of 0.
 * @param now gives the settings at the moment when the parameters are copied
 */
async function gradientsOf(
  memory: GpuMemory,
  { setup, network, source }: Subject,
  wanted: PlanName,
  choiceForRead: ChoiceForRead,
  now: () => StepSettings,
): Promise<GradientsAt> {
  const settings = new SettingsRecord(now());
  const still: TrainingSetup = {
    ...setup,
    settings,
    optimizer: { name: 'sgd', momentum: 0 },
    batchSize: source.rows,
  };
  const context = await createContext(memory, still, { source, rule: 'momentum' });
  const { network: scratch, schedule } = context;
  // A plan for mini-batches may not take all rows at once.
  const taken = whyNot(wanted, context) ? 'layered' : wanted;
  const plan = await createPlan(context, choiceForRead(context, taken));
  const commands = new Commands(memory, 'gradients');
  const [from, to] = [network, scratch].map(({ parameters }) => parameters[0].weights.buffer);
  commands.copy(from, 0, to, 0, from.size);
  plan.encode(commands, 0, 0, 1, false);
  const { l2 } = now();
  settings.set(0, { l2, learningRate: 0 });
  schedule.write(0, 1);
  await commands.submit();
  const [parameters, gradients] = await readLayers(memory, network, [scratch.parameters, ...scratch.moments]);
  return { gradients, parameters, l2 };
}
