/**
 * How a kernel uses one of its buffers. They are bound in group 0, in order.
 * `step` is the {@link stepStruct}, bound with a dynamic offset: one copy a step.
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
  /** Whether a dispatch may carry out a part of its workgroups; see {@link file://./parts.ts}. */
  parts?: boolean;
}

/** Invocations in a workgroup of the kernels that take one element each. */
export const WORKGROUP = 64;

/**
 * Element index of an invocation in a one-dimensional kernel whose workgroups are laid out in two dimensions, because
 * one dimension alone ends at 65,535 of them.
 */
export const linearIndex = linearIndexIn(WORKGROUP);

/** The same for workgroups of so many invocations. */
export function linearIndexIn(workgroup: number): string {
  return `
fn linear_index(id: vec3u, workgroups: vec3u) -> u32 {
  return id.y * workgroups.x * ${workgroup}u + id.x;
}
`;
}

/**
 * What changes from step to step. `number` counts the updates applied once this step's is; the batch is `batch_rows` rows,
 * told by `order` from `batch_start` on. `run` is the number of steps that a dispatch beginning here makes, where it may
 * make many. Needs `real`.
 */
export const stepStruct = `
struct Step {
  number: u32,
  batch_start: u32,
  batch_rows: u32,
  run: u32,
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
