import { type Binding, type Kernel, linearIndexIn, stepStruct } from './lib/kernel.ts';
import {
  type NarrowNetwork,
  narrowActivations,
  narrowBackward,
  narrowForward,
  narrowLogits,
  narrowShape,
} from './lib/narrow.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';
import { type UpdateRule, updateBindings, updateRule, updateVariables } from './lib/update-rule.ts';

export interface FusedOptions {
  network: NarrowNetwork;
  /** Rows that an invocation of the forward pass takes, or units that one of the backward pass takes. */
  each: number;
  /** Invocations of a workgroup. */
  workgroup: number;
  arithmetic?: Arithmetic;
}

/**
 * The forward pass of a narrow network in one dispatch: from inputs and parameters to the gradient of the mean loss on the
 * logits; see {@link narrowForward}.
 *
 * Bindings: parameters, inputs, labels, order for batches, dscores (rows × classes), shape, step.
 */
export function fusedForward({ network, each, workgroup, arithmetic = 'single' }: FusedOptions): Kernel {
  const { batches } = network;
  const code = wgsl`
${real(arithmetic)}
${narrowShape()}
${stepStruct}
@group(0) @binding(0) var<storage, read> parameters: array<real>;
@group(0) @binding(1) var<storage, read> inputs: array<real>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
#if ${batches}
@group(0) @binding(3) var<storage, read> order: array<u32>;
#endif
@group(0) @binding(${batches ? 4 : 3}) var<storage, read_write> dscores: array<real>;
@group(0) @binding(${batches ? 5 : 4}) var<uniform> shape: Shape;
@group(0) @binding(${batches ? 6 : 5}) var<uniform> step: Step;
${linearIndexIn(workgroup)}
${narrowActivations(network)}
${narrowForward(network, each)}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let first = linear_index(id, workgroups) * ${each}u;
  if (first < step.batch_rows) { forward(first, step.batch_rows); }
}
`;
  const bindings: Binding[] = [
    'read',
    'read',
    'read',
    ...orderBinding(batches),
    'read_write',
    'uniform',
    'step',
  ];
  return { code, bindings, workgroup, covers: { x: each * workgroup, y: 1 } };
}

/**
 * The logits of a narrow network in one dispatch, with nothing of a training step: row i of the inputs is row i of the logits.
 *
 * Bindings: parameters, inputs, logits (rows × classes), shape.
 */
export function fusedLogits({ network, each, workgroup, arithmetic = 'single' }: FusedOptions): Kernel {
  const code = wgsl`
${real(arithmetic)}
${narrowShape('rows: u32')}
@group(0) @binding(0) var<storage, read> parameters: array<real>;
@group(0) @binding(1) var<storage, read> inputs: array<real>;
@group(0) @binding(2) var<storage, read_write> scores: array<real>;
@group(0) @binding(3) var<uniform> shape: Shape;
${linearIndexIn(workgroup)}
${narrowActivations({ ...network, batches: false })}
${narrowLogits(network, each, 'scores')}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let first = linear_index(id, workgroups) * ${each}u;
  if (first < shape.rows) { logits(first, shape.rows); }
}
`;
  return {
    code,
    bindings: ['read', 'read', 'read_write', 'uniform'],
    workgroup,
    covers: { x: each * workgroup, y: 1 },
  };
}

/**
 * The backward pass of a narrow network and the update of all its parameters in one dispatch; see {@link narrowBackward}.
 * The last workgroup takes the biases of the logits, the others units.
 *
 * Bindings: inputs, order for batches, dscores, shape, then what {@link updateBindings} lists.
 */
export function fusedBackward({
  network,
  each,
  workgroup,
  rule,
  arithmetic = 'single',
}: FusedOptions & { rule: UpdateRule }): Kernel {
  const { batches } = network;
  const code = wgsl`
${real(arithmetic)}
${narrowShape()}
@group(0) @binding(0) var<storage, read> inputs: array<real>;
#if ${batches}
@group(0) @binding(1) var<storage, read> order: array<u32>;
#endif
@group(0) @binding(${batches ? 2 : 1}) var<storage, read> dscores: array<real>;
@group(0) @binding(${batches ? 3 : 2}) var<uniform> shape: Shape;
${updateVariables(rule, batches ? 4 : 3)}
${updateRule(rule)}
${linearIndexIn(workgroup)}
${narrowActivations(network)}
${narrowBackward(network, each)}
@compute @workgroup_size(${workgroup})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  begin(id);
  let rows = step.batch_rows;
  let index = linear_index(id, workgroups);
  if (index / ${workgroup}u == part.count - 1u) {
    if (lane == 0u) { backward_biases(rows); }
    return;
  }
  let first = index * ${each}u;
  if (first < shape.units) { backward(first, rows); }
}
`;
  const bindings: Binding[] = ['read', ...orderBinding(batches), 'read', 'uniform', ...updateBindings(rule)];
  return { code, bindings, workgroup, covers: { x: each * workgroup, y: 1 } };
}

const orderBinding = (batches: boolean): Binding[] => (batches ? ['read'] : []);
