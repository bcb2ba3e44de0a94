import type { ActivationText } from './activation.ts';
import type { Variables } from './bindings.ts';
import type { Update } from './moments.ts';
import type { Arithmetic } from './real.ts';
import { each, wgsl } from './text.ts';
import { updateRule, updateVariables } from './update-rule.ts';

/**
 * The operand that is stored transposed. All matrices are row-major; the product is m×n and sums
 * over k.
 * `nn`: A is m×k, B is k×n: the forward pass, X·W.
 * `tn`: A is stored k×m: Aᵀ·B, the gradient of weights, dW = Xᵀ·dY.
 * `nt`: B is stored n×k: A·Bᵀ, the gradient of inputs, dX = dY·Wᵀ.
 */
export type MatmulForm = 'nn' | 'tn' | 'nt';

/**
 * Terms in a strip of a sum. Every matmul kernel adds in the same order, so that all kernels give
 * the same bits: the terms of a strip one after the other, starting from 0, then the strips one
 * after the other. A strip is short enough to split a sum over a batch among workgroups, and so
 * long that its extra work is below a hundredth.
 */
export const STRIP_TERMS = 256;

/**
 * The strips of a sum that an invocation adds.
 * `one`: the only strip, for k up to {@link STRIP_TERMS}.
 * `all`: all strips, for any k.
 * `separate`: the strip with the number of the workgroup's y. The sums of each strip are stored as
 * a matrix, one after the other, for {@link file://./matmul-strips.wgsl.ts}.
 * `some`: the strips from term `shape.since` to before term `shape.until`. `kept_sums` keeps the
 * sums until the next dispatch goes on.
 */
export type Strips = 'one' | 'all' | 'separate' | 'some';

/** The operations on each finished sum. */
export interface Epilogue {
  /** Adds a row vector of n numbers to every row. */
  bias?: boolean;
  /** The activation that is applied last. NaN stays NaN, so that divergence cannot hide. */
  activation?: ActivationText;
  /** The activation by whose derivative at `outputs` (m×n) the sum is multiplied last. */
  derivative?: ActivationText;
  /** Updates a parameter with the sum as its gradient; the product is not stored. */
  update?: Update;
}

/**
 * The variables of an epilogue: `bias` (n), `outputs` (m×n) and `product` (m×n), or the variables
 * of {@link updateVariables}.
 */
export function epilogueVariables({ bias, derivative, update }: Epilogue): Variables {
  if (update) return updateVariables(update);
  return [
    bias && ['bias', 'read', 'array<real>'],
    derivative && ['outputs', 'read', 'array<real>'],
    ['product', 'read_write', 'array<real>'],
  ];
}

/** The operands that are read four numbers at a time. */
export interface Vectors {
  a: boolean;
  b: boolean;
}

/**
 * The variables of the kernels that compute tiles. With `some` strips, the last one is `kept_sums`
 * (m×n).
 */
export function matmulVariables(vectors: Vectors, epilogue: Epilogue, strips: Strips): Variables {
  return [
    ['a', 'read', vectors.a ? 'array<vec4f>' : 'array<real>'],
    ['b', 'read', vectors.b ? 'array<vec4f>' : 'array<real>'],
    ['shape', 'uniform', 'Shape'],
    ...epilogueVariables(epilogue),
    strips === 'some' && ['kept_sums', 'read_write', 'array<real>'],
  ];
}

/** The shape of a matmul kernel: m, k, n; with `some` strips also the terms since and until. */
export function matmulShape(epilogue: Epilogue, strips?: Strips): string {
  return shapeStruct(['m', 'k', 'n', ...(strips === 'some' ? ['since', 'until'] : [])], epilogue);
}

/**
 * The struct of a shape: whole numbers by name. If the epilogue is an update, its first member is 1
 * for weights and 0 for biases.
 */
export function shapeStruct(numbers: readonly string[], { update }: Epilogue): string {
  const members = [...(update ? ['penalized'] : []), ...numbers].map((name) => `${name}: u32`);
  return `struct Shape { ${members.join(', ')} }`;
}

/**
 * The function `finish(sum, at, column)`, which a kernel calls once for each number of its result;
 * `at` is the index of the number. Needs `real` and {@link epilogueVariables}.
 */
export function finishFunction(
  { bias, activation, derivative, update }: Epilogue,
  arithmetic: Arithmetic,
): string {
  if (update) {
    return wgsl`
${updateRule(update)}
fn finish(sum: real, at: u32, column: u32) { apply_update(at, sum, shape.penalized == 1u); }`;
  }
  const functions = (activation ?? derivative)?.functions?.(arithmetic);
  return wgsl`
#if ${functions}
${functions}
#endif
fn finish(sum: real, at: u32, column: u32) {
#if ${bias}
  let total = add(sum, bias[column]);
#else
  let total = sum;
#endif
#if ${activation}
  let rectified = ${activation?.output('total')};
#else
  let rectified = total;
#endif
#if ${derivative}
  product[at] = ${derivative?.gradient('rectified', 'outputs[at]')};
#else
  product[at] = rectified;
#endif
}`;
}

/** The numbers of the product that an invocation computes, each as a sum of terms. */
export interface Tile {
  rows: number;
  columns: number;
  /**
   * The row and the column of the product, as WGSL, from the WGSL of a row or column of the tile.
   */
  rowAt(i: string): string;
  columnAt(j: string): string;
}

/**
 * The text that adds the terms of each strip, then the strips, and finishes the sums: the common
 * part of all kernels that compute tiles. `sum_i_j` is the sum of a strip for row i and column j of
 * the tile, `total_i_j` the sum over strips.
 * @param addTerms WGSL that adds the terms from `first` to before `end` to each `sum_i_j`
 */
export function overStrips(tile: Tile, strips: Strips, epilogue: Epilogue, addTerms: string): string {
  const several = strips === 'all' || strips === 'some';
  const some = strips === 'some';
  const sum = (cell: string) => (several ? `total_${cell}` : `settle(sum_${cell})`);
  return wgsl`
#if ${strips === 'one'}
  let first = 0u;
#endif
#if ${some}
${continueTotals(tile)}
  for (var first = shape.since; first < shape.until; first += ${STRIP_TERMS}u) {
#elif ${several}
${eachCell(tile, (cell) => `  var total_${cell} = real();`)}
  for (var first = 0u; first < k; first += ${STRIP_TERMS}u) {
#endif
${eachCell(tile, (cell) => `  var sum_${cell} = real();`)}
  let end = min(first + ${STRIP_TERMS}u, k);
${addTerms}
#if ${several}
${eachCell(tile, (cell) => `  total_${cell} = select(add(total_${cell}, settle(sum_${cell})), settle(sum_${cell}), first == 0u);`)}
  }
#endif
#if ${some}
${keepTotals(tile)}
#endif
${finishTile(tile, epilogue, sum)}
`;
}

/** A line for each number of a tile, with `i_j` for row i and column j. */
function eachCell({ rows, columns }: Tile, line: (cell: string) => string, separator = '\n'): string {
  return each(rows, (i) => each(columns, (j) => line(`${i}_${j}`), separator), separator);
}

/**
 * A loop over the numbers of a tile within the product; `at` is the index in the product, `cell`
 * the index in the tile.
 */
function overCells({ rows, columns, rowAt, columnAt }: Tile, text: string): string {
  return wgsl`
  for (var i = 0u; i < ${rows}u; i++) {
    let row_i = ${rowAt('i')};
    for (var j = 0u; j < ${columns}u; j++) {
      let column_j = ${columnAt('j')};
      let at = row_i * n + column_j;
      let cell = i * ${columns}u + j;
      if (row_i < m && column_j < n) { ${text} }
    }
  }`;
}

/**
 * Declares the sums over strips, which are 0 at first and later the kept sums of the last dispatch.
 */
function continueTotals(tile: Tile): string {
  const { rows, columns } = tile;
  return wgsl`
  var before = array<real, ${rows * columns}>();
  if (shape.since > 0u) {${overCells(tile, 'before[cell] = kept_sums[at];')}
  }
${each(rows, (i) => each(columns, (j) => `  var total_${i}_${j} = before[${i * columns + j}];`))}`;
}

/** Keeps the sums and ends the invocation, if strips are left for the next dispatch. */
function keepTotals(tile: Tile): string {
  return wgsl`
  if (shape.until < k) {
    var after = array<real, ${tile.rows * tile.columns}>(${eachCell(tile, (cell) => `total_${cell}`, ', ')});
${overCells(tile, 'kept_sums[at] = after[cell];')}
    return;
  }`;
}

/**
 * Calls `finish` for every number of a tile within the product. Updates, and activations with
 * functions of their own, are in a loop over an array, so that compilers, which inline them, do so
 * once.
 */
function finishTile(
  tile: Tile,
  { activation, derivative, update }: Epilogue,
  sum: (cell: string) => string,
): string {
  const long = update || (activation ?? derivative)?.functions;
  const { rows, columns, rowAt, columnAt } = tile;
  const call = (i: number, j: number) =>
    `  if (in_row_${i} & in_column_${j}) { finish(${sum(`${i}_${j}`)}, at_${i} + column_${j}, column_${j}); }`;
  return wgsl`
#if ${long}
  var sums = array<real, ${rows * columns}>(${eachCell(tile, sum, ', ')});
${overCells(tile, 'finish(sums[cell], at, column_j);')}
#else
${each(columns, (j) => `  let column_${j} = ${columnAt(`${j}u`)}; let in_column_${j} = column_${j} < n;`)}
${each(
  rows,
  (i) => wgsl`
  let row_${i} = ${rowAt(`${i}u`)};
  let in_row_${i} = row_${i} < m;
  let at_${i} = (first_row + row_${i}) * n;
${each(columns, (j) => call(i, j))}`,
)}
#endif`;
}
