import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { resident } from '../../../shaders/resident.wgsl.ts';
import { stepOperations } from '../../step-operations.ts';
import { queueOf } from '../device/queue.ts';
import { LIMIT } from '../device/speed.ts';
import { computing, createDispatch } from '../kernels/dispatch.ts';
import { Evaluation } from '../network/evaluation.ts';
import { narrowNetwork, narrowShape } from '../network/narrow.ts';
import { parameterTensors } from '../network/parameters.ts';
import { type Plan, type PlanContext, sourceTensors } from './plan.ts';
import {
  iterationsOfStep,
  MOST_ITERATIONS,
  parameterCount,
  type ResidentTiling,
  workOfStep,
} from './resident-fit.ts';

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
      work: workOfStep(setup),
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
    encode(commands, _first, slot, count) {
      const { speed } = queueOf(memory.device);
      // Nothing cuts this dispatch.
      const fitting = Math.min(most, speed.times(dispatch.pipeline, dispatch.work, LIMIT / 2));
      for (let done = 0; done < count; done += fitting) {
        const own = Math.min(fitting, count - done);
        schedule.setRun(slot + done, own);
        commands.dispatch(dispatches, (slot + done) * STEP_STRIDE, own);
      }
    },
  };
}
