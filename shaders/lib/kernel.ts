import { wgsl } from './text.ts';

/**
 * The use of a buffer by a kernel. The buffers are bound in group 0, in order. `step` is a {@link
 * stepStruct} with a dynamic offset: one struct for each step, every {@link STEP_STRIDE} bytes.
 */
export type Binding = 'read' | 'read_write' | 'uniform' | 'step';

/**
 * The text of a compute shader with the entry point `main`, and the facts that a caller needs to
 * run it.
 */
export interface Kernel {
  code: string;
  bindings: readonly Binding[];
  /** Invocations of a workgroup. */
  workgroup: number;
  /** The elements, or the columns and rows of a matrix, that one workgroup covers. */
  covers: { x: number; y: number };
}

/** Invocations in a workgroup of a kernel with one element for each invocation. */
export const WORKGROUP = 64;

/** The binding of `piece`, behind all other bindings. */
export const PIECE_BINDING = 15;

/**
 * The functions by which every kernel of several workgroups finds its place. `workgroup_number` is
 * the number of a workgroup among all workgroups of the kernel, row by row, and `linear_index` the
 * number of an invocation among all invocations. A long dispatch runs in pieces: a piece has as
 * many workgroups as are dispatched, from number `piece.first` on. The whole kernel has
 * `piece.count` workgroups, `piece.across` in a row. Conditions around barriers and subgroup
 * operations use `workgroup_number`, which compilers know to be the same in a whole workgroup.
 */
export const linearIndex = linearIndexIn(WORKGROUP);

/** {@link linearIndex} for workgroups of `workgroup` invocations. */
export function linearIndexIn(workgroup: number): string {
  return wgsl`
struct Piece { first: u32, across: u32, count: u32 }
@group(0) @binding(${PIECE_BINDING}) var<uniform> piece: Piece;

fn workgroup_number(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return piece.first + workgroup.y * workgroups.x + workgroup.x;
}

fn linear_index(id: vec3u, workgroups: vec3u) -> u32 {
  return (piece.first + id.y * workgroups.x) * ${workgroup}u + id.x;
}
`;
}

/** Bytes from one step's struct to the next: every device allows such dynamic offsets. */
export const STEP_STRIDE = 256;

/**
 * The values that change from step to step. `number` counts the updates, including this step's. The
 * batch has `batch_rows` rows, whose indices are in `order` from `batch_start` on.
 * `steps_in_dispatch` is the number of steps of a dispatch that begins with this step and may make
 * many. `weight_share` is what weight decay leaves of a weight, `total_weight` the sum of the class
 * weights of the batch's rows, or 1 if it is 0. Dropout has the key and the limit of its hash, and the
 * share of the outputs that are kept. Needs `real`.
 */
export const stepStruct = `
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
`;
