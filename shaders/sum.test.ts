import fc from 'fast-check';
import { beforeAll, describe } from 'vitest';
import { RealFormat } from '../src/gpu/memory/real-format.ts';
import type { FloatArray } from '../src/types.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel } from '../tests/helpers/kernels/kernels.ts';
import { EPSILON, expectClose } from '../tests/helpers/oracle/compare.ts';
import {
  type Contents,
  contents,
  fill,
  held,
  of,
  PRECISIONS,
  property,
  sizes,
} from '../tests/helpers/property.ts';
import { WORKGROUP } from './lib/kernel.ts';
import { type Summed, sum } from './sum.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

interface Case {
  count: number;
  workgroups: number;
  at: number;
  scale: number;
  values: Contents;
}

const TERM: Record<Summed, (value: number) => number> = {
  values: (value) => value,
  squares: (value) => value * value,
  sizes: Math.abs,
};
const SUMMED = Object.keys(TERM) as Summed[];

const typical = { workgroups: 1, at: 0, scale: 1, values: of('normal') };

describe.each(PRECISIONS)('in %s precision', (precision) => {
  const format = new RealFormat(precision);

  describe.each(SUMMED)('sum of %s', (summed) => {
    property<Case>(
      'is, for each workgroup, the float64 sum of its elements',
      fc.record({
        count: sizes(1100),
        workgroups: fc.integer({ min: 1, max: 4 }),
        at: fc.nat(3),
        scale: fc.constantFrom(...held(precision, [1, -0.5, 1 / 300])),
        values: contents(),
      }),
      [
        { ...typical, count: 1 },
        { ...typical, count: 1, workgroups: 3, at: 2 },
        { ...typical, count: 300, values: of('zero') },
        { ...typical, count: 4096, values: of('plus or minus 1e4') },
      ],
      async ({ count, workgroups, at, scale, ...contents }) => {
        const values = fill(precision, contents.values, count);
        const terms = Float64Array.from(values, (value) => scale * TERM[summed](value));
        const sums: FloatArray = new Float64Array(at + workgroups).fill(7);
        const result = await runKernel(device, (arithmetic) => sum({ of: summed, arithmetic }), {
          tensors: { values, sums },
          uniform: [...format.uniform(scale), count, at],
          extent: { x: workgroups * WORKGROUP },
          precision,
        });
        const expected = strands(terms, workgroups);
        // An invocation adds once for each of its terms; the tree has six additions, then come the
        // square and the scale.
        const roundings = Math.ceil(count / (workgroups * WORKGROUP)) + 8;
        const sizes = strands(terms.map(Math.abs), workgroups);
        const tolerance = (i: number) => roundings * EPSILON[precision] * sizes[i];
        expectClose(result.sums.subarray(at), expected, tolerance, 'sums');
        expectClose(result.sums.subarray(0, at), new Array(at).fill(7), 0, 'the numbers before');
      },
    );
  });
});

/** The elements that each workgroup adds: 64 of every `64 · workgroups`. */
function strands(terms: Float64Array, workgroups: number): Float64Array {
  const sums = new Float64Array(workgroups);
  terms.forEach((term, i) => {
    sums[Math.floor(i / WORKGROUP) % workgroups] += term;
  });
  return sums;
}
