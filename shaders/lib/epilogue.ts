import type { Variable } from './bindings.ts';
import { type UpdateRule, updateRule, updateVariables } from './update-rule.ts';

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
 * are left as matrices, one after the other, for {@link file://./matmul-strips.wgsl.ts}. `some`: those of the terms from
 * `shape.since` to before `shape.until`, after which the sums go on in another dispatch; in between they are kept.
 */
export type Strips = 'one' | 'all' | 'each' | 'some';

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

/** What an epilogue binds: `bias`, `outputs`, `product`; or what {@link updateVariables} lists. */
export function epilogueVariables({ bias, mask, update }: Epilogue): Variable[] {
  if (update) return updateVariables(update);
  return [
    ...(bias ? ([['bias', 'read', 'array<real>']] as const) : []),
    ...(mask ? ([['outputs', 'read', 'array<real>']] as const) : []),
    ['product', 'read_write', 'array<real>'],
  ];
}

/**
 * The variables of all matmul kernels: the operands, a and b or the strips' sums, shape, then what the epilogue needs. With some
 * strips, last come the kept sums (m×n).
 */
export function matmulVariables(
  operands: readonly Variable[],
  finish: Epilogue,
  strips?: Strips,
): (Variable | false)[] {
  return [
    ...operands,
    ['shape', 'uniform', 'Shape'],
    ...epilogueVariables(finish),
    strips === 'some' && ['kept_sums', 'read_write', 'array<real>'],
  ];
}

/** The shape of a matmul kernel: m, k, n; with some strips, also the terms since and until. */
export function matmulShape(finish: Epilogue, strips?: Strips): string {
  return shapeStruct(['m', 'k', 'n', ...(strips === 'some' ? ['since', 'until'] : [])], finish);
}

/** The struct of a shape: whole numbers by name; first, where the epilogue is an update, 1 for weights and 0 for biases. */
export function shapeStruct(numbers: readonly string[], { update }: Epilogue): string {
  const members = [...(update ? ['penalized'] : []), ...numbers].map((name) => `${name}: u32`);
  return `struct Shape { ${members.join(', ')} }`;
}

/**
 * `finish(sum, at, column)`, which a kernel calls once for each number of its result, number `at` of it in memory. Needs `real`
 * and {@link epilogueVariables}.
 */
export function epilogue({ bias, relu, mask, update }: Epilogue): string {
  if (update) {
    return `${updateRule(update)}
fn finish(sum: real, at: u32, column: u32) { apply_update(at, sum, shape.penalized == 1u); }`;
  }
  const total = bias ? 'add(sum, bias[column])' : 'sum';
  const inactive = [...(relu ? ['high(total) <= 0.0'] : []), ...(mask ? ['high(outputs[at]) <= 0.0'] : [])];
  return `
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

/** A loop over the numbers of a tile that are within the product, at `at` in it and number `cell` of the tile. */
function forEachCell({ rows, columns, rowAt, columnAt }: Omit<FinishedTile, 'sum'>, text: string): string {
  return `
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

/** Declares the sums over strips, `total_i_j`: 0 at first, and with some strips what the dispatch before has kept. */
export function beginTotals(tile: Omit<FinishedTile, 'sum'>, strips: Strips): string {
  const cells = Array.from({ length: tile.rows * tile.columns }, (_, cell) => cell);
  const name = (cell: number) => `total_${Math.floor(cell / tile.columns)}_${cell % tile.columns}`;
  if (strips !== 'some') return cells.map((cell) => `var ${name(cell)} = real();`).join('\n');
  return `
var before = array<real, ${cells.length}>();
if (shape.since > 0u) {${forEachCell(tile, 'before[cell] = kept_sums[at];')}
}
${cells.map((cell) => `var ${name(cell)} = before[${cell}];`).join('\n')}`;
}

/** Keeps the sums and ends the invocation, where strips are left for the next dispatch. */
export function keepTotals(tile: FinishedTile, strips: Strips): string {
  if (strips !== 'some') return '';
  const cells = Array.from({ length: tile.rows * tile.columns }, (_, cell) =>
    tile.sum(Math.floor(cell / tile.columns), cell % tile.columns),
  );
  return `
if (shape.until < k) {
  var after = array<real, ${cells.length}>(${cells.join(', ')});${forEachCell(tile, 'kept_sums[at] = after[cell];')}
  return;
}`;
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
