// The case study, on a software adapter, plan fused, 38 rows × 4 and 13 units × 4 a workgroup: fused forward.
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

fn logits(first: u32, rows: u32) {
  let units = shape.units;
  let source_0 = source_row(min(first + 0u, rows - 1u));
  let source_1 = source_row(min(first + 1u, rows - 1u));
  let source_2 = source_row(min(first + 2u, rows - 1u));
  let source_3 = source_row(min(first + 3u, rows - 1u));
  let source_4 = source_row(min(first + 4u, rows - 1u));
  let source_5 = source_row(min(first + 5u, rows - 1u));
  let source_6 = source_row(min(first + 6u, rows - 1u));
  let source_7 = source_row(min(first + 7u, rows - 1u));
  let source_8 = source_row(min(first + 8u, rows - 1u));
  let source_9 = source_row(min(first + 9u, rows - 1u));
  let source_10 = source_row(min(first + 10u, rows - 1u));
  let source_11 = source_row(min(first + 11u, rows - 1u));
  let source_12 = source_row(min(first + 12u, rows - 1u));
  let source_13 = source_row(min(first + 13u, rows - 1u));
  let source_14 = source_row(min(first + 14u, rows - 1u));
  let source_15 = source_row(min(first + 15u, rows - 1u));
  let source_16 = source_row(min(first + 16u, rows - 1u));
  let source_17 = source_row(min(first + 17u, rows - 1u));
  let source_18 = source_row(min(first + 18u, rows - 1u));
  let source_19 = source_row(min(first + 19u, rows - 1u));
  let source_20 = source_row(min(first + 20u, rows - 1u));
  let source_21 = source_row(min(first + 21u, rows - 1u));
  let source_22 = source_row(min(first + 22u, rows - 1u));
  let source_23 = source_row(min(first + 23u, rows - 1u));
  let source_24 = source_row(min(first + 24u, rows - 1u));
  let source_25 = source_row(min(first + 25u, rows - 1u));
  let source_26 = source_row(min(first + 26u, rows - 1u));
  let source_27 = source_row(min(first + 27u, rows - 1u));
  let source_28 = source_row(min(first + 28u, rows - 1u));
  let source_29 = source_row(min(first + 29u, rows - 1u));
  let source_30 = source_row(min(first + 30u, rows - 1u));
  let source_31 = source_row(min(first + 31u, rows - 1u));
  let source_32 = source_row(min(first + 32u, rows - 1u));
  let source_33 = source_row(min(first + 33u, rows - 1u));
  let source_34 = source_row(min(first + 34u, rows - 1u));
  let source_35 = source_row(min(first + 35u, rows - 1u));
  let source_36 = source_row(min(first + 36u, rows - 1u));
  let source_37 = source_row(min(first + 37u, rows - 1u));

  let x_0_0 = inputs[source_0 * 2u + 0u];
  let x_0_1 = inputs[source_0 * 2u + 1u];
  let x_1_0 = inputs[source_1 * 2u + 0u];
  let x_1_1 = inputs[source_1 * 2u + 1u];
  let x_2_0 = inputs[source_2 * 2u + 0u];
  let x_2_1 = inputs[source_2 * 2u + 1u];
  let x_3_0 = inputs[source_3 * 2u + 0u];
  let x_3_1 = inputs[source_3 * 2u + 1u];
  let x_4_0 = inputs[source_4 * 2u + 0u];
  let x_4_1 = inputs[source_4 * 2u + 1u];
  let x_5_0 = inputs[source_5 * 2u + 0u];
  let x_5_1 = inputs[source_5 * 2u + 1u];
  let x_6_0 = inputs[source_6 * 2u + 0u];
  let x_6_1 = inputs[source_6 * 2u + 1u];
  let x_7_0 = inputs[source_7 * 2u + 0u];
  let x_7_1 = inputs[source_7 * 2u + 1u];
  let x_8_0 = inputs[source_8 * 2u + 0u];
  let x_8_1 = inputs[source_8 * 2u + 1u];
  let x_9_0 = inputs[source_9 * 2u + 0u];
  let x_9_1 = inputs[source_9 * 2u + 1u];
  let x_10_0 = inputs[source_10 * 2u + 0u];
  let x_10_1 = inputs[source_10 * 2u + 1u];
  let x_11_0 = inputs[source_11 * 2u + 0u];
  let x_11_1 = inputs[source_11 * 2u + 1u];
  let x_12_0 = inputs[source_12 * 2u + 0u];
  let x_12_1 = inputs[source_12 * 2u + 1u];
  let x_13_0 = inputs[source_13 * 2u + 0u];
  let x_13_1 = inputs[source_13 * 2u + 1u];
  let x_14_0 = inputs[source_14 * 2u + 0u];
  let x_14_1 = inputs[source_14 * 2u + 1u];
  let x_15_0 = inputs[source_15 * 2u + 0u];
  let x_15_1 = inputs[source_15 * 2u + 1u];
  let x_16_0 = inputs[source_16 * 2u + 0u];
  let x_16_1 = inputs[source_16 * 2u + 1u];
  let x_17_0 = inputs[source_17 * 2u + 0u];
  let x_17_1 = inputs[source_17 * 2u + 1u];
  let x_18_0 = inputs[source_18 * 2u + 0u];
  let x_18_1 = inputs[source_18 * 2u + 1u];
  let x_19_0 = inputs[source_19 * 2u + 0u];
  let x_19_1 = inputs[source_19 * 2u + 1u];
  let x_20_0 = inputs[source_20 * 2u + 0u];
  let x_20_1 = inputs[source_20 * 2u + 1u];
  let x_21_0 = inputs[source_21 * 2u + 0u];
  let x_21_1 = inputs[source_21 * 2u + 1u];
  let x_22_0 = inputs[source_22 * 2u + 0u];
  let x_22_1 = inputs[source_22 * 2u + 1u];
  let x_23_0 = inputs[source_23 * 2u + 0u];
  let x_23_1 = inputs[source_23 * 2u + 1u];
  let x_24_0 = inputs[source_24 * 2u + 0u];
  let x_24_1 = inputs[source_24 * 2u + 1u];
  let x_25_0 = inputs[source_25 * 2u + 0u];
  let x_25_1 = inputs[source_25 * 2u + 1u];
  let x_26_0 = inputs[source_26 * 2u + 0u];
  let x_26_1 = inputs[source_26 * 2u + 1u];
  let x_27_0 = inputs[source_27 * 2u + 0u];
  let x_27_1 = inputs[source_27 * 2u + 1u];
  let x_28_0 = inputs[source_28 * 2u + 0u];
  let x_28_1 = inputs[source_28 * 2u + 1u];
  let x_29_0 = inputs[source_29 * 2u + 0u];
  let x_29_1 = inputs[source_29 * 2u + 1u];
  let x_30_0 = inputs[source_30 * 2u + 0u];
  let x_30_1 = inputs[source_30 * 2u + 1u];
  let x_31_0 = inputs[source_31 * 2u + 0u];
  let x_31_1 = inputs[source_31 * 2u + 1u];
  let x_32_0 = inputs[source_32 * 2u + 0u];
  let x_32_1 = inputs[source_32 * 2u + 1u];
  let x_33_0 = inputs[source_33 * 2u + 0u];
  let x_33_1 = inputs[source_33 * 2u + 1u];
  let x_34_0 = inputs[source_34 * 2u + 0u];
  let x_34_1 = inputs[source_34 * 2u + 1u];
  let x_35_0 = inputs[source_35 * 2u + 0u];
  let x_35_1 = inputs[source_35 * 2u + 1u];
  let x_36_0 = inputs[source_36 * 2u + 0u];
  let x_36_1 = inputs[source_36 * 2u + 1u];
  let x_37_0 = inputs[source_37 * 2u + 0u];
  let x_37_1 = inputs[source_37 * 2u + 1u];

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
  var z_4_0 = real();
  var z_4_1 = real();
  var z_4_2 = real();
  var z_5_0 = real();
  var z_5_1 = real();
  var z_5_2 = real();
  var z_6_0 = real();
  var z_6_1 = real();
  var z_6_2 = real();
  var z_7_0 = real();
  var z_7_1 = real();
  var z_7_2 = real();
  var z_8_0 = real();
  var z_8_1 = real();
  var z_8_2 = real();
  var z_9_0 = real();
  var z_9_1 = real();
  var z_9_2 = real();
  var z_10_0 = real();
  var z_10_1 = real();
  var z_10_2 = real();
  var z_11_0 = real();
  var z_11_1 = real();
  var z_11_2 = real();
  var z_12_0 = real();
  var z_12_1 = real();
  var z_12_2 = real();
  var z_13_0 = real();
  var z_13_1 = real();
  var z_13_2 = real();
  var z_14_0 = real();
  var z_14_1 = real();
  var z_14_2 = real();
  var z_15_0 = real();
  var z_15_1 = real();
  var z_15_2 = real();
  var z_16_0 = real();
  var z_16_1 = real();
  var z_16_2 = real();
  var z_17_0 = real();
  var z_17_1 = real();
  var z_17_2 = real();
  var z_18_0 = real();
  var z_18_1 = real();
  var z_18_2 = real();
  var z_19_0 = real();
  var z_19_1 = real();
  var z_19_2 = real();
  var z_20_0 = real();
  var z_20_1 = real();
  var z_20_2 = real();
  var z_21_0 = real();
  var z_21_1 = real();
  var z_21_2 = real();
  var z_22_0 = real();
  var z_22_1 = real();
  var z_22_2 = real();
  var z_23_0 = real();
  var z_23_1 = real();
  var z_23_2 = real();
  var z_24_0 = real();
  var z_24_1 = real();
  var z_24_2 = real();
  var z_25_0 = real();
  var z_25_1 = real();
  var z_25_2 = real();
  var z_26_0 = real();
  var z_26_1 = real();
  var z_26_2 = real();
  var z_27_0 = real();
  var z_27_1 = real();
  var z_27_2 = real();
  var z_28_0 = real();
  var z_28_1 = real();
  var z_28_2 = real();
  var z_29_0 = real();
  var z_29_1 = real();
  var z_29_2 = real();
  var z_30_0 = real();
  var z_30_1 = real();
  var z_30_2 = real();
  var z_31_0 = real();
  var z_31_1 = real();
  var z_31_2 = real();
  var z_32_0 = real();
  var z_32_1 = real();
  var z_32_2 = real();
  var z_33_0 = real();
  var z_33_1 = real();
  var z_33_2 = real();
  var z_34_0 = real();
  var z_34_1 = real();
  var z_34_2 = real();
  var z_35_0 = real();
  var z_35_1 = real();
  var z_35_2 = real();
  var z_36_0 = real();
  var z_36_1 = real();
  var z_36_2 = real();
  var z_37_0 = real();
  var z_37_1 = real();
  var z_37_2 = real();
  for (var j = 0u; j < units; j++) {
    let w_0 = parameters[shape.weights_0 + 0u * units + j];
    let w_1 = parameters[shape.weights_0 + 1u * units + j];
    let bias = parameters[shape.biases_0 + j];

    let h_0 = activation(x_0_0, w_0, x_0_1, w_1, bias);
    let h_1 = activation(x_1_0, w_0, x_1_1, w_1, bias);
    let h_2 = activation(x_2_0, w_0, x_2_1, w_1, bias);
    let h_3 = activation(x_3_0, w_0, x_3_1, w_1, bias);
    let h_4 = activation(x_4_0, w_0, x_4_1, w_1, bias);
    let h_5 = activation(x_5_0, w_0, x_5_1, w_1, bias);
    let h_6 = activation(x_6_0, w_0, x_6_1, w_1, bias);
    let h_7 = activation(x_7_0, w_0, x_7_1, w_1, bias);
    let h_8 = activation(x_8_0, w_0, x_8_1, w_1, bias);
    let h_9 = activation(x_9_0, w_0, x_9_1, w_1, bias);
    let h_10 = activation(x_10_0, w_0, x_10_1, w_1, bias);
    let h_11 = activation(x_11_0, w_0, x_11_1, w_1, bias);
    let h_12 = activation(x_12_0, w_0, x_12_1, w_1, bias);
    let h_13 = activation(x_13_0, w_0, x_13_1, w_1, bias);
    let h_14 = activation(x_14_0, w_0, x_14_1, w_1, bias);
    let h_15 = activation(x_15_0, w_0, x_15_1, w_1, bias);
    let h_16 = activation(x_16_0, w_0, x_16_1, w_1, bias);
    let h_17 = activation(x_17_0, w_0, x_17_1, w_1, bias);
    let h_18 = activation(x_18_0, w_0, x_18_1, w_1, bias);
    let h_19 = activation(x_19_0, w_0, x_19_1, w_1, bias);
    let h_20 = activation(x_20_0, w_0, x_20_1, w_1, bias);
    let h_21 = activation(x_21_0, w_0, x_21_1, w_1, bias);
    let h_22 = activation(x_22_0, w_0, x_22_1, w_1, bias);
    let h_23 = activation(x_23_0, w_0, x_23_1, w_1, bias);
    let h_24 = activation(x_24_0, w_0, x_24_1, w_1, bias);
    let h_25 = activation(x_25_0, w_0, x_25_1, w_1, bias);
    let h_26 = activation(x_26_0, w_0, x_26_1, w_1, bias);
    let h_27 = activation(x_27_0, w_0, x_27_1, w_1, bias);
    let h_28 = activation(x_28_0, w_0, x_28_1, w_1, bias);
    let h_29 = activation(x_29_0, w_0, x_29_1, w_1, bias);
    let h_30 = activation(x_30_0, w_0, x_30_1, w_1, bias);
    let h_31 = activation(x_31_0, w_0, x_31_1, w_1, bias);
    let h_32 = activation(x_32_0, w_0, x_32_1, w_1, bias);
    let h_33 = activation(x_33_0, w_0, x_33_1, w_1, bias);
    let h_34 = activation(x_34_0, w_0, x_34_1, w_1, bias);
    let h_35 = activation(x_35_0, w_0, x_35_1, w_1, bias);
    let h_36 = activation(x_36_0, w_0, x_36_1, w_1, bias);
    let h_37 = activation(x_37_0, w_0, x_37_1, w_1, bias);

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
    z_4_0 = accumulate(z_4_0, h_4, v_0);
    z_4_1 = accumulate(z_4_1, h_4, v_1);
    z_4_2 = accumulate(z_4_2, h_4, v_2);
    z_5_0 = accumulate(z_5_0, h_5, v_0);
    z_5_1 = accumulate(z_5_1, h_5, v_1);
    z_5_2 = accumulate(z_5_2, h_5, v_2);
    z_6_0 = accumulate(z_6_0, h_6, v_0);
    z_6_1 = accumulate(z_6_1, h_6, v_1);
    z_6_2 = accumulate(z_6_2, h_6, v_2);
    z_7_0 = accumulate(z_7_0, h_7, v_0);
    z_7_1 = accumulate(z_7_1, h_7, v_1);
    z_7_2 = accumulate(z_7_2, h_7, v_2);
    z_8_0 = accumulate(z_8_0, h_8, v_0);
    z_8_1 = accumulate(z_8_1, h_8, v_1);
    z_8_2 = accumulate(z_8_2, h_8, v_2);
    z_9_0 = accumulate(z_9_0, h_9, v_0);
    z_9_1 = accumulate(z_9_1, h_9, v_1);
    z_9_2 = accumulate(z_9_2, h_9, v_2);
    z_10_0 = accumulate(z_10_0, h_10, v_0);
    z_10_1 = accumulate(z_10_1, h_10, v_1);
    z_10_2 = accumulate(z_10_2, h_10, v_2);
    z_11_0 = accumulate(z_11_0, h_11, v_0);
    z_11_1 = accumulate(z_11_1, h_11, v_1);
    z_11_2 = accumulate(z_11_2, h_11, v_2);
    z_12_0 = accumulate(z_12_0, h_12, v_0);
    z_12_1 = accumulate(z_12_1, h_12, v_1);
    z_12_2 = accumulate(z_12_2, h_12, v_2);
    z_13_0 = accumulate(z_13_0, h_13, v_0);
    z_13_1 = accumulate(z_13_1, h_13, v_1);
    z_13_2 = accumulate(z_13_2, h_13, v_2);
    z_14_0 = accumulate(z_14_0, h_14, v_0);
    z_14_1 = accumulate(z_14_1, h_14, v_1);
    z_14_2 = accumulate(z_14_2, h_14, v_2);
    z_15_0 = accumulate(z_15_0, h_15, v_0);
    z_15_1 = accumulate(z_15_1, h_15, v_1);
    z_15_2 = accumulate(z_15_2, h_15, v_2);
    z_16_0 = accumulate(z_16_0, h_16, v_0);
    z_16_1 = accumulate(z_16_1, h_16, v_1);
    z_16_2 = accumulate(z_16_2, h_16, v_2);
    z_17_0 = accumulate(z_17_0, h_17, v_0);
    z_17_1 = accumulate(z_17_1, h_17, v_1);
    z_17_2 = accumulate(z_17_2, h_17, v_2);
    z_18_0 = accumulate(z_18_0, h_18, v_0);
    z_18_1 = accumulate(z_18_1, h_18, v_1);
    z_18_2 = accumulate(z_18_2, h_18, v_2);
    z_19_0 = accumulate(z_19_0, h_19, v_0);
    z_19_1 = accumulate(z_19_1, h_19, v_1);
    z_19_2 = accumulate(z_19_2, h_19, v_2);
    z_20_0 = accumulate(z_20_0, h_20, v_0);
    z_20_1 = accumulate(z_20_1, h_20, v_1);
    z_20_2 = accumulate(z_20_2, h_20, v_2);
    z_21_0 = accumulate(z_21_0, h_21, v_0);
    z_21_1 = accumulate(z_21_1, h_21, v_1);
    z_21_2 = accumulate(z_21_2, h_21, v_2);
    z_22_0 = accumulate(z_22_0, h_22, v_0);
    z_22_1 = accumulate(z_22_1, h_22, v_1);
    z_22_2 = accumulate(z_22_2, h_22, v_2);
    z_23_0 = accumulate(z_23_0, h_23, v_0);
    z_23_1 = accumulate(z_23_1, h_23, v_1);
    z_23_2 = accumulate(z_23_2, h_23, v_2);
    z_24_0 = accumulate(z_24_0, h_24, v_0);
    z_24_1 = accumulate(z_24_1, h_24, v_1);
    z_24_2 = accumulate(z_24_2, h_24, v_2);
    z_25_0 = accumulate(z_25_0, h_25, v_0);
    z_25_1 = accumulate(z_25_1, h_25, v_1);
    z_25_2 = accumulate(z_25_2, h_25, v_2);
    z_26_0 = accumulate(z_26_0, h_26, v_0);
    z_26_1 = accumulate(z_26_1, h_26, v_1);
    z_26_2 = accumulate(z_26_2, h_26, v_2);
    z_27_0 = accumulate(z_27_0, h_27, v_0);
    z_27_1 = accumulate(z_27_1, h_27, v_1);
    z_27_2 = accumulate(z_27_2, h_27, v_2);
    z_28_0 = accumulate(z_28_0, h_28, v_0);
    z_28_1 = accumulate(z_28_1, h_28, v_1);
    z_28_2 = accumulate(z_28_2, h_28, v_2);
    z_29_0 = accumulate(z_29_0, h_29, v_0);
    z_29_1 = accumulate(z_29_1, h_29, v_1);
    z_29_2 = accumulate(z_29_2, h_29, v_2);
    z_30_0 = accumulate(z_30_0, h_30, v_0);
    z_30_1 = accumulate(z_30_1, h_30, v_1);
    z_30_2 = accumulate(z_30_2, h_30, v_2);
    z_31_0 = accumulate(z_31_0, h_31, v_0);
    z_31_1 = accumulate(z_31_1, h_31, v_1);
    z_31_2 = accumulate(z_31_2, h_31, v_2);
    z_32_0 = accumulate(z_32_0, h_32, v_0);
    z_32_1 = accumulate(z_32_1, h_32, v_1);
    z_32_2 = accumulate(z_32_2, h_32, v_2);
    z_33_0 = accumulate(z_33_0, h_33, v_0);
    z_33_1 = accumulate(z_33_1, h_33, v_1);
    z_33_2 = accumulate(z_33_2, h_33, v_2);
    z_34_0 = accumulate(z_34_0, h_34, v_0);
    z_34_1 = accumulate(z_34_1, h_34, v_1);
    z_34_2 = accumulate(z_34_2, h_34, v_2);
    z_35_0 = accumulate(z_35_0, h_35, v_0);
    z_35_1 = accumulate(z_35_1, h_35, v_1);
    z_35_2 = accumulate(z_35_2, h_35, v_2);
    z_36_0 = accumulate(z_36_0, h_36, v_0);
    z_36_1 = accumulate(z_36_1, h_36, v_1);
    z_36_2 = accumulate(z_36_2, h_36, v_2);
    z_37_0 = accumulate(z_37_0, h_37, v_0);
    z_37_1 = accumulate(z_37_1, h_37, v_1);
    z_37_2 = accumulate(z_37_2, h_37, v_2);
  }
  let c_0 = parameters[shape.biases_1 + 0u];
  let c_1 = parameters[shape.biases_1 + 1u];
  let c_2 = parameters[shape.biases_1 + 2u];
  let end = min(first + 38u, rows);
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
  let at_4 = (first + 4u) * 3u;
  if (first + 4u < end) {
    dscores[at_4 + 0u] = add(settle(z_4_0), c_0);
    dscores[at_4 + 1u] = add(settle(z_4_1), c_1);
    dscores[at_4 + 2u] = add(settle(z_4_2), c_2);
  }
  let at_5 = (first + 5u) * 3u;
  if (first + 5u < end) {
    dscores[at_5 + 0u] = add(settle(z_5_0), c_0);
    dscores[at_5 + 1u] = add(settle(z_5_1), c_1);
    dscores[at_5 + 2u] = add(settle(z_5_2), c_2);
  }
  let at_6 = (first + 6u) * 3u;
  if (first + 6u < end) {
    dscores[at_6 + 0u] = add(settle(z_6_0), c_0);
    dscores[at_6 + 1u] = add(settle(z_6_1), c_1);
    dscores[at_6 + 2u] = add(settle(z_6_2), c_2);
  }
  let at_7 = (first + 7u) * 3u;
  if (first + 7u < end) {
    dscores[at_7 + 0u] = add(settle(z_7_0), c_0);
    dscores[at_7 + 1u] = add(settle(z_7_1), c_1);
    dscores[at_7 + 2u] = add(settle(z_7_2), c_2);
  }
  let at_8 = (first + 8u) * 3u;
  if (first + 8u < end) {
    dscores[at_8 + 0u] = add(settle(z_8_0), c_0);
    dscores[at_8 + 1u] = add(settle(z_8_1), c_1);
    dscores[at_8 + 2u] = add(settle(z_8_2), c_2);
  }
  let at_9 = (first + 9u) * 3u;
  if (first + 9u < end) {
    dscores[at_9 + 0u] = add(settle(z_9_0), c_0);
    dscores[at_9 + 1u] = add(settle(z_9_1), c_1);
    dscores[at_9 + 2u] = add(settle(z_9_2), c_2);
  }
  let at_10 = (first + 10u) * 3u;
  if (first + 10u < end) {
    dscores[at_10 + 0u] = add(settle(z_10_0), c_0);
    dscores[at_10 + 1u] = add(settle(z_10_1), c_1);
    dscores[at_10 + 2u] = add(settle(z_10_2), c_2);
  }
  let at_11 = (first + 11u) * 3u;
  if (first + 11u < end) {
    dscores[at_11 + 0u] = add(settle(z_11_0), c_0);
    dscores[at_11 + 1u] = add(settle(z_11_1), c_1);
    dscores[at_11 + 2u] = add(settle(z_11_2), c_2);
  }
  let at_12 = (first + 12u) * 3u;
  if (first + 12u < end) {
    dscores[at_12 + 0u] = add(settle(z_12_0), c_0);
    dscores[at_12 + 1u] = add(settle(z_12_1), c_1);
    dscores[at_12 + 2u] = add(settle(z_12_2), c_2);
  }
  let at_13 = (first + 13u) * 3u;
  if (first + 13u < end) {
    dscores[at_13 + 0u] = add(settle(z_13_0), c_0);
    dscores[at_13 + 1u] = add(settle(z_13_1), c_1);
    dscores[at_13 + 2u] = add(settle(z_13_2), c_2);
  }
  let at_14 = (first + 14u) * 3u;
  if (first + 14u < end) {
    dscores[at_14 + 0u] = add(settle(z_14_0), c_0);
    dscores[at_14 + 1u] = add(settle(z_14_1), c_1);
    dscores[at_14 + 2u] = add(settle(z_14_2), c_2);
  }
  let at_15 = (first + 15u) * 3u;
  if (first + 15u < end) {
    dscores[at_15 + 0u] = add(settle(z_15_0), c_0);
    dscores[at_15 + 1u] = add(settle(z_15_1), c_1);
    dscores[at_15 + 2u] = add(settle(z_15_2), c_2);
  }
  let at_16 = (first + 16u) * 3u;
  if (first + 16u < end) {
    dscores[at_16 + 0u] = add(settle(z_16_0), c_0);
    dscores[at_16 + 1u] = add(settle(z_16_1), c_1);
    dscores[at_16 + 2u] = add(settle(z_16_2), c_2);
  }
  let at_17 = (first + 17u) * 3u;
  if (first + 17u < end) {
    dscores[at_17 + 0u] = add(settle(z_17_0), c_0);
    dscores[at_17 + 1u] = add(settle(z_17_1), c_1);
    dscores[at_17 + 2u] = add(settle(z_17_2), c_2);
  }
  let at_18 = (first + 18u) * 3u;
  if (first + 18u < end) {
    dscores[at_18 + 0u] = add(settle(z_18_0), c_0);
    dscores[at_18 + 1u] = add(settle(z_18_1), c_1);
    dscores[at_18 + 2u] = add(settle(z_18_2), c_2);
  }
  let at_19 = (first + 19u) * 3u;
  if (first + 19u < end) {
    dscores[at_19 + 0u] = add(settle(z_19_0), c_0);
    dscores[at_19 + 1u] = add(settle(z_19_1), c_1);
    dscores[at_19 + 2u] = add(settle(z_19_2), c_2);
  }
  let at_20 = (first + 20u) * 3u;
  if (first + 20u < end) {
    dscores[at_20 + 0u] = add(settle(z_20_0), c_0);
    dscores[at_20 + 1u] = add(settle(z_20_1), c_1);
    dscores[at_20 + 2u] = add(settle(z_20_2), c_2);
  }
  let at_21 = (first + 21u) * 3u;
  if (first + 21u < end) {
    dscores[at_21 + 0u] = add(settle(z_21_0), c_0);
    dscores[at_21 + 1u] = add(settle(z_21_1), c_1);
    dscores[at_21 + 2u] = add(settle(z_21_2), c_2);
  }
  let at_22 = (first + 22u) * 3u;
  if (first + 22u < end) {
    dscores[at_22 + 0u] = add(settle(z_22_0), c_0);
    dscores[at_22 + 1u] = add(settle(z_22_1), c_1);
    dscores[at_22 + 2u] = add(settle(z_22_2), c_2);
  }
  let at_23 = (first + 23u) * 3u;
  if (first + 23u < end) {
    dscores[at_23 + 0u] = add(settle(z_23_0), c_0);
    dscores[at_23 + 1u] = add(settle(z_23_1), c_1);
    dscores[at_23 + 2u] = add(settle(z_23_2), c_2);
  }
  let at_24 = (first + 24u) * 3u;
  if (first + 24u < end) {
    dscores[at_24 + 0u] = add(settle(z_24_0), c_0);
    dscores[at_24 + 1u] = add(settle(z_24_1), c_1);
    dscores[at_24 + 2u] = add(settle(z_24_2), c_2);
  }
  let at_25 = (first + 25u) * 3u;
  if (first + 25u < end) {
    dscores[at_25 + 0u] = add(settle(z_25_0), c_0);
    dscores[at_25 + 1u] = add(settle(z_25_1), c_1);
    dscores[at_25 + 2u] = add(settle(z_25_2), c_2);
  }
  let at_26 = (first + 26u) * 3u;
  if (first + 26u < end) {
    dscores[at_26 + 0u] = add(settle(z_26_0), c_0);
    dscores[at_26 + 1u] = add(settle(z_26_1), c_1);
    dscores[at_26 + 2u] = add(settle(z_26_2), c_2);
  }
  let at_27 = (first + 27u) * 3u;
  if (first + 27u < end) {
    dscores[at_27 + 0u] = add(settle(z_27_0), c_0);
    dscores[at_27 + 1u] = add(settle(z_27_1), c_1);
    dscores[at_27 + 2u] = add(settle(z_27_2), c_2);
  }
  let at_28 = (first + 28u) * 3u;
  if (first + 28u < end) {
    dscores[at_28 + 0u] = add(settle(z_28_0), c_0);
    dscores[at_28 + 1u] = add(settle(z_28_1), c_1);
    dscores[at_28 + 2u] = add(settle(z_28_2), c_2);
  }
  let at_29 = (first + 29u) * 3u;
  if (first + 29u < end) {
    dscores[at_29 + 0u] = add(settle(z_29_0), c_0);
    dscores[at_29 + 1u] = add(settle(z_29_1), c_1);
    dscores[at_29 + 2u] = add(settle(z_29_2), c_2);
  }
  let at_30 = (first + 30u) * 3u;
  if (first + 30u < end) {
    dscores[at_30 + 0u] = add(settle(z_30_0), c_0);
    dscores[at_30 + 1u] = add(settle(z_30_1), c_1);
    dscores[at_30 + 2u] = add(settle(z_30_2), c_2);
  }
  let at_31 = (first + 31u) * 3u;
  if (first + 31u < end) {
    dscores[at_31 + 0u] = add(settle(z_31_0), c_0);
    dscores[at_31 + 1u] = add(settle(z_31_1), c_1);
    dscores[at_31 + 2u] = add(settle(z_31_2), c_2);
  }
  let at_32 = (first + 32u) * 3u;
  if (first + 32u < end) {
    dscores[at_32 + 0u] = add(settle(z_32_0), c_0);
    dscores[at_32 + 1u] = add(settle(z_32_1), c_1);
    dscores[at_32 + 2u] = add(settle(z_32_2), c_2);
  }
  let at_33 = (first + 33u) * 3u;
  if (first + 33u < end) {
    dscores[at_33 + 0u] = add(settle(z_33_0), c_0);
    dscores[at_33 + 1u] = add(settle(z_33_1), c_1);
    dscores[at_33 + 2u] = add(settle(z_33_2), c_2);
  }
  let at_34 = (first + 34u) * 3u;
  if (first + 34u < end) {
    dscores[at_34 + 0u] = add(settle(z_34_0), c_0);
    dscores[at_34 + 1u] = add(settle(z_34_1), c_1);
    dscores[at_34 + 2u] = add(settle(z_34_2), c_2);
  }
  let at_35 = (first + 35u) * 3u;
  if (first + 35u < end) {
    dscores[at_35 + 0u] = add(settle(z_35_0), c_0);
    dscores[at_35 + 1u] = add(settle(z_35_1), c_1);
    dscores[at_35 + 2u] = add(settle(z_35_2), c_2);
  }
  let at_36 = (first + 36u) * 3u;
  if (first + 36u < end) {
    dscores[at_36 + 0u] = add(settle(z_36_0), c_0);
    dscores[at_36 + 1u] = add(settle(z_36_1), c_1);
    dscores[at_36 + 2u] = add(settle(z_36_2), c_2);
  }
  let at_37 = (first + 37u) * 3u;
  if (first + 37u < end) {
    dscores[at_37 + 0u] = add(settle(z_37_0), c_0);
    dscores[at_37 + 1u] = add(settle(z_37_1), c_1);
    dscores[at_37 + 2u] = add(settle(z_37_2), c_2);
  }
}

fn forward(first: u32, rows: u32) {
  logits(first, rows);
  let end = min(first + 38u, rows);
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

@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let first = linear_index(id, workgroups) * 38u;
  if (first < step.batch_rows) { forward(first, step.batch_rows); }
}
