import { MOMENTS, type UpdateRule } from '../../../shaders/lib/update-rule.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { PlanName } from '../../types.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import { Operations } from '../kernels/operations.ts';
import { allocating, type GpuMemory, type Tensor } from '../memory/memory.ts';
import { type Evaluation, type GpuRows, type Source, uploadSource } from '../network/evaluation.ts';
import { createParameters, type ParameterBuffers } from '../network/parameters.ts';
import { RowWindow, streams } from '../network/row-window.ts';
import { MOST_STEPS, ruleOf, Schedule } from '../network/schedule.ts';
import type { Commands } from '../submission/commands.ts';

/** What the steps of a network are made from. */
export interface PlanContext {
  memory: GpuMemory;
  operations: Operations;
  network: ParameterBuffers;
  schedule: Schedule;
  setup: TrainingSetup;
  rule: UpdateRule;
  /** The training data, or a window on it. */
  source: Source & GpuRows;
}

/** A way to compute training steps: which kernels, in which order. */
export interface Plan {
  readonly name: PlanName;
  /** Loss and accuracy over the training data. */
  readonly evaluation: Evaluation;
  /** What a step over a whole batch is made of, in order. */
  readonly dispatches: readonly Dispatch[];
  /** What a step over so many rows is made of, in order. */
  dispatchesOf(rows: number): readonly Dispatch[];
  /** Where a step leaves its tensors, by the names of `src/step-operations.ts`, but for those that the plan never stores. */
  readonly tensors: ReadonlyMap<string, Tensor>;
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
    // Each schedule has a window of its own, as work of others may come in between.
    const window = streams(memory, setup) ? new RowWindow(memory, setup, steps) : undefined;
    return {
      schedule: new Schedule(memory, setup, window),
      network: createParameters(memory, sizes, MOMENTS[rule]),
      source: window
        ? { rows: data.count, inputs: window.inputs, labels: window.labels, host: data }
        : (shared.source ?? uploadSource(memory, data)),
    };
  });
  const operations = new Operations(memory, allocated.schedule.steps);
  return { memory, operations, setup, rule, ...allocated };
}

/** The training data as a step's tensors, where every step sees all of it. */
export function sourceTensors({ schedule, source }: PlanContext): [string, Tensor][] {
  if (schedule.order) return [];
  return [
    ['inputs', source.inputs],
    ['labels', source.labels],
  ];
}
