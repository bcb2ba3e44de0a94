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
  var x_4 = 16.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_5 = 20.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_6 = 24.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_7 = 28.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_8 = 32.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_9 = 36.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_10 = 40.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_11 = 44.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_12 = 48.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_13 = 52.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_14 = 56.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  var x_15 = 60.0 + vec4f(0.0, 1.0, 2.0, 3.0);
  for (var n = 0u; n < iterations; n++) {
    x_0 = x_0 * factor + term;
    x_1 = x_1 * factor + term;
    x_2 = x_2 * factor + term;
    x_3 = x_3 * factor + term;
    x_4 = x_4 * factor + term;
    x_5 = x_5 * factor + term;
    x_6 = x_6 * factor + term;
    x_7 = x_7 * factor + term;
    x_8 = x_8 * factor + term;
    x_9 = x_9 * factor + term;
    x_10 = x_10 * factor + term;
    x_11 = x_11 * factor + term;
    x_12 = x_12 * factor + term;
    x_13 = x_13 * factor + term;
    x_14 = x_14 * factor + term;
    x_15 = x_15 * factor + term;
  }
  results[i] = dot(x_0 + x_1 + x_2 + x_3 + x_4 + x_5 + x_6 + x_7 + x_8 + x_9 + x_10 + x_11 + x_12 + x_13 + x_14 + x_15, vec4f(1.0));
}
