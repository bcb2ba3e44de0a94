import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { gradientName, outputName } from '../../step-operations.ts';
import { computing, type Dispatch } from '../kernels/dispatch.ts';
import { allocating, type Tensor } from '../memory/memory.ts';
import { backwardPass, parameterUpdates, updatePass, updatingBackwardPass } from '../network/backward.ts';
import { Evaluation } from '../network/evaluation.ts';
import { type Activations, createActivations, forwardPass, lossPass } from '../network/layered.ts';
import { createLayers, parameterTensors } from '../network/parameters.ts';
import type { Plan, PlanContext } from './plan.ts';

/** One step over a batch of a certain length, as lists of dispatches. */
interface BatchPasses {
  /** Fetches the batch's rows, then everything up to the loss and its gradient on the logits. */
  forward: Dispatch[];
  /** All other gradients, and the updates. */
  backward: Dispatch[];
}

/** Where a pass leaves its tensors, by name. */
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

/**
 * The plans that go through a network of any shape layer by layer. `layered`: the notes line by line, a dispatch each.
 * `fused`: the same sums in the same order with the ReLU mask and the updates at the end of the products and sums that they
 * follow, so that no gradient of a parameter is stored.
 */
export async function createLayeredPlan(context: PlanContext, name: 'layered' | 'fused'): Promise<Plan> {
  const { memory, operations, network, schedule, setup, rule, source } = context;
  const { data, sizes, batchSize, l2 } = setup;
  const { order } = schedule;
  const { activations, gradients } = await allocating(memory.device, 'the activations', () => {
    const batch = order
      ? {
          inputs: memory.reals('batch inputs', batchSize * data.features),
          labels: memory.words('batch labels', batchSize),
        }
      : source;
    return {
      activations: createActivations(memory, 'training', sizes, batchSize, batch, true),
      gradients: name === 'layered' ? createLayers(memory, 'gradients', sizes) : undefined,
    };
  });

  const updates = parameterUpdates(network, rule, l2);
  const update = gradients ? updatePass(operations, network, gradients, updates) : [];
  const fetchBatch = async (rows: number, order: GPUBuffer, batch: Activations) => {
    const gather = operations.gather({ rows, features: data.features }, { ...source, order }, batch);
    return computing(['batch'], [await gather]);
  };
  const createBatch = async (rows: number): Promise<[number, BatchPasses]> => {
    const batch: Activations = { ...activations, rows };
    const passes = await Promise.all([
      order ? fetchBatch(rows, order, batch) : [],
      forwardPass(operations, network, batch),
      lossPass(operations, network, batch),
      gradients
        ? backwardPass(operations, network, batch, gradients)
        : updatingBackwardPass(operations, network, batch, updates),
      update,
    ]);
    return [rows, { forward: passes.slice(0, 3).flat(), backward: passes.slice(3).flat() }];
  };
  const lengths = new Set([batchSize, data.count % batchSize || batchSize]);
  const batches = new Map(await Promise.all(Array.from(lengths, createBatch)));
  // Where every step sees all rows, its forward pass is the evaluation's too.
  const whole = order ? undefined : batches.get(data.count);
  const evaluation = await Evaluation.create(
    memory,
    operations,
    network,
    source,
    whole && { activations, dispatches: whole.forward },
  );
  const { forward, backward } = batches.get(batchSize) as BatchPasses;
  return {
    name,
    evaluation,
    dispatches: [...forward, ...backward],
    dispatchesOf(rows) {
      const { forward, backward } = batches.get(rows) as BatchPasses;
      return [...forward, ...backward];
    },
    tensors: new Map([
      ...parameterTensors(network),
      ...activationTensors(activations),
      ...(gradients ?? []).flatMap(({ weights, biases }, layer): [string, Tensor][] => [
        [`dW ${layer}`, weights],
        [`db ${layer}`, biases],
      ]),
    ]),
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
