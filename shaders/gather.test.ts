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
  /** The numbers in a row of targets; undefined for labels. */
  outputs: number | undefined;
  inputs: Contents;
  seed: number;
}

describe.each(PRECISIONS)('in %s precision', (precision) => {
  const typical = { outputs: undefined, inputs: of('normal'), seed: 1 };
  property<Case>(
    'copies rows and their answers exactly, from where the step says',
    fc.record({
      rows: fc.record({ all: sizes(130), batch: sizes(130), before: fc.nat(20) }),
      features: sizes(20),
      outputs: fc.option(sizes(20), { nil: undefined }),
      inputs: contents(),
      seed: fc.nat(),
    }),
    [
      { ...typical, rows: { all: 50, batch: 1, before: 4 }, features: 1 },
      { ...typical, rows: { all: 50, batch: 5, before: 0 }, features: 2 },
      { ...typical, rows: { all: 50, batch: 64, before: 4 }, features: 1 },
      { ...typical, rows: { all: 1, batch: 32, before: 4 }, features: 3 },
      { ...typical, rows: { all: 50, batch: 13, before: 4 }, features: 784 },
      { ...typical, rows: { all: 50, batch: 13, before: 4 }, features: 3, outputs: 7 },
      { ...typical, rows: { all: 50, batch: 64, before: 0 }, features: 5, outputs: 2 },
    ],
    async ({ rows, features, outputs, seed, ...values }) => {
      const random = new TestRandom(seed);
      const inputs = fill(precision, values.inputs, rows.all, features);
      const length = outputs ?? 1;
      const answers = outputs
        ? fill(precision, values.inputs, rows.all, outputs)
        : random.integers(rows.all, 1000);
      const order = random.integers(rows.before + rows.batch, rows.all);
      const result = await runKernel(
        device,
        (arithmetic) => gather(outputs ? 'targets' : 'labels', arithmetic),
        {
          tensors: {
            inputs,
            answers,
            order,
            batchInputs: fill(precision, of('zero'), rows.batch, features),
            batchAnswers: outputs
              ? fill(precision, of('zero'), rows.batch, outputs)
              : new Uint32Array(rows.batch),
          },
          uniform: [rows.batch, features, ...(outputs ? [outputs] : [])],
          extent: { x: rows.batch * features },
          step: [1, rows.before],
          precision,
        },
      );
      const picked = Array.from(order.subarray(rows.before));
      expect(Array.from(result.batchAnswers)).toEqual(
        picked.flatMap((row) => Array.from(answers.subarray(row * length, (row + 1) * length))),
      );
      expect(Array.from(result.batchInputs)).toEqual(
        picked.flatMap((row) => Array.from(inputs.subarray(row * features, (row + 1) * features))),
      );
    },
  );
});
