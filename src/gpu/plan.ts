import type { TrainingSetup } from '../options.ts';
import type { Dispatch } from './dispatch.ts';
import { Evaluation, type Source } from './evaluation.ts';
import {
  type Activations,
  backwardPass,
  createActivations,
  forwardPass,
  lossPass,
  updatePass,
} from './layered.ts';
import { allocating, type GpuMemory } from './memory.ts';
import type { Operations } from './operations.ts';
import type { ParameterBuffers } from './parameters.ts';
import { ruleOf, type Schedule } from './schedule.ts';

/** One step over a batch of a certain length, as lists of dispatches. */
export interface BatchPlan {
  /** Fetches the batch's rows, then everything up to the loss and its gradient on the logits. */
  forward: Dispatch[];
  /** All other gradients, then the updates. */
  backward: Dispatch[];
}

/** All that a trainer records while it trains. */
export interface StepPlan {
  /** By the number of rows: the batch size, and the length of a shorter last batch. */
  batches: Map<number, BatchPlan>;
  /** Loss and accuracy over the training data. */
  evaluation: Evaluation;
  /** Whether recording the evaluation has recorded the step's forward pass too: every step sees all rows. */
  evaluationIsForward: boolean;
}

/** Uploads the training data and lays out the steps of the `layered` plan: the notes line by line, a dispatch each. */
export async function createPlan(
  memory: GpuMemory,
  operations: Operations,
  network: ParameterBuffers,
  schedule: Schedule,
  setup: TrainingSetup,
): Promise<StepPlan> {
  const { data, sizes, batchSize, optimizer, l2 } = setup;
  const { order } = schedule;
  const { source, activations } = await allocating(memory.device, 'the data and activations', () => {
    const source: Source = {
      rows: data.count,
      inputs: memory.upload('inputs', data.inputs),
      labels: memory.upload('labels', data.labels),
    };
    const batch = order
      ? {
          inputs: memory.reals('batch inputs', batchSize * data.features),
          labels: memory.words('batch labels', batchSize),
        }
      : { inputs: source.inputs, labels: source.labels };
    return { source, activations: createActivations(memory, 'training', sizes, batchSize, batch, true) };
  });

  const updates = updatePass(operations, network, ruleOf(optimizer), l2);
  const createBatch = async (rows: number): Promise<[number, BatchPlan]> => {
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
  const whole = order ? undefined : batches.get(data.count);
  const evaluation = await Evaluation.create(
    memory,
    operations,
    network,
    source,
    whole && { activations, dispatches: whole.forward },
  );
  return { batches, evaluation, evaluationIsForward: whole !== undefined };
}
