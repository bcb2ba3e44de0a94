import { compiled, type Dispatch, STEP_STRIDE } from '../kernels/dispatch.ts';
import { allocating } from '../memory/memory.ts';
import { Evaluation } from '../network/evaluation.ts';
import { createLayers, type LayerBuffers } from '../network/parameters.ts';
import {
  type Activations,
  backwardPass,
  batchPass,
  createActivations,
  forwardPass,
  lossPass,
  parameterUpdates,
  updatePass,
  updatingBackwardPass,
} from '../network/passes.ts';
import type { Plan, PlanContext } from './plan.ts';

/** One step over a batch of a certain length, as lists of dispatches. */
export interface Step {
  /** Everything up to the loss and its gradient on the logits. */
  loss: Dispatch[];
  /** All other gradients, and the updates. */
  update: Dispatch[];
}

/**
 * The plans that go through a network of any shape layer by layer. `layered`: the notes line by line, a dispatch each.
 * `fused`: the same sums in the same order with the ReLU mask and the updates at the end of the products and sums that they
 * follow, so that no gradient of a parameter is stored.
 */
export async function createLayeredPlan(context: PlanContext, name: 'layered' | 'fused'): Promise<Plan> {
  const { memory, setup } = context;
  const { steps, evaluation } = await allocating(memory.device, `the plan '${name}'`, () =>
    createSteps(context, name),
  );
  const dispatches = Array.from(steps.values(), ({ loss, update }) => [...loss, ...update]).flat();
  await compiled([...dispatches, ...evaluation.dispatches]);
  const stepOf = (rows: number) => steps.get(rows) as Step;
  const whole = stepOf(setup.batchSize);
  return {
    name,
    evaluation,
    dispatches: [...whole.loss, ...whole.update],
    stepsPerDispatch: 1,
    encode(commands, first, slot, count, evaluated) {
      for (let i = 0; i < count; i++) {
        const { loss, update } = stepOf(context.schedule.rows(first + i));
        const offset = (slot + i) * STEP_STRIDE;
        // Where every step sees all rows, the evaluation has computed the loss.
        const known = i === 0 && evaluated && !context.schedule.order;
        if (!known) commands.dispatch(loss, offset);
        commands.dispatch(update, offset);
      }
    },
  };
}

/** What a step leaves on its way to the update. */
export interface StepBuffers {
  activations: Activations;
  /** Of weights and biases, where they are stored. */
  gradients?: LayerBuffers[];
}

/** Makes them, for batches of up to `batchSize` rows. Allocates, within {@link allocating}. */
export function createStepBuffers(
  { memory, schedule, setup, source }: PlanContext,
  name: 'layered' | 'fused',
): StepBuffers {
  const { data, sizes, batchSize } = setup;
  const rows = schedule.order
    ? {
        inputs: memory.reals('batch inputs', batchSize * data.features),
        labels: memory.words('batch labels', batchSize),
      }
    : source;
  return {
    activations: createActivations(memory, 'training', sizes, batchSize, rows, true),
    ...(name === 'layered' && { gradients: createLayers(memory, 'gradients', sizes) }),
  };
}

/** A step over `rows` rows: forward, loss, backward, update. Allocates, within {@link allocating}. */
export function createStep(context: PlanContext, buffers: StepBuffers, rows: number): Step {
  const { operations, network, schedule, rule, source } = context;
  const { order } = schedule;
  const { gradients } = buffers;
  const batch: Activations = { ...buffers.activations, rows };
  const updates = parameterUpdates(network, rule);
  return {
    loss: [
      ...(order ? batchPass(operations, network, batch, source, order) : []),
      ...forwardPass(operations, network, batch),
      ...lossPass(operations, network, batch),
    ],
    update: gradients
      ? [
          ...backwardPass(operations, network, batch, gradients),
          ...updatePass(operations, network, gradients, updates),
        ]
      : updatingBackwardPass(operations, network, batch, updates),
  };
}

/** The dispatches of a step for each length of a batch, and the evaluation. */
function createSteps(context: PlanContext, name: 'layered' | 'fused') {
  const { memory, operations, network, schedule, setup, source } = context;
  const { data, batchSize } = setup;
  const buffers = createStepBuffers(context, name);
  const whole = createStep(context, buffers, batchSize);
  const last = data.count % batchSize || batchSize;
  const steps = new Map([[batchSize, whole]]);
  if (last !== batchSize) steps.set(last, createStep(context, buffers, last));
  // Where every step sees all rows, its loss is the evaluation's too.
  const pass = schedule.order ? undefined : { activations: buffers.activations, dispatches: whole.loss };
  return { steps, evaluation: new Evaluation(memory, operations, network, source, pass) };
}
