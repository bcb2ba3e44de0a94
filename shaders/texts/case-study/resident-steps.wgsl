// The case study, on a graphics card, plan resident, 256 invocations: resident steps.
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

struct Slot { @size(256) step: Step }

@group(0) @binding(0) var<storage, read_write> stored: array<real>;
@group(0) @binding(1) var<storage, read> inputs: array<real>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read_write> diverged: atomic<u32>;
@group(0) @binding(4) var<storage, read> slots: array<Slot>;
@group(0) @binding(5) var<uniform> shape: Shape;
@group(0) @binding(6) var<uniform> start: Step;

var<workgroup> parameters: array<real, 768>;
var<workgroup> dscores: array<real, 900>;
var<private> step: Step;

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

  let x_0_0 = inputs[source_0 * 2u + 0u];
  let x_0_1 = inputs[source_0 * 2u + 1u];

  var z_0_0 = real();
  var z_0_1 = real();
  var z_0_2 = real();
  for (var j = 0u; j < units; j++) {
    let w_0 = parameters[shape.weights_0 + 0u * units + j];
    let w_1 = parameters[shape.weights_0 + 1u * units + j];
    let bias = parameters[shape.biases_0 + j];

    let h_0 = activation(x_0_0, w_0, x_0_1, w_1, bias);

    let v_0 = parameters[shape.weights_1 + j * 3u + 0u];
    let v_1 = parameters[shape.weights_1 + j * 3u + 1u];
    let v_2 = parameters[shape.weights_1 + j * 3u + 2u];
    z_0_0 = accumulate(z_0_0, h_0, v_0);
    z_0_1 = accumulate(z_0_1, h_0, v_1);
    z_0_2 = accumulate(z_0_2, h_0, v_2);
  }
  let c_0 = parameters[shape.biases_1 + 0u];
  let c_1 = parameters[shape.biases_1 + 1u];
  let c_2 = parameters[shape.biases_1 + 2u];
  let end = min(first + 1u, rows);
  let at_0 = (first + 0u) * 3u;
  if (first + 0u < end) {
    dscores[at_0 + 0u] = add(settle(z_0_0), c_0);
    dscores[at_0 + 1u] = add(settle(z_0_1), c_1);
    dscores[at_0 + 2u] = add(settle(z_0_2), c_2);
  }
}

fn forward(first: u32, rows: u32) {
  logits(first, rows);
  let end = min(first + 1u, rows);
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

fn backward(first: u32, rows: u32) {
  let units = shape.units;
  let j_0 = min(first + 0u, units - 1u);
  var dv_0_0 = real();
  var dv_0_1 = real();
  var dv_0_2 = real();

  let w_0_0 = parameters[shape.weights_0 + 0u * units + j_0];
  let w_0_1 = parameters[shape.weights_0 + 1u * units + j_0];
  let b_0 = parameters[shape.biases_0 + j_0];
  let v_0_0 = parameters[shape.weights_1 + j_0 * 3u + 0u];
  let v_0_1 = parameters[shape.weights_1 + j_0 * 3u + 1u];
  let v_0_2 = parameters[shape.weights_1 + j_0 * 3u + 2u];
  var dw_0_0 = real();
  var dw_0_1 = real();
  var db_0 = real();

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

    dv_0_0 = accumulate(dv_0_0, h_0, d_0);
    dv_0_1 = accumulate(dv_0_1, h_0, d_1);
    dv_0_2 = accumulate(dv_0_2, h_0, d_2);
  }
  var gradients: array<real, 6>;

  gradients[0] = settle(dw_0_0);
  gradients[1] = settle(dw_0_1);
  gradients[2] = db_0;

  gradients[3] = settle(dv_0_0);
  gradients[4] = settle(dv_0_1);
  gradients[5] = settle(dv_0_2);
  let end = min(first + 1u, units);
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

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  begin(id);
  for (var i = lane; i < 768u; i += 256u) { parameters[i] = stored[i]; }
  let slot = start.number - slots[0].step.number;
  for (var s = 0u; s < start.steps_in_dispatch; s++) {
    workgroupBarrier();
    step = slots[slot + s].step;
    let rows = step.batch_rows;
    for (var first = lane * 1u; first < rows; first += 256u) { forward(first, rows); }
    workgroupBarrier();
    for (var first = lane * 1u; first < shape.units; first += 256u) {
      backward(first, rows);
    }
    if (lane == 255u) { backward_biases(rows); }
  }
  workgroupBarrier();
  for (var i = lane; i < 768u; i += 256u) { stored[i] = parameters[i]; }
}
