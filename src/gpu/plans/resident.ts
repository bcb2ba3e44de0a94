import { resident } from '../../../shaders/resident.wgsl.ts';
import { stepOperations } from '../../step-operations.ts';
import { LIMIT } from '../device/rate.ts';
import { compiled, computing, createDispatch, STEP_STRIDE } from '../kernels/dispatch.ts';
import { allocating } from '../memory/memory.ts';
import { Evaluation } from '../network/evaluation.ts';
import { narrowNetwork, narrowShape } from '../network/narrow.ts';
import type { Plan, PlanContext } from './plan.ts';
import {
  iterationsOfStep,
  MOST_ITERATIONS,
  parameterCount,
  type ResidentTiling,
  workOfStep,
} from './resident-fit.ts';

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
      const fitting = Math.min(most, dispatch.rate.times(dispatch.work, LIMIT / 2));
      for (let done = 0; done < count; done += fitting) {
        const own = Math.min(fitting, count - done);
        schedule.setRun(slot + done, own);
        commands.dispatch(dispatches, (slot + done) * STEP_STRIDE, own);
      }
    },
  };
}

function createSteps(context: PlanContext, tiling: ResidentTiling) {
  const { memory, operations, network, schedule, setup, rule, source } = context;
  const { order, steps } = schedule;
  const dispatch = createDispatch(memory, {
    label: 'resident steps',
    kernel: resident({
      network: narrowNetwork(setup.sizes, order !== undefined),
      rule,
      parameters: parameterCount(context),
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
    uniform: narrowShape(memory, network),
    extent: { x: 1 },
    work: workOfStep(setup),
    steps,
  });
  return { dispatch, evaluation: new Evaluation(memory, operations, network, source) };
}
