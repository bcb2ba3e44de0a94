// Not the case study, but double precision, on a graphics card, plan fused, 1 rows × 64 and 1 units × 64 a workgroup: fused forward.
fn keep(x: f32) -> f32 { return x; }

alias real = vec2f;

var<private> hidden_zero: u32;
fn begin(id: vec3u) { hidden_zero = id.z; }
fn hide(x: vec2f) -> vec2f { return bitcast<vec2f>(bitcast<vec2u>(x) ^ vec2u(hidden_zero)); }

fn to_real(x: f32) -> real { return vec2f(x, 0.0); }
fn high(x: real) -> f32 { return x.x; }

fn two_sum(a: f32, b: f32) -> vec2f {
  let sum = keep(a + b);
  let b_part = keep(sum - a);
  let a_part = keep(sum - b_part);
  return vec2f(sum, keep(a - a_part) + keep(b - b_part));
}

fn fast_two_sum(a: f32, b: f32) -> vec2f {
  let sum = keep(a + b);
  return vec2f(sum, b - keep(sum - a));
}

fn two_product(a: f32, b: f32) -> vec2f {
  let product = keep(a * b);
  let a_high = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let b_high = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let a_low = a - a_high;
  let b_low = b - b_high;
  let rest = keep(keep(a_high * b_high - product) + a_high * b_low) + a_low * b_high;
  return vec2f(product, keep(rest) + a_low * b_low);
}

fn add(a: real, b: real) -> real {
  let highs = two_sum(a.x, b.x);
  let lows = two_sum(a.y, b.y);
  let sum = fast_two_sum(highs.x, highs.y + lows.x);
  return fast_two_sum(sum.x, sum.y + lows.y);
}

fn subtract(a: real, b: real) -> real { return add(a, -b); }

fn multiply(a: real, b: real) -> real {
  let product = two_product(a.x, b.x);
  return fast_two_sum(product.x, product.y + (a.x * b.y + a.y * b.x));
}

fn add_product(sum: real, a: real, b: real) -> real { return add(sum, multiply(a, b)); }

fn accumulate(sum: real, a: real, b: real) -> real {
  let product = two_product(a.x, b.x);
  let total = two_sum(sum.x, product.x);
  return vec2f(total.x, sum.y + (total.y + (product.y + (a.x * b.y + a.y * b.x))));
}

fn settle(sum: real) -> real { return fast_two_sum(sum.x, sum.y); }

fn storable(a: real) -> real {
  let bits = bitcast<vec2u>(a);
  let exponents = (bits >> vec2u(23u)) & vec2u(0xffu);
  let beyond = i32(exponents.x) - i32(max(exponents.y, 1u)) - 29;
  let kept = select(0xffffffffu << u32(clamp(beyond, 0, 31)), 0u, beyond > 23);
  return bitcast<vec2f>(vec2u(bits.x, bits.y & kept));
}

fn multiply_f32(a: real, b: f32) -> real {
  let product = two_product(a.x, b);
  return fast_two_sum(product.x, product.y + a.y * b);
}

fn divide(a: real, b: real) -> real {
  let first = a.x / b.x;
  var rest = subtract(a, multiply_f32(b, first));
  let second = rest.x / b.x;
  rest = subtract(rest, multiply_f32(b, second));
  let quotient = fast_two_sum(first, second);
  return add(quotient, to_real(rest.x / b.x));
}

fn square_root(a: real) -> real {
  let first = sqrt(a.x);
  if (!(first > 0.0)) { return to_real(first); }
  let rest = subtract(a, two_product(first, first));
  return fast_two_sum(first, rest.x / (2.0 * first));
}

fn exponential(a: real) -> real {
  if (!(a.x > -150.0)) { return select(real(), a, !(a.x <= -150.0)); }
  let n = round(a.x * 1.4426950408889634f);
  let reduced = add(add(a, multiply_f32(hide(vec2f(-0.6931471824645996f, 1.9046542121259336e-9f)), n)), to_real(8.783183432405266e-17f * n));
  let r = reduced * 0.0625;
  let rest = 0.041666666666666664f + r.x * (0.008333333333333333f + r.x * (0.001388888888888889f + r.x * (0.0001984126984126984f + r.x * (0.0000248015873015873f))));
  var x = add(hide(vec2f(0.1666666716337204f, -4.967053879312289e-9f)), two_product(rest, r.x));
  x = add(hide(vec2f(0.5f, 0f)), multiply(x, r));
  x = add(r, multiply(x, multiply(r, r)));
  for (var i = 0; i < 4; i++) { x = add(2.0 * x, multiply(x, x)); }
  x = add(hide(vec2f(1f, 0f)), x);
  let half = i32(n) / 2;
  return x * power_of_two(half) * power_of_two(i32(n) - half);
}

fn power_of_two(n: i32) -> f32 { return bitcast<f32>(u32(clamp(n, -126, 127) + 127) << 23u); }

fn logarithm(a: real) -> real {
  if (!(a.x > 0.0) || !is_finite(a)) { return to_real(log(a.x)); }
  let bits = bitcast<u32>(a.x);
  let n = i32(bits >> 23u) - 127 + select(0, 1, (bits & 0x7fffffu) > 3474675u);
  let half = n / 2;
  let m = a * power_of_two(-half) * power_of_two(half - n);
  let s = divide(add(m, hide(vec2f(-1f, 0f))), add(m, hide(vec2f(1f, 0f))));
  return add(multiply_f32(hide(vec2f(0.6931471824645996f, -1.9046542121259336e-9f)), f32(n)), twice_artanh(s));
}

fn log_of_one_plus(a: real) -> real {
  if (!(a.x <= 0.414f)) { return logarithm(add(a, hide(vec2f(1f, 0f)))); }
  return twice_artanh(divide(a, add(a, hide(vec2f(2f, 0f)))));
}

fn twice_artanh(s: real) -> real {
  let t = multiply(s, s);
  let rest = 0.1111111111111111f + t.x * (0.09090909090909091f + t.x * (0.07692307692307693f + t.x * (0.06666666666666667f + t.x * (0.058823529411764705f + t.x * (0.05263157894736842f + t.x * (0.047619047619047616f))))));
  var x = add(hide(vec2f(0.1428571492433548f, -6.38621200366174e-9f)), two_product(rest, t.x));
  x = add(hide(vec2f(0.20000000298023224f, -2.9802322831784522e-9f)), multiply(x, t));
  x = add(hide(vec2f(0.3333333432674408f, -9.934107758624577e-9f)), multiply(x, t));
  return 2.0 * add(s, multiply(multiply(x, t), s));
}

fn greater(a: real, b: real) -> bool { return a.x > b.x || (a.x == b.x && a.y > b.y); }

fn is_finite(a: real) -> bool {
  return (bitcast<u32>(a.x) & 0x7f800000u) != 0x7f800000u && (bitcast<u32>(a.y) & 0x7f800000u) != 0x7f800000u;
}

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
  return (piece.first + id.y * workgroups.x) * 64u + id.x;
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

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let first = linear_index(id, workgroups) * 1u;
  if (first < step.batch_rows) { forward(first, step.batch_rows); }
}
