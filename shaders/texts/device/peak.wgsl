// Not the case study, but a look at the device, on a graphics card, peak of its speed: peak.
struct Shape { count: u32, iterations: u32, factor: f32, term: f32 }
@group(0) @binding(0) var<storage, read_write> results: array<f32>;
@group(0) @binding(1) var<uniform> shape: Shape;

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
  if (i >= shape.count) { return; }

  let iterations = shape.iterations;
  let factor = vec4f(shape.factor);
  let term = vec4f(shape.term);
  var x_0 = 0.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_1 = 4.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_2 = 8.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_3 = 12.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  for (var n = 0u; n < iterations; n++) {
    x_0 = x_0 * factor + term;
    x_1 = x_1 * factor + term;
    x_2 = x_2 * factor + term;
    x_3 = x_3 * factor + term;
  }
  results[i] = dot(x_0 + x_1 + x_2 + x_3, vec4f(1.0));
}
