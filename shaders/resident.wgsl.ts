import { bind } from './lib/bindings.ts';
import { type Kernel, STEP_STRIDE } from './lib/kernel.ts';
import { answersVariable } from './lib/loss.ts';
import type { Update } from './lib/moments.ts';
import {
  type NarrowNetwork,
  narrowActivations,
  narrowBackward,
  narrowForward,
  weightedShape,
} from './lib/narrow.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';
import { momentVariables, updateRule } from './lib/update-rule.ts';

interface ResidentOptions {
  network: NarrowNetwork;
  update: Update;
  /** Real numbers in the buffer of the parameters. */
  parameters: number;
  /** The largest number of rows in a step. */
  rows: number;
  /** Rows, and units, that an invocation takes at once. */
  perInvocation: { rows: number; units: number };
  /** Invocations of the workgroup. */
  workgroup: number;
  arithmetic?: Arithmetic;
}

/**
 * Many whole steps of a narrow network in one dispatch of one workgroup, with the parameters and
 * the gradient on the logits in workgroup memory: `start.steps_in_dispatch` steps, beginning with
 * the step of `start`. A step gives the bits of the fused kernels.
 *
 * In the notes: the whole loop but the loss. A step of the plan `resident` never computes the loss:
 * an evaluation computes the loss.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `stored` | W₀, b₀, W₁, b₁, changed by the steps | features×units, units, units×classes, classes
 * |
 * | `first_moment`, `second_moment` | moments of the rule, changed in place | as `stored` |
 * | `inputs` | inputs of all rows | count×features |
 * | `labels` or `targets` | the answers of all rows | count, or count×outputs |
 * | `order` | only with batches: row indices, batch after batch | steps×batch size |
 * | `diverged` | the first step after which a number is not finite | 1 |
 * | `slots` | the {@link stepStruct} of every step of the submission | steps |
 * | `shape` | {@link narrowShape} | struct |
 * | `start` | the {@link stepStruct} of the first step of the dispatch | struct |
 */
export function resident(options: ResidentOptions): Kernel {
  const { network, update, perInvocation, workgroup, arithmetic = 'single' } = options;
  const { batches, classes } = network;
  const { declarations, bindings } = bind([
    ['stored', 'read_write', 'array<real>'],
    ...momentVariables(update),
    ['inputs', 'read', 'array<real>'],
    answersVariable(network.loss.answers),
    batches && ['order', 'read', 'array<u32>'],
    ['diverged', 'read_write', 'atomic<u32>'],
    ['slots', 'read', 'array<Slot>'],
    ['shape', 'uniform', 'Shape'],
    ['start', 'step', 'Step'],
  ]);
  const code = wgsl`
${real(arithmetic)}
${weightedShape(network)}
struct Slot { @size(${STEP_STRIDE}) step: Step }

${declarations}

var<workgroup> parameters: array<real, ${options.parameters}>;
var<workgroup> dscores: array<real, ${options.rows * classes}>;
var<private> step: Step;
${updateRule(update)}
${narrowActivations(network, arithmetic)}
${narrowForward(network, perInvocation.rows)}
${narrowBackward(network, perInvocation.units)}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  begin(id);
  for (var i = lane; i < ${options.parameters}u; i += ${workgroup}u) { parameters[i] = stored[i]; }
  let slot = start.number - slots[0].step.number;
  for (var s = 0u; s < start.steps_in_dispatch; s++) {
    workgroupBarrier();
    step = slots[slot + s].step;
    let rows = step.batch_rows;
    for (var first = lane * ${perInvocation.rows}u; first < rows; first += ${workgroup * perInvocation.rows}u) { forward(first, rows); }
    workgroupBarrier();
    for (var first = lane * ${perInvocation.units}u; first < shape.units; first += ${workgroup * perInvocation.units}u) {
      backward(first, rows);
    }
    if (lane == ${workgroup - 1}u) { backward_biases(rows); }
  }
  workgroupBarrier();
  for (var i = lane; i < ${options.parameters}u; i += ${workgroup}u) { stored[i] = parameters[i]; }
}
`;
  return { code, bindings, workgroup, covers: { x: 1, y: 1 } };
}
