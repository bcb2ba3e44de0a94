// Not the case study, but two hidden layers of 100 units, on a software adapter, plan fused: matmul dweights 1, update.
enable subgroups;

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
  return (piece.first + id.y * workgroups.x) * 16u + id.x;
}

@compute @workgroup_size(16)
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

  let tile = index / 4u;
  let lane = index % 4u;
  let tiles_across = (n + 15u) / 16u;
  let row = tile / tiles_across * 16u;
  let column = tile % tiles_across * 16u + 4u * lane;

  let a_at_0 = min(row + (0u & ~3u) + (lane ^ (0u & 3u)), m - 1u);
  let a_at_1 = min(row + (4u & ~3u) + (lane ^ (4u & 3u)), m - 1u);
  let a_at_2 = min(row + (8u & ~3u) + (lane ^ (8u & 3u)), m - 1u);
  let a_at_3 = min(row + (12u & ~3u) + (lane ^ (12u & 3u)), m - 1u);
  let b_at_0 = (min(column + (0u & ~3u) * 4u + (0u & 3u), n - 1u)) / 4u;

  var total_0_0 = real();
  var total_0_1 = real();
  var total_0_2 = real();
  var total_0_3 = real();
  var total_1_0 = real();
  var total_1_1 = real();
  var total_1_2 = real();
  var total_1_3 = real();
  var total_2_0 = real();
  var total_2_1 = real();
  var total_2_2 = real();
  var total_2_3 = real();
  var total_3_0 = real();
  var total_3_1 = real();
  var total_3_2 = real();
  var total_3_3 = real();
  var total_4_0 = real();
  var total_4_1 = real();
  var total_4_2 = real();
  var total_4_3 = real();
  var total_5_0 = real();
  var total_5_1 = real();
  var total_5_2 = real();
  var total_5_3 = real();
  var total_6_0 = real();
  var total_6_1 = real();
  var total_6_2 = real();
  var total_6_3 = real();
  var total_7_0 = real();
  var total_7_1 = real();
  var total_7_2 = real();
  var total_7_3 = real();
  var total_8_0 = real();
  var total_8_1 = real();
  var total_8_2 = real();
  var total_8_3 = real();
  var total_9_0 = real();
  var total_9_1 = real();
  var total_9_2 = real();
  var total_9_3 = real();
  var total_10_0 = real();
  var total_10_1 = real();
  var total_10_2 = real();
  var total_10_3 = real();
  var total_11_0 = real();
  var total_11_1 = real();
  var total_11_2 = real();
  var total_11_3 = real();
  var total_12_0 = real();
  var total_12_1 = real();
  var total_12_2 = real();
  var total_12_3 = real();
  var total_13_0 = real();
  var total_13_1 = real();
  var total_13_2 = real();
  var total_13_3 = real();
  var total_14_0 = real();
  var total_14_1 = real();
  var total_14_2 = real();
  var total_14_3 = real();
  var total_15_0 = real();
  var total_15_1 = real();
  var total_15_2 = real();
  var total_15_3 = real();
  for (var first = 0u; first < k; first += 256u) {
    var sum_0_0 = real();
    var sum_0_1 = real();
    var sum_0_2 = real();
    var sum_0_3 = real();
    var sum_1_0 = real();
    var sum_1_1 = real();
    var sum_1_2 = real();
    var sum_1_3 = real();
    var sum_2_0 = real();
    var sum_2_1 = real();
    var sum_2_2 = real();
    var sum_2_3 = real();
    var sum_3_0 = real();
    var sum_3_1 = real();
    var sum_3_2 = real();
    var sum_3_3 = real();
    var sum_4_0 = real();
    var sum_4_1 = real();
    var sum_4_2 = real();
    var sum_4_3 = real();
    var sum_5_0 = real();
    var sum_5_1 = real();
    var sum_5_2 = real();
    var sum_5_3 = real();
    var sum_6_0 = real();
    var sum_6_1 = real();
    var sum_6_2 = real();
    var sum_6_3 = real();
    var sum_7_0 = real();
    var sum_7_1 = real();
    var sum_7_2 = real();
    var sum_7_3 = real();
    var sum_8_0 = real();
    var sum_8_1 = real();
    var sum_8_2 = real();
    var sum_8_3 = real();
    var sum_9_0 = real();
    var sum_9_1 = real();
    var sum_9_2 = real();
    var sum_9_3 = real();
    var sum_10_0 = real();
    var sum_10_1 = real();
    var sum_10_2 = real();
    var sum_10_3 = real();
    var sum_11_0 = real();
    var sum_11_1 = real();
    var sum_11_2 = real();
    var sum_11_3 = real();
    var sum_12_0 = real();
    var sum_12_1 = real();
    var sum_12_2 = real();
    var sum_12_3 = real();
    var sum_13_0 = real();
    var sum_13_1 = real();
    var sum_13_2 = real();
    var sum_13_3 = real();
    var sum_14_0 = real();
    var sum_14_1 = real();
    var sum_14_2 = real();
    var sum_14_3 = real();
    var sum_15_0 = real();
    var sum_15_1 = real();
    var sum_15_2 = real();
    var sum_15_3 = real();
    let end = min(first + 256u, k);

    var p = first;
    for (; p + 3u < end; p += 4u) {
      let a_term_0 = (p + 0u) * m;
      let a_0_0 = a[a_at_0 + a_term_0];
      let a_1_0 = a[a_at_1 + a_term_0];
      let a_2_0 = a[a_at_2 + a_term_0];
      let a_3_0 = a[a_at_3 + a_term_0];

      let a_term_1 = (p + 1u) * m;
      let a_0_1 = a[a_at_0 + a_term_1];
      let a_1_1 = a[a_at_1 + a_term_1];
      let a_2_1 = a[a_at_2 + a_term_1];
      let a_3_1 = a[a_at_3 + a_term_1];

      let a_term_2 = (p + 2u) * m;
      let a_0_2 = a[a_at_0 + a_term_2];
      let a_1_2 = a[a_at_1 + a_term_2];
      let a_2_2 = a[a_at_2 + a_term_2];
      let a_3_2 = a[a_at_3 + a_term_2];

      let a_term_3 = (p + 3u) * m;
      let a_0_3 = a[a_at_0 + a_term_3];
      let a_1_3 = a[a_at_1 + a_term_3];
      let a_2_3 = a[a_at_2 + a_term_3];
      let a_3_3 = a[a_at_3 + a_term_3];

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

      let x_1_0 = quadSwapX(a_0_0);
      let x_1_1 = quadSwapX(a_0_1);
      let x_1_2 = quadSwapX(a_0_2);
      let x_1_3 = quadSwapX(a_0_3);
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

      let x_2_0 = quadSwapY(a_0_0);
      let x_2_1 = quadSwapY(a_0_1);
      let x_2_2 = quadSwapY(a_0_2);
      let x_2_3 = quadSwapY(a_0_3);
      sum_2_0 = accumulate(sum_2_0, x_2_0, b_0_0[0]);
      sum_2_0 = accumulate(sum_2_0, x_2_1, b_0_1[0]);
      sum_2_0 = accumulate(sum_2_0, x_2_2, b_0_2[0]);
      sum_2_0 = accumulate(sum_2_0, x_2_3, b_0_3[0]);
      sum_2_1 = accumulate(sum_2_1, x_2_0, b_0_0[1]);
      sum_2_1 = accumulate(sum_2_1, x_2_1, b_0_1[1]);
      sum_2_1 = accumulate(sum_2_1, x_2_2, b_0_2[1]);
      sum_2_1 = accumulate(sum_2_1, x_2_3, b_0_3[1]);
      sum_2_2 = accumulate(sum_2_2, x_2_0, b_0_0[2]);
      sum_2_2 = accumulate(sum_2_2, x_2_1, b_0_1[2]);
      sum_2_2 = accumulate(sum_2_2, x_2_2, b_0_2[2]);
      sum_2_2 = accumulate(sum_2_2, x_2_3, b_0_3[2]);
      sum_2_3 = accumulate(sum_2_3, x_2_0, b_0_0[3]);
      sum_2_3 = accumulate(sum_2_3, x_2_1, b_0_1[3]);
      sum_2_3 = accumulate(sum_2_3, x_2_2, b_0_2[3]);
      sum_2_3 = accumulate(sum_2_3, x_2_3, b_0_3[3]);

      let x_3_0 = quadSwapDiagonal(a_0_0);
      let x_3_1 = quadSwapDiagonal(a_0_1);
      let x_3_2 = quadSwapDiagonal(a_0_2);
      let x_3_3 = quadSwapDiagonal(a_0_3);
      sum_3_0 = accumulate(sum_3_0, x_3_0, b_0_0[0]);
      sum_3_0 = accumulate(sum_3_0, x_3_1, b_0_1[0]);
      sum_3_0 = accumulate(sum_3_0, x_3_2, b_0_2[0]);
      sum_3_0 = accumulate(sum_3_0, x_3_3, b_0_3[0]);
      sum_3_1 = accumulate(sum_3_1, x_3_0, b_0_0[1]);
      sum_3_1 = accumulate(sum_3_1, x_3_1, b_0_1[1]);
      sum_3_1 = accumulate(sum_3_1, x_3_2, b_0_2[1]);
      sum_3_1 = accumulate(sum_3_1, x_3_3, b_0_3[1]);
      sum_3_2 = accumulate(sum_3_2, x_3_0, b_0_0[2]);
      sum_3_2 = accumulate(sum_3_2, x_3_1, b_0_1[2]);
      sum_3_2 = accumulate(sum_3_2, x_3_2, b_0_2[2]);
      sum_3_2 = accumulate(sum_3_2, x_3_3, b_0_3[2]);
      sum_3_3 = accumulate(sum_3_3, x_3_0, b_0_0[3]);
      sum_3_3 = accumulate(sum_3_3, x_3_1, b_0_1[3]);
      sum_3_3 = accumulate(sum_3_3, x_3_2, b_0_2[3]);
      sum_3_3 = accumulate(sum_3_3, x_3_3, b_0_3[3]);

      let x_4_0 = (a_1_0);
      let x_4_1 = (a_1_1);
      let x_4_2 = (a_1_2);
      let x_4_3 = (a_1_3);
      sum_4_0 = accumulate(sum_4_0, x_4_0, b_0_0[0]);
      sum_4_0 = accumulate(sum_4_0, x_4_1, b_0_1[0]);
      sum_4_0 = accumulate(sum_4_0, x_4_2, b_0_2[0]);
      sum_4_0 = accumulate(sum_4_0, x_4_3, b_0_3[0]);
      sum_4_1 = accumulate(sum_4_1, x_4_0, b_0_0[1]);
      sum_4_1 = accumulate(sum_4_1, x_4_1, b_0_1[1]);
      sum_4_1 = accumulate(sum_4_1, x_4_2, b_0_2[1]);
      sum_4_1 = accumulate(sum_4_1, x_4_3, b_0_3[1]);
      sum_4_2 = accumulate(sum_4_2, x_4_0, b_0_0[2]);
      sum_4_2 = accumulate(sum_4_2, x_4_1, b_0_1[2]);
      sum_4_2 = accumulate(sum_4_2, x_4_2, b_0_2[2]);
      sum_4_2 = accumulate(sum_4_2, x_4_3, b_0_3[2]);
      sum_4_3 = accumulate(sum_4_3, x_4_0, b_0_0[3]);
      sum_4_3 = accumulate(sum_4_3, x_4_1, b_0_1[3]);
      sum_4_3 = accumulate(sum_4_3, x_4_2, b_0_2[3]);
      sum_4_3 = accumulate(sum_4_3, x_4_3, b_0_3[3]);

      let x_5_0 = quadSwapX(a_1_0);
      let x_5_1 = quadSwapX(a_1_1);
      let x_5_2 = quadSwapX(a_1_2);
      let x_5_3 = quadSwapX(a_1_3);
      sum_5_0 = accumulate(sum_5_0, x_5_0, b_0_0[0]);
      sum_5_0 = accumulate(sum_5_0, x_5_1, b_0_1[0]);
      sum_5_0 = accumulate(sum_5_0, x_5_2, b_0_2[0]);
      sum_5_0 = accumulate(sum_5_0, x_5_3, b_0_3[0]);
      sum_5_1 = accumulate(sum_5_1, x_5_0, b_0_0[1]);
      sum_5_1 = accumulate(sum_5_1, x_5_1, b_0_1[1]);
      sum_5_1 = accumulate(sum_5_1, x_5_2, b_0_2[1]);
      sum_5_1 = accumulate(sum_5_1, x_5_3, b_0_3[1]);
      sum_5_2 = accumulate(sum_5_2, x_5_0, b_0_0[2]);
      sum_5_2 = accumulate(sum_5_2, x_5_1, b_0_1[2]);
      sum_5_2 = accumulate(sum_5_2, x_5_2, b_0_2[2]);
      sum_5_2 = accumulate(sum_5_2, x_5_3, b_0_3[2]);
      sum_5_3 = accumulate(sum_5_3, x_5_0, b_0_0[3]);
      sum_5_3 = accumulate(sum_5_3, x_5_1, b_0_1[3]);
      sum_5_3 = accumulate(sum_5_3, x_5_2, b_0_2[3]);
      sum_5_3 = accumulate(sum_5_3, x_5_3, b_0_3[3]);

      let x_6_0 = quadSwapY(a_1_0);
      let x_6_1 = quadSwapY(a_1_1);
      let x_6_2 = quadSwapY(a_1_2);
      let x_6_3 = quadSwapY(a_1_3);
      sum_6_0 = accumulate(sum_6_0, x_6_0, b_0_0[0]);
      sum_6_0 = accumulate(sum_6_0, x_6_1, b_0_1[0]);
      sum_6_0 = accumulate(sum_6_0, x_6_2, b_0_2[0]);
      sum_6_0 = accumulate(sum_6_0, x_6_3, b_0_3[0]);
      sum_6_1 = accumulate(sum_6_1, x_6_0, b_0_0[1]);
      sum_6_1 = accumulate(sum_6_1, x_6_1, b_0_1[1]);
      sum_6_1 = accumulate(sum_6_1, x_6_2, b_0_2[1]);
      sum_6_1 = accumulate(sum_6_1, x_6_3, b_0_3[1]);
      sum_6_2 = accumulate(sum_6_2, x_6_0, b_0_0[2]);
      sum_6_2 = accumulate(sum_6_2, x_6_1, b_0_1[2]);
      sum_6_2 = accumulate(sum_6_2, x_6_2, b_0_2[2]);
      sum_6_2 = accumulate(sum_6_2, x_6_3, b_0_3[2]);
      sum_6_3 = accumulate(sum_6_3, x_6_0, b_0_0[3]);
      sum_6_3 = accumulate(sum_6_3, x_6_1, b_0_1[3]);
      sum_6_3 = accumulate(sum_6_3, x_6_2, b_0_2[3]);
      sum_6_3 = accumulate(sum_6_3, x_6_3, b_0_3[3]);

      let x_7_0 = quadSwapDiagonal(a_1_0);
      let x_7_1 = quadSwapDiagonal(a_1_1);
      let x_7_2 = quadSwapDiagonal(a_1_2);
      let x_7_3 = quadSwapDiagonal(a_1_3);
      sum_7_0 = accumulate(sum_7_0, x_7_0, b_0_0[0]);
      sum_7_0 = accumulate(sum_7_0, x_7_1, b_0_1[0]);
      sum_7_0 = accumulate(sum_7_0, x_7_2, b_0_2[0]);
      sum_7_0 = accumulate(sum_7_0, x_7_3, b_0_3[0]);
      sum_7_1 = accumulate(sum_7_1, x_7_0, b_0_0[1]);
      sum_7_1 = accumulate(sum_7_1, x_7_1, b_0_1[1]);
      sum_7_1 = accumulate(sum_7_1, x_7_2, b_0_2[1]);
      sum_7_1 = accumulate(sum_7_1, x_7_3, b_0_3[1]);
      sum_7_2 = accumulate(sum_7_2, x_7_0, b_0_0[2]);
      sum_7_2 = accumulate(sum_7_2, x_7_1, b_0_1[2]);
      sum_7_2 = accumulate(sum_7_2, x_7_2, b_0_2[2]);
      sum_7_2 = accumulate(sum_7_2, x_7_3, b_0_3[2]);
      sum_7_3 = accumulate(sum_7_3, x_7_0, b_0_0[3]);
      sum_7_3 = accumulate(sum_7_3, x_7_1, b_0_1[3]);
      sum_7_3 = accumulate(sum_7_3, x_7_2, b_0_2[3]);
      sum_7_3 = accumulate(sum_7_3, x_7_3, b_0_3[3]);

      let x_8_0 = (a_2_0);
      let x_8_1 = (a_2_1);
      let x_8_2 = (a_2_2);
      let x_8_3 = (a_2_3);
      sum_8_0 = accumulate(sum_8_0, x_8_0, b_0_0[0]);
      sum_8_0 = accumulate(sum_8_0, x_8_1, b_0_1[0]);
      sum_8_0 = accumulate(sum_8_0, x_8_2, b_0_2[0]);
      sum_8_0 = accumulate(sum_8_0, x_8_3, b_0_3[0]);
      sum_8_1 = accumulate(sum_8_1, x_8_0, b_0_0[1]);
      sum_8_1 = accumulate(sum_8_1, x_8_1, b_0_1[1]);
      sum_8_1 = accumulate(sum_8_1, x_8_2, b_0_2[1]);
      sum_8_1 = accumulate(sum_8_1, x_8_3, b_0_3[1]);
      sum_8_2 = accumulate(sum_8_2, x_8_0, b_0_0[2]);
      sum_8_2 = accumulate(sum_8_2, x_8_1, b_0_1[2]);
      sum_8_2 = accumulate(sum_8_2, x_8_2, b_0_2[2]);
      sum_8_2 = accumulate(sum_8_2, x_8_3, b_0_3[2]);
      sum_8_3 = accumulate(sum_8_3, x_8_0, b_0_0[3]);
      sum_8_3 = accumulate(sum_8_3, x_8_1, b_0_1[3]);
      sum_8_3 = accumulate(sum_8_3, x_8_2, b_0_2[3]);
      sum_8_3 = accumulate(sum_8_3, x_8_3, b_0_3[3]);

      let x_9_0 = quadSwapX(a_2_0);
      let x_9_1 = quadSwapX(a_2_1);
      let x_9_2 = quadSwapX(a_2_2);
      let x_9_3 = quadSwapX(a_2_3);
      sum_9_0 = accumulate(sum_9_0, x_9_0, b_0_0[0]);
      sum_9_0 = accumulate(sum_9_0, x_9_1, b_0_1[0]);
      sum_9_0 = accumulate(sum_9_0, x_9_2, b_0_2[0]);
      sum_9_0 = accumulate(sum_9_0, x_9_3, b_0_3[0]);
      sum_9_1 = accumulate(sum_9_1, x_9_0, b_0_0[1]);
      sum_9_1 = accumulate(sum_9_1, x_9_1, b_0_1[1]);
      sum_9_1 = accumulate(sum_9_1, x_9_2, b_0_2[1]);
      sum_9_1 = accumulate(sum_9_1, x_9_3, b_0_3[1]);
      sum_9_2 = accumulate(sum_9_2, x_9_0, b_0_0[2]);
      sum_9_2 = accumulate(sum_9_2, x_9_1, b_0_1[2]);
      sum_9_2 = accumulate(sum_9_2, x_9_2, b_0_2[2]);
      sum_9_2 = accumulate(sum_9_2, x_9_3, b_0_3[2]);
      sum_9_3 = accumulate(sum_9_3, x_9_0, b_0_0[3]);
      sum_9_3 = accumulate(sum_9_3, x_9_1, b_0_1[3]);
      sum_9_3 = accumulate(sum_9_3, x_9_2, b_0_2[3]);
      sum_9_3 = accumulate(sum_9_3, x_9_3, b_0_3[3]);

      let x_10_0 = quadSwapY(a_2_0);
      let x_10_1 = quadSwapY(a_2_1);
      let x_10_2 = quadSwapY(a_2_2);
      let x_10_3 = quadSwapY(a_2_3);
      sum_10_0 = accumulate(sum_10_0, x_10_0, b_0_0[0]);
      sum_10_0 = accumulate(sum_10_0, x_10_1, b_0_1[0]);
      sum_10_0 = accumulate(sum_10_0, x_10_2, b_0_2[0]);
      sum_10_0 = accumulate(sum_10_0, x_10_3, b_0_3[0]);
      sum_10_1 = accumulate(sum_10_1, x_10_0, b_0_0[1]);
      sum_10_1 = accumulate(sum_10_1, x_10_1, b_0_1[1]);
      sum_10_1 = accumulate(sum_10_1, x_10_2, b_0_2[1]);
      sum_10_1 = accumulate(sum_10_1, x_10_3, b_0_3[1]);
      sum_10_2 = accumulate(sum_10_2, x_10_0, b_0_0[2]);
      sum_10_2 = accumulate(sum_10_2, x_10_1, b_0_1[2]);
      sum_10_2 = accumulate(sum_10_2, x_10_2, b_0_2[2]);
      sum_10_2 = accumulate(sum_10_2, x_10_3, b_0_3[2]);
      sum_10_3 = accumulate(sum_10_3, x_10_0, b_0_0[3]);
      sum_10_3 = accumulate(sum_10_3, x_10_1, b_0_1[3]);
      sum_10_3 = accumulate(sum_10_3, x_10_2, b_0_2[3]);
      sum_10_3 = accumulate(sum_10_3, x_10_3, b_0_3[3]);

      let x_11_0 = quadSwapDiagonal(a_2_0);
      let x_11_1 = quadSwapDiagonal(a_2_1);
      let x_11_2 = quadSwapDiagonal(a_2_2);
      let x_11_3 = quadSwapDiagonal(a_2_3);
      sum_11_0 = accumulate(sum_11_0, x_11_0, b_0_0[0]);
      sum_11_0 = accumulate(sum_11_0, x_11_1, b_0_1[0]);
      sum_11_0 = accumulate(sum_11_0, x_11_2, b_0_2[0]);
      sum_11_0 = accumulate(sum_11_0, x_11_3, b_0_3[0]);
      sum_11_1 = accumulate(sum_11_1, x_11_0, b_0_0[1]);
      sum_11_1 = accumulate(sum_11_1, x_11_1, b_0_1[1]);
      sum_11_1 = accumulate(sum_11_1, x_11_2, b_0_2[1]);
      sum_11_1 = accumulate(sum_11_1, x_11_3, b_0_3[1]);
      sum_11_2 = accumulate(sum_11_2, x_11_0, b_0_0[2]);
      sum_11_2 = accumulate(sum_11_2, x_11_1, b_0_1[2]);
      sum_11_2 = accumulate(sum_11_2, x_11_2, b_0_2[2]);
      sum_11_2 = accumulate(sum_11_2, x_11_3, b_0_3[2]);
      sum_11_3 = accumulate(sum_11_3, x_11_0, b_0_0[3]);
      sum_11_3 = accumulate(sum_11_3, x_11_1, b_0_1[3]);
      sum_11_3 = accumulate(sum_11_3, x_11_2, b_0_2[3]);
      sum_11_3 = accumulate(sum_11_3, x_11_3, b_0_3[3]);

      let x_12_0 = (a_3_0);
      let x_12_1 = (a_3_1);
      let x_12_2 = (a_3_2);
      let x_12_3 = (a_3_3);
      sum_12_0 = accumulate(sum_12_0, x_12_0, b_0_0[0]);
      sum_12_0 = accumulate(sum_12_0, x_12_1, b_0_1[0]);
      sum_12_0 = accumulate(sum_12_0, x_12_2, b_0_2[0]);
      sum_12_0 = accumulate(sum_12_0, x_12_3, b_0_3[0]);
      sum_12_1 = accumulate(sum_12_1, x_12_0, b_0_0[1]);
      sum_12_1 = accumulate(sum_12_1, x_12_1, b_0_1[1]);
      sum_12_1 = accumulate(sum_12_1, x_12_2, b_0_2[1]);
      sum_12_1 = accumulate(sum_12_1, x_12_3, b_0_3[1]);
      sum_12_2 = accumulate(sum_12_2, x_12_0, b_0_0[2]);
      sum_12_2 = accumulate(sum_12_2, x_12_1, b_0_1[2]);
      sum_12_2 = accumulate(sum_12_2, x_12_2, b_0_2[2]);
      sum_12_2 = accumulate(sum_12_2, x_12_3, b_0_3[2]);
      sum_12_3 = accumulate(sum_12_3, x_12_0, b_0_0[3]);
      sum_12_3 = accumulate(sum_12_3, x_12_1, b_0_1[3]);
      sum_12_3 = accumulate(sum_12_3, x_12_2, b_0_2[3]);
      sum_12_3 = accumulate(sum_12_3, x_12_3, b_0_3[3]);

      let x_13_0 = quadSwapX(a_3_0);
      let x_13_1 = quadSwapX(a_3_1);
      let x_13_2 = quadSwapX(a_3_2);
      let x_13_3 = quadSwapX(a_3_3);
      sum_13_0 = accumulate(sum_13_0, x_13_0, b_0_0[0]);
      sum_13_0 = accumulate(sum_13_0, x_13_1, b_0_1[0]);
      sum_13_0 = accumulate(sum_13_0, x_13_2, b_0_2[0]);
      sum_13_0 = accumulate(sum_13_0, x_13_3, b_0_3[0]);
      sum_13_1 = accumulate(sum_13_1, x_13_0, b_0_0[1]);
      sum_13_1 = accumulate(sum_13_1, x_13_1, b_0_1[1]);
      sum_13_1 = accumulate(sum_13_1, x_13_2, b_0_2[1]);
      sum_13_1 = accumulate(sum_13_1, x_13_3, b_0_3[1]);
      sum_13_2 = accumulate(sum_13_2, x_13_0, b_0_0[2]);
      sum_13_2 = accumulate(sum_13_2, x_13_1, b_0_1[2]);
      sum_13_2 = accumulate(sum_13_2, x_13_2, b_0_2[2]);
      sum_13_2 = accumulate(sum_13_2, x_13_3, b_0_3[2]);
      sum_13_3 = accumulate(sum_13_3, x_13_0, b_0_0[3]);
      sum_13_3 = accumulate(sum_13_3, x_13_1, b_0_1[3]);
      sum_13_3 = accumulate(sum_13_3, x_13_2, b_0_2[3]);
      sum_13_3 = accumulate(sum_13_3, x_13_3, b_0_3[3]);

      let x_14_0 = quadSwapY(a_3_0);
      let x_14_1 = quadSwapY(a_3_1);
      let x_14_2 = quadSwapY(a_3_2);
      let x_14_3 = quadSwapY(a_3_3);
      sum_14_0 = accumulate(sum_14_0, x_14_0, b_0_0[0]);
      sum_14_0 = accumulate(sum_14_0, x_14_1, b_0_1[0]);
      sum_14_0 = accumulate(sum_14_0, x_14_2, b_0_2[0]);
      sum_14_0 = accumulate(sum_14_0, x_14_3, b_0_3[0]);
      sum_14_1 = accumulate(sum_14_1, x_14_0, b_0_0[1]);
      sum_14_1 = accumulate(sum_14_1, x_14_1, b_0_1[1]);
      sum_14_1 = accumulate(sum_14_1, x_14_2, b_0_2[1]);
      sum_14_1 = accumulate(sum_14_1, x_14_3, b_0_3[1]);
      sum_14_2 = accumulate(sum_14_2, x_14_0, b_0_0[2]);
      sum_14_2 = accumulate(sum_14_2, x_14_1, b_0_1[2]);
      sum_14_2 = accumulate(sum_14_2, x_14_2, b_0_2[2]);
      sum_14_2 = accumulate(sum_14_2, x_14_3, b_0_3[2]);
      sum_14_3 = accumulate(sum_14_3, x_14_0, b_0_0[3]);
      sum_14_3 = accumulate(sum_14_3, x_14_1, b_0_1[3]);
      sum_14_3 = accumulate(sum_14_3, x_14_2, b_0_2[3]);
      sum_14_3 = accumulate(sum_14_3, x_14_3, b_0_3[3]);

      let x_15_0 = quadSwapDiagonal(a_3_0);
      let x_15_1 = quadSwapDiagonal(a_3_1);
      let x_15_2 = quadSwapDiagonal(a_3_2);
      let x_15_3 = quadSwapDiagonal(a_3_3);
      sum_15_0 = accumulate(sum_15_0, x_15_0, b_0_0[0]);
      sum_15_0 = accumulate(sum_15_0, x_15_1, b_0_1[0]);
      sum_15_0 = accumulate(sum_15_0, x_15_2, b_0_2[0]);
      sum_15_0 = accumulate(sum_15_0, x_15_3, b_0_3[0]);
      sum_15_1 = accumulate(sum_15_1, x_15_0, b_0_0[1]);
      sum_15_1 = accumulate(sum_15_1, x_15_1, b_0_1[1]);
      sum_15_1 = accumulate(sum_15_1, x_15_2, b_0_2[1]);
      sum_15_1 = accumulate(sum_15_1, x_15_3, b_0_3[1]);
      sum_15_2 = accumulate(sum_15_2, x_15_0, b_0_0[2]);
      sum_15_2 = accumulate(sum_15_2, x_15_1, b_0_1[2]);
      sum_15_2 = accumulate(sum_15_2, x_15_2, b_0_2[2]);
      sum_15_2 = accumulate(sum_15_2, x_15_3, b_0_3[2]);
      sum_15_3 = accumulate(sum_15_3, x_15_0, b_0_0[3]);
      sum_15_3 = accumulate(sum_15_3, x_15_1, b_0_1[3]);
      sum_15_3 = accumulate(sum_15_3, x_15_2, b_0_2[3]);
      sum_15_3 = accumulate(sum_15_3, x_15_3, b_0_3[3]);
    }

    total_0_0 = select(add(total_0_0, settle(sum_0_0)), settle(sum_0_0), first == 0u);
    total_0_1 = select(add(total_0_1, settle(sum_0_1)), settle(sum_0_1), first == 0u);
    total_0_2 = select(add(total_0_2, settle(sum_0_2)), settle(sum_0_2), first == 0u);
    total_0_3 = select(add(total_0_3, settle(sum_0_3)), settle(sum_0_3), first == 0u);
    total_1_0 = select(add(total_1_0, settle(sum_1_0)), settle(sum_1_0), first == 0u);
    total_1_1 = select(add(total_1_1, settle(sum_1_1)), settle(sum_1_1), first == 0u);
    total_1_2 = select(add(total_1_2, settle(sum_1_2)), settle(sum_1_2), first == 0u);
    total_1_3 = select(add(total_1_3, settle(sum_1_3)), settle(sum_1_3), first == 0u);
    total_2_0 = select(add(total_2_0, settle(sum_2_0)), settle(sum_2_0), first == 0u);
    total_2_1 = select(add(total_2_1, settle(sum_2_1)), settle(sum_2_1), first == 0u);
    total_2_2 = select(add(total_2_2, settle(sum_2_2)), settle(sum_2_2), first == 0u);
    total_2_3 = select(add(total_2_3, settle(sum_2_3)), settle(sum_2_3), first == 0u);
    total_3_0 = select(add(total_3_0, settle(sum_3_0)), settle(sum_3_0), first == 0u);
    total_3_1 = select(add(total_3_1, settle(sum_3_1)), settle(sum_3_1), first == 0u);
    total_3_2 = select(add(total_3_2, settle(sum_3_2)), settle(sum_3_2), first == 0u);
    total_3_3 = select(add(total_3_3, settle(sum_3_3)), settle(sum_3_3), first == 0u);
    total_4_0 = select(add(total_4_0, settle(sum_4_0)), settle(sum_4_0), first == 0u);
    total_4_1 = select(add(total_4_1, settle(sum_4_1)), settle(sum_4_1), first == 0u);
    total_4_2 = select(add(total_4_2, settle(sum_4_2)), settle(sum_4_2), first == 0u);
    total_4_3 = select(add(total_4_3, settle(sum_4_3)), settle(sum_4_3), first == 0u);
    total_5_0 = select(add(total_5_0, settle(sum_5_0)), settle(sum_5_0), first == 0u);
    total_5_1 = select(add(total_5_1, settle(sum_5_1)), settle(sum_5_1), first == 0u);
    total_5_2 = select(add(total_5_2, settle(sum_5_2)), settle(sum_5_2), first == 0u);
    total_5_3 = select(add(total_5_3, settle(sum_5_3)), settle(sum_5_3), first == 0u);
    total_6_0 = select(add(total_6_0, settle(sum_6_0)), settle(sum_6_0), first == 0u);
    total_6_1 = select(add(total_6_1, settle(sum_6_1)), settle(sum_6_1), first == 0u);
    total_6_2 = select(add(total_6_2, settle(sum_6_2)), settle(sum_6_2), first == 0u);
    total_6_3 = select(add(total_6_3, settle(sum_6_3)), settle(sum_6_3), first == 0u);
    total_7_0 = select(add(total_7_0, settle(sum_7_0)), settle(sum_7_0), first == 0u);
    total_7_1 = select(add(total_7_1, settle(sum_7_1)), settle(sum_7_1), first == 0u);
    total_7_2 = select(add(total_7_2, settle(sum_7_2)), settle(sum_7_2), first == 0u);
    total_7_3 = select(add(total_7_3, settle(sum_7_3)), settle(sum_7_3), first == 0u);
    total_8_0 = select(add(total_8_0, settle(sum_8_0)), settle(sum_8_0), first == 0u);
    total_8_1 = select(add(total_8_1, settle(sum_8_1)), settle(sum_8_1), first == 0u);
    total_8_2 = select(add(total_8_2, settle(sum_8_2)), settle(sum_8_2), first == 0u);
    total_8_3 = select(add(total_8_3, settle(sum_8_3)), settle(sum_8_3), first == 0u);
    total_9_0 = select(add(total_9_0, settle(sum_9_0)), settle(sum_9_0), first == 0u);
    total_9_1 = select(add(total_9_1, settle(sum_9_1)), settle(sum_9_1), first == 0u);
    total_9_2 = select(add(total_9_2, settle(sum_9_2)), settle(sum_9_2), first == 0u);
    total_9_3 = select(add(total_9_3, settle(sum_9_3)), settle(sum_9_3), first == 0u);
    total_10_0 = select(add(total_10_0, settle(sum_10_0)), settle(sum_10_0), first == 0u);
    total_10_1 = select(add(total_10_1, settle(sum_10_1)), settle(sum_10_1), first == 0u);
    total_10_2 = select(add(total_10_2, settle(sum_10_2)), settle(sum_10_2), first == 0u);
    total_10_3 = select(add(total_10_3, settle(sum_10_3)), settle(sum_10_3), first == 0u);
    total_11_0 = select(add(total_11_0, settle(sum_11_0)), settle(sum_11_0), first == 0u);
    total_11_1 = select(add(total_11_1, settle(sum_11_1)), settle(sum_11_1), first == 0u);
    total_11_2 = select(add(total_11_2, settle(sum_11_2)), settle(sum_11_2), first == 0u);
    total_11_3 = select(add(total_11_3, settle(sum_11_3)), settle(sum_11_3), first == 0u);
    total_12_0 = select(add(total_12_0, settle(sum_12_0)), settle(sum_12_0), first == 0u);
    total_12_1 = select(add(total_12_1, settle(sum_12_1)), settle(sum_12_1), first == 0u);
    total_12_2 = select(add(total_12_2, settle(sum_12_2)), settle(sum_12_2), first == 0u);
    total_12_3 = select(add(total_12_3, settle(sum_12_3)), settle(sum_12_3), first == 0u);
    total_13_0 = select(add(total_13_0, settle(sum_13_0)), settle(sum_13_0), first == 0u);
    total_13_1 = select(add(total_13_1, settle(sum_13_1)), settle(sum_13_1), first == 0u);
    total_13_2 = select(add(total_13_2, settle(sum_13_2)), settle(sum_13_2), first == 0u);
    total_13_3 = select(add(total_13_3, settle(sum_13_3)), settle(sum_13_3), first == 0u);
    total_14_0 = select(add(total_14_0, settle(sum_14_0)), settle(sum_14_0), first == 0u);
    total_14_1 = select(add(total_14_1, settle(sum_14_1)), settle(sum_14_1), first == 0u);
    total_14_2 = select(add(total_14_2, settle(sum_14_2)), settle(sum_14_2), first == 0u);
    total_14_3 = select(add(total_14_3, settle(sum_14_3)), settle(sum_14_3), first == 0u);
    total_15_0 = select(add(total_15_0, settle(sum_15_0)), settle(sum_15_0), first == 0u);
    total_15_1 = select(add(total_15_1, settle(sum_15_1)), settle(sum_15_1), first == 0u);
    total_15_2 = select(add(total_15_2, settle(sum_15_2)), settle(sum_15_2), first == 0u);
    total_15_3 = select(add(total_15_3, settle(sum_15_3)), settle(sum_15_3), first == 0u);
  }

  var sums = array<real, 64>(total_0_0, total_0_1, total_0_2, total_0_3, total_1_0, total_1_1, total_1_2, total_1_3, total_2_0, total_2_1, total_2_2, total_2_3, total_3_0, total_3_1, total_3_2, total_3_3, total_4_0, total_4_1, total_4_2, total_4_3, total_5_0, total_5_1, total_5_2, total_5_3, total_6_0, total_6_1, total_6_2, total_6_3, total_7_0, total_7_1, total_7_2, total_7_3, total_8_0, total_8_1, total_8_2, total_8_3, total_9_0, total_9_1, total_9_2, total_9_3, total_10_0, total_10_1, total_10_2, total_10_3, total_11_0, total_11_1, total_11_2, total_11_3, total_12_0, total_12_1, total_12_2, total_12_3, total_13_0, total_13_1, total_13_2, total_13_3, total_14_0, total_14_1, total_14_2, total_14_3, total_15_0, total_15_1, total_15_2, total_15_3);

  for (var i = 0u; i < 16u; i++) {
    let row_i = row + (i & ~3u) + (lane ^ (i & 3u));
    for (var j = 0u; j < 4u; j++) {
      let column_j = column + (j & ~3u) * 4u + (j & 3u);
      let at = row_i * n + column_j;
      let cell = i * 4u + j;
      if (row_i < m && column_j < n) { finish(sums[cell], at, column_j); }
    }
  }
}
