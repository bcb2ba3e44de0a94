import {
  type Checkpoint,
  createTrainer,
  type Operation,
  type Tensor,
  type Trainer,
  type TrainerOptions,
} from '../../index.ts';
import type { InsideState } from './protocol.ts';
import { differenceOf } from './statistics.ts';

/** The step that comes next, and what it starts from. */
export interface StepRead {
  checkpoint: Checkpoint;
  plan: string;
  operations: readonly Operation[];
  tensors: Tensor[];
}

/**
 * Reads the step that comes next. The trainer must not train meanwhile: all of it is of one step.
 */
export async function readStep(trainer: Trainer): Promise<StepRead> {
  const { plan, operations } = trainer;
  const [checkpoint, tensors] = await Promise.all([trainer.save(), trainer.inspect()]);
  return { checkpoint, plan, operations, tensors };
}

/**
 * Puts the same step in float64 on the CPU beside it.
 * @param options what the trainer was made with
 */
export async function compareStep(
  { checkpoint, plan, operations, tensors }: StepRead,
  options: TrainerOptions,
): Promise<InsideState> {
  const oracle = await createTrainer({ ...options, precision: 'double', backend: 'cpu' });
  try {
    await oracle.restore(checkpoint);
    const exact = new Map((await oracle.inspect()).map((tensor) => [tensor.name, tensor]));
    const differences: InsideState['differences'] = {};
    for (const { name, kind, values } of tensors) {
      const reference = exact.get(name);
      if (reference && kind !== 'labels') differences[name] = differenceOf(values, reference.values);
    }
    return { step: checkpoint.step, plan, operations, tensors, differences };
  } finally {
    oracle.destroy();
  }
}
