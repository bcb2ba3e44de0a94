import { bind } from './lib/bindings.ts';
import { type Epilogue, epilogueVariables, finishFunction, shapeStruct } from './lib/epilogue.ts';
import { type Kernel, linearIndex, WORKGROUP } from './lib/kernel.ts';
import { type Arithmetic, real } from './lib/real.ts';
import { wgsl } from './lib/text.ts';

/** Rows that one invocation adds. */
export const ROWS_PER_STRIP = 512;

/**
 * Sum of each column of a row-major matrix. An invocation adds one column of a strip of rows, as
 * four interleaved sums, so that loads need not wait for each other. With several strips, the
 * result is again a matrix, with a row for each strip, and takes a second dispatch.
 *
 * In the notes: `db = np.sum(dscores, axis=0)`; with an update at the end also `b += -step_size *
 * db`.
 *
 * | binding | what | shape |
 * | --- | --- | --- |
 * | `values` | dY | rows×columns |
 * | `shape` | `{ rows, columns }` | struct |
 * | … | bindings of the epilogue: {@link epilogueVariables} | strips×columns, or columns |
 */
export function columnSums(
  epilogue: Pick<Epilogue, 'update'> = {},
  arithmetic: Arithmetic = 'single',
): Kernel {
  const { declarations, bindings } = bind([
    ['values', 'read', 'array<real>'],
    ['shape', 'uniform', 'Shape'],
    ...epilogueVariables(epilogue),
  ]);
  const code = wgsl`
${real(arithmetic)}
${shapeStruct(['rows', 'columns'], epilogue)}
${declarations}
${finishFunction(epilogue, arithmetic)}
${linearIndex}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  begin(id);
  let columns = shape.columns;
  let index = linear_index(id, workgroups);
  let width = piece.across * ${WORKGROUP}u;
  let column = index % width;
  let strip = index / width;
  if (column >= columns || strip * ${ROWS_PER_STRIP}u >= shape.rows) { return; }
  var at = strip * ${ROWS_PER_STRIP}u * columns + column;
  let end = min((strip + 1u) * ${ROWS_PER_STRIP}u, shape.rows) * columns;
  var sum_0 = real();
  var sum_1 = real();
  var sum_2 = real();
  var sum_3 = real();
  while (at + 3u * columns < end) {
    sum_0 = add(sum_0, values[at]);
    sum_1 = add(sum_1, values[at + columns]);
    sum_2 = add(sum_2, values[at + 2u * columns]);
    sum_3 = add(sum_3, values[at + 3u * columns]);
    at += 4u * columns;
  }
  while (at < end) {
    sum_0 = add(sum_0, values[at]);
    at += columns;
  }
  finish(add(add(sum_0, sum_1), add(sum_2, sum_3)), strip * columns + column, column);
}
`;
  return { code, bindings, workgroup: WORKGROUP, covers: { x: WORKGROUP, y: 1 } };
}
