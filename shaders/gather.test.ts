import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel } from '../tests/helpers/kernels/kernels.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import { gather } from './gather.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

interface Case {
  /** Rows of the data set, rows of the batch, and rows before the batch in `order`. */
  rows: { all: number; batch: number; before: number };
  features: number;
  inputs: Contents;
  seed: number;
}

describe.each(PRECISIONS)('in %s precision', (precision) => {
  const typical = { inputs: of('normal'), seed: 1 };
  property<Case>(
    'copies rows and labels exactly, from where the step says',
    fc.record({
      rows: fc.record({ all: sizes(130), batch: sizes(130), before: fc.nat(20) }),
      features: sizes(20),
      inputs: contents(),
      seed: fc.nat(),
    }),
    [
      { ...typical, rows: { all: 50, batch: 1, before: 4 }, features: 1 },
      { ...typical, rows: { all: 50, batch: 5, before: 0 }, features: 2 },
      { ...typical, rows: { all: 50, batch: 64, before: 4 }, features: 1 },
      { ...typical, rows: { all: 1, batch: 32, before: 4 }, features: 3 },
      { ...typical, rows: { all: 50, batch: 13, before: 4 }, features: 784 },
    ],
    async ({ rows, features, seed, ...values }) => {
      const random = new TestRandom(seed);
      const inputs = fill(precision, values.inputs, rows.all, features);
      const labels = random.integers(rows.all, 1000);
      const order = random.integers(rows.before + rows.batch, rows.all);
      const result = await runKernel(device, gather, {
        tensors: {
          inputs,
          labels,
          order,
          batchInputs: fill(precision, of('zero'), rows.batch, features),
          batchLabels: new Uint32Array(rows.batch),
        },
        uniform: [rows.batch, features],
        extent: { x: rows.batch * features },
        step: [1, rows.before],
        precision,
      });
      const picked = Array.from(order.subarray(rows.before));
      expect(Array.from(result.batchLabels)).toEqual(picked.map((row) => labels[row]));
      expect(Array.from(result.batchInputs)).toEqual(
        picked.flatMap((row) => Array.from(inputs.subarray(row * features, (row + 1) * features))),
      );
    },
  );
});
