import { type Kernel, linearIndex, stepStruct, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/**
 * Copies the rows of one mini-batch, inputs and labels, to where the forward pass reads them. Which rows is told by
 * `order`, from the step's `batch_start` on.
 *
 * Bindings: inputs, labels, order, batch inputs, batch labels, shape { rows, features }, step.
 */
export function gather(arithmetic: Arithmetic = 'single'): Kernel {
  const code = wgsl`
${real(arithmetic)}
struct Shape { rows: u32, features: u32 }
${stepStruct}
@group(0) @binding(0) var<storage, read> inputs: array<real>;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> batch_inputs: array<real>;
@group(0) @binding(4) var<storage, read_write> batch_labels: array<u32>;
@group(0) @binding(5) var<uniform> shape: Shape;
@group(0) @binding(6) var<uniform> step: Step;
${linearIndex}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let i = linear_index(id, workgroups);
  if (i >= shape.rows * shape.features) { return; }
  let row = i / shape.features;
  let feature = i % shape.features;
  let source = order[step.batch_start + row];
  batch_inputs[i] = inputs[source * shape.features + feature];
  if (feature == 0u) { batch_labels[row] = labels[source]; }
}
`;
  return {
    code,
    bindings: ['read', 'read', 'read', 'read_write', 'read_write', 'uniform', 'step'],
    workgroup: WORKGROUP,
    covers: { x: WORKGROUP, y: 1 },
  };
}
