// The case study, on a software adapter, plan fused, 38 rows × 4 and 13 units × 4 a workgroup: fused backward.
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
  return (piece.first + id.y * workgroups.x) * 4u + id.x;
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
  let j_4 = min(first + 4u, units - 1u);
  let j_5 = min(first + 5u, units - 1u);
  let j_6 = min(first + 6u, units - 1u);
  let j_7 = min(first + 7u, units - 1u);
  let j_8 = min(first + 8u, units - 1u);
  let j_9 = min(first + 9u, units - 1u);
  let j_10 = min(first + 10u, units - 1u);
  let j_11 = min(first + 11u, units - 1u);
  let j_12 = min(first + 12u, units - 1u);
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
  var dv_4_0 = real();
  var dv_4_1 = real();
  var dv_4_2 = real();
  var dv_5_0 = real();
  var dv_5_1 = real();
  var dv_5_2 = real();
  var dv_6_0 = real();
  var dv_6_1 = real();
  var dv_6_2 = real();
  var dv_7_0 = real();
  var dv_7_1 = real();
  var dv_7_2 = real();
  var dv_8_0 = real();
  var dv_8_1 = real();
  var dv_8_2 = real();
  var dv_9_0 = real();
  var dv_9_1 = real();
  var dv_9_2 = real();
  var dv_10_0 = real();
  var dv_10_1 = real();
  var dv_10_2 = real();
  var dv_11_0 = real();
  var dv_11_1 = real();
  var dv_11_2 = real();
  var dv_12_0 = real();
  var dv_12_1 = real();
  var dv_12_2 = real();

  let w_0_0 = parameters[shape.weights_0 + 0u * units + j_0];
  let w_0_1 = parameters[shape.weights_0 + 1u * units + j_0];
  let w_1_0 = parameters[shape.weights_0 + 0u * units + j_1];
  let w_1_1 = parameters[shape.weights_0 + 1u * units + j_1];
  let w_2_0 = parameters[shape.weights_0 + 0u * units + j_2];
  let w_2_1 = parameters[shape.weights_0 + 1u * units + j_2];
  let w_3_0 = parameters[shape.weights_0 + 0u * units + j_3];
  let w_3_1 = parameters[shape.weights_0 + 1u * units + j_3];
  let w_4_0 = parameters[shape.weights_0 + 0u * units + j_4];
  let w_4_1 = parameters[shape.weights_0 + 1u * units + j_4];
  let w_5_0 = parameters[shape.weights_0 + 0u * units + j_5];
  let w_5_1 = parameters[shape.weights_0 + 1u * units + j_5];
  let w_6_0 = parameters[shape.weights_0 + 0u * units + j_6];
  let w_6_1 = parameters[shape.weights_0 + 1u * units + j_6];
  let w_7_0 = parameters[shape.weights_0 + 0u * units + j_7];
  let w_7_1 = parameters[shape.weights_0 + 1u * units + j_7];
  let w_8_0 = parameters[shape.weights_0 + 0u * units + j_8];
  let w_8_1 = parameters[shape.weights_0 + 1u * units + j_8];
  let w_9_0 = parameters[shape.weights_0 + 0u * units + j_9];
  let w_9_1 = parameters[shape.weights_0 + 1u * units + j_9];
  let w_10_0 = parameters[shape.weights_0 + 0u * units + j_10];
  let w_10_1 = parameters[shape.weights_0 + 1u * units + j_10];
  let w_11_0 = parameters[shape.weights_0 + 0u * units + j_11];
  let w_11_1 = parameters[shape.weights_0 + 1u * units + j_11];
  let w_12_0 = parameters[shape.weights_0 + 0u * units + j_12];
  let w_12_1 = parameters[shape.weights_0 + 1u * units + j_12];
  let b_0 = parameters[shape.biases_0 + j_0];
  let b_1 = parameters[shape.biases_0 + j_1];
  let b_2 = parameters[shape.biases_0 + j_2];
  let b_3 = parameters[shape.biases_0 + j_3];
  let b_4 = parameters[shape.biases_0 + j_4];
  let b_5 = parameters[shape.biases_0 + j_5];
  let b_6 = parameters[shape.biases_0 + j_6];
  let b_7 = parameters[shape.biases_0 + j_7];
  let b_8 = parameters[shape.biases_0 + j_8];
  let b_9 = parameters[shape.biases_0 + j_9];
  let b_10 = parameters[shape.biases_0 + j_10];
  let b_11 = parameters[shape.biases_0 + j_11];
  let b_12 = parameters[shape.biases_0 + j_12];
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
  let v_4_0 = parameters[shape.weights_1 + j_4 * 3u + 0u];
  let v_4_1 = parameters[shape.weights_1 + j_4 * 3u + 1u];
  let v_4_2 = parameters[shape.weights_1 + j_4 * 3u + 2u];
  let v_5_0 = parameters[shape.weights_1 + j_5 * 3u + 0u];
  let v_5_1 = parameters[shape.weights_1 + j_5 * 3u + 1u];
  let v_5_2 = parameters[shape.weights_1 + j_5 * 3u + 2u];
  let v_6_0 = parameters[shape.weights_1 + j_6 * 3u + 0u];
  let v_6_1 = parameters[shape.weights_1 + j_6 * 3u + 1u];
  let v_6_2 = parameters[shape.weights_1 + j_6 * 3u + 2u];
  let v_7_0 = parameters[shape.weights_1 + j_7 * 3u + 0u];
  let v_7_1 = parameters[shape.weights_1 + j_7 * 3u + 1u];
  let v_7_2 = parameters[shape.weights_1 + j_7 * 3u + 2u];
  let v_8_0 = parameters[shape.weights_1 + j_8 * 3u + 0u];
  let v_8_1 = parameters[shape.weights_1 + j_8 * 3u + 1u];
  let v_8_2 = parameters[shape.weights_1 + j_8 * 3u + 2u];
  let v_9_0 = parameters[shape.weights_1 + j_9 * 3u + 0u];
  let v_9_1 = parameters[shape.weights_1 + j_9 * 3u + 1u];
  let v_9_2 = parameters[shape.weights_1 + j_9 * 3u + 2u];
  let v_10_0 = parameters[shape.weights_1 + j_10 * 3u + 0u];
  let v_10_1 = parameters[shape.weights_1 + j_10 * 3u + 1u];
  let v_10_2 = parameters[shape.weights_1 + j_10 * 3u + 2u];
  let v_11_0 = parameters[shape.weights_1 + j_11 * 3u + 0u];
  let v_11_1 = parameters[shape.weights_1 + j_11 * 3u + 1u];
  let v_11_2 = parameters[shape.weights_1 + j_11 * 3u + 2u];
  let v_12_0 = parameters[shape.weights_1 + j_12 * 3u + 0u];
  let v_12_1 = parameters[shape.weights_1 + j_12 * 3u + 1u];
  let v_12_2 = parameters[shape.weights_1 + j_12 * 3u + 2u];
  var dw_0_0 = real();
  var dw_0_1 = real();
  var dw_1_0 = real();
  var dw_1_1 = real();
  var dw_2_0 = real();
  var dw_2_1 = real();
  var dw_3_0 = real();
  var dw_3_1 = real();
  var dw_4_0 = real();
  var dw_4_1 = real();
  var dw_5_0 = real();
  var dw_5_1 = real();
  var dw_6_0 = real();
  var dw_6_1 = real();
  var dw_7_0 = real();
  var dw_7_1 = real();
  var dw_8_0 = real();
  var dw_8_1 = real();
  var dw_9_0 = real();
  var dw_9_1 = real();
  var dw_10_0 = real();
  var dw_10_1 = real();
  var dw_11_0 = real();
  var dw_11_1 = real();
  var dw_12_0 = real();
  var dw_12_1 = real();
  var db_0 = real();
  var db_1 = real();
  var db_2 = real();
  var db_3 = real();
  var db_4 = real();
  var db_5 = real();
  var db_6 = real();
  var db_7 = real();
  var db_8 = real();
  var db_9 = real();
  var db_10 = real();
  var db_11 = real();
  var db_12 = real();

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
    let h_4 = activation(x_0, w_4_0, x_1, w_4_1, b_4);
    var sum_4 = real();
    sum_4 = accumulate(sum_4, d_0, v_4_0);
    sum_4 = accumulate(sum_4, d_1, v_4_1);
    sum_4 = accumulate(sum_4, d_2, v_4_2);
    let dh_4 = select(settle(sum_4), real(), high(h_4) <= 0.0);
    dw_4_0 = accumulate(dw_4_0, x_0, dh_4);
    dw_4_1 = accumulate(dw_4_1, x_1, dh_4);
    db_4 = add(db_4, dh_4);
    let h_5 = activation(x_0, w_5_0, x_1, w_5_1, b_5);
    var sum_5 = real();
    sum_5 = accumulate(sum_5, d_0, v_5_0);
    sum_5 = accumulate(sum_5, d_1, v_5_1);
    sum_5 = accumulate(sum_5, d_2, v_5_2);
    let dh_5 = select(settle(sum_5), real(), high(h_5) <= 0.0);
    dw_5_0 = accumulate(dw_5_0, x_0, dh_5);
    dw_5_1 = accumulate(dw_5_1, x_1, dh_5);
    db_5 = add(db_5, dh_5);
    let h_6 = activation(x_0, w_6_0, x_1, w_6_1, b_6);
    var sum_6 = real();
    sum_6 = accumulate(sum_6, d_0, v_6_0);
    sum_6 = accumulate(sum_6, d_1, v_6_1);
    sum_6 = accumulate(sum_6, d_2, v_6_2);
    let dh_6 = select(settle(sum_6), real(), high(h_6) <= 0.0);
    dw_6_0 = accumulate(dw_6_0, x_0, dh_6);
    dw_6_1 = accumulate(dw_6_1, x_1, dh_6);
    db_6 = add(db_6, dh_6);
    let h_7 = activation(x_0, w_7_0, x_1, w_7_1, b_7);
    var sum_7 = real();
    sum_7 = accumulate(sum_7, d_0, v_7_0);
    sum_7 = accumulate(sum_7, d_1, v_7_1);
    sum_7 = accumulate(sum_7, d_2, v_7_2);
    let dh_7 = select(settle(sum_7), real(), high(h_7) <= 0.0);
    dw_7_0 = accumulate(dw_7_0, x_0, dh_7);
    dw_7_1 = accumulate(dw_7_1, x_1, dh_7);
    db_7 = add(db_7, dh_7);
    let h_8 = activation(x_0, w_8_0, x_1, w_8_1, b_8);
    var sum_8 = real();
    sum_8 = accumulate(sum_8, d_0, v_8_0);
    sum_8 = accumulate(sum_8, d_1, v_8_1);
    sum_8 = accumulate(sum_8, d_2, v_8_2);
    let dh_8 = select(settle(sum_8), real(), high(h_8) <= 0.0);
    dw_8_0 = accumulate(dw_8_0, x_0, dh_8);
    dw_8_1 = accumulate(dw_8_1, x_1, dh_8);
    db_8 = add(db_8, dh_8);
    let h_9 = activation(x_0, w_9_0, x_1, w_9_1, b_9);
    var sum_9 = real();
    sum_9 = accumulate(sum_9, d_0, v_9_0);
    sum_9 = accumulate(sum_9, d_1, v_9_1);
    sum_9 = accumulate(sum_9, d_2, v_9_2);
    let dh_9 = select(settle(sum_9), real(), high(h_9) <= 0.0);
    dw_9_0 = accumulate(dw_9_0, x_0, dh_9);
    dw_9_1 = accumulate(dw_9_1, x_1, dh_9);
    db_9 = add(db_9, dh_9);
    let h_10 = activation(x_0, w_10_0, x_1, w_10_1, b_10);
    var sum_10 = real();
    sum_10 = accumulate(sum_10, d_0, v_10_0);
    sum_10 = accumulate(sum_10, d_1, v_10_1);
    sum_10 = accumulate(sum_10, d_2, v_10_2);
    let dh_10 = select(settle(sum_10), real(), high(h_10) <= 0.0);
    dw_10_0 = accumulate(dw_10_0, x_0, dh_10);
    dw_10_1 = accumulate(dw_10_1, x_1, dh_10);
    db_10 = add(db_10, dh_10);
    let h_11 = activation(x_0, w_11_0, x_1, w_11_1, b_11);
    var sum_11 = real();
    sum_11 = accumulate(sum_11, d_0, v_11_0);
    sum_11 = accumulate(sum_11, d_1, v_11_1);
    sum_11 = accumulate(sum_11, d_2, v_11_2);
    let dh_11 = select(settle(sum_11), real(), high(h_11) <= 0.0);
    dw_11_0 = accumulate(dw_11_0, x_0, dh_11);
    dw_11_1 = accumulate(dw_11_1, x_1, dh_11);
    db_11 = add(db_11, dh_11);
    let h_12 = activation(x_0, w_12_0, x_1, w_12_1, b_12);
    var sum_12 = real();
    sum_12 = accumulate(sum_12, d_0, v_12_0);
    sum_12 = accumulate(sum_12, d_1, v_12_1);
    sum_12 = accumulate(sum_12, d_2, v_12_2);
    let dh_12 = select(settle(sum_12), real(), high(h_12) <= 0.0);
    dw_12_0 = accumulate(dw_12_0, x_0, dh_12);
    dw_12_1 = accumulate(dw_12_1, x_1, dh_12);
    db_12 = add(db_12, dh_12);

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
    dv_4_0 = accumulate(dv_4_0, h_4, d_0);
    dv_4_1 = accumulate(dv_4_1, h_4, d_1);
    dv_4_2 = accumulate(dv_4_2, h_4, d_2);
    dv_5_0 = accumulate(dv_5_0, h_5, d_0);
    dv_5_1 = accumulate(dv_5_1, h_5, d_1);
    dv_5_2 = accumulate(dv_5_2, h_5, d_2);
    dv_6_0 = accumulate(dv_6_0, h_6, d_0);
    dv_6_1 = accumulate(dv_6_1, h_6, d_1);
    dv_6_2 = accumulate(dv_6_2, h_6, d_2);
    dv_7_0 = accumulate(dv_7_0, h_7, d_0);
    dv_7_1 = accumulate(dv_7_1, h_7, d_1);
    dv_7_2 = accumulate(dv_7_2, h_7, d_2);
    dv_8_0 = accumulate(dv_8_0, h_8, d_0);
    dv_8_1 = accumulate(dv_8_1, h_8, d_1);
    dv_8_2 = accumulate(dv_8_2, h_8, d_2);
    dv_9_0 = accumulate(dv_9_0, h_9, d_0);
    dv_9_1 = accumulate(dv_9_1, h_9, d_1);
    dv_9_2 = accumulate(dv_9_2, h_9, d_2);
    dv_10_0 = accumulate(dv_10_0, h_10, d_0);
    dv_10_1 = accumulate(dv_10_1, h_10, d_1);
    dv_10_2 = accumulate(dv_10_2, h_10, d_2);
    dv_11_0 = accumulate(dv_11_0, h_11, d_0);
    dv_11_1 = accumulate(dv_11_1, h_11, d_1);
    dv_11_2 = accumulate(dv_11_2, h_11, d_2);
    dv_12_0 = accumulate(dv_12_0, h_12, d_0);
    dv_12_1 = accumulate(dv_12_1, h_12, d_1);
    dv_12_2 = accumulate(dv_12_2, h_12, d_2);
  }
  var gradients: array<real, 78>;

  gradients[0] = settle(dw_0_0);
  gradients[1] = settle(dw_0_1);
  gradients[6] = settle(dw_1_0);
  gradients[7] = settle(dw_1_1);
  gradients[12] = settle(dw_2_0);
  gradients[13] = settle(dw_2_1);
  gradients[18] = settle(dw_3_0);
  gradients[19] = settle(dw_3_1);
  gradients[24] = settle(dw_4_0);
  gradients[25] = settle(dw_4_1);
  gradients[30] = settle(dw_5_0);
  gradients[31] = settle(dw_5_1);
  gradients[36] = settle(dw_6_0);
  gradients[37] = settle(dw_6_1);
  gradients[42] = settle(dw_7_0);
  gradients[43] = settle(dw_7_1);
  gradients[48] = settle(dw_8_0);
  gradients[49] = settle(dw_8_1);
  gradients[54] = settle(dw_9_0);
  gradients[55] = settle(dw_9_1);
  gradients[60] = settle(dw_10_0);
  gradients[61] = settle(dw_10_1);
  gradients[66] = settle(dw_11_0);
  gradients[67] = settle(dw_11_1);
  gradients[72] = settle(dw_12_0);
  gradients[73] = settle(dw_12_1);
  gradients[2] = db_0;
  gradients[8] = db_1;
  gradients[14] = db_2;
  gradients[20] = db_3;
  gradients[26] = db_4;
  gradients[32] = db_5;
  gradients[38] = db_6;
  gradients[44] = db_7;
  gradients[50] = db_8;
  gradients[56] = db_9;
  gradients[62] = db_10;
  gradients[68] = db_11;
  gradients[74] = db_12;

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
  gradients[27] = settle(dv_4_0);
  gradients[28] = settle(dv_4_1);
  gradients[29] = settle(dv_4_2);
  gradients[33] = settle(dv_5_0);
  gradients[34] = settle(dv_5_1);
  gradients[35] = settle(dv_5_2);
  gradients[39] = settle(dv_6_0);
  gradients[40] = settle(dv_6_1);
  gradients[41] = settle(dv_6_2);
  gradients[45] = settle(dv_7_0);
  gradients[46] = settle(dv_7_1);
  gradients[47] = settle(dv_7_2);
  gradients[51] = settle(dv_8_0);
  gradients[52] = settle(dv_8_1);
  gradients[53] = settle(dv_8_2);
  gradients[57] = settle(dv_9_0);
  gradients[58] = settle(dv_9_1);
  gradients[59] = settle(dv_9_2);
  gradients[63] = settle(dv_10_0);
  gradients[64] = settle(dv_10_1);
  gradients[65] = settle(dv_10_2);
  gradients[69] = settle(dv_11_0);
  gradients[70] = settle(dv_11_1);
  gradients[71] = settle(dv_11_2);
  gradients[75] = settle(dv_12_0);
  gradients[76] = settle(dv_12_1);
  gradients[77] = settle(dv_12_2);
  let end = min(first + 13u, units);
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

@compute @workgroup_size(4)
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
  let first = linear_index(id, workgroups) * 13u;
  if (first < shape.units) { backward(first, rows); }
}
