import type { TrainingSetup } from '../../options/setup.ts';
import { queueOf } from '../device/queue.ts';
import { weighted } from '../kernels/dispatch.ts';
import { narrowWork, whyNotNarrow } from '../network/narrow.ts';
import type { PlanContext } from './plan.ts';

/** How the work of the resident kernel is cut: the bits of the result do not depend on it. */
export interface ResidentTiling {
  /** Rows, and units, that an invocation takes at once. */
  rows: number;
  units: number;
  /** Invocations of the workgroup. */
  workgroup: number;
}

/** Loop iterations of an invocation in one dispatch at the most: Mesa's llvmpipe stops at 65,535 without a word. */
export const MOST_ITERATIONS = 60_000;

/** Why a network cannot be resident on a device, in words; undefined if it can. */
export function whyNotResident(context: PlanContext, tiling: ResidentTiling): string | undefined {
  const { memory, setup } = context;
  const narrow = whyNotNarrow(setup);
  if (narrow) return narrow;
  const available = memory.device.limits.maxComputeWorkgroupStorageSize;
  const needed = (parameterCount(context) + setup.batchSize * setup.data.classes) * memory.format.bytes;
  if (needed > available) {
    return `at most ${available} bytes of parameters and gradients on this device, and these need ${needed}`;
  }
  const iterations = iterationsOfStep(setup, tiling);
  if (iterations > MOST_ITERATIONS) {
    return `at most ${MOST_ITERATIONS} loop iterations a step, and this one has ${iterations}`;
  }
  const work = workOfStep(setup);
  // Nothing cuts a step.
  const most = queueOf(memory.device).speed.mostUncut / weighted(memory, 1);
  if (work > most) return `at most ${most} multiply-adds a step, and this one has ${work}`;
  return undefined;
}

/** Multiply-adds of a step. */
export function workOfStep({ sizes, batchSize }: TrainingSetup): number {
  return 3 * narrowWork(sizes, batchSize);
}

/** Real numbers in the buffer that holds all parameters. */
export function parameterCount({ memory, network }: PlanContext): number {
  return network.parameters[0].weights.buffer.size / memory.format.bytes;
}

/** Loop iterations that the busiest invocation makes in a step. */
export function iterationsOfStep({ sizes, batchSize }: TrainingSetup, tiling: ResidentTiling): number {
  const units = sizes[sizes.length - 2];
  const forward = Math.ceil(batchSize / (tiling.rows * tiling.workgroup)) * (units + 1);
  const backward = Math.ceil(units / (tiling.units * tiling.workgroup)) * (batchSize + 1);
  return forward + backward + batchSize + 1;
}
