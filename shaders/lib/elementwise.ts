import { bind, type Variables } from './bindings.ts';
import { type Kernel, linearIndex, WORKGROUP } from './kernel.ts';
import { type Arithmetic, real } from './real.ts';
import { wgsl } from './text.ts';

interface ElementwiseOptions {
  variables: Variables;
  /** The arithmetic, for a kernel of `real` numbers. */
  arithmetic?: Arithmetic;
  /** Structs and functions, as WGSL. */
  declarations?: string;
  /** The number of elements, as WGSL. */
  count: string;
  /** The statements for element number `i`, as WGSL. */
  body: string;
}

/** A kernel with one invocation for each element. */
export function elementwise(options: ElementwiseOptions): Kernel {
  const { variables, arithmetic, declarations = '', count, body } = options;
  const bound = bind(variables);
  const code = wgsl`
#if ${arithmetic}
${arithmetic && real(arithmetic)}
#endif
${declarations}
${bound.declarations}
${linearIndex}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
#if ${arithmetic}
  begin(id);
#endif
  let i = linear_index(id, workgroups);
  if (i >= ${count}) { return; }
${body}
}
`;
  return { code, bindings: bound.bindings, workgroup: WORKGROUP, covers: { x: WORKGROUP, y: 1 } };
}
