import { beforeAll, describe, test } from 'vitest';
import { ROWS_PER_STRIP } from '../../../shaders/column-sums.wgsl.ts';
import { testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { runOperation } from '../../../tests/helpers/kernels/kernels.ts';
import { EPSILON_32, expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { columnSums as sumColumns } from '../../cpu/reductions.ts';
import { complete } from '../../cpu/time-slices.ts';
import { columnSums } from './backward.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

describe('column sums', () => {
  test.each([
    [1, 1],
    [1, 100],
    [3, 7],
    [4, 64],
    [5, 65],
    [300, 3],
    [300, 100],
    [ROWS_PER_STRIP - 1, 5],
    [ROWS_PER_STRIP, 5],
    [ROWS_PER_STRIP + 1, 5],
    [2 * ROWS_PER_STRIP + 3, 1],
    [ROWS_PER_STRIP * ROWS_PER_STRIP + 1, 1],
  ])('of %i×%i', async (rows, columns) => {
    const values = new TestRandom(rows + columns).floats(rows * columns);
    const exact = new Float64Array(columns);
    complete(sumColumns(Float64Array.from(values), exact, rows));
    const sizes = new Float64Array(columns);
    complete(sumColumns(Float64Array.from(values, Math.abs), sizes, rows));
    const result = await runOperation(device, values, columns, (memory, from, to) =>
      columnSums(memory, 'test', { rows, columns }, from, { target: to }),
    );
    // Each of four sums has a quarter of a strip's terms, and sums are at most three strips deep.
    expectClose(result, exact, (i) => (3 * ROWS_PER_STRIP * EPSILON_32 * sizes[i]) / 4);
  });
});
