import { fusedBackward, fusedForward } from '../../../shaders/fused.wgsl.ts';
import { STEP_STRIDE } from '../../../shaders/lib/kernel.ts';
import { stepOperations } from '../../step-operations.ts';
import { compiled, computing, createDispatch } from '../kernels/dispatch.ts';
import { allocating } from '../memory/memory.ts';
import { evaluationPass, narrowLogits } from '../network/forward.ts';
import { narrowStep, narrowWork } from '../network/narrow.ts';
import { momentsFor } from '../network/parameters.ts';
import { Evaluation, type Plan, type PlanContext } from './plan.ts';

/** The division of the fused kernels' work, on which the bits of the result do not depend. */
export interface FusedTiling {
  /** Rows of an invocation in the forward pass. */
  rows: number;
  /** Units of an invocation in the backward pass. */
  units: number;
  /** Invocations of a workgroup in each pass. */
  forwardWorkgroup: number;
  backwardWorkgroup: number;
}

/**
 * The plan `fused` for narrow networks: a step is two dispatches, with nothing but the gradient on
 * the logits between them.
 */
export async function createFusedPlan(context: PlanContext, tiling: FusedTiling): Promise<Plan> {
  const { memory, setup } = context;
  const { forward, backward, evaluation } = await allocating(memory.device, "the plan 'fused'", () =>
    createStep(context, tiling),
  );
  await compiled([forward, backward, ...evaluation.dispatches]);
  // The lines are those of a whole batch; the step struct gives the rows of a batch to the kernels.
  const lines = stepOperations(setup);
  const named = (forward: boolean) =>
    lines.filter(({ phase }) => (phase === 'forward') === forward).map(({ name }) => name);
  const dispatches = [...computing(named(true), [forward]), ...computing(named(false), [backward])];
  return {
    name: 'fused',
    evaluation,
    dispatches,
    stepsPerDispatch: 1,
    encode(commands, _first, slot, count) {
      for (let i = slot; i < slot + count; i++) commands.dispatch(dispatches, i * STEP_STRIDE);
    },
  };
}

function createStep(context: PlanContext, tiling: FusedTiling) {
  const { memory, network, schedule, setup, terms, dropout, source } = context;
  const { update, loss } = terms;
  const { steps } = schedule;
  const { arithmetic } = memory.format;
  const { batchSize, sizes } = setup;
  const dscores = memory.reals('dscores', batchSize * sizes[sizes.length - 1]);
  const { narrow, rows, uniform } = narrowStep(memory, network, schedule, { loss, dropout });
  const parameters = network.parameters[0].weights.buffer;
  const moments = momentsFor(update, network).map(([{ weights }]) => weights.buffer);
  const forward = fusedForward({
    network: narrow,
    perInvocation: tiling.rows,
    workgroup: tiling.forwardWorkgroup,
    arithmetic,
  });
  const backward = fusedBackward({
    network: narrow,
    perInvocation: tiling.units,
    workgroup: tiling.backwardWorkgroup,
    update,
    arithmetic,
  });
  return {
    forward: createDispatch(memory, {
      label: 'fused forward',
      kernel: forward,
      buffers: [parameters, source.inputs, source.answers, ...rows, dscores],
      uniform,
      extent: { x: batchSize },
      work: narrowWork(setup.sizes, batchSize),
      steps,
    }),
    backward: createDispatch(memory, {
      label: 'fused backward',
      kernel: backward,
      buffers: [source.inputs, ...rows, dscores, parameters, ...moments, network.diverged],
      uniform,
      // One more workgroup takes the biases of the logits.
      extent: { x: network.sizes[network.sizes.length - 2] + backward.covers.x },
      work: 2 * narrowWork(setup.sizes, batchSize),
      steps,
    }),
    evaluation: new Evaluation(memory, evaluationPass(memory, network, source, narrowLogits, loss)),
  };
}
