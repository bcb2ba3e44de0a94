// Not the case study, but two hidden layers of 100 units, on a graphics card, plan fused: matmul dweights 0, update.
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

struct Shape { penalized: u32, m: u32, k: u32, n: u32 }
@group(0) @binding(0) var<storage, read> a: array<real>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
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

fn finish(sum: real, at: u32, column: u32) { apply_update(at, sum, shape.penalized == 1u); }

struct Piece { first: u32, across: u32, count: u32 }
@group(0) @binding(15) var<uniform> piece: Piece;

fn workgroup_number(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return piece.first + workgroup.y * workgroups.x + workgroup.x;
}

fn linear_index(id: vec3u, workgroups: vec3u) -> u32 {
  return (piece.first + id.y * workgroups.x) * 64u + id.x;
}

@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  begin(id);
  let m = shape.m;
  let k = shape.k;
  let n = shape.n;

  let index = linear_index(id, workgroups);
  let first_row = 0u;

  let tile = index / 1u;
  let lane = index % 1u;
  let tiles_across = (n + 3u) / 4u;
  let row = tile / tiles_across * 2u;
  let column = tile % tiles_across * 4u + 4u * lane;

  if (row >= m) { return; }

  let a_at_0 = min(row + 0u, m - 1u);
  let a_at_1 = min(row + 1u, m - 1u);
  let b_at_0 = (min(column + 0u, n - 1u)) / 4u;

  var total_0_0 = real();
  var total_0_1 = real();
  var total_0_2 = real();
  var total_0_3 = real();
  var total_1_0 = real();
  var total_1_1 = real();
  var total_1_2 = real();
  var total_1_3 = real();
  for (var first = 0u; first < k; first += 256u) {
    var sum_0_0 = real();
    var sum_0_1 = real();
    var sum_0_2 = real();
    var sum_0_3 = real();
    var sum_1_0 = real();
    var sum_1_1 = real();
    var sum_1_2 = real();
    var sum_1_3 = real();
    let end = min(first + 256u, k);

    var p = first;
    for (; p + 3u < end; p += 4u) {
      let a_term_0 = (p + 0u) * m;
      let a_0_0 = a[a_at_0 + a_term_0];
      let a_1_0 = a[a_at_1 + a_term_0];

      let a_term_1 = (p + 1u) * m;
      let a_0_1 = a[a_at_0 + a_term_1];
      let a_1_1 = a[a_at_1 + a_term_1];

      let a_term_2 = (p + 2u) * m;
      let a_0_2 = a[a_at_0 + a_term_2];
      let a_1_2 = a[a_at_1 + a_term_2];

      let a_term_3 = (p + 3u) * m;
      let a_0_3 = a[a_at_0 + a_term_3];
      let a_1_3 = a[a_at_1 + a_term_3];

      let b_term_0 = ((p + 0u) * n) / 4u;
      let b_0_0 = b[b_at_0 + b_term_0];

      let b_term_1 = ((p + 1u) * n) / 4u;
      let b_0_1 = b[b_at_0 + b_term_1];

      let b_term_2 = ((p + 2u) * n) / 4u;
      let b_0_2 = b[b_at_0 + b_term_2];

      let b_term_3 = ((p + 3u) * n) / 4u;
      let b_0_3 = b[b_at_0 + b_term_3];

      let x_0_0 = (a_0_0);
      let x_0_1 = (a_0_1);
      let x_0_2 = (a_0_2);
      let x_0_3 = (a_0_3);
      sum_0_0 = accumulate(sum_0_0, x_0_0, b_0_0[0]);
      sum_0_0 = accumulate(sum_0_0, x_0_1, b_0_1[0]);
      sum_0_0 = accumulate(sum_0_0, x_0_2, b_0_2[0]);
      sum_0_0 = accumulate(sum_0_0, x_0_3, b_0_3[0]);
      sum_0_1 = accumulate(sum_0_1, x_0_0, b_0_0[1]);
      sum_0_1 = accumulate(sum_0_1, x_0_1, b_0_1[1]);
      sum_0_1 = accumulate(sum_0_1, x_0_2, b_0_2[1]);
      sum_0_1 = accumulate(sum_0_1, x_0_3, b_0_3[1]);
      sum_0_2 = accumulate(sum_0_2, x_0_0, b_0_0[2]);
      sum_0_2 = accumulate(sum_0_2, x_0_1, b_0_1[2]);
      sum_0_2 = accumulate(sum_0_2, x_0_2, b_0_2[2]);
      sum_0_2 = accumulate(sum_0_2, x_0_3, b_0_3[2]);
      sum_0_3 = accumulate(sum_0_3, x_0_0, b_0_0[3]);
      sum_0_3 = accumulate(sum_0_3, x_0_1, b_0_1[3]);
      sum_0_3 = accumulate(sum_0_3, x_0_2, b_0_2[3]);
      sum_0_3 = accumulate(sum_0_3, x_0_3, b_0_3[3]);

      let x_1_0 = (a_1_0);
      let x_1_1 = (a_1_1);
      let x_1_2 = (a_1_2);
      let x_1_3 = (a_1_3);
      sum_1_0 = accumulate(sum_1_0, x_1_0, b_0_0[0]);
      sum_1_0 = accumulate(sum_1_0, x_1_1, b_0_1[0]);
      sum_1_0 = accumulate(sum_1_0, x_1_2, b_0_2[0]);
      sum_1_0 = accumulate(sum_1_0, x_1_3, b_0_3[0]);
      sum_1_1 = accumulate(sum_1_1, x_1_0, b_0_0[1]);
      sum_1_1 = accumulate(sum_1_1, x_1_1, b_0_1[1]);
      sum_1_1 = accumulate(sum_1_1, x_1_2, b_0_2[1]);
      sum_1_1 = accumulate(sum_1_1, x_1_3, b_0_3[1]);
      sum_1_2 = accumulate(sum_1_2, x_1_0, b_0_0[2]);
      sum_1_2 = accumulate(sum_1_2, x_1_1, b_0_1[2]);
      sum_1_2 = accumulate(sum_1_2, x_1_2, b_0_2[2]);
      sum_1_2 = accumulate(sum_1_2, x_1_3, b_0_3[2]);
      sum_1_3 = accumulate(sum_1_3, x_1_0, b_0_0[3]);
      sum_1_3 = accumulate(sum_1_3, x_1_1, b_0_1[3]);
      sum_1_3 = accumulate(sum_1_3, x_1_2, b_0_2[3]);
      sum_1_3 = accumulate(sum_1_3, x_1_3, b_0_3[3]);
    }

    total_0_0 = select(add(total_0_0, settle(sum_0_0)), settle(sum_0_0), first == 0u);
    total_0_1 = select(add(total_0_1, settle(sum_0_1)), settle(sum_0_1), first == 0u);
    total_0_2 = select(add(total_0_2, settle(sum_0_2)), settle(sum_0_2), first == 0u);
    total_0_3 = select(add(total_0_3, settle(sum_0_3)), settle(sum_0_3), first == 0u);
    total_1_0 = select(add(total_1_0, settle(sum_1_0)), settle(sum_1_0), first == 0u);
    total_1_1 = select(add(total_1_1, settle(sum_1_1)), settle(sum_1_1), first == 0u);
    total_1_2 = select(add(total_1_2, settle(sum_1_2)), settle(sum_1_2), first == 0u);
    total_1_3 = select(add(total_1_3, settle(sum_1_3)), settle(sum_1_3), first == 0u);
  }

  var sums = array<real, 8>(total_0_0, total_0_1, total_0_2, total_0_3, total_1_0, total_1_1, total_1_2, total_1_3);

  for (var i = 0u; i < 2u; i++) {
    let row_i = row + i;
    for (var j = 0u; j < 4u; j++) {
      let column_j = column + j;
      let at = row_i * n + column_j;
      let cell = i * 4u + j;
      if (row_i < m && column_j < n) { finish(sums[cell], at, column_j); }
    }
  }
}
