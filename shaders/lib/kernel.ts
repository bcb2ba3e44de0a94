import { wgsl } from './text.ts';

/**
 * How a kernel uses one of its buffers. They are bound in group 0, in order. `step` is the {@link
 * stepStruct}, bound with a dynamic offset: one copy a step, every {@link STEP_STRIDE} bytes.
 */
export type Binding = 'read' | 'read_write' | 'uniform' | 'step';

/** A compute shader's text and what a caller must know to run its entry point, `main`. */
export interface Kernel {
  code: string;
  bindings: readonly Binding[];
  /** Invocations of a workgroup. */
  workgroup: number;
  /** What one workgroup covers: elements, or columns and rows of a matrix. */
  covers: { x: number; y: number };
}

/** Invocations in a workgroup of the kernels that take one element each. */
export const WORKGROUP = 64;

/** Where every kernel finds which of its workgroups a dispatch runs: behind all other bindings. */
export const PIECE_BINDING = 15;

/**
 * `workgroup_number`: the number of a workgroup among all workgroups of the kernel, row by row; and
 * `linear_index`: that of an invocation among all invocations. Every kernel of several workgroups
 * takes its place from here, as a long dispatch runs in pieces: one piece runs as many workgroups
 * as it is dispatched with, from number `piece.first` on. The kernel as a whole has `piece.count`
 * workgroups, `piece.across` in a row. What decides about barriers and subgroups comes from
 * `workgroup_number`, which compilers know to be the same in a workgroup.
 */
export const linearIndex = linearIndexIn(WORKGROUP);

/** The same for workgroups of so many invocations. */
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
 * What changes from step to step. `number` counts the updates applied once this step's is; the
 * batch is `batch_rows` rows, told by `order` from `batch_start` on. `steps_in_dispatch` is the
 * number of steps that a dispatch beginning here makes, where it may make many. Needs `real`.
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
}
`;
