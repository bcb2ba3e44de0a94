import { type Dispatch, encode, STEP_STRIDE } from './dispatch.ts';
import { Evaluation } from './evaluation.ts';
import {
  type Activations,
  backwardPass,
  createActivations,
  forwardPass,
  lossPass,
  updatePass,
} from './layered.ts';
import { allocating } from './memory.ts';
import type { Plan, PlanContext } from './plan.ts';

/** One step over a batch of a certain length, as lists of dispatches. */
interface BatchPasses {
  /** Fetches the batch's rows, then everything up to the loss and its gradient on the logits. */
  forward: Dispatch[];
  /** All other gradients, then the updates. */
  backward: Dispatch[];
}

/** The plan `layered`: the notes line by line, a dispatch each, for networks of every shape. */
export async function createLayeredPlan(context: PlanContext): Promise<Plan> {
  const { memory, operations, network, schedule, setup, rule, source } = context;
  const { data, sizes, batchSize, l2 } = setup;
  const { order } = schedule;
  const activations = await allocating(memory.device, 'the activations', () => {
    const batch = order
      ? {
          inputs: memory.reals('batch inputs', batchSize * data.features),
          labels: memory.words('batch labels', batchSize),
        }
      : source;
    return createActivations(memory, 'training', sizes, batchSize, batch, true);
  });

  const updates = updatePass(operations, network, rule, l2);
  const createBatch = async (rows: number): Promise<[number, BatchPasses]> => {
    const batch: Activations = { ...activations, rows };
    const [gather, forward, loss, backward, update] = await Promise.all([
      order ? operations.gather({ rows, features: data.features }, { ...source, order }, batch) : [],
      forwardPass(operations, network, batch),
      lossPass(operations, network, batch),
      backwardPass(operations, network, batch),
      updates,
    ]);
    return [rows, { forward: [gather, forward, loss].flat(), backward: [backward, update].flat() }];
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
    name: 'layered',
    evaluation,
    dispatches: [...forward, ...backward],
    stepsPerDispatch: 1,
    encode(pass, first, slot, count, evaluated) {
      for (let i = 0; i < count; i++) {
        const { forward, backward } = batches.get(schedule.rows(first + i)) as BatchPasses;
        const offset = (slot + i) * STEP_STRIDE;
        if (!(i === 0 && evaluated && whole)) encode(pass, forward, offset);
        encode(pass, backward, offset);
      }
    },
  };
}
