import {
  type Checkpoint,
  createTrainer,
  type Operation,
  type Tensor,
  type Trainer,
  type TrainerOptions,
} from '../../../index.ts';
import type { InsideState } from '../protocol.ts';
import { differenceOf } from './statistics.ts';

/** The next step, and the state before it. */
interface StepRead {
  checkpoint: Checkpoint;
  plan: string;
  operations: readonly Operation[];
  tensors: Tensor[];
}

/** A step for the view Inside. */
export interface ComparedStep {
  state: InsideState;
  /** The error because of which the step is not compared with float64. */
  uncompared?: unknown;
}

/** Reads the next step. The trainer must not train meanwhile, so that all parts are of one step. */
export async function readStep(trainer: Trainer): Promise<StepRead> {
  const { plan, operations } = trainer;
  const [checkpoint, tensors] = await Promise.all([trainer.save(), trainer.inspect()]);
  return { checkpoint, plan, operations, tensors };
}

/**
 * Compares the step with the same step in float64 on the CPU. If the CPU cannot compute it, the
 * step is shown without the comparison.
 * @param options the trainer's options
 */
export async function compareStep(read: StepRead, options: TrainerOptions): Promise<ComparedStep> {
  const { checkpoint, plan, operations, tensors } = read;
  const state = { step: checkpoint.step, plan, operations, tensors, differences: {} };
  try {
    return { state: { ...state, differences: await differencesOf(read, options) } };
  } catch (uncompared) {
    return { state, uncompared };
  }
}

async function differencesOf(
  { checkpoint, tensors }: StepRead,
  options: TrainerOptions,
): Promise<InsideState['differences']> {
  const oracle = await createTrainer({ ...options, precision: 'double', backend: 'cpu' });
  try {
    await oracle.restore(checkpoint);
    const exact = new Map((await oracle.inspect()).map((tensor) => [tensor.name, tensor]));
    const differences: InsideState['differences'] = {};
    for (const { name, kind, values } of tensors) {
      const reference = exact.get(name);
      if (reference && kind !== 'labels') differences[name] = differenceOf(values, reference.values);
    }
    return differences;
  } finally {
    oracle.destroy();
  }
}
