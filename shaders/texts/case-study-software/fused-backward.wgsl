// The case study, on a software adapter, plan fused, 4 rows × 8 and 4 units × 8 a workgroup: fused backward.
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

@group(0) @binding(0) var<storage, read> inputs: array<real>;
@group(0) @binding(1) var<storage, read> dscores: array<real>;
@group(0) @binding(2) var<uniform> shape: Shape;
@group(0) @binding(3) var<storage, read_write> parameters: array<real>;
@group(0) @binding(4) var<storage, read_write> diverged: atomic<u32>;
@group(0) @binding(5) var<uniform> step: Step;

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

  let direction = g;

  let updated = storable(subtract(parameter, multiply(step.learning_rate, direction)));

  parameters[i] = updated;
  if (!(is_finite(updated))) { atomicMin(&diverged, step.number); }
}

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

fn backward(first: u32, rows: u32) {
  let units = shape.units;
  let j_0 = min(first + 0u, units - 1u);
  let j_1 = min(first + 1u, units - 1u);
  let j_2 = min(first + 2u, units - 1u);
  let j_3 = min(first + 3u, units - 1u);
  var dv_0_0 = real();
  var dv_0_1 = real();
  var dv_0_2 = real();
  var dv_1_0 = real();
  var dv_1_1 = real();
  var dv_1_2 = real();
  var dv_2_0 = real();
  var dv_2_1 = real();
  var dv_2_2 = real();
  var dv_3_0 = real();
  var dv_3_1 = real();
  var dv_3_2 = real();

  let w_0_0 = parameters[shape.weights_0 + 0u * units + j_0];
  let w_0_1 = parameters[shape.weights_0 + 1u * units + j_0];
  let w_1_0 = parameters[shape.weights_0 + 0u * units + j_1];
  let w_1_1 = parameters[shape.weights_0 + 1u * units + j_1];
  let w_2_0 = parameters[shape.weights_0 + 0u * units + j_2];
  let w_2_1 = parameters[shape.weights_0 + 1u * units + j_2];
  let w_3_0 = parameters[shape.weights_0 + 0u * units + j_3];
  let w_3_1 = parameters[shape.weights_0 + 1u * units + j_3];
  let b_0 = parameters[shape.biases_0 + j_0];
  let b_1 = parameters[shape.biases_0 + j_1];
  let b_2 = parameters[shape.biases_0 + j_2];
  let b_3 = parameters[shape.biases_0 + j_3];
  let v_0_0 = parameters[shape.weights_1 + j_0 * 3u + 0u];
  let v_0_1 = parameters[shape.weights_1 + j_0 * 3u + 1u];
  let v_0_2 = parameters[shape.weights_1 + j_0 * 3u + 2u];
  let v_1_0 = parameters[shape.weights_1 + j_1 * 3u + 0u];
  let v_1_1 = parameters[shape.weights_1 + j_1 * 3u + 1u];
  let v_1_2 = parameters[shape.weights_1 + j_1 * 3u + 2u];
  let v_2_0 = parameters[shape.weights_1 + j_2 * 3u + 0u];
  let v_2_1 = parameters[shape.weights_1 + j_2 * 3u + 1u];
  let v_2_2 = parameters[shape.weights_1 + j_2 * 3u + 2u];
  let v_3_0 = parameters[shape.weights_1 + j_3 * 3u + 0u];
  let v_3_1 = parameters[shape.weights_1 + j_3 * 3u + 1u];
  let v_3_2 = parameters[shape.weights_1 + j_3 * 3u + 2u];
  var dw_0_0 = real();
  var dw_0_1 = real();
  var dw_1_0 = real();
  var dw_1_1 = real();
  var dw_2_0 = real();
  var dw_2_1 = real();
  var dw_3_0 = real();
  var dw_3_1 = real();
  var db_0 = real();
  var db_1 = real();
  var db_2 = real();
  var db_3 = real();

  for (var i = 0u; i < rows; i++) {
    let source = source_row(i);

    let d_0 = dscores[i * 3u + 0u];
    let d_1 = dscores[i * 3u + 1u];
    let d_2 = dscores[i * 3u + 2u];

    let x_0 = inputs[source * 2u + 0u];
    let x_1 = inputs[source * 2u + 1u];
    let h_0 = activation(x_0, w_0_0, x_1, w_0_1, b_0);
    var sum_0 = real();
    sum_0 = accumulate(sum_0, d_0, v_0_0);
    sum_0 = accumulate(sum_0, d_1, v_0_1);
    sum_0 = accumulate(sum_0, d_2, v_0_2);
    let dh_0 = select(settle(sum_0), real(), high(h_0) <= 0.0);
    dw_0_0 = accumulate(dw_0_0, x_0, dh_0);
    dw_0_1 = accumulate(dw_0_1, x_1, dh_0);
    db_0 = add(db_0, dh_0);
    let h_1 = activation(x_0, w_1_0, x_1, w_1_1, b_1);
    var sum_1 = real();
    sum_1 = accumulate(sum_1, d_0, v_1_0);
    sum_1 = accumulate(sum_1, d_1, v_1_1);
    sum_1 = accumulate(sum_1, d_2, v_1_2);
    let dh_1 = select(settle(sum_1), real(), high(h_1) <= 0.0);
    dw_1_0 = accumulate(dw_1_0, x_0, dh_1);
    dw_1_1 = accumulate(dw_1_1, x_1, dh_1);
    db_1 = add(db_1, dh_1);
    let h_2 = activation(x_0, w_2_0, x_1, w_2_1, b_2);
    var sum_2 = real();
    sum_2 = accumulate(sum_2, d_0, v_2_0);
    sum_2 = accumulate(sum_2, d_1, v_2_1);
    sum_2 = accumulate(sum_2, d_2, v_2_2);
    let dh_2 = select(settle(sum_2), real(), high(h_2) <= 0.0);
    dw_2_0 = accumulate(dw_2_0, x_0, dh_2);
    dw_2_1 = accumulate(dw_2_1, x_1, dh_2);
    db_2 = add(db_2, dh_2);
    let h_3 = activation(x_0, w_3_0, x_1, w_3_1, b_3);
    var sum_3 = real();
    sum_3 = accumulate(sum_3, d_0, v_3_0);
    sum_3 = accumulate(sum_3, d_1, v_3_1);
    sum_3 = accumulate(sum_3, d_2, v_3_2);
    let dh_3 = select(settle(sum_3), real(), high(h_3) <= 0.0);
    dw_3_0 = accumulate(dw_3_0, x_0, dh_3);
    dw_3_1 = accumulate(dw_3_1, x_1, dh_3);
    db_3 = add(db_3, dh_3);

    dv_0_0 = accumulate(dv_0_0, h_0, d_0);
    dv_0_1 = accumulate(dv_0_1, h_0, d_1);
    dv_0_2 = accumulate(dv_0_2, h_0, d_2);
    dv_1_0 = accumulate(dv_1_0, h_1, d_0);
    dv_1_1 = accumulate(dv_1_1, h_1, d_1);
    dv_1_2 = accumulate(dv_1_2, h_1, d_2);
    dv_2_0 = accumulate(dv_2_0, h_2, d_0);
    dv_2_1 = accumulate(dv_2_1, h_2, d_1);
    dv_2_2 = accumulate(dv_2_2, h_2, d_2);
    dv_3_0 = accumulate(dv_3_0, h_3, d_0);
    dv_3_1 = accumulate(dv_3_1, h_3, d_1);
    dv_3_2 = accumulate(dv_3_2, h_3, d_2);
  }
  var gradients: array<real, 24>;

  gradients[0] = settle(dw_0_0);
  gradients[1] = settle(dw_0_1);
  gradients[6] = settle(dw_1_0);
  gradients[7] = settle(dw_1_1);
  gradients[12] = settle(dw_2_0);
  gradients[13] = settle(dw_2_1);
  gradients[18] = settle(dw_3_0);
  gradients[19] = settle(dw_3_1);
  gradients[2] = db_0;
  gradients[8] = db_1;
  gradients[14] = db_2;
  gradients[20] = db_3;

  gradients[3] = settle(dv_0_0);
  gradients[4] = settle(dv_0_1);
  gradients[5] = settle(dv_0_2);
  gradients[9] = settle(dv_1_0);
  gradients[10] = settle(dv_1_1);
  gradients[11] = settle(dv_1_2);
  gradients[15] = settle(dv_2_0);
  gradients[16] = settle(dv_2_1);
  gradients[17] = settle(dv_2_2);
  gradients[21] = settle(dv_3_0);
  gradients[22] = settle(dv_3_1);
  gradients[23] = settle(dv_3_2);
  let end = min(first + 4u, units);
  for (var unit = first; unit < end; unit++) {
    for (var i = 0u; i < 6u; i++) { update_unit(unit, i, gradients[(unit - first) * 6u + i]); }
  }
}

// A unit's numbers are its weights, its bias and its outgoing weights; without a hidden layer, a
// feature's weights.
fn update_unit(unit: u32, i: u32, gradient: real) {
  var at = shape.weights_1 + unit * 3u + i;
  var penalized = true;

  if (i < 2u) {
    at = shape.weights_0 + i * shape.units + unit;
  } else if (i == 2u) {
    at = shape.biases_0 + unit;
    penalized = false;
  } else {
    at -= 3u;
  }

  apply_update(at, gradient, penalized);
}

fn backward_biases(rows: u32) {
  var sums: array<real, 3>;
  for (var i = 0u; i < rows; i++) {
    sums[0] = add(sums[0], dscores[i * 3u + 0u]);
    sums[1] = add(sums[1], dscores[i * 3u + 1u]);
    sums[2] = add(sums[2], dscores[i * 3u + 2u]);
  }
  for (var k = 0u; k < 3u; k++) { apply_update(shape.biases_1 + k, sums[k], false); }
}

@compute @workgroup_size(8)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  begin(id);
  let rows = step.batch_rows;
  if (workgroup_number(workgroup, workgroups) == piece.count - 1u) {
    if (lane == 0u) { backward_biases(rows); }
    return;
  }
  let first = linear_index(id, workgroups) * 4u;
  if (first < shape.units) { backward(first, rows); }
}
