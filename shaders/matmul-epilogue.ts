import type { Binding } from './kernel.ts';
import { type UpdateRule, updateBindings, updateRule, updateVariables } from './update-rule.ts';

/**
 * Which operand is stored transposed. All are row-major; the product is always m×n and sums over k.
 * `nn`: A is m×k, B is k×n: the forward pass, X·W.
 * `tn`: A is stored k×m: Aᵀ·B, the gradient of weights, dW = Xᵀ·dY.
 * `nt`: B is stored n×k: A·Bᵀ, the gradient of inputs, dX = dY·Wᵀ.
 */
export type MatmulForm = 'nn' | 'tn' | 'nt';

/**
 * Terms in a strip of a sum. Every matmul kernel adds in one order, so that all of them give the same bits: the terms
 * of a strip one after the other, starting from 0, then the strips one after the other. Short enough that a sum over a
 * batch can be split among workgroups, long enough that what a strip costs on top stays below a hundredth.
 */
export const STRIP_TERMS = 256;

/**
 * Which strips of a sum an invocation adds.
 * `one`: k is at most {@link STRIP_TERMS}. `all`: any k. `each`: only the strip of its workgroup's y; the strips' sums
 * are left as matrices, one after the other, for {@link file://./matmul-strips.wgsl.ts}.
 */
export type Strips = 'one' | 'all' | 'each';

/** What is done with each finished sum. */
export interface Epilogue {
  /** Adds a row vector of n numbers to every row. */
  bias?: boolean;
  /** Applies max(0, ·) last. NaN stays NaN, so that divergence cannot hide. */
  relu?: boolean;
  /** Back through ReLU: sets it to 0 where the number in its place among `outputs` (m×n) is not above 0. */
  mask?: boolean;
  /** Takes it for the gradient of the parameter in its place, which is updated; the product is not stored. */
  update?: UpdateRule;
}

/** What an epilogue binds: `bias`, `outputs`, `product`; or what {@link updateBindings} lists. */
export function epilogueBindings({ bias, mask, update }: Epilogue): Binding[] {
  if (update) return updateBindings(update);
  return [...(bias ? (['read'] as const) : []), ...(mask ? (['read'] as const) : []), 'read_write'];
}

/** The bindings of all matmul kernels: a and b or the strips' sums, shape { m, k, n }, then what the epilogue needs. */
export function matmulBindings(operands: readonly string[], finish: Epilogue): Binding[] {
  return [...operands.map(() => 'read' as const), 'uniform', ...epilogueBindings(finish)];
}

/** The uniform `shape`: whole numbers by name, behind the coefficient of the L2 term where the epilogue needs it. */
export function shapeUniform(numbers: readonly string[], { update }: Epilogue, binding: number): string {
  const members = [...(update ? ['l2: real'] : []), ...numbers.map((name) => `${name}: u32`)];
  return `
struct Shape { ${members.join(', ')} }
@group(0) @binding(${binding}) var<uniform> shape: Shape;`;
}

/**
 * `finish(sum, at, column)`, which a kernel calls once for each number of its result, number `at` of it in memory, with
 * its bindings, from number `first` on. Needs `real`.
 */
export function epilogue({ bias, relu, mask, update }: Epilogue, first: number): string {
  if (update) {
    return `${updateVariables(update, first)}
${updateRule(update)}
fn finish(sum: real, at: u32, column: u32) { apply_update(at, sum, shape.l2); }`;
  }
  let binding = first;
  const variable = (name: string, access: 'read' | 'read_write') =>
    `@group(0) @binding(${binding++}) var<storage, ${access}> ${name}: array<real>;`;
  const total = bias ? 'add(sum, bias[column])' : 'sum';
  const inactive = [...(relu ? ['high(total) <= 0.0'] : []), ...(mask ? ['high(outputs[at]) <= 0.0'] : [])];
  return `
${bias ? variable('bias', 'read') : ''}
${mask ? variable('outputs', 'read') : ''}
${variable('product', 'read_write')}

fn finish(sum: real, at: u32, column: u32) {
  let total = ${total};
  product[at] = ${inactive.length > 0 ? `select(total, real(), ${inactive.join(' || ')})` : 'total'};
}`;
}

/** The numbers of the product that an invocation has computed, and where they belong. */
export interface FinishedTile {
  rows: number;
  columns: number;
  /** Row and column of the product, as WGSL, for the WGSL of a whole number below `rows` or `columns`. */
  rowAt(i: string): string;
  columnAt(j: string): string;
  /** The sum at row i and column j of the tile. */
  sum(i: number, j: number): string;
}

/**
 * Calls `finish` for every number of a tile that is within the product. Updates go over an array, so that their text
 * stands there once: compilers inline it.
 */
export function finishTile(
  { rows, columns, rowAt, columnAt, sum }: FinishedTile,
  { update }: Epilogue,
): string {
  const [is, js] = [rows, columns].map((count) => Array.from({ length: count }, (_, i) => i));
  if (update) {
    return `
var sums = array<real, ${rows * columns}>(${is.flatMap((i) => js.map((j) => sum(i, j))).join(', ')});
for (var i = 0u; i < ${rows}u; i++) {
  let row_i = ${rowAt('i')};
  for (var j = 0u; j < ${columns}u; j++) {
    let column_j = ${columnAt('j')};
    if (row_i < m && column_j < n) { finish(sums[i * ${columns}u + j], row_i * n + column_j, column_j); }
  }
}`;
  }
  const finishRow = (i: number) => [
    `let row_${i} = ${rowAt(`${i}u`)};`,
    `let in_row_${i} = row_${i} < m;`,
    `let at_${i} = (first_row + row_${i}) * n;`,
    ...js.map(
      (j) =>
        `if (in_row_${i} & in_column_${j}) { finish(${sum(i, j)}, at_${i} + column_${j}, column_${j}); }`,
    ),
  ];
  return [
    ...js.map((j) => `let column_${j} = ${columnAt(`${j}u`)}; let in_column_${j} = column_${j} < n;`),
    ...is.flatMap(finishRow),
  ].join('\n');
}
