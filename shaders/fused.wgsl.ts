import { bind, type Variable } from './lib/bindings.ts';
import { type Kernel, linearIndexIn, stepStruct } from './lib/kernel.ts';
import { answersVariable } from './lib/loss.ts';
import type { Update } from './lib/moments.ts';
import {
  type NarrowNetwork,
  narrowActivations,
  narrowBackward,
  narrowForward,
  narrowLogits,
  narrowShape,
  weightedShape,
} from './lib/narrow.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';
import { updateRule, updateVariables } from './lib/update-rule.ts';

const ORDER: Variable = ['order', 'read', 'array<u32>'];

interface FusedOptions {
  network: NarrowNetwork;
  /** Rows of an invocation in the forward pass, or units in the backward pass. */
  perInvocation: number;
  /** Invocations of a workgroup. */
  workgroup: number;
  arithmetic?: Arithmetic;
}

/**
 * The forward pass of a narrow network in one dispatch: from inputs and parameters to the gradient
 * of the mean loss on the logits; see {@link narrowForward}.
 *
 * In the notes: all from `np.maximum(0, np.dot(X, W) + b)` to `dscores /= N`, without the loss. A
 * step of the plan `fused` never computes the loss of a narrow network: an evaluation computes the
 * loss.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `parameters` | W₀, b₀, W₁, b₁ at the places in `shape` | features×units, units, units×classes,
 * classes |
 * | `inputs` | inputs of all rows | count×features |
 * | `labels` or `targets` | the answers of all rows | count, or count×outputs |
 * | `order` | only with batches: row indices, batch after batch | steps×batch size |
 * | `dscores` | gradient on the logits | rows×classes |
 * | `shape` | {@link narrowShape} | struct |
 * | `step` | {@link stepStruct} | struct |
 */
export function fusedForward({
  network,
  perInvocation,
  workgroup,
  arithmetic = 'single',
}: FusedOptions): Kernel {
  const { declarations, bindings } = bind([
    ['parameters', 'read', 'array<real>'],
    ['inputs', 'read', 'array<real>'],
    answersVariable(network.loss.answers),
    network.batches && ORDER,
    ['dscores', 'read_write', 'array<real>'],
    ['shape', 'uniform', 'Shape'],
    ['step', 'step', 'Step'],
  ]);
  const code = wgsl`
${real(arithmetic)}
${weightedShape(network)}
${stepStruct}
${declarations}
${linearIndexIn(workgroup)}
${narrowActivations(network, arithmetic)}
${narrowForward(network, perInvocation)}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let first = linear_index(id, workgroups) * ${perInvocation}u;
  if (first < step.batch_rows) { forward(first, step.batch_rows); }
}
`;
  return { code, bindings, workgroup, covers: { x: perInvocation * workgroup, y: 1 } };
}

/**
 * The logits of a narrow network in one dispatch, without the rest of a training step: row i of the
 * inputs is row i of the logits.
 *
 * In the notes: `scores = np.dot(hidden_layer, W2) + b2` and the line before it.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `parameters` | W₀, b₀, W₁, b₁ at the places in `shape` | features×units, units, units×classes,
 * classes |
 * | `inputs` | inputs | rows×features |
 * | `scores` | logits | rows×classes |
 * | `shape` | {@link narrowShape}, then rows | struct |
 */
export function fusedLogits({
  network,
  perInvocation,
  workgroup,
  arithmetic = 'single',
}: FusedOptions): Kernel {
  const { declarations, bindings } = bind([
    ['parameters', 'read', 'array<real>'],
    ['inputs', 'read', 'array<real>'],
    ['scores', 'read_write', 'array<real>'],
    ['shape', 'uniform', 'Shape'],
  ]);
  const evaluated = { ...network, batches: false, dropout: undefined };
  const code = wgsl`
${real(arithmetic)}
${narrowShape('rows: u32')}
${declarations}
${linearIndexIn(workgroup)}
${narrowActivations(evaluated, arithmetic)}
${narrowLogits(evaluated, perInvocation, 'scores')}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let first = linear_index(id, workgroups) * ${perInvocation}u;
  if (first < shape.rows) { logits(first, shape.rows); }
}
`;
  return { code, bindings, workgroup, covers: { x: perInvocation * workgroup, y: 1 } };
}

/**
 * The backward pass of a narrow network and the update of all parameters in one dispatch; see
 * {@link narrowBackward}. The last workgroup takes the biases of the logits, all others take units.
 *
 * In the notes: all from `dW2 = np.dot(hidden_layer.T, dscores)` to `b2 += -step_size * db2`.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `inputs` | inputs of all rows | count×features |
 * | `order` | only with batches: row indices, batch after batch | steps×batch size |
 * | `dscores` | gradient on the logits | rows×classes |
 * | `shape` | {@link narrowShape} | struct |
 * | `parameters` | W₀, b₀, W₁, b₁, changed in place | features×units, units, units×classes, classes
 * |
 * | `first_moment`, `second_moment` | moments of the rule, changed in place | as the parameters |
 * | `diverged` | the first step after which a number is not finite | 1 |
 * | `step` | {@link stepStruct} | struct |
 */
export function fusedBackward({
  network,
  perInvocation,
  workgroup,
  update,
  arithmetic = 'single',
}: FusedOptions & { update: Update }): Kernel {
  const { declarations, bindings } = bind([
    ['inputs', 'read', 'array<real>'],
    network.batches && ORDER,
    ['dscores', 'read', 'array<real>'],
    ['shape', 'uniform', 'Shape'],
    ...updateVariables(update),
  ]);
  const code = wgsl`
${real(arithmetic)}
${narrowShape()}
${declarations}
${updateRule(update)}
${linearIndexIn(workgroup)}
${narrowActivations(network, arithmetic)}
${narrowBackward(network, perInvocation)}
@compute @workgroup_size(${workgroup})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  begin(id);
  let rows = step.batch_rows;
  if (workgroup_number(workgroup, workgroups) == piece.count - 1u) {
    if (lane == 0u) { backward_biases(rows); }
    return;
  }
  let first = linear_index(id, workgroups) * ${perInvocation}u;
  if (first < shape.units) { backward(first, rows); }
}
`;
  return { code, bindings, workgroup, covers: { x: perInvocation * workgroup, y: 1 } };
}
