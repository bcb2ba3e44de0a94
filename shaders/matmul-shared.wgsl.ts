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
  type Tile,
  type Vectors,
} from './lib/epilogue.ts';
import { type Kernel, linearIndexIn } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { each, wgsl } from './lib/text.ts';

interface SharedMatmulOptions {
  form: MatmulForm;
  epilogue?: Epilogue;
  strips: Strips;
  /** Rows and columns of the product that a workgroup computes: 64, or 128 in single arithmetic. */
  block: number;
  /**
   * The operands that are read four numbers at a time, as in the register kernel, except where k
   * runs along the rows of the operand.
   */
  vectors?: Vectors;
  arithmetic?: Arithmetic;
}

/** A workgroup's invocations form a square of this side. */
const SIDE = 16;
export const SHARED_INVOCATIONS = SIDE * SIDE;

/**
 * Terms of one operand in workgroup memory at a time: both operands with their gaps fit in 16 KiB.
 */
const TERMS_IN_MEMORY = { single: 1024, double: 512 };

/**
 * Product of two matrices from blocks in workgroup memory: fast on graphics cards. A workgroup
 * fetches the operands of a block once, some terms at a time, and stores them in fours along the
 * block's side, whichever way they lie in the buffers. Each invocation adds to its 4×4 sums, or to
 * four such tiles half a block apart. The fours of a term have one unused place, so that neighbours
 * write to different banks. Blocks lie in row-major order.
 *
 * The lines of the notes are those of {@link file://./matmul.wgsl.ts}.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `a` | left operand | m×k, in `tn` stored k×m |
 * | `b` | right operand | k×n, in `nt` stored n×k |
 * | `shape` | `{ m, k, n }`, with `some` strips also `since` and `until` | struct |
 * | … | bindings of the epilogue: {@link epilogueVariables} | m×n |
 * | `kept_sums` | with `some` strips: sums for the next dispatch | m×n |
 */
export function sharedMatmul({
  form,
  epilogue = {},
  strips,
  block,
  vectors = { a: false, b: false },
  arithmetic = 'single',
}: SharedMatmulOptions): Kernel {
  const depth = TERMS_IN_MEMORY[arithmetic === 'single' ? 'single' : 'double'] / block;
  const side = block / SIDE;
  const fours = block / 4;
  const stride = fours + 1;
  const offset = (i: string) => `(${i} & ~3u) * ${SIDE}u + (${i} & 3u)`;
  const own: Tile = {
    rows: side,
    columns: side,
    rowAt: (i) => `block_row + 4u * y + ${offset(i)}`,
    columnAt: (j) => `block_column + 4u * x + ${offset(j)}`,
  };

  const fetch = (name: string, edge: string, start: string, alongK: boolean, vector: boolean) => {
    const position = (c: number) => `min(at + ${c}u, ${edge} - 1u)`;
    const number = (c: number) =>
      alongK ? `${name}[${position(c)} * k + term]` : `${name}[term * ${edge} + ${position(c)}]`;
    return wgsl`
    {
#if ${alongK}
      let q = local % ${depth}u;
      let four = local / ${depth}u;
#else
      let q = local / ${fours}u;
      let four = local % ${fours}u;
#endif
      let at = ${start} + 4u * four;
      let term = min(p + q, k - 1u);
#if ${vector}
      block_${name}[q * ${stride}u + four] = ${name}[term * (${edge} / 4u) + min(at, ${edge} - 1u) / 4u];
#else
      block_${name}[q * ${stride}u + four] = Four(${each(4, number, ', ')});
#endif
    }`;
  };

  const addTerms = wgsl`
${each(side / 4, (g) => `        let a_${g} = block_a[q * ${stride}u + y + ${SIDE * g}u];`)}
${each(side / 4, (g) => `        let b_${g} = block_b[q * ${stride}u + x + ${SIDE * g}u];`)}
${each(side, (i) =>
  each(side, (j) => {
    const terms = `a_${Math.floor(i / 4)}[${i % 4}], b_${Math.floor(j / 4)}[${j % 4}]`;
    return `        sum_${i}_${j} = accumulate(sum_${i}_${j}, ${terms});`;
  }),
)}`;

  const { declarations, bindings } = bind(matmulVariables(vectors, epilogue, strips));
  const code = wgsl`
${real(arithmetic)}
alias Four = ${arithmetic === 'single' ? 'vec4f' : 'mat4x2f'};
${matmulShape(epilogue, strips)}
${declarations}
${finishFunction(epilogue, arithmetic)}
${linearIndexIn(SHARED_INVOCATIONS)}

var<workgroup> block_a: array<Four, ${depth * stride}>;
var<workgroup> block_b: array<Four, ${depth * stride}>;

@compute @workgroup_size(${SHARED_INVOCATIONS})
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
#if ${strips === 'separate'}
  let block = number % piece.across;
  let first = number / piece.across * ${STRIP_TERMS}u;
  let first_row = number / piece.across * m;
#else
  let block = number;
  let first_row = 0u;
#endif
  let blocks_across = (n + ${block - 1}u) / ${block}u;
  let block_row = block / blocks_across * ${block}u;
  let block_column = block % blocks_across * ${block}u;
  let x = local % ${SIDE}u;
  let y = local / ${SIDE}u;
${overStrips(
  own,
  strips,
  epilogue,
  wgsl`
  for (var p = first; p < end; p += ${depth}u) {
    if (local < ${depth * fours}u) {
    ${fetch('a', 'm', 'block_row', form !== 'tn', vectors.a)}
    ${fetch('b', 'n', 'block_column', form === 'nt', vectors.b)}
    }
    workgroupBarrier();
    if (p + ${depth}u <= end) {
      for (var q = 0u; q < ${depth}u; q++) {
${addTerms}
      }
    } else {
      for (var q = 0u; q < end - p; q++) {
${addTerms}
      }
    }
    workgroupBarrier();
  }`,
)}
}
`;
  return {
    code,
    bindings,
    workgroup: SHARED_INVOCATIONS,
    covers: { x: 1, y: 1 },
  };
}
