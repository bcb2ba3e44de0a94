import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Contents, contents, fill, of, property, sizes } from '../../../tests/helpers/property.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { ACTIVATIONS } from '../../../tests/helpers/wasm/activation.ts';
import { wasmKernels } from '../../../tests/helpers/wasm/kernels.ts';
import { FORMS, pairwise, productFault, productOf } from '../../../tests/helpers/wasm/product.ts';
import type { WasmKernels } from './kernels.ts';

const random = new TestRandom(1);
const numbers = (count: number) => random.normals(count);

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  let kernels: WasmKernels;
  beforeAll(async () => {
    kernels = await wasmKernels(precision);
  });

  const few = [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 40];
  const edges = ALL ? Array.from({ length: 40 }, (_, i) => i + 1) : few;

  describe.each(FORMS)('%s', (form) => {
    test('of every two small sizes', async () => {
      for (const [i, shape] of pairwise(edges).entries()) {
        const more = {
          activation: ACTIVATIONS[i % ACTIVATIONS.length],
          spare: i % 3,
          elsewhere: i % 2 === 1,
        };
        expect(await productFault(kernels, productOf(form, shape, numbers, more))).toBeUndefined();
      }
    });

    const blocks = ALL ? [1, 4, 8, 32, 64, 128, 129, 257, 600] : [];
    const some = [
      [4, 600, 8],
      [33, 129, 65],
      [65, 257, 41],
      [129, 128, 7],
      [1, 257, 129],
      [600, 5, 33],
    ] as const;
    test('of sizes around the blocks', async () => {
      for (const shape of ALL ? pairwise(blocks) : some) {
        const more = { activation: 'tanh', spare: 5 } as const;
        expect(await productFault(kernels, productOf(form, shape, numbers, more))).toBeUndefined();
      }
    });

    test('sums many equal terms in blocks, which round less than one long sum', async () => {
      const terms = (count: number) => new Float64Array(count).fill(0.1);
      expect(await productFault(kernels, productOf(form, [3, 30_000, 9], terms))).toBeUndefined();
    });

    test('takes NaN and ∞ from its own terms alone', async () => {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        for (const at of [0, 7, 34]) {
          const product = productOf(form, [5, 7, 9], numbers);
          const broken = Float64Array.from(product.a).fill(value, at, at + 1);
          expect(await productFault(kernels, { ...product, a: broken })).toBeUndefined();
        }
      }
    });
  });

  interface Case {
    shape: [number, number, number];
    form: (typeof FORMS)[number];
    a: Contents;
    b: Contents;
    activation: (typeof ACTIVATIONS)[number];
    elsewhere: boolean;
  }
  const cases: fc.Arbitrary<Case> = fc.record({
    shape: fc.tuple(sizes(140), sizes(300), sizes(140)),
    form: fc.constantFrom(...FORMS),
    a: contents(),
    b: contents(),
    activation: fc.constantFrom(...ACTIVATIONS),
    elsewhere: fc.boolean(),
  });
  const example: Case = {
    shape: [33, 129, 41],
    form: 'weightsGradient',
    a: of('of many sizes'),
    b: of('mostly zero'),
    activation: 'softplus',
    elsewhere: true,
  };
  property('of any shape and contents', cases, [example], async ({ shape, form, a, b, ...more }) => {
    const [m, k, n] = shape;
    const [left, right, start] = [fill(precision, a, m, k), fill(precision, b, k, n), fill(precision, b, n)];
    const sums = fill(precision, a, m, n);
    const product = { form, m, k, n, a: left, b: right, start, sums, ...more };
    expect(await productFault(kernels, product)).toBeUndefined();
  });
});
