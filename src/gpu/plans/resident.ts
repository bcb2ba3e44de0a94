import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { resident } from '../../../shaders/resident.wgsl.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import { stepOperations } from '../../step-operations.ts';
import { LIMIT, queueOf } from '../device/queue.ts';
import { compiled, computing, createDispatch, weighted } from '../kernels/dispatch.ts';
import { allocating } from '../memory/memory.ts';
import { evaluationPass, narrowLogits } from '../network/forward.ts';
import { narrowStep, narrowWork, whyNotNarrow } from '../network/narrow.ts';
import { momentsFor } from '../network/parameters.ts';
import { Evaluation, type Plan, type PlanContext } from './plan.ts';

/** The division of the resident kernel's work, on which the bits of the result do not depend. */
export interface ResidentTiling {
  /** Rows, and units, that an invocation takes at once. */
  rows: number;
  units: number;
  /** Invocations of the workgroup. */
  workgroup: number;
}

/**
 * The largest number of loop iterations of an invocation in one dispatch. Mesa's llvmpipe ends an
 * invocation after 65,535 iterations, without an error.
 */
const MOST_ITERATIONS = 60_000;

/** The plan `resident` for narrow networks: many whole steps in one dispatch. */
export async function createResidentPlan(context: PlanContext, tiling: ResidentTiling): Promise<Plan> {
  const { memory, schedule, setup } = context;
  const { dispatch, evaluation } = await allocating(memory.device, "the plan 'resident'", () =>
    createSteps(context, tiling),
  );
  await compiled([dispatch, ...evaluation.dispatches]);
  const lines = stepOperations(setup).map(({ name }) => name);
  const dispatches = computing(lines, [dispatch]);
  const copying = 2 * Math.ceil(parameterCount(context) / tiling.workgroup);
  const most = Math.max(1, Math.floor((MOST_ITERATIONS - copying) / iterationsOfStep(setup, tiling)));
  return {
    name: 'resident',
    evaluation,
    dispatches,
    stepsPerDispatch: most,
    encode(commands, _first, slot, count) {
      const { speed } = queueOf(memory.device);
      // This dispatch has one workgroup and cannot be cut into pieces.
      const fitting = Math.min(most, speed.times(dispatch.pipeline, dispatch.work, LIMIT / 2));
      for (let done = 0; done < count; done += fitting) {
        const own = Math.min(fitting, count - done);
        schedule.setStepsInDispatch(slot + done, own);
        commands.dispatch(dispatches, (slot + done) * STEP_STRIDE, own);
      }
    },
  };
}

function createSteps(context: PlanContext, tiling: ResidentTiling) {
  const { memory, network, schedule, setup, terms, dropout, source } = context;
  const { update, loss } = terms;
  const { steps } = schedule;
  const { narrow, rows, uniform } = narrowStep(memory, network, schedule, { loss, dropout });
  const dispatch = createDispatch(memory, {
    label: 'resident steps',
    kernel: resident({
      network: narrow,
      update,
      parameters: parameterCount(context),
      rows: setup.batchSize,
      perInvocation: tiling,
      workgroup: tiling.workgroup,
      arithmetic: memory.format.arithmetic,
    }),
    buffers: [
      network.parameters[0].weights.buffer,
      ...momentsFor(update, network).map(([{ weights }]) => weights.buffer),
      source.inputs,
      source.answers,
      ...rows,
      network.diverged,
      steps,
    ],
    uniform,
    extent: { x: 1 },
    work: workOfStep(setup),
    steps,
  });
  return {
    dispatch,
    evaluation: new Evaluation(memory, evaluationPass(memory, network, source, narrowLogits, loss)),
  };
}

/** The reason in words why a network cannot be resident on a device; undefined if it can. */
export function whyNotResident(context: PlanContext, tiling: ResidentTiling): string | undefined {
  const { memory, setup } = context;
  const narrow = whyNotNarrow(setup);
  if (narrow) return narrow;
  const available = memory.device.limits.maxComputeWorkgroupStorageSize;
  const needed =
    (parameterCount(context) + setup.batchSize * setup.sizes[setup.sizes.length - 1]) * memory.format.bytes;
  if (needed > available) {
    return `at most ${available} bytes of parameters and gradients on this device, and these need ${needed}`;
  }
  const iterations = iterationsOfStep(setup, tiling);
  if (iterations > MOST_ITERATIONS) {
    return `at most ${MOST_ITERATIONS} loop iterations a step, and this one has ${iterations}`;
  }
  const work = workOfStep(setup);
  // A step has one workgroup and cannot be cut into pieces.
  const most = queueOf(memory.device).speed.mostUncut / weighted(memory, 1);
  if (work > most) return `at most ${most} multiply-adds a step, and this one has ${work}`;
  return undefined;
}

/** Multiply-adds of a step. */
function workOfStep({ sizes, batchSize }: TrainingSetup): number {
  return 3 * narrowWork(sizes, batchSize);
}

/** Real numbers in the buffer of all parameters. */
function parameterCount({ memory, network }: PlanContext): number {
  return network.parameters[0].weights.buffer.size / memory.format.bytes;
}

/** Loop iterations of the busiest invocation in a step. */
function iterationsOfStep({ sizes, batchSize }: TrainingSetup, tiling: ResidentTiling): number {
  const units = sizes[sizes.length - 2];
  const forward = Math.ceil(batchSize / (tiling.rows * tiling.workgroup)) * (units + 1);
  const backward = Math.ceil(units / (tiling.units * tiling.workgroup)) * (batchSize + 1);
  return forward + backward + batchSize + 1;
}
