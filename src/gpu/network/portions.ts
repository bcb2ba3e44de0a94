import { allocatingArrays } from '../../limits.ts';
import type { FloatArray } from '../../types.ts';
import type { Operations } from '../kernels/operations.ts';
import type { GpuMemory } from '../memory/memory.ts';
import { type ParameterBuffers, snapshot } from './parameters.ts';
import { windowRows } from './row-window.ts';

/** What a read of rows of inputs works with. */
export interface RowsRead {
  memory: GpuMemory;
  operations: Operations;
  network: ParameterBuffers;
  inputs: FloatArray;
}

/**
 * Reads about rows of inputs: about all of them at once, or, where inputs or results are more than the device can hold in a
 * buffer, about some after the other, all of them at the parameters of the beginning.
 * @param resultWords 32-bit numbers that are read back for a row
 * @param read of some rows
 * @param collect takes what was read, with the first row it is about
 */
export async function inPortions<T>(
  { memory, operations, network, inputs }: RowsRead,
  resultWords: number,
  read: (portion: RowsRead) => Promise<T>,
  collect: (result: T, start: number) => void,
): Promise<void> {
  const [features] = network.sizes;
  const rowBytes = features * memory.format.bytes;
  const count = inputs.length / features;
  const most = Math.min(
    Math.floor(memory.largestBinding / rowBytes),
    Math.floor((memory.device.limits.maxBufferSize - 4) / (4 * resultWords)),
  );
  if (count <= most) return collect(await read({ memory, operations, network, inputs }), 0);
  // The caller may do anything with its own array meanwhile.
  const copy = allocatingArrays('the inputs', () => inputs.slice());
  const held = await snapshot(memory, network);
  const rows = Math.min(most, windowRows(memory, Math.max(rowBytes, 4 * resultWords)));
  for (let start = 0; start < count; start += rows) {
    const own = memory.apart();
    try {
      const part = copy.subarray(start * features, (start + rows) * features);
      const portion = { memory: own, operations: operations.on(own), network: held, inputs: part };
      collect(await read(portion), start);
    } finally {
      own.destroy();
    }
  }
}
