import { MOMENTS, type UpdateRule } from '../../../shaders/lib/update-rule.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import { stepOperations } from '../../step-operations.ts';
import type { KernelCall, Operation, PlanName } from '../../types.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import type { Evaluation } from '../network/evaluation.ts';
import { createParameters, type ParameterBuffers } from '../network/parameters.ts';
import { type GpuRows, isStreamed, type Source, StreamedBatches, uploadSource } from '../network/rows.ts';
import { MOST_STEPS, ruleOf, Schedule } from '../network/schedule.ts';
import type { Commands } from '../submission/commands.ts';

/** What the steps of a network are made from. */
export interface PlanContext {
  memory: GpuMemory;
  network: ParameterBuffers;
  schedule: Schedule;
  setup: TrainingSetup;
  rule: UpdateRule;
  /** The training data; where they are streamed, the batches that are on the GPU. */
  source: Source & GpuRows;
}

/** A way to compute training steps: which kernels, in which order. */
export interface Plan {
  readonly name: PlanName;
  /** Loss and accuracy over the training data. */
  readonly evaluation: Evaluation;
  /** What a step over a whole batch is made of, in order. */
  readonly dispatches: readonly Dispatch[];
  /** Steps that one dispatch makes at the most. */
  readonly stepsPerDispatch: number;
  /**
   * Records `count` updates, the first of them update number `first` in the schedule's slot `slot`.
   * @param evaluated whether {@link evaluation} has been recorded just before, at the same parameters
   */
  encode(commands: Commands, first: number, slot: number, count: number, evaluated: boolean): void;
}

/**
 * Allocates a network, all zero, and what its steps need besides.
 * @param shared the training data, where it is on the device already; another rule than the optimizer's; how many steps at
 * a time are needed, where it is known
 */
export async function createContext(
  memory: GpuMemory,
  setup: TrainingSetup,
  shared: { source?: Source & GpuRows; rule?: UpdateRule; steps?: number } = {},
): Promise<PlanContext> {
  const { data, sizes, optimizer } = setup;
  const { rule = ruleOf(optimizer), steps = MOST_STEPS } = shared;
  const allocated = await allocating(memory.device, 'the data and parameters', () => {
    // Each schedule has batches of its own, as work of others may come in between.
    const batches = isStreamed(memory, setup) ? new StreamedBatches(memory, setup, steps) : undefined;
    return {
      schedule: new Schedule(memory, setup, batches),
      network: createParameters(memory, sizes, MOMENTS[rule]),
      source: batches
        ? { rows: data.count, inputs: batches.inputs, labels: batches.labels, streamed: data }
        : (shared.source ?? uploadSource(memory, data)),
    };
  });
  return { memory, setup, rule, ...allocated };
}

/** The operations of a step over a whole batch, in the order in which a plan's dispatches compute them. */
export function operationsOf(
  { dispatches }: Pick<Plan, 'dispatches'>,
  setup: PlanContext['setup'],
): Operation[] {
  const first = (name: string) => dispatches.findIndex(({ computes }) => computes.includes(name));
  return stepOperations(setup)
    .map((operation) => ({
      ...operation,
      kernels: dispatches.filter(({ computes }) => computes.includes(operation.name)).map(kernelCall),
    }))
    .sort((a, b) => first(a.name) - first(b.name));
}

function kernelCall({ label, code, workgroups, workgroup, bindings }: Dispatch): KernelCall {
  return {
    label,
    code,
    workgroupSize: [workgroup],
    workgroups: [...workgroups],
    bindings: bindings.map((binding) => ({ ...binding })),
  };
}
