import { bind } from './lib/bindings.ts';
import { type Kernel, linearIndex, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/** What is summed: the numbers, their squares (ΣW² of the L2 term) or sizes (Σ|W| of the L1 term). */
export type Summed = 'values' | 'squares' | 'sizes';

interface SumOptions {
  of?: Summed;
  arithmetic?: Arithmetic;
}

/**
 * Sum of a vector, times a scale (1 / rows gives a mean). Every workgroup writes one number. Few
 * elements take one workgroup; many elements take several workgroups and a second dispatch over
 * their sums. The order of addition depends on the count and the number of workgroups alone.
 *
 * In the notes: `data_loss = np.sum(correct_logprobs) / N` and `np.sum(W * W)`. No training step of
 * any plan has this kernel: an evaluation sums the losses.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `values` | losses, correct rows or weights | count |
 * | `sums` | a sum for each workgroup, from index `at` on | at + workgroups, or longer |
 * | `shape` | `{ scale, count, at }` | struct |
 */
export function sum({ of = 'values', arithmetic = 'single' }: SumOptions = {}): Kernel {
  const { declarations, bindings } = bind([
    ['values', 'read', 'array<real>'],
    ['sums', 'read_write', 'array<real>'],
    ['shape', 'uniform', 'Shape'],
  ]);
  const code = wgsl`
${real(arithmetic)}
struct Shape { scale: real, count: u32, at: u32 }

${declarations}

var<workgroup> partial: array<real, ${WORKGROUP}>;
${linearIndex}
@compute @workgroup_size(${WORKGROUP})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  begin(id);
  let index = linear_index(id, workgroups);
  var total = real();
  for (var i = index; i < shape.count; i += piece.count * ${WORKGROUP}u) {
    let value = values[i];
#if ${of === 'squares'}
    total = add_product(total, value, value);
#elif ${of === 'sizes'}
    total = add(total, select(value, -value, high(value) < 0.0));
#else
    total = add(total, value);
#endif
  }
  partial[lane] = total;
  for (var half = ${WORKGROUP / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { partial[lane] = add(partial[lane], partial[lane + half]); }
  }
  if (lane == 0u) { sums[shape.at + index / ${WORKGROUP}u] = multiply(partial[0], shape.scale); }
}
`;
  return { code, bindings, workgroup: WORKGROUP, covers: { x: WORKGROUP, y: 1 } };
}
