import { fusedBackward, fusedForward } from '../../shaders/fused.wgsl.ts';
import type { NarrowNetwork } from '../../shaders/narrow.ts';
import type { TrainingSetup } from '../options.ts';
import { createDispatch, encode, STEP_STRIDE } from './dispatch.ts';
import { Evaluation } from './evaluation.ts';
import { allocating } from './memory.ts';
import type { LayerBuffers } from './parameters.ts';
import type { Plan, PlanContext } from './plan.ts';

/** The most of everything that a narrow network may have; see `shaders/narrow.ts`. */
const MOST = { features: 16, classes: 16, units: 4096, rows: 4096 };

/** Why a network is not narrow, in words; undefined if it is. */
export function whyNotNarrow({ sizes, batchSize, data }: TrainingSetup): string | undefined {
  const hidden = sizes.slice(1, -1);
  const units = hidden[0] ?? data.features;
  if (hidden.length > 1) return `at most one hidden layer, and this network has ${hidden.length}`;
  if (hidden.length > 0 && data.features > MOST.features)
    return `at most ${MOST.features} features, and the data has ${data.features}`;
  if (data.classes > MOST.classes) return `at most ${MOST.classes} classes, and the data has ${data.classes}`;
  if (units > MOST.units)
    return `at most ${MOST.units} ${hidden.length > 0 ? 'hidden units' : 'features'}, and here are ${units}`;
  if (batchSize > MOST.rows) return `at most ${MOST.rows} rows a step, and here are ${batchSize}`;
  return undefined;
}

/** What the kernels of narrow networks are made for. */
export function narrowNetwork({ data, sizes }: TrainingSetup, batches: boolean): NarrowNetwork {
  return { features: data.features, classes: data.classes, hidden: sizes.length > 2, batches };
}

/** The words of the kernels' shape. */
export function narrowShape({ memory, network, setup }: PlanContext): number[] {
  const { format } = memory;
  const { parameters, sizes } = network;
  const place = ({ weights, biases }: LayerBuffers) =>
    [weights, biases].map(({ offset }) => offset / format.bytes);
  const last = parameters[parameters.length - 1];
  const units = sizes[sizes.length - 2];
  return [...format.uniform(setup.l2), units, ...place(parameters[0]), ...place(last)];
}

/** How the work of the fused kernels is cut: the bits of the result do not depend on it. */
export interface FusedTiling {
  /** Rows that an invocation of the forward pass takes. */
  rows: number;
  /** Units that an invocation of the backward pass takes. */
  units: number;
  /** Invocations of a workgroup in each pass. */
  forwardWorkgroup: number;
  backwardWorkgroup: number;
}

/** The plan `fused` for narrow networks: a step in two dispatches, nothing but the gradient on the logits between them. */
export async function createFusedPlan(context: PlanContext, tiling: FusedTiling): Promise<Plan> {
  const { memory, operations, network, schedule, setup, rule, source } = context;
  const { order, steps } = schedule;
  const { arithmetic } = memory.format;
  const { batchSize, data } = setup;
  const dscores = await allocating(memory.device, 'the gradient on the logits', () =>
    memory.reals('dscores', batchSize * data.classes),
  );
  const narrow = narrowNetwork(setup, order !== undefined);
  const uniform = narrowShape(context);
  const parameters = network.parameters[0].weights.buffer;
  const moments = network.moments.map(([{ weights }]) => weights.buffer);
  const rows = order ? [order] : [];
  const forward = fusedForward({
    network: narrow,
    each: tiling.rows,
    workgroup: tiling.forwardWorkgroup,
    arithmetic,
  });
  const backward = fusedBackward({
    network: narrow,
    each: tiling.units,
    workgroup: tiling.backwardWorkgroup,
    rule,
    arithmetic,
  });
  const [dispatches, evaluation] = await Promise.all([
    Promise.all([
      createDispatch(memory, {
        label: 'fused forward',
        kernel: forward,
        buffers: [parameters, source.inputs, source.labels, ...rows, dscores],
        uniform,
        extent: { x: batchSize },
        steps,
      }),
      createDispatch(memory, {
        label: 'fused backward',
        kernel: backward,
        buffers: [source.inputs, ...rows, dscores, parameters, ...moments, network.diverged],
        uniform,
        // And a workgroup for the biases of the logits.
        extent: { x: network.sizes[network.sizes.length - 2] + backward.covers.x },
        steps,
      }),
    ]),
    Evaluation.create(memory, operations, network, source),
  ]);
  return {
    name: 'fused',
    evaluation,
    dispatches,
    stepsPerDispatch: 1,
    encode(pass, _first, slot, count) {
      for (let i = slot; i < slot + count; i++) encode(pass, dispatches, i * STEP_STRIDE);
    },
  };
}
