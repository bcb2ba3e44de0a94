import { resident } from '../../shaders/resident.wgsl.ts';
import type { TrainingSetup } from '../options.ts';
import { stepOperations } from '../step-operations.ts';
import { computing, createDispatch, encode, STEP_STRIDE } from './dispatch.ts';
import { Evaluation } from './evaluation.ts';
import { narrowNetwork, narrowShape, whyNotNarrow } from './narrow-network.ts';
import { parameterTensors } from './parameters.ts';
import { type Plan, type PlanContext, sourceTensors } from './plan.ts';

/** How the work of the resident kernel is cut: the bits of the result do not depend on it. */
export interface ResidentTiling {
  /** Rows, and units, that an invocation takes at once. */
  rows: number;
  units: number;
  /** Invocations of the workgroup. */
  workgroup: number;
}

/** Loop iterations of an invocation in one dispatch at the most: Mesa's llvmpipe stops at 65,535 without a word. */
const MOST_ITERATIONS = 60_000;

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
  return undefined;
}

/** Real numbers in the buffer that holds all parameters. */
function parameterCount({ memory, network }: PlanContext): number {
  return network.parameters[0].weights.buffer.size / memory.format.bytes;
}

/** Loop iterations that the busiest invocation makes in a step. */
function iterationsOfStep({ sizes, batchSize }: TrainingSetup, tiling: ResidentTiling): number {
  const units = sizes[sizes.length - 2];
  const forward = Math.ceil(batchSize / (tiling.rows * tiling.workgroup)) * (units + 1);
  const backward = Math.ceil(units / (tiling.units * tiling.workgroup)) * (batchSize + 1);
  return forward + backward + batchSize + 1;
}

/** The plan `resident` for narrow networks: many whole steps in one dispatch. */
export async function createResidentPlan(context: PlanContext, tiling: ResidentTiling): Promise<Plan> {
  const { memory, operations, network, schedule, setup, rule, source } = context;
  const { order, steps } = schedule;
  const parameters = parameterCount(context);
  const [dispatch, evaluation] = await Promise.all([
    createDispatch(memory, {
      label: 'resident steps',
      kernel: resident({
        network: narrowNetwork(setup.sizes, order !== undefined),
        rule,
        parameters,
        rows: setup.batchSize,
        each: tiling,
        workgroup: tiling.workgroup,
        arithmetic: memory.format.arithmetic,
      }),
      buffers: [
        network.parameters[0].weights.buffer,
        ...network.moments.map(([{ weights }]) => weights.buffer),
        source.inputs,
        source.labels,
        ...(order ? [order] : []),
        network.diverged,
        steps,
      ],
      uniform: narrowShape(memory, network, setup.l2),
      extent: { x: 1 },
      steps,
    }),
    Evaluation.create(memory, operations, network, source),
  ]);
  const lines = stepOperations(setup).map(({ name }) => name);
  const dispatches = computing(lines, [dispatch]);
  const copying = 2 * Math.ceil(parameters / tiling.workgroup);
  const most = Math.max(1, Math.floor((MOST_ITERATIONS - copying) / iterationsOfStep(setup, tiling)));
  return {
    name: 'resident',
    evaluation,
    dispatches,
    dispatchesOf: () => dispatches,
    tensors: new Map([...sourceTensors(context), ...parameterTensors(network)]),
    stepsPerDispatch: most,
    encode(pass, _first, slot, count) {
      for (let done = 0; done < count; done += most) {
        schedule.setRun(slot + done, Math.min(most, count - done));
        encode(pass, dispatches, (slot + done) * STEP_STRIDE);
      }
    },
  };
}
