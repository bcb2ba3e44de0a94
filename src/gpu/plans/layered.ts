import { gradientName, outputName } from '../../step-operations.ts';
import { compiled, type Dispatch, STEP_STRIDE } from '../kernels/dispatch.ts';
import { allocating, type Tensor } from '../memory/memory.ts';
import { Evaluation } from '../network/evaluation.ts';
import { createLayers, parameterTensors } from '../network/parameters.ts';
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
interface Step {
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
  const { steps, evaluation, tensors } = await allocating(memory.device, `the plan '${name}'`, () =>
    createSteps(context, name),
  );
  const dispatches = Array.from(steps.values(), ({ loss, update }) => [...loss, ...update]).flat();
  await compiled([...dispatches, ...evaluation.dispatches]);
  const stepOf = (rows: number) => steps.get(rows) as Step;
  const dispatchesOf = (rows: number) => [...stepOf(rows).loss, ...stepOf(rows).update];
  return {
    name,
    evaluation,
    dispatches: dispatchesOf(setup.batchSize),
    dispatchesOf,
    tensors,
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

/** The dispatches of a step for each length of a batch, the evaluation, and where the tensors are, by name. */
function createSteps(context: PlanContext, name: 'layered' | 'fused') {
  const { memory, operations, network, schedule, setup, rule, source } = context;
  const { data, sizes, batchSize } = setup;
  const { order } = schedule;
  const rows = order
    ? {
        inputs: memory.reals('batch inputs', batchSize * data.features),
        labels: memory.words('batch labels', batchSize),
      }
    : source;
  const activations = createActivations(memory, 'training', sizes, batchSize, rows, true);
  const gradients = name === 'layered' ? createLayers(memory, 'gradients', sizes) : undefined;
  const updates = parameterUpdates(network, rule);

  const step = (rows: number): Step => {
    const batch: Activations = { ...activations, rows };
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
  };
  const whole = step(batchSize);
  const last = data.count % batchSize || batchSize;
  const steps = new Map([[batchSize, whole]]);
  if (last !== batchSize) steps.set(last, step(last));
  // Where every step sees all rows, its loss is the evaluation's too.
  const pass = order ? undefined : { activations, dispatches: whole.loss };
  return {
    steps,
    evaluation: new Evaluation(memory, operations, network, source, pass),
    tensors: new Map([
      ...parameterTensors(network),
      ...activationTensors(activations),
      ...(gradients ?? []).flatMap(({ weights, biases }, layer): [string, Tensor][] => [
        [`dW ${layer}`, weights],
        [`db ${layer}`, biases],
      ]),
    ]),
  };
}

/** Where a step leaves its tensors, by the names of `src/step-operations.ts`. */
function activationTensors(activations: Activations): [string, Tensor][] {
  const { inputs, labels, outputs, dOutputs, losses } = activations;
  const last = outputs.length - 1;
  return [
    ['inputs', inputs],
    ['labels', labels],
    ['losses', losses],
    ...outputs.map((tensor, layer): [string, Tensor] => [outputName(layer, last), tensor]),
    ...dOutputs.map((tensor, layer): [string, Tensor] => [gradientName(layer, last), tensor]),
  ];
}
