// Not the case study, but two hidden layers of 100 units, on a graphics card, plan fused: matmul dhidden 0, relu mask.
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

alias Four = vec4f;
struct Shape { m: u32, k: u32, n: u32 }
@group(0) @binding(0) var<storage, read> a: array<real>;
@group(0) @binding(1) var<storage, read> b: array<real>;
@group(0) @binding(2) var<uniform> shape: Shape;
@group(0) @binding(3) var<storage, read> outputs: array<real>;
@group(0) @binding(4) var<storage, read_write> product: array<real>;

fn finish(sum: real, at: u32, column: u32) {
  let total = sum;

  let rectified = total;

  product[at] = select(rectified, real(), high(outputs[at]) <= 0.0);
}

struct Piece { first: u32, across: u32, count: u32 }
@group(0) @binding(15) var<uniform> piece: Piece;

fn workgroup_number(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return piece.first + workgroup.y * workgroups.x + workgroup.x;
}

fn linear_index(id: vec3u, workgroups: vec3u) -> u32 {
  return (piece.first + id.y * workgroups.x) * 256u + id.x;
}

var<workgroup> block_a: array<Four, 272>;
var<workgroup> block_b: array<Four, 272>;

@compute @workgroup_size(256)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  begin(id);
  let m = shape.m;
  let k = shape.k;
  let n = shape.n;
  let number = workgroup_number(workgroup, workgroups);

  let block = number;
  let first_row = 0u;

  let blocks_across = (n + 63u) / 64u;
  let block_row = block / blocks_across * 64u;
  let block_column = block % blocks_across * 64u;
  let x = local % 16u;
  let y = local / 16u;

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
  let end = min(first + 256u, k);

  for (var p = first; p < end; p += 16u) {
    if (local < 256u) {
      {
        let q = local % 16u;
        let four = local / 16u;

        let at = block_row + 4u * four;
        let term = min(p + q, k - 1u);

        block_a[q * 17u + four] = Four(a[min(at + 0u, m - 1u) * k + term], a[min(at + 1u, m - 1u) * k + term], a[min(at + 2u, m - 1u) * k + term], a[min(at + 3u, m - 1u) * k + term]);
      }

      {
        let q = local % 16u;
        let four = local / 16u;

        let at = block_column + 4u * four;
        let term = min(p + q, k - 1u);

        block_b[q * 17u + four] = Four(b[min(at + 0u, n - 1u) * k + term], b[min(at + 1u, n - 1u) * k + term], b[min(at + 2u, n - 1u) * k + term], b[min(at + 3u, n - 1u) * k + term]);
      }
    }
    workgroupBarrier();
    if (p + 16u <= end) {
      for (var q = 0u; q < 16u; q++) {
        let a_0 = block_a[q * 17u + y + 0u];
        let b_0 = block_b[q * 17u + x + 0u];
        sum_0_0 = accumulate(sum_0_0, a_0[0], b_0[0]);
        sum_0_1 = accumulate(sum_0_1, a_0[0], b_0[1]);
        sum_0_2 = accumulate(sum_0_2, a_0[0], b_0[2]);
        sum_0_3 = accumulate(sum_0_3, a_0[0], b_0[3]);
        sum_1_0 = accumulate(sum_1_0, a_0[1], b_0[0]);
        sum_1_1 = accumulate(sum_1_1, a_0[1], b_0[1]);
        sum_1_2 = accumulate(sum_1_2, a_0[1], b_0[2]);
        sum_1_3 = accumulate(sum_1_3, a_0[1], b_0[3]);
        sum_2_0 = accumulate(sum_2_0, a_0[2], b_0[0]);
        sum_2_1 = accumulate(sum_2_1, a_0[2], b_0[1]);
        sum_2_2 = accumulate(sum_2_2, a_0[2], b_0[2]);
        sum_2_3 = accumulate(sum_2_3, a_0[2], b_0[3]);
        sum_3_0 = accumulate(sum_3_0, a_0[3], b_0[0]);
        sum_3_1 = accumulate(sum_3_1, a_0[3], b_0[1]);
        sum_3_2 = accumulate(sum_3_2, a_0[3], b_0[2]);
        sum_3_3 = accumulate(sum_3_3, a_0[3], b_0[3]);
      }
    } else {
      for (var q = 0u; q < end - p; q++) {
        let a_0 = block_a[q * 17u + y + 0u];
        let b_0 = block_b[q * 17u + x + 0u];
        sum_0_0 = accumulate(sum_0_0, a_0[0], b_0[0]);
        sum_0_1 = accumulate(sum_0_1, a_0[0], b_0[1]);
        sum_0_2 = accumulate(sum_0_2, a_0[0], b_0[2]);
        sum_0_3 = accumulate(sum_0_3, a_0[0], b_0[3]);
        sum_1_0 = accumulate(sum_1_0, a_0[1], b_0[0]);
        sum_1_1 = accumulate(sum_1_1, a_0[1], b_0[1]);
        sum_1_2 = accumulate(sum_1_2, a_0[1], b_0[2]);
        sum_1_3 = accumulate(sum_1_3, a_0[1], b_0[3]);
        sum_2_0 = accumulate(sum_2_0, a_0[2], b_0[0]);
        sum_2_1 = accumulate(sum_2_1, a_0[2], b_0[1]);
        sum_2_2 = accumulate(sum_2_2, a_0[2], b_0[2]);
        sum_2_3 = accumulate(sum_2_3, a_0[2], b_0[3]);
        sum_3_0 = accumulate(sum_3_0, a_0[3], b_0[0]);
        sum_3_1 = accumulate(sum_3_1, a_0[3], b_0[1]);
        sum_3_2 = accumulate(sum_3_2, a_0[3], b_0[2]);
        sum_3_3 = accumulate(sum_3_3, a_0[3], b_0[3]);
      }
    }
    workgroupBarrier();
  }

  let column_0 = block_column + 4u * x + (0u & ~3u) * 16u + (0u & 3u); let in_column_0 = column_0 < n;
  let column_1 = block_column + 4u * x + (1u & ~3u) * 16u + (1u & 3u); let in_column_1 = column_1 < n;
  let column_2 = block_column + 4u * x + (2u & ~3u) * 16u + (2u & 3u); let in_column_2 = column_2 < n;
  let column_3 = block_column + 4u * x + (3u & ~3u) * 16u + (3u & 3u); let in_column_3 = column_3 < n;

  let row_0 = block_row + 4u * y + (0u & ~3u) * 16u + (0u & 3u);
  let in_row_0 = row_0 < m;
  let at_0 = (first_row + row_0) * n;
  if (in_row_0 & in_column_0) { finish(settle(sum_0_0), at_0 + column_0, column_0); }
  if (in_row_0 & in_column_1) { finish(settle(sum_0_1), at_0 + column_1, column_1); }
  if (in_row_0 & in_column_2) { finish(settle(sum_0_2), at_0 + column_2, column_2); }
  if (in_row_0 & in_column_3) { finish(settle(sum_0_3), at_0 + column_3, column_3); }

  let row_1 = block_row + 4u * y + (1u & ~3u) * 16u + (1u & 3u);
  let in_row_1 = row_1 < m;
  let at_1 = (first_row + row_1) * n;
  if (in_row_1 & in_column_0) { finish(settle(sum_1_0), at_1 + column_0, column_0); }
  if (in_row_1 & in_column_1) { finish(settle(sum_1_1), at_1 + column_1, column_1); }
  if (in_row_1 & in_column_2) { finish(settle(sum_1_2), at_1 + column_2, column_2); }
  if (in_row_1 & in_column_3) { finish(settle(sum_1_3), at_1 + column_3, column_3); }

  let row_2 = block_row + 4u * y + (2u & ~3u) * 16u + (2u & 3u);
  let in_row_2 = row_2 < m;
  let at_2 = (first_row + row_2) * n;
  if (in_row_2 & in_column_0) { finish(settle(sum_2_0), at_2 + column_0, column_0); }
  if (in_row_2 & in_column_1) { finish(settle(sum_2_1), at_2 + column_1, column_1); }
  if (in_row_2 & in_column_2) { finish(settle(sum_2_2), at_2 + column_2, column_2); }
  if (in_row_2 & in_column_3) { finish(settle(sum_2_3), at_2 + column_3, column_3); }

  let row_3 = block_row + 4u * y + (3u & ~3u) * 16u + (3u & 3u);
  let in_row_3 = row_3 < m;
  let at_3 = (first_row + row_3) * n;
  if (in_row_3 & in_column_0) { finish(settle(sum_3_0), at_3 + column_0, column_0); }
  if (in_row_3 & in_column_1) { finish(settle(sum_3_1), at_3 + column_1, column_1); }
  if (in_row_3 & in_column_2) { finish(settle(sum_3_2), at_3 + column_2, column_2); }
  if (in_row_3 & in_column_3) { finish(settle(sum_3_3), at_3 + column_3, column_3); }
}
