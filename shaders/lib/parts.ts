import type { Kernel } from './kernel.ts';

/** Where each of an entry point's builtins comes from, seen from the whole. */
const FROM_WHOLE: Record<string, string> = {
  global_invocation_id: 'part_id + (group - part_group) * SIZE',
  workgroup_id: 'group',
  num_workgroups: 'vec3u(part.across, part.down, 1u)',
};
/** Those that are the same in a part as in the whole. */
const SAME = ['local_invocation_id', 'local_invocation_index'];

const ENTRY = /@compute @workgroup_size\(([^)]*)\)\s*fn main\(([\s\S]*?),?\s*\)\s*\{/;
const PARAMETER = /@builtin\((\w+)\)\s*(\w+)\s*:\s*(\w+)/g;

/**
 * A kernel of which a dispatch, in any layout, carries out its number of workgroups, from `first` on in the order of rows, as
 * if it had been dispatched as a whole of `across` × `down`: the text of the kernel stays what it is, and so do the bits of what it
 * computes. No condition leaves any out: it would go with everything that follows, as software adapters compute.
 *
 * Bindings: those of the kernel; in group 1 at 0, with a dynamic offset, part { first, across, down }.
 */
export function inParts(kernel: Kernel): Kernel {
  const entry = ENTRY.exec(kernel.code);
  if (!entry) throw new Error(`A kernel without an entry point:\n${kernel.code}`);
  const [text, size, list] = entry;
  const parameters = Array.from(list.matchAll(PARAMETER), ([, builtin, name, type]) => ({
    builtin,
    name,
    type,
  }));
  const unknown = parameters.find(({ builtin }) => !SAME.includes(builtin) && !(builtin in FROM_WHOLE));
  if (unknown) throw new Error(`No part has the builtin ${unknown.builtin} of the whole.`);
  const [x, y = '1', z = '1'] = size.split(',');
  const own = parameters.filter(({ builtin }) => SAME.includes(builtin));
  const values = parameters.map(({ builtin, name }) =>
    (FROM_WHOLE[builtin] ?? name).replace('SIZE', `vec3u(${x}, ${y}, ${z})`),
  );
  const before = kernel.code.slice(0, entry.index);
  const body = kernel.code.slice(entry.index + text.length);
  const code = `${before}struct Part { first: u32, across: u32, down: u32 }
@group(1) @binding(0) var<uniform> part: Part;

fn whole(${parameters.map(({ name, type }) => `${name}: ${type}`).join(', ')}) {${body}
@compute @workgroup_size(${size})
fn main(
  @builtin(global_invocation_id) part_id: vec3u,
  @builtin(workgroup_id) part_group: vec3u,
  @builtin(num_workgroups) part_groups: vec3u,
${own.map(({ builtin, name, type }) => `  @builtin(${builtin}) ${name}: ${type},\n`).join('')}) {
  let index = part.first + part_group.y * part_groups.x + part_group.x;
  let group = vec3u(index % part.across, index / part.across, part_group.z);
  whole(${values.join(', ')});
}
`;
  return { ...kernel, code, parts: true };
}
