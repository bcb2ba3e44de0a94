import { answersOf, rowsOf, totalWeight } from '../../data/answers.ts';
import { chunks } from '../../data/chunks.ts';
import type { GradientsAt } from '../../engine.ts';
import { allocatingArrays } from '../../limits.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { Settings } from '../../options/step-settings.ts';
import type { AnyDataset, PlanName } from '../../types.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { freezeParameters, readLayers } from '../network/parameter-copies.ts';
import { tensorLengths } from '../network/parameters.ts';
import { chunkRows, uploadSource } from '../network/rows.ts';
import { type ChoiceForRead, createPlan, whyNot } from '../plans/candidates.ts';
import { createContext, type PlanContext, sameTerms, termsOf } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';

/** The network and the data of a gradient. */
type Subject = Pick<PlanContext, 'setup' | 'network' | 'source'>;

/**
 * The gradient of the loss over all training data, L2 term included. If a pass over all rows is
 * more than the device can hold, the gradient is the mean over chunks of rows, each weighted by its
 * share of the rows, or of their class weights, in float64.
 * @param now gives the settings of the next step
 */
export async function gradients(
  memory: GpuMemory,
  { setup, network, source }: Subject,
  wanted: PlanName,
  choiceForRead: ChoiceForRead,
  now: () => Settings,
): Promise<GradientsAt> {
  const { data, sizes } = setup;
  const width = Math.max(...sizes);
  if (!source.streamed && data.count * width * memory.format.bytes <= memory.largestBinding) {
    return gradientsOf(memory, { setup, network, source }, wanted, choiceForRead, now);
  }
  let settings = now();
  const frozen = await freezeParameters(memory, network, () => {
    settings = now();
  });
  const rows = chunkRows(memory, width, Number.POSITIVE_INFINITY);
  const mean = allocatingArrays('the gradients', () =>
    tensorLengths(sizes).map((length) => new Float64Array(length)),
  );
  let part: GradientsAt | undefined;
  for (const chunk of chunks(data.count, rows)) {
    const own = memory.apart();
    try {
      const some = rowsOf(data, chunk.start, chunk.count);
      const source = await allocating(memory.device, 'the rows', () => uploadSource(own, some));
      const subject = { setup: { ...setup, data: some }, network: frozen, source };
      part = await gradientsOf(own, subject, wanted, choiceForRead, () => settings);
      const tensors = part.gradients.flatMap(({ weights, biases }) => [weights, biases]);
      const { classWeights } = settings;
      const weigh = (rows: AnyDataset) => totalWeight(answersOf(rows), rows.count, classWeights);
      const share = weigh(some) / (weigh(data) || 1);
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
  now: () => Settings,
): Promise<GradientsAt> {
  const settings = setup.settings.fixed(gradientOnly(now()));
  const still: TrainingSetup = { ...setup, settings, batchSize: source.rows };
  const context = await createContext(memory, still, { source });
  const { network: scratch, schedule } = context;
  // A plan for mini-batches may not take all rows at once.
  const taken = whyNot(wanted, context) ? 'layered' : wanted;
  const plan = await createPlan(context, choiceForRead(context, taken));
  const present = now();
  // Settings that have changed meanwhile may need other kernels.
  if (!sameTerms(termsOf(gradientOnly(present)), context.terms)) {
    return gradientsOf(memory, { setup, network, source }, wanted, choiceForRead, now);
  }
  const commands = new Commands(memory, 'gradients');
  const [from, to] = [network, scratch].map(({ parameters }) => parameters[0].weights.buffer);
  commands.copy(from, 0, to, 0, from.size);
  plan.encode(commands, 0, 0, 1, false);
  settings.become(gradientOnly(present));
  schedule.write(0, 1);
  await commands.submit();
  const [parameters, gradients] = await readLayers(memory, network, [scratch.parameters, ...scratch.moments]);
  const { l2, l1, classWeights } = present;
  return { gradients, parameters, l2, l1, classWeights };
}

/** Settings with which a step changes no parameter, and the gradient becomes the velocity. */
function gradientOnly(settings: Settings): Settings {
  const optimizer = { name: 'sgd', momentum: 0, nesterov: false } as const;
  return { ...settings, learningRate: 0, weightDecay: 0, dropout: 0, optimizer, rule: 'momentum' };
}
