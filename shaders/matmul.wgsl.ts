import { bind } from './lib/bindings.ts';
import {
  type Epilogue,
  finishFunction,
  type MatmulForm,
  matmulShape,
  matmulVariables,
  overStrips,
  STRIP_TERMS,
  type Strips,
  type Vectors,
} from './lib/epilogue.ts';
import { type Kernel, linearIndexIn, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { each, wgsl } from './lib/text.ts';

interface MatmulOptions {
  form: MatmulForm;
  epilogue?: Epilogue;
  strips: Strips;
  /** Rows and columns of the product that one invocation computes, in registers. */
  tile: { rows: number; columns: number };
  /**
   * The operands that are read four numbers at a time, in single arithmetic. The rows of such an
   * operand in memory have a length that 4 divides. If the tile's side lies along these rows, 4
   * divides the side too; in a quad, it divides the rows of A along k.
   */
  vectors?: Vectors;
  /**
   * Whether four invocations compute four tiles side by side: each reads a quarter of A's rows, and
   * they swap the rows. Needs the feature `subgroups`, and tiles whose sides are multiples of 4.
   */
  quad?: boolean;
  /** Terms that one round of the loop adds to every sum: 4, or all terms if there are fewer. */
  unroll?: number;
  /** Whether k is not a multiple of `unroll`. */
  tail?: boolean;
  arithmetic?: Arithmetic;
}

/**
 * Invocations in a workgroup of quads: few, because their tiles are large and cores share work by
 * workgroups.
 */
export const QUAD_WORKGROUP = 16;

/** The swaps from lane l of a quad to lane l XOR 0, 1, 2, 3. */
const SWAPS = ['', 'quadSwapX', 'quadSwapY', 'quadSwapDiagonal'];

/**
 * Product of two matrices from register tiles, without workgroup memory: fast on software adapters,
 * and for products too small for larger tiles. Rows and columns past the edge repeat the last one
 * and are not stored. Tiles lie in row-major order.
 *
 * In the notes: `np.maximum(0, np.dot(X, W) + b)` and `np.dot(hidden_layer, W2) + b2` by `nn`,
 * `np.dot(hidden_layer.T, dscores)` by `tn`, `np.dot(dscores, W2.T)` by `nt`; with an update at the
 * end also `W += -step_size * dW`, with a mask also `dhidden[hidden_layer <= 0] = 0`.
 *
 * In a quad, lane l reads rows l, 4 + l, 8 + l, … of the tile, and swapping gives it the row l XOR
 * i in the place of row i.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `a` | left operand | m×k, in `tn` stored k×m |
 * | `b` | right operand | k×n, in `nt` stored n×k |
 * | `shape` | `{ m, k, n }`, with `some` strips also `since` and `until` | struct |
 * | … | bindings of the epilogue: {@link epilogueVariables} | m×n |
 * | `kept_sums` | with `some` strips: sums for the next dispatch | m×n |
 */
export function matmul({
  form,
  epilogue = {},
  strips,
  tile,
  vectors = { a: false, b: false },
  quad = false,
  unroll = 4,
  tail = true,
  arithmetic = 'single',
}: MatmulOptions): Kernel {
  const workgroup = quad ? QUAD_WORKGROUP : WORKGROUP;
  const lanes = quad ? 4 : 1;
  const rowAt = (i: string) => `row + ${quad ? `(${i} & ~3u) + (lane ^ (${i} & 3u))` : i}`;
  // Neighbouring lanes take neighbouring fours, so that a quad reads one stretch of memory.
  const columnAt = (j: string) => `column + ${quad ? `(${j} & ~3u) * 4u + (${j} & 3u)` : j}`;
  const a = operand({
    name: 'a',
    edge: 'm',
    count: tile.rows / lanes,
    at: (i) => rowAt(`${i * lanes}u`),
    alongK: form !== 'tn',
    vectors: vectors.a,
  });
  const b = operand({
    name: 'b',
    edge: 'n',
    count: tile.columns,
    at: (j) => columnAt(`${j}u`),
    alongK: form === 'nt',
    vectors: vectors.b,
  });
  const swapped = (i: number, p: number) => `${SWAPS[i % lanes]}(${a.value(Math.floor(i / lanes), p)})`;
  const addTerms = (count: number) => wgsl`
${a.load(count)}
${b.load(count)}
${each(
  tile.rows,
  (i) => wgsl`
${each(count, (p) => `let x_${i}_${p} = ${swapped(i, p)};`)}
${each(tile.columns, (j) =>
  each(count, (p) => `sum_${i}_${j} = accumulate(sum_${i}_${j}, x_${i}_${p}, ${b.value(j, p)});`),
)}`,
)}`;

  const { declarations, bindings } = bind(matmulVariables(vectors, epilogue, strips));
  const code = wgsl`
#if ${quad}
enable subgroups;
#endif
${real(arithmetic)}
${matmulShape(epilogue, strips)}
${declarations}
${finishFunction(epilogue, arithmetic)}
${linearIndexIn(workgroup)}
@compute @workgroup_size(${workgroup})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  begin(id);
  let m = shape.m;
  let k = shape.k;
  let n = shape.n;
#if ${strips === 'separate'}
  let strip = workgroup_number(workgroup, workgroups) / piece.across;
  let index = linear_index(id, workgroups) - strip * piece.across * ${workgroup}u;
  let first = strip * ${STRIP_TERMS}u;
  let first_row = strip * m;
#else
  let index = linear_index(id, workgroups);
  let first_row = 0u;
#endif
  let tile = index / ${lanes}u;
  let lane = index % ${lanes}u;
  let tiles_across = (n + ${lanes * tile.columns - 1}u) / ${lanes * tile.columns}u;
  let row = tile / tiles_across * ${tile.rows}u;
  let column = tile % tiles_across * ${lanes * tile.columns}u + 4u * lane;
#if ${!quad}
  if (row >= m) { return; }
#endif
${a.starts}
${b.starts}
${overStrips(
  { ...tile, rowAt, columnAt },
  strips,
  epilogue,
  wgsl`
  var p = first;
  for (; p + ${unroll - 1}u < end; p += ${unroll}u) {
${addTerms(unroll)}
  }
#if ${tail}
  for (; p < end; p++) {
${addTerms(1)}
  }
#endif`,
)}
}
`;
  return {
    code,
    bindings,
    workgroup,
    covers: { x: workgroup / lanes, y: 1 },
  };
}

/** The reads of rows of A, or columns of B, at some terms. */
interface Operand {
  /** Declares the places in memory at which the rows or columns start. */
  starts: string;
  /** Loads `terms` terms from `p` on. */
  load(terms: number): string;
  /** The number of row or column `i` at term `p`, after its load. */
  value(i: number, p: number): string;
}

interface OperandOptions {
  name: string;
  /** The side of the product on which the rows or columns lie: `m` or `n`. */
  edge: string;
  /** The number of rows or columns. */
  count: number;
  /** The positions of the rows or columns on the side. */
  at(i: number): string;
  /** Whether the terms of one position lie side by side in memory; otherwise the positions do. */
  alongK: boolean;
  /** Whether numbers that lie side by side are read four at a time. */
  vectors: boolean;
}

function operand({ name, edge, count, at, alongK, vectors }: OperandOptions): Operand {
  // The positions and the terms that are read at once.
  const [wide, deep] = [vectors && !alongK ? 4 : 1, vectors && alongK ? 4 : 1];
  const index = (text: string) => (vectors ? `(${text}) / 4u` : text);
  const start = (i: number) => `min(${at(i)}, ${edge} - 1u)${alongK ? ' * k' : ''}`;
  const term = (p: number) => (alongK ? `p + ${p}u` : `(p + ${p}u) * ${edge}`);
  const positions = (line: (i: number) => string) =>
    each(Math.ceil(count / wide), (group) => line(group * wide));
  const loadTerm = (p: number) => wgsl`
let ${name}_term_${p} = ${index(term(p))};
${positions((i) => `let ${name}_${i}_${p} = ${name}[${name}_at_${i} + ${name}_term_${p}];`)}`;
  return {
    starts: positions((i) => `let ${name}_at_${i} = ${index(start(i))};`),
    load: (terms) => each(Math.ceil(terms / deep), (group) => loadTerm(group * deep)),
    value: (i, p) => {
      const loaded = `${name}_${i - (i % wide)}_${p - (p % deep)}`;
      return vectors ? `${loaded}[${(alongK ? p : i) % 4}]` : loaded;
    },
  };
}
