import { type Binding, type Kernel, STEP_STRIDE, stepStruct } from './lib/kernel.ts';
import {
  type NarrowNetwork,
  narrowActivations,
  narrowBackward,
  narrowForward,
  narrowShape,
} from './lib/narrow.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';
import { MOMENTS, type UpdateRule, updateRule } from './lib/update-rule.ts';

export interface ResidentOptions {
  network: NarrowNetwork;
  rule: UpdateRule;
  /** Real numbers of the parameters' buffer. */
  parameters: number;
  /** Rows of a step at the most. */
  rows: number;
  /** Rows, and units, that an invocation takes at once. */
  each: { rows: number; units: number };
  /** Invocations of the workgroup. */
  workgroup: number;
  arithmetic?: Arithmetic;
}

/**
 * Many whole steps of a narrow network in one dispatch of one workgroup, with the parameters and the gradient on the logits
 * in workgroup memory: `start.run` steps from the one that `start` tells. A step is that of the fused kernels, to the bit.
 *
 * Bindings: parameters, moments as the rule needs, inputs, labels, order for batches, diverged, steps, shape, start.
 */
export function resident(options: ResidentOptions): Kernel {
  const { network, rule, each, workgroup, arithmetic = 'single' } = options;
  const { batches, classes } = network;
  const moments = MOMENTS[rule];
  const after = moments + (batches ? 1 : 0);
  const code = wgsl`
${real(arithmetic)}
${narrowShape()}
${stepStruct}
struct Slot { @size(${STEP_STRIDE}) step: Step }

@group(0) @binding(0) var<storage, read_write> stored: array<real>;
#if ${moments > 0}
@group(0) @binding(1) var<storage, read_write> first_moment: array<real>;
#endif
#if ${moments > 1}
@group(0) @binding(2) var<storage, read_write> second_moment: array<real>;
#endif
@group(0) @binding(${moments + 1}) var<storage, read> inputs: array<real>;
@group(0) @binding(${moments + 2}) var<storage, read> labels: array<u32>;
#if ${batches}
@group(0) @binding(${moments + 3}) var<storage, read> order: array<u32>;
#endif
@group(0) @binding(${after + 3}) var<storage, read_write> diverged: atomic<u32>;
@group(0) @binding(${after + 4}) var<storage, read> slots: array<Slot>;
@group(0) @binding(${after + 5}) var<uniform> shape: Shape;
@group(0) @binding(${after + 6}) var<uniform> start: Step;

var<workgroup> parameters: array<real, ${options.parameters}>;
var<workgroup> dscores: array<real, ${options.rows * classes}>;
var<private> step: Step;
${updateRule(rule)}
${narrowActivations(network)}
${narrowForward(network, each.rows)}
${narrowBackward(network, each.units)}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  begin(id);
  for (var i = lane; i < ${options.parameters}u; i += ${workgroup}u) { parameters[i] = stored[i]; }
  let slot = start.number - slots[0].step.number;
  for (var s = 0u; s < start.run; s++) {
    workgroupBarrier();
    step = slots[slot + s].step;
    let rows = step.batch_rows;
    for (var first = lane * ${each.rows}u; first < rows; first += ${workgroup * each.rows}u) { forward(first, rows); }
    workgroupBarrier();
    for (var first = lane * ${each.units}u; first < shape.units; first += ${workgroup * each.units}u) {
      backward(first, rows);
    }
    if (lane == ${workgroup - 1}u) { backward_biases(rows); }
  }
  workgroupBarrier();
  for (var i = lane; i < ${options.parameters}u; i += ${workgroup}u) { stored[i] = parameters[i]; }
}
`;
  const bindings: Binding[] = [
    'read_write',
    ...Array.from({ length: moments }, () => 'read_write' as const),
    'read',
    'read',
    ...(batches ? (['read'] as const) : []),
    'read_write',
    'read',
    'uniform',
    'step',
  ];
  return { code, bindings, workgroup, covers: { x: 1, y: 1 } };
}
