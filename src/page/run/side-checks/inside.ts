import type { AnyDataset, Checkpoint, Operation, Tensor } from '../../../index.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../settings/network.ts';
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

/** A run whose next step is read. */
interface ReadRun {
  readonly trainer: Network;
  readonly trainerOptions: NetworkOptions;
  /** Runs work when all earlier work has ended. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Reads the next step of a run with all its tensors; during training, between two segments.
 * @param row where steps take batches: a training row that is read as a batch of its own
 */
export async function readStepOf(run: ReadRun, row: number | undefined): Promise<ComparedStep> {
  const { batchSize = 0, data } = run.trainerOptions;
  if (row !== undefined && row < data.count && batchSize > 0 && batchSize < data.count) {
    const [saved, options] = await run.alone(
      async () => [await run.trainer.save(), run.trainerOptions] as const,
    );
    return stepOfRow(row, saved, options);
  }
  const [read, options] = await run.alone(
    async () => [await readStep(run.trainer), run.trainerOptions] as const,
  );
  return compareStep(read, options);
}

/** Reads the next step. The trainer must not train meanwhile, so that all parts are of one step. */
export async function readStep(trainer: Network): Promise<StepRead> {
  const { plan, operations } = trainer;
  const [checkpoint, tensors] = await Promise.all([trainer.save(), trainer.inspect()]);
  return { checkpoint, plan, operations, tensors };
}

/**
 * Compares the step with the same step in float64 on the CPU. If the CPU cannot compute it, the
 * step is shown without the comparison.
 * @param options the trainer's options
 */
export async function compareStep(read: StepRead, options: NetworkOptions): Promise<ComparedStep> {
  const { checkpoint, plan, operations, tensors } = read;
  const state = { step: checkpoint.step, plan, operations, tensors, differences: {} };
  try {
    return { state: { ...state, differences: await differencesOf(read, options) } };
  } catch (uncompared) {
    return { state, uncompared };
  }
}

/**
 * The step that a training row would make as a batch of its own, from the weights of a checkpoint, as the
 * first step of an optimizer.
 * @param options the options of the trainer that the checkpoint is of
 */
async function stepOfRow(
  row: number,
  { parameters, step }: Checkpoint,
  { batchSize: _, initialization: __, data, ...others }: NetworkOptions,
): Promise<ComparedStep> {
  const options = { ...others, parameters, data: rowOf(data, row) } as NetworkOptions;
  const trainer = await createNetwork({ ...options, backend: 'cpu' });
  try {
    const { state, uncompared } = await compareStep(await readStep(trainer), options);
    return { state: { ...state, step, alone: row }, uncompared };
  } finally {
    trainer.destroy();
  }
}

function rowOf(data: AnyDataset, row: number): AnyDataset {
  const { features } = data;
  const one = { count: 1, inputs: data.inputs.slice(row * features, (row + 1) * features) };
  if ('labels' in data) return { ...data, ...one, labels: data.labels.slice(row, row + 1) };
  const { outputs, targets } = data;
  return { ...data, ...one, targets: targets.slice(row * outputs, (row + 1) * outputs) };
}

async function differencesOf(
  { checkpoint, tensors }: StepRead,
  options: NetworkOptions,
): Promise<InsideState['differences']> {
  const oracle = await createNetwork({ ...options, precision: 'double', backend: 'cpu' });
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
