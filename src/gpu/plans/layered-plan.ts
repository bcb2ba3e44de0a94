import { computing, type Dispatch, STEP_STRIDE } from '../kernels/dispatch.ts';
import { allocating } from '../memory/memory.ts';
import { backwardPass, parameterUpdates, updatePass, updatingBackwardPass } from '../network/backward.ts';
import { Evaluation } from '../network/evaluation.ts';
import { type Activations, createActivations, forwardPass, lossPass } from '../network/layered.ts';
import { createLayers, type LayerBuffers } from '../network/parameters.ts';
import type { Plan, PlanContext } from './plan.ts';

/** One step over a batch of a certain length, as lists of dispatches. */
export interface BatchPasses {
  /** Fetches the batch's rows, then everything up to the loss and its gradient on the logits. */
  forward: Dispatch[];
  /** All other gradients, and the updates. */
  backward: Dispatch[];
}

/** What a step leaves on its way to the update. */
export interface StepBuffers {
  activations: Activations;
  /** Of weights and biases, where they are stored. */
  gradients?: LayerBuffers[];
}

/** Makes them, for batches of up to `batchSize` rows. */
export function createStepBuffers(
  { memory, schedule, setup, source }: PlanContext,
  name: 'layered' | 'fused',
): Promise<StepBuffers> {
  const { data, sizes, batchSize } = setup;
  return allocating(memory.device, 'the activations', () => {
    const batch = schedule.order
      ? {
          inputs: memory.reals('batch inputs', batchSize * data.features),
          labels: memory.words('batch labels', batchSize),
        }
      : source;
    return {
      activations: createActivations(memory, 'training', sizes, batchSize, batch, true),
      ...(name === 'layered' && { gradients: createLayers(memory, 'gradients', sizes) }),
    };
  });
}

/** A step over `rows` rows, with an update apart where gradients are stored. */
export async function createPasses(
  { operations, network, schedule, setup, rule, source }: PlanContext,
  { activations, gradients }: StepBuffers,
  rows: number,
): Promise<BatchPasses> {
  const { order } = schedule;
  const batch: Activations = { ...activations, rows };
  const updates = parameterUpdates(network, rule, setup.l2);
  const fetchBatch = async (order: GPUBuffer) => {
    const shape = { rows, features: setup.data.features };
    return computing(['batch'], [await operations.gather(shape, { ...source, order }, batch)]);
  };
  const passes = await Promise.all([
    order ? fetchBatch(order) : [],
    forwardPass(operations, network, batch),
    lossPass(operations, network, batch),
    gradients
      ? backwardPass(operations, network, batch, gradients)
      : updatingBackwardPass(operations, network, batch, updates),
    gradients ? updatePass(operations, network, gradients, updates) : [],
  ]);
  return { forward: passes.slice(0, 3).flat(), backward: passes.slice(3).flat() };
}

/**
 * The plans that go through a network of any shape layer by layer. `layered`: the notes line by line, a dispatch each.
 * `fused`: the same sums in the same order with the ReLU mask and the updates at the end of the products and sums that they
 * follow, so that no gradient of a parameter is stored.
 */
export async function createLayeredPlan(context: PlanContext, name: 'layered' | 'fused'): Promise<Plan> {
  const { memory, operations, network, schedule, setup, source } = context;
  const { data, batchSize } = setup;
  const buffers = await createStepBuffers(context, name);
  const lengths = new Set([batchSize, data.count % batchSize || batchSize]);
  const batches = new Map(
    await Promise.all(
      Array.from(lengths, async (rows) => [rows, await createPasses(context, buffers, rows)] as const),
    ),
  );
  // Where every step sees all rows, its forward pass is the evaluation's too.
  const whole = schedule.order ? undefined : batches.get(data.count);
  const evaluation = await Evaluation.create(
    memory,
    operations,
    network,
    source,
    whole && { activations: buffers.activations, dispatches: whole.forward },
  );
  const { forward, backward } = batches.get(batchSize) as BatchPasses;
  return {
    name,
    evaluation,
    dispatches: [...forward, ...backward],
    stepsPerDispatch: 1,
    encode(commands, first, slot, count, evaluated) {
      for (let i = 0; i < count; i++) {
        const { forward, backward } = batches.get(schedule.rows(first + i)) as BatchPasses;
        const offset = (slot + i) * STEP_STRIDE;
        if (!(i === 0 && evaluated && whole)) commands.dispatch(forward, offset);
        commands.dispatch(backward, offset);
      }
    },
  };
}
