import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { compiled, type Dispatch } from '../kernels/dispatch.ts';
import { allocating } from '../memory/memory.ts';
import { type Activations, createActivations } from '../network/activations.ts';
import { backwardPass, parameterUpdates, updatePass, updatingBackwardPass } from '../network/backward.ts';
import { batchPass, evaluationPass, logitsPassOf, lossPass } from '../network/forward.ts';
import { forwardPass } from '../network/layers.ts';
import { createLayers, type LayerBuffers } from '../network/parameters.ts';
import { answerBuffer } from '../network/rows.ts';
import { Evaluation, type Plan, type PlanContext } from './plan.ts';

/** The dispatches of one step over a batch of one length. */
export interface Step {
  /** Everything up to the loss and its gradient on the logits. */
  loss: Dispatch[];
  /** All other gradients, and the updates. */
  update: Dispatch[];
}

/** The tensors of a step before its update. */
export interface StepBuffers {
  activations: Activations;
  /** The gradients of weights and biases, if they are stored. */
  gradients?: LayerBuffers[];
}

/**
 * Makes a step over `rows` rows: forward, loss, backward, update. Without tensors for gradients,
 * the backward pass updates the parameters itself. Allocates: call it within {@link allocating}.
 */
export function createStep(
  { memory, network, schedule, terms, source }: PlanContext,
  { activations, gradients }: StepBuffers,
  rows: number,
): Step {
  const batch: Activations = { ...activations, rows };
  const { steps } = schedule;
  const { classWeights } = terms.loss;
  const total = schedule.order ? { steps } : schedule.facts.at(classWeights).weight || 1;
  const updates = parameterUpdates(network, terms.update, steps);
  const dropout = terms.dropout ? { steps, rows: schedule.dataRows } : undefined;
  return {
    loss: [
      ...batchPass(memory, network, batch, source, schedule),
      ...forwardPass(memory, network, batch, dropout),
      ...lossPass(memory, network, batch, classWeights, total),
    ],
    update: gradients
      ? [
          ...backwardPass(memory, network, batch, gradients, dropout),
          ...updatePass(memory, network, gradients, updates),
        ]
      : updatingBackwardPass(memory, network, batch, updates, dropout),
  };
}

/**
 * Makes the tensors of steps over at most `batchSize` rows. Allocates: call it within {@link
 * allocating}.
 */
export function createStepBuffers(
  { memory, network, schedule, setup, source }: PlanContext,
  name: 'layered' | 'fused',
): StepBuffers {
  const { data, sizes, batchSize } = setup;
  const rows = schedule.order
    ? {
        inputs: memory.reals('batch inputs', batchSize * data.features),
        answers: answerBuffer(memory, 'batch', network, batchSize),
      }
    : source;
  const activations = createActivations(memory, 'training', sizes, batchSize, rows, true);
  return {
    activations,
    gradients: name === 'layered' ? createLayers(memory, 'gradients', sizes) : undefined,
  };
}

/**
 * Makes a plan that computes a network of any shape layer by layer. `layered`: a dispatch for each
 * line of the notes. `fused`: the same sums in the same order, but products and sums end in the
 * ReLU mask or the update, so that no gradient of a parameter is stored.
 */
export async function createLayeredPlan(context: PlanContext, name: 'layered' | 'fused'): Promise<Plan> {
  const { memory, network, schedule, setup, source } = context;
  const { batchSize, data } = setup;
  const last = data.count % batchSize || batchSize;
  const logits = await logitsPassOf(network);
  const { steps, evaluation, shared } = await allocating(memory.device, `the plan '${name}'`, () => {
    const buffers = createStepBuffers(context, name);
    const steps = new Map([[batchSize, createStep(context, buffers, batchSize)]]);
    if (last !== batchSize) steps.set(last, createStep(context, buffers, last));
    const { activations } = buffers;
    // If every step sees all rows and drops nothing, the evaluation uses the step's own loss.
    const whole = schedule.order || context.terms.dropout ? undefined : steps.get(data.count);
    const pass = whole && { activations, dispatches: whole.loss };
    return {
      steps,
      shared: whole !== undefined,
      evaluation: new Evaluation(
        memory,
        evaluationPass(memory, network, source, logits, context.terms.loss, pass),
      ),
    };
  });
  await compiled([
    ...Array.from(steps.values(), ({ loss, update }) => [...loss, ...update]).flat(),
    ...evaluation.dispatches,
  ]);
  const { loss, update } = steps.get(batchSize) as Step;
  return {
    name,
    evaluation,
    dispatches: [...loss, ...update],
    stepsPerDispatch: 1,
    encode(commands, first, slot, count, evaluated) {
      for (let i = 0; i < count; i++) {
        const { loss, update } = steps.get(schedule.rows(first + i)) as Step;
        const offset = (slot + i) * STEP_STRIDE;
        const known = i === 0 && evaluated && shared;
        if (!known) commands.dispatch(loss, offset);
        commands.dispatch(update, offset);
      }
    },
  };
}
