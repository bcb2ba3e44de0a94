import type { FloatArray } from '../../types.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import type { GpuMemory } from '../memory/memory.ts';
import type { Commands } from '../submission/commands.ts';
import { lotRows } from './evaluation.ts';

/** Rows of inputs, and the tensors of a forward pass that goes over them in lots. */
export interface InputLots {
  /** Rows in all. */
  count: number;
  /** Rows of each lot: as many in all but the last, which may have fewer. */
  counts: readonly number[];
  /** All inputs, and how many bytes those of a row take. */
  all: GPUBuffer;
  rowBytes: number;
  /** Of one lot: what a forward pass takes and leaves. */
  rows: number;
  inputs: GPUBuffer;
  outputs: GPUBuffer[];
}

/**
 * @param sizes features, hidden…, classes
 * @param inputs are read now; they may be anything later
 */
export function inputLots(memory: GpuMemory, sizes: readonly number[], inputs: FloatArray): InputLots {
  const [features, ...widths] = sizes;
  const count = inputs.length / features;
  const rows = lotRows(memory, sizes, count);
  return {
    count,
    counts: Array.from({ length: Math.ceil(count / rows) }, (_, lot) => Math.min(rows, count - lot * rows)),
    all: memory.upload('inputs', inputs),
    rowBytes: features * memory.format.bytes,
    rows,
    inputs: memory.reals('lot inputs', rows * features),
    outputs: widths.map((width, layer) => memory.reals(`lot outputs ${layer}`, rows * width)),
  };
}

/** Records the dispatches on each lot in turn, and after each what `collect` does with what they left. */
export function encodeLots(
  commands: Commands,
  { counts, all, rowBytes, rows, inputs }: InputLots,
  dispatches: readonly Dispatch[],
  collect: (count: number, lot: number) => void,
): void {
  counts.forEach((count, lot) => {
    commands.copy(all, lot * rows * rowBytes, inputs, 0, count * rowBytes);
    commands.dispatch(dispatches);
    collect(count, lot);
  });
}
