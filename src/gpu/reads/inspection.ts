import { stepOperations } from '../../step-operations.ts';
import { stepTensors } from '../../step-tensors.ts';
import type { PlanName, Tensor, TensorShape } from '../../types.ts';
import { compiled, type Dispatch } from '../kernels/dispatch.ts';
import { softmax as createSoftmax } from '../kernels/operations.ts';
import { allocating, type GpuMemory, type GpuTensor } from '../memory/memory.ts';
import { whyNotNarrow } from '../network/narrow.ts';
import { copyParameters } from '../network/parameter-copies.ts';
import { checkDiverged, type ParameterBuffers } from '../network/parameters.ts';
import { type ChoiceForRead, createPlan } from '../plans/candidates.ts';
import { createStep, createStepBuffers, type StepBuffers } from '../plans/layered.ts';
import { createContext, type PlanContext, sameTerms, termsOf } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/** The tensors of a step on the device. */
interface Buffers extends StepBuffers {
  /** The parameters before the update. */
  network: ParameterBuffers;
  /** The parameters after the update. */
  updated: ParameterBuffers;
  probabilities: GPUBuffer | undefined;
}

/**
 * All tensors of the next step, computed in memory apart from training and on copies of parameters
 * and moments. The tensors up to the gradients come from the plan `layered`, and the results of the
 * update from the plan that trains. If both plans add in the same order, one step gives all
 * tensors.
 * @param wanted the plan that trains
 * @param now gives the step at which the parameters are copied, and the seed of the mini-batches
 * @throws {NonFiniteError} if training has diverged
 */
export async function inspect(
  memory: GpuMemory,
  subject: PlanContext,
  wanted: PlanName,
  choiceForRead: ChoiceForRead,
  now: () => [step: number, seed: number],
): Promise<Tensor[]> {
  const { setup: training, network, source } = subject;
  const settings = training.settings.fixed(training.settings.from(now()[0]));
  const setup = { ...training, settings };
  const context = await createContext(memory, setup, { source, steps: 1 });
  const narrow = wanted !== 'layered' && whyNotNarrow(setup) === undefined;
  const updating = narrow ? await createContext(memory, setup, { source, steps: 1 }) : context;
  const contexts = new Set([context, updating]);
  const [step, seed] = now();
  settings.become(training.settings.at(step));
  // Settings that have changed meanwhile may need other kernels.
  if (!sameTerms(termsOf(settings.now), context.terms)) {
    return inspect(memory, subject, wanted, choiceForRead, now);
  }
  const copying = new Commands(memory, 'inspect');
  for (const { network: copy } of contexts) copyParameters(copying, network, copy);
  await copying.submit();
  for (const { schedule } of contexts) schedule.reseed(seed);

  const rows = context.schedule.rows(step);
  const shapes = stepTensors({ ...setup, batchSize: rows });
  const readbacks = await readbacksFor(memory, shapes.values());
  const flag = await Readback.create(memory, 1);
  const { buffers, dispatches, softmax } = await allocating(memory.device, 'the step to inspect', () => {
    const stored = createStepBuffers(context, 'layered');
    const { loss, update } = createStep(context, stored, rows);
    const networks = { network: context.network, updated: updating.network };
    // No kernel of training stores probabilities.
    const { probabilities, softmax } = shapes.has('probabilities')
      ? probabilitiesFrom(context, stored, rows)
      : { softmax: [] };
    return { buffers: { ...stored, ...networks, probabilities }, dispatches: [...loss, ...update], softmax };
  });
  const [plan] = await Promise.all([
    narrow ? createPlan(updating, choiceForRead(updating, wanted)) : undefined,
    compiled([...dispatches, ...softmax]),
  ]);

  const commands = new Commands(memory, 'inspect');
  const read = (name: string) => {
    const { shape, readback, words } = readbacks.get(name) as TensorReadback;
    readback.copy(commands, bufferOf(shape, buffers), words);
  };
  flag.copy(commands, context.network.diverged, 1);
  const overwritten = new Set<string>();
  for (const { name, phase, writes } of stepOperations(setup)) {
    for (const { replaces } of writes.flatMap((written) => shapes.get(written) ?? [])) {
      if (replaces === undefined) continue;
      read(replaces);
      overwritten.add(replaces);
    }
    if (phase === 'update' && plan) continue;
    commands.dispatch(dispatches.filter(({ computes }) => computes.includes(name)));
  }
  commands.dispatch(softmax);
  plan?.encode(commands, step, 0, 1, false);
  for (const name of shapes.keys()) if (!overwritten.has(name)) read(name);
  // The plan has already set the number of steps of its dispatches in the schedule.
  for (const { schedule } of contexts)
    await allocating(memory.device, 'the rows of a step', () => schedule.write(step, 1));
  await commands.submit();

  checkDiverged((await flag.read())[0], context.network.origin);
  return Promise.all(
    Array.from(readbacks.values(), async ({ shape, readback }) => {
      const [bytes] = await readback.read();
      const values = shape.kind === 'labels' ? new Uint32Array(bytes) : memory.format.decode(bytes);
      return { ...shape, values };
    }),
  );
}

function probabilitiesFrom(
  { memory, setup }: PlanContext,
  { activations }: StepBuffers,
  rows: number,
): { probabilities: GPUBuffer; softmax: Dispatch[] } {
  const classes = setup.sizes[setup.sizes.length - 1];
  const probabilities = memory.reals('probabilities', rows * classes);
  const predicted = memory.words('predicted', rows);
  const logits = activations.outputs[activations.outputs.length - 1];
  const shape = { rows, classes };
  return { probabilities, softmax: [createSoftmax(memory, shape, { logits, probabilities, predicted })] };
}

interface TensorReadback {
  shape: TensorShape;
  readback: Readback;
  /** The number of 32-bit words to read. */
  words: number;
}

async function readbacksFor(
  memory: GpuMemory,
  shapes: Iterable<TensorShape>,
): Promise<ReadonlyMap<string, TensorReadback>> {
  const entries = Array.from(shapes, async (shape) => {
    const count = shape.shape.reduce((product, size) => product * size, 1);
    const words = shape.kind === 'labels' ? count : count * memory.format.words;
    return [shape.name, { shape, words, readback: await Readback.create(memory, words) }] as const;
  });
  return new Map(await Promise.all(entries));
}

/** The buffer of a tensor, until another tensor replaces its contents. */
function bufferOf({ kind, role, layer = 0, moment = 0, replaces }: TensorShape, buffers: Buffers): GpuTensor {
  const { activations, gradients = [] } = buffers;
  const network = replaces === undefined ? buffers.network : buffers.updated;
  const layers =
    role === 'gradient' ? gradients : role === 'moment' ? network.moments[moment] : network.parameters;
  switch (kind) {
    case 'inputs':
    case 'losses':
      return activations[kind];
    case 'labels':
    case 'targets':
      return activations.answers;
    case 'outputs':
      return (role === 'gradient' ? activations.dOutputs : activations.outputs)[layer];
    case 'probabilities':
      return buffers.probabilities as GPUBuffer;
    case 'weights':
    case 'biases':
      return layers[layer][kind];
  }
}
