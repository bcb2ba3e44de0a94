// Not the case study, but SGD with momentum, on a graphics card, plan layered: update weights 0.
alias real = f32;
fn begin(id: vec3u) {}
fn to_real(x: f32) -> real { return x; }
fn high(x: real) -> f32 { return x; }
fn add(a: real, b: real) -> real { return a + b; }
fn subtract(a: real, b: real) -> real { return a - b; }
fn multiply(a: real, b: real) -> real { return a * b; }
fn add_product(sum: real, a: real, b: real) -> real { return fma(a, b, sum); }
fn accumulate(sum: real, a: real, b: real) -> real { return fma(a, b, sum); }
fn settle(sum: real) -> real { return sum; }
fn storable(a: real) -> real { return a; }
fn divide(a: real, b: real) -> real { return a / b; }
fn square_root(a: real) -> real { return sqrt(a); }
fn exponential(a: real) -> real { return exp(a); }
fn logarithm(a: real) -> real { return log(a); }
// log(1 + a) for a >= 0. Up to 1 it is 2 artanh(s), s = a / (2 + a), so that no digit of a is lost.
fn log_of_one_plus(a: real) -> real {
  if (a > 1.0) { return log(1.0 + a); }
  let s = a / (2.0 + a);
  let t = s * s;
  return 2.0 * (s + s * (t * (0.3333333333333333f + t * (0.2f + t * (0.14285714285714285f + t * (0.1111111111111111f + t * (0.09090909090909091f + t * (0.07692307692307693f + t * (0.06666666666666667f)))))))));
}
fn greater(a: real, b: real) -> bool { return a > b; }
// Tests the bits, because compilers may assume that x != x never holds.
fn is_finite(a: real) -> bool { return (bitcast<u32>(a) & 0x7f800000u) != 0x7f800000u; }

struct Shape { penalized: u32, count: u32 }

struct Step {
  number: u32,
  batch_start: u32,
  batch_rows: u32,
  steps_in_dispatch: u32,
  learning_rate: real,
  l2: real,
  decay_1: real,
  rest_1: real,
  correction_1: real,
  decay_2: real,
  rest_2: real,
  correction_2: real,
  epsilon: real,
  l1: real,
  weight_share: real,
  total_weight: real,
  dropout_keep: real,
  dropout_key: u32,
  dropout_limit: u32,
}

fn apply_update(i: u32, gradient: real, penalized: bool) {
  let parameter = parameters[i];
  let l2 = select(real(), step.l2, penalized);

  let g = add_product(gradient, l2, parameter);

  let direction = storable(add_product(g, step.decay_1, first_moment[i]));
  first_moment[i] = direction;

  let updated = storable(subtract(parameter, multiply(step.learning_rate, direction)));

  parameters[i] = updated;
  if (!(is_finite(updated))) { atomicMin(&diverged, step.number); }
}

@group(0) @binding(0) var<storage, read> gradient: array<real>;
@group(0) @binding(1) var<uniform> shape: Shape;
@group(0) @binding(2) var<storage, read_write> parameters: array<real>;
@group(0) @binding(3) var<storage, read_write> first_moment: array<real>;
@group(0) @binding(4) var<storage, read_write> diverged: atomic<u32>;
@group(0) @binding(5) var<uniform> step: Step;

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
  begin(id);

  let i = linear_index(id, workgroups);
  if (i >= shape.count) { return; }
  apply_update(i, gradient[i], shape.penalized == 1u);
}
