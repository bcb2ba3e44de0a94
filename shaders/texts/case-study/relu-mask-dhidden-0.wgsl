// The case study, on a graphics card, plan layered: relu mask dhidden 0.
@group(0) @binding(0) var<storage, read> outputs: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(2) var<uniform> count: u32;

struct Piece { first: u32, across: u32, count: u32 }
@group(0) @binding(15) var<uniform> piece: Piece;

fn workgroup_number(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return piece.first + workgroup.y * workgroups.x + workgroup.x;
}

fn linear_index(id: vec3u, workgroups: vec3u) -> u32 {
  return (piece.first + id.y * workgroups.x) * 64u + id.x;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let i = linear_index(id, workgroups);
  if (i >= count) { return; }

  let inactive = outputs[i] <= vec4f();

  gradient[i] = select(gradient[i], vec4f(), inactive);
}
