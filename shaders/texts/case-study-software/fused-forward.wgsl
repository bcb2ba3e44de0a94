// The case study, on a software adapter, plan fused, 4 rows × 8 and 4 units × 8 a workgroup: fused forward.
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

struct Shape { units: u32, weights_0: u32, biases_0: u32, weights_1: u32, biases_1: u32,  }

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

@group(0) @binding(0) var<storage, read> parameters: array<real>;
@group(0) @binding(1) var<storage, read> inputs: array<real>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read_write> dscores: array<real>;
@group(0) @binding(4) var<uniform> shape: Shape;
@group(0) @binding(5) var<uniform> step: Step;

struct Piece { first: u32, across: u32, count: u32 }
@group(0) @binding(15) var<uniform> piece: Piece;

fn workgroup_number(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return piece.first + workgroup.y * workgroups.x + workgroup.x;
}

fn linear_index(id: vec3u, workgroups: vec3u) -> u32 {
  return (piece.first + id.y * workgroups.x) * 8u + id.x;
}

fn source_row(i: u32) -> u32 { return i; }

fn activation(x_0: real, w_0: real, x_1: real, w_1: real, bias: real) -> real {
  var sum = real();
  sum = accumulate(sum, x_0, w_0);
  sum = accumulate(sum, x_1, w_1);
  let total = add(settle(sum), bias);
  return select(total, real(), high(total) <= 0.0);
}

fn logits(first: u32, rows: u32) {
  let units = shape.units;
  let source_0 = source_row(min(first + 0u, rows - 1u));
  let source_1 = source_row(min(first + 1u, rows - 1u));
  let source_2 = source_row(min(first + 2u, rows - 1u));
  let source_3 = source_row(min(first + 3u, rows - 1u));

  let x_0_0 = inputs[source_0 * 2u + 0u];
  let x_0_1 = inputs[source_0 * 2u + 1u];
  let x_1_0 = inputs[source_1 * 2u + 0u];
  let x_1_1 = inputs[source_1 * 2u + 1u];
  let x_2_0 = inputs[source_2 * 2u + 0u];
  let x_2_1 = inputs[source_2 * 2u + 1u];
  let x_3_0 = inputs[source_3 * 2u + 0u];
  let x_3_1 = inputs[source_3 * 2u + 1u];

  var z_0_0 = real();
  var z_0_1 = real();
  var z_0_2 = real();
  var z_1_0 = real();
  var z_1_1 = real();
  var z_1_2 = real();
  var z_2_0 = real();
  var z_2_1 = real();
  var z_2_2 = real();
  var z_3_0 = real();
  var z_3_1 = real();
  var z_3_2 = real();
  for (var j = 0u; j < units; j++) {
    let w_0 = parameters[shape.weights_0 + 0u * units + j];
    let w_1 = parameters[shape.weights_0 + 1u * units + j];
    let bias = parameters[shape.biases_0 + j];

    let h_0 = activation(x_0_0, w_0, x_0_1, w_1, bias);
    let h_1 = activation(x_1_0, w_0, x_1_1, w_1, bias);
    let h_2 = activation(x_2_0, w_0, x_2_1, w_1, bias);
    let h_3 = activation(x_3_0, w_0, x_3_1, w_1, bias);

    let v_0 = parameters[shape.weights_1 + j * 3u + 0u];
    let v_1 = parameters[shape.weights_1 + j * 3u + 1u];
    let v_2 = parameters[shape.weights_1 + j * 3u + 2u];
    z_0_0 = accumulate(z_0_0, h_0, v_0);
    z_0_1 = accumulate(z_0_1, h_0, v_1);
    z_0_2 = accumulate(z_0_2, h_0, v_2);
    z_1_0 = accumulate(z_1_0, h_1, v_0);
    z_1_1 = accumulate(z_1_1, h_1, v_1);
    z_1_2 = accumulate(z_1_2, h_1, v_2);
    z_2_0 = accumulate(z_2_0, h_2, v_0);
    z_2_1 = accumulate(z_2_1, h_2, v_1);
    z_2_2 = accumulate(z_2_2, h_2, v_2);
    z_3_0 = accumulate(z_3_0, h_3, v_0);
    z_3_1 = accumulate(z_3_1, h_3, v_1);
    z_3_2 = accumulate(z_3_2, h_3, v_2);
  }
  let c_0 = parameters[shape.biases_1 + 0u];
  let c_1 = parameters[shape.biases_1 + 1u];
  let c_2 = parameters[shape.biases_1 + 2u];
  let end = min(first + 4u, rows);
  let at_0 = (first + 0u) * 3u;
  if (first + 0u < end) {
    dscores[at_0 + 0u] = add(settle(z_0_0), c_0);
    dscores[at_0 + 1u] = add(settle(z_0_1), c_1);
    dscores[at_0 + 2u] = add(settle(z_0_2), c_2);
  }
  let at_1 = (first + 1u) * 3u;
  if (first + 1u < end) {
    dscores[at_1 + 0u] = add(settle(z_1_0), c_0);
    dscores[at_1 + 1u] = add(settle(z_1_1), c_1);
    dscores[at_1 + 2u] = add(settle(z_1_2), c_2);
  }
  let at_2 = (first + 2u) * 3u;
  if (first + 2u < end) {
    dscores[at_2 + 0u] = add(settle(z_2_0), c_0);
    dscores[at_2 + 1u] = add(settle(z_2_1), c_1);
    dscores[at_2 + 2u] = add(settle(z_2_2), c_2);
  }
  let at_3 = (first + 3u) * 3u;
  if (first + 3u < end) {
    dscores[at_3 + 0u] = add(settle(z_3_0), c_0);
    dscores[at_3 + 1u] = add(settle(z_3_1), c_1);
    dscores[at_3 + 2u] = add(settle(z_3_2), c_2);
  }
}

fn forward(first: u32, rows: u32) {
  logits(first, rows);
  let end = min(first + 4u, rows);
  for (var row = first; row < end; row++) { softmax(row, labels[source_row(row)], rows); }
}

// Turns logits into (p - 1{k = y}) / rows. The maximum is subtracted first, so that logits of any
// size do not overflow. p - 1 is minus the sum of the other probabilities, so that no digit is lost.
// A logit that is not finite takes the place of the label's gradient.
fn softmax(row: u32, label: u32, rows: u32) {
  let start = row * 3u;
  let end = start + 3u;
  var maximum = dscores[start];
  for (var i = start + 1u; i < end; i++) {
    if (greater(dscores[i], maximum)) { maximum = dscores[i]; }
  }
  let own = start + label;
  var sum = real();
  var others = real();
  var overflow = real();
  for (var i = start; i < end; i++) {
    if (!is_finite(dscores[i])) { overflow = dscores[i]; }
    let e = exponential(subtract(dscores[i], maximum));
    dscores[i] = e;
    sum = add(sum, e);
    if (i != own) { others = add(others, e); }
  }
  dscores[own] = select(overflow, -others, is_finite(overflow));
  let count = to_real(f32(rows));
  for (var i = start; i < end; i++) { dscores[i] = divide(divide(dscores[i], sum), count); }
}

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let first = linear_index(id, workgroups) * 4u;
  if (first < step.batch_rows) { forward(first, step.batch_rows); }
}
