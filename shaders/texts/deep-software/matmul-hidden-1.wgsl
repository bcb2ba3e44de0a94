// Not the case study, but two hidden layers of 100 units, on a software adapter, plan fused: matmul hidden 1.
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

struct Shape { m: u32, k: u32, n: u32 }
@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<uniform> shape: Shape;
@group(0) @binding(3) var<storage, read> bias: array<real>;
@group(0) @binding(4) var<storage, read_write> product: array<real>;

fn finish(sum: real, at: u32, column: u32) {
  let total = add(sum, bias[column]);

  let rectified = select(total, real(), high(total) <= 0.0);

  product[at] = rectified;
}

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

  let a_at_0 = (min(row + (0u & ~3u) + (lane ^ (0u & 3u)), m - 1u) * k) / 4u;
  let a_at_1 = (min(row + (4u & ~3u) + (lane ^ (4u & 3u)), m - 1u) * k) / 4u;
  let a_at_2 = (min(row + (8u & ~3u) + (lane ^ (8u & 3u)), m - 1u) * k) / 4u;
  let a_at_3 = (min(row + (12u & ~3u) + (lane ^ (12u & 3u)), m - 1u) * k) / 4u;
  let b_at_0 = (min(column + (0u & ~3u) * 4u + (0u & 3u), n - 1u)) / 4u;

  let first = 0u;

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
    let a_term_0 = (p + 0u) / 4u;
    let a_0_0 = a[a_at_0 + a_term_0];
    let a_1_0 = a[a_at_1 + a_term_0];
    let a_2_0 = a[a_at_2 + a_term_0];
    let a_3_0 = a[a_at_3 + a_term_0];

    let b_term_0 = ((p + 0u) * n) / 4u;
    let b_0_0 = b[b_at_0 + b_term_0];

    let b_term_1 = ((p + 1u) * n) / 4u;
    let b_0_1 = b[b_at_0 + b_term_1];

    let b_term_2 = ((p + 2u) * n) / 4u;
    let b_0_2 = b[b_at_0 + b_term_2];

    let b_term_3 = ((p + 3u) * n) / 4u;
    let b_0_3 = b[b_at_0 + b_term_3];

    let x_0_0 = (a_0_0[0]);
    let x_0_1 = (a_0_0[1]);
    let x_0_2 = (a_0_0[2]);
    let x_0_3 = (a_0_0[3]);
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

    let x_1_0 = quadSwapX(a_0_0[0]);
    let x_1_1 = quadSwapX(a_0_0[1]);
    let x_1_2 = quadSwapX(a_0_0[2]);
    let x_1_3 = quadSwapX(a_0_0[3]);
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

    let x_2_0 = quadSwapY(a_0_0[0]);
    let x_2_1 = quadSwapY(a_0_0[1]);
    let x_2_2 = quadSwapY(a_0_0[2]);
    let x_2_3 = quadSwapY(a_0_0[3]);
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

    let x_3_0 = quadSwapDiagonal(a_0_0[0]);
    let x_3_1 = quadSwapDiagonal(a_0_0[1]);
    let x_3_2 = quadSwapDiagonal(a_0_0[2]);
    let x_3_3 = quadSwapDiagonal(a_0_0[3]);
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

    let x_4_0 = (a_1_0[0]);
    let x_4_1 = (a_1_0[1]);
    let x_4_2 = (a_1_0[2]);
    let x_4_3 = (a_1_0[3]);
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

    let x_5_0 = quadSwapX(a_1_0[0]);
    let x_5_1 = quadSwapX(a_1_0[1]);
    let x_5_2 = quadSwapX(a_1_0[2]);
    let x_5_3 = quadSwapX(a_1_0[3]);
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

    let x_6_0 = quadSwapY(a_1_0[0]);
    let x_6_1 = quadSwapY(a_1_0[1]);
    let x_6_2 = quadSwapY(a_1_0[2]);
    let x_6_3 = quadSwapY(a_1_0[3]);
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

    let x_7_0 = quadSwapDiagonal(a_1_0[0]);
    let x_7_1 = quadSwapDiagonal(a_1_0[1]);
    let x_7_2 = quadSwapDiagonal(a_1_0[2]);
    let x_7_3 = quadSwapDiagonal(a_1_0[3]);
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

    let x_8_0 = (a_2_0[0]);
    let x_8_1 = (a_2_0[1]);
    let x_8_2 = (a_2_0[2]);
    let x_8_3 = (a_2_0[3]);
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

    let x_9_0 = quadSwapX(a_2_0[0]);
    let x_9_1 = quadSwapX(a_2_0[1]);
    let x_9_2 = quadSwapX(a_2_0[2]);
    let x_9_3 = quadSwapX(a_2_0[3]);
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

    let x_10_0 = quadSwapY(a_2_0[0]);
    let x_10_1 = quadSwapY(a_2_0[1]);
    let x_10_2 = quadSwapY(a_2_0[2]);
    let x_10_3 = quadSwapY(a_2_0[3]);
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

    let x_11_0 = quadSwapDiagonal(a_2_0[0]);
    let x_11_1 = quadSwapDiagonal(a_2_0[1]);
    let x_11_2 = quadSwapDiagonal(a_2_0[2]);
    let x_11_3 = quadSwapDiagonal(a_2_0[3]);
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

    let x_12_0 = (a_3_0[0]);
    let x_12_1 = (a_3_0[1]);
    let x_12_2 = (a_3_0[2]);
    let x_12_3 = (a_3_0[3]);
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

    let x_13_0 = quadSwapX(a_3_0[0]);
    let x_13_1 = quadSwapX(a_3_0[1]);
    let x_13_2 = quadSwapX(a_3_0[2]);
    let x_13_3 = quadSwapX(a_3_0[3]);
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

    let x_14_0 = quadSwapY(a_3_0[0]);
    let x_14_1 = quadSwapY(a_3_0[1]);
    let x_14_2 = quadSwapY(a_3_0[2]);
    let x_14_3 = quadSwapY(a_3_0[3]);
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

    let x_15_0 = quadSwapDiagonal(a_3_0[0]);
    let x_15_1 = quadSwapDiagonal(a_3_0[1]);
    let x_15_2 = quadSwapDiagonal(a_3_0[2]);
    let x_15_3 = quadSwapDiagonal(a_3_0[3]);
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

  let column_0 = column + (0u & ~3u) * 4u + (0u & 3u); let in_column_0 = column_0 < n;
  let column_1 = column + (1u & ~3u) * 4u + (1u & 3u); let in_column_1 = column_1 < n;
  let column_2 = column + (2u & ~3u) * 4u + (2u & 3u); let in_column_2 = column_2 < n;
  let column_3 = column + (3u & ~3u) * 4u + (3u & 3u); let in_column_3 = column_3 < n;

  let row_0 = row + (0u & ~3u) + (lane ^ (0u & 3u));
  let in_row_0 = row_0 < m;
  let at_0 = (first_row + row_0) * n;
  if (in_row_0 & in_column_0) { finish(settle(sum_0_0), at_0 + column_0, column_0); }
  if (in_row_0 & in_column_1) { finish(settle(sum_0_1), at_0 + column_1, column_1); }
  if (in_row_0 & in_column_2) { finish(settle(sum_0_2), at_0 + column_2, column_2); }
  if (in_row_0 & in_column_3) { finish(settle(sum_0_3), at_0 + column_3, column_3); }

  let row_1 = row + (1u & ~3u) + (lane ^ (1u & 3u));
  let in_row_1 = row_1 < m;
  let at_1 = (first_row + row_1) * n;
  if (in_row_1 & in_column_0) { finish(settle(sum_1_0), at_1 + column_0, column_0); }
  if (in_row_1 & in_column_1) { finish(settle(sum_1_1), at_1 + column_1, column_1); }
  if (in_row_1 & in_column_2) { finish(settle(sum_1_2), at_1 + column_2, column_2); }
  if (in_row_1 & in_column_3) { finish(settle(sum_1_3), at_1 + column_3, column_3); }

  let row_2 = row + (2u & ~3u) + (lane ^ (2u & 3u));
  let in_row_2 = row_2 < m;
  let at_2 = (first_row + row_2) * n;
  if (in_row_2 & in_column_0) { finish(settle(sum_2_0), at_2 + column_0, column_0); }
  if (in_row_2 & in_column_1) { finish(settle(sum_2_1), at_2 + column_1, column_1); }
  if (in_row_2 & in_column_2) { finish(settle(sum_2_2), at_2 + column_2, column_2); }
  if (in_row_2 & in_column_3) { finish(settle(sum_2_3), at_2 + column_3, column_3); }

  let row_3 = row + (3u & ~3u) + (lane ^ (3u & 3u));
  let in_row_3 = row_3 < m;
  let at_3 = (first_row + row_3) * n;
  if (in_row_3 & in_column_0) { finish(settle(sum_3_0), at_3 + column_0, column_0); }
  if (in_row_3 & in_column_1) { finish(settle(sum_3_1), at_3 + column_1, column_1); }
  if (in_row_3 & in_column_2) { finish(settle(sum_3_2), at_3 + column_2, column_2); }
  if (in_row_3 & in_column_3) { finish(settle(sum_3_3), at_3 + column_3, column_3); }

  let row_4 = row + (4u & ~3u) + (lane ^ (4u & 3u));
  let in_row_4 = row_4 < m;
  let at_4 = (first_row + row_4) * n;
  if (in_row_4 & in_column_0) { finish(settle(sum_4_0), at_4 + column_0, column_0); }
  if (in_row_4 & in_column_1) { finish(settle(sum_4_1), at_4 + column_1, column_1); }
  if (in_row_4 & in_column_2) { finish(settle(sum_4_2), at_4 + column_2, column_2); }
  if (in_row_4 & in_column_3) { finish(settle(sum_4_3), at_4 + column_3, column_3); }

  let row_5 = row + (5u & ~3u) + (lane ^ (5u & 3u));
  let in_row_5 = row_5 < m;
  let at_5 = (first_row + row_5) * n;
  if (in_row_5 & in_column_0) { finish(settle(sum_5_0), at_5 + column_0, column_0); }
  if (in_row_5 & in_column_1) { finish(settle(sum_5_1), at_5 + column_1, column_1); }
  if (in_row_5 & in_column_2) { finish(settle(sum_5_2), at_5 + column_2, column_2); }
  if (in_row_5 & in_column_3) { finish(settle(sum_5_3), at_5 + column_3, column_3); }

  let row_6 = row + (6u & ~3u) + (lane ^ (6u & 3u));
  let in_row_6 = row_6 < m;
  let at_6 = (first_row + row_6) * n;
  if (in_row_6 & in_column_0) { finish(settle(sum_6_0), at_6 + column_0, column_0); }
  if (in_row_6 & in_column_1) { finish(settle(sum_6_1), at_6 + column_1, column_1); }
  if (in_row_6 & in_column_2) { finish(settle(sum_6_2), at_6 + column_2, column_2); }
  if (in_row_6 & in_column_3) { finish(settle(sum_6_3), at_6 + column_3, column_3); }

  let row_7 = row + (7u & ~3u) + (lane ^ (7u & 3u));
  let in_row_7 = row_7 < m;
  let at_7 = (first_row + row_7) * n;
  if (in_row_7 & in_column_0) { finish(settle(sum_7_0), at_7 + column_0, column_0); }
  if (in_row_7 & in_column_1) { finish(settle(sum_7_1), at_7 + column_1, column_1); }
  if (in_row_7 & in_column_2) { finish(settle(sum_7_2), at_7 + column_2, column_2); }
  if (in_row_7 & in_column_3) { finish(settle(sum_7_3), at_7 + column_3, column_3); }

  let row_8 = row + (8u & ~3u) + (lane ^ (8u & 3u));
  let in_row_8 = row_8 < m;
  let at_8 = (first_row + row_8) * n;
  if (in_row_8 & in_column_0) { finish(settle(sum_8_0), at_8 + column_0, column_0); }
  if (in_row_8 & in_column_1) { finish(settle(sum_8_1), at_8 + column_1, column_1); }
  if (in_row_8 & in_column_2) { finish(settle(sum_8_2), at_8 + column_2, column_2); }
  if (in_row_8 & in_column_3) { finish(settle(sum_8_3), at_8 + column_3, column_3); }

  let row_9 = row + (9u & ~3u) + (lane ^ (9u & 3u));
  let in_row_9 = row_9 < m;
  let at_9 = (first_row + row_9) * n;
  if (in_row_9 & in_column_0) { finish(settle(sum_9_0), at_9 + column_0, column_0); }
  if (in_row_9 & in_column_1) { finish(settle(sum_9_1), at_9 + column_1, column_1); }
  if (in_row_9 & in_column_2) { finish(settle(sum_9_2), at_9 + column_2, column_2); }
  if (in_row_9 & in_column_3) { finish(settle(sum_9_3), at_9 + column_3, column_3); }

  let row_10 = row + (10u & ~3u) + (lane ^ (10u & 3u));
  let in_row_10 = row_10 < m;
  let at_10 = (first_row + row_10) * n;
  if (in_row_10 & in_column_0) { finish(settle(sum_10_0), at_10 + column_0, column_0); }
  if (in_row_10 & in_column_1) { finish(settle(sum_10_1), at_10 + column_1, column_1); }
  if (in_row_10 & in_column_2) { finish(settle(sum_10_2), at_10 + column_2, column_2); }
  if (in_row_10 & in_column_3) { finish(settle(sum_10_3), at_10 + column_3, column_3); }

  let row_11 = row + (11u & ~3u) + (lane ^ (11u & 3u));
  let in_row_11 = row_11 < m;
  let at_11 = (first_row + row_11) * n;
  if (in_row_11 & in_column_0) { finish(settle(sum_11_0), at_11 + column_0, column_0); }
  if (in_row_11 & in_column_1) { finish(settle(sum_11_1), at_11 + column_1, column_1); }
  if (in_row_11 & in_column_2) { finish(settle(sum_11_2), at_11 + column_2, column_2); }
  if (in_row_11 & in_column_3) { finish(settle(sum_11_3), at_11 + column_3, column_3); }

  let row_12 = row + (12u & ~3u) + (lane ^ (12u & 3u));
  let in_row_12 = row_12 < m;
  let at_12 = (first_row + row_12) * n;
  if (in_row_12 & in_column_0) { finish(settle(sum_12_0), at_12 + column_0, column_0); }
  if (in_row_12 & in_column_1) { finish(settle(sum_12_1), at_12 + column_1, column_1); }
  if (in_row_12 & in_column_2) { finish(settle(sum_12_2), at_12 + column_2, column_2); }
  if (in_row_12 & in_column_3) { finish(settle(sum_12_3), at_12 + column_3, column_3); }

  let row_13 = row + (13u & ~3u) + (lane ^ (13u & 3u));
  let in_row_13 = row_13 < m;
  let at_13 = (first_row + row_13) * n;
  if (in_row_13 & in_column_0) { finish(settle(sum_13_0), at_13 + column_0, column_0); }
  if (in_row_13 & in_column_1) { finish(settle(sum_13_1), at_13 + column_1, column_1); }
  if (in_row_13 & in_column_2) { finish(settle(sum_13_2), at_13 + column_2, column_2); }
  if (in_row_13 & in_column_3) { finish(settle(sum_13_3), at_13 + column_3, column_3); }

  let row_14 = row + (14u & ~3u) + (lane ^ (14u & 3u));
  let in_row_14 = row_14 < m;
  let at_14 = (first_row + row_14) * n;
  if (in_row_14 & in_column_0) { finish(settle(sum_14_0), at_14 + column_0, column_0); }
  if (in_row_14 & in_column_1) { finish(settle(sum_14_1), at_14 + column_1, column_1); }
  if (in_row_14 & in_column_2) { finish(settle(sum_14_2), at_14 + column_2, column_2); }
  if (in_row_14 & in_column_3) { finish(settle(sum_14_3), at_14 + column_3, column_3); }

  let row_15 = row + (15u & ~3u) + (lane ^ (15u & 3u));
  let in_row_15 = row_15 < m;
  let at_15 = (first_row + row_15) * n;
  if (in_row_15 & in_column_0) { finish(settle(sum_15_0), at_15 + column_0, column_0); }
  if (in_row_15 & in_column_1) { finish(settle(sum_15_1), at_15 + column_1, column_1); }
  if (in_row_15 & in_column_2) { finish(settle(sum_15_2), at_15 + column_2, column_2); }
  if (in_row_15 & in_column_3) { finish(settle(sum_15_3), at_15 + column_3, column_3); }
}
