import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { SQUARES } from '../../../shaders/lib/moments.ts';
import { type Contents, contents, fill, of, property, sizes } from '../../../tests/helpers/property.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { cases } from '../../../tests/helpers/tier.ts';
import { wasmKernels } from '../../../tests/helpers/wasm/kernels.ts';
import { optimizers, TERMS, updateFault, updateOf } from '../../../tests/helpers/wasm/update.ts';
import { ruleOf } from '../../options/optimizer.ts';
import { complete } from '../time-slices.ts';
import type { WasmKernels } from './kernels.ts';

const random = new TestRandom(4);
const numbers = (count: number) => random.normals(count);

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  let kernels: WasmKernels;
  beforeAll(async () => {
    kernels = await wasmKernels(precision);
  });

  describe.each(optimizers(1e-8).map((optimizer) => [ruleOf(optimizer), optimizer] as const))(
    '%s',
    (rule, optimizer) => {
      test('of any number of parameters, with every term', async () => {
        for (let count = 1; count <= 40; count++) {
          const terms = TERMS[count % TERMS.length];
          expect(
            await updateFault(kernels, updateOf(count, numbers, optimizer, terms, count - 1)),
          ).toBeUndefined();
        }
        for (const terms of TERMS) {
          const update = updateOf(133, numbers, optimizer, terms);
          expect(await updateFault(kernels, update)).toBeUndefined();
          expect(await updateFault(kernels, { ...update, penalized: false })).toBeUndefined();
        }
      });

      test('l1 pulls by the sign of a weight, and not at 0', async () => {
        const update = updateOf(6, numbers, optimizer, { l1: 0.5 });
        const parameters = [0, -0, 1e-30, -1e-30, 2, -2];
        expect(await updateFault(kernels, { ...update, parameters })).toBeUndefined();
      });

      test('without epsilon', async () => {
        const exact = 'epsilon' in optimizer ? { ...optimizer, epsilon: 0 } : optimizer;
        expect(await updateFault(kernels, updateOf(67, numbers, exact))).toBeUndefined();
        // 0 / 0 is NaN.
        const { moments, ...update } = updateOf(5, () => new Float64Array(5), exact);
        expect(await updateFault(kernels, { ...update, moments })).toBeUndefined();
      });

      const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
      test.each([none, infinite, -infinite])(
        'answers that %d in a gradient leaves no number',
        async (value) => {
          for (const count of [1, 4, 7, 130]) {
            for (const at of new Set([0, count >> 1, count - 1])) {
              const update = updateOf(count, numbers, optimizer);
              const gradient = Float64Array.from(update.gradient).fill(value, at, at + 1);
              expect(await updateFault(kernels, { ...update, gradient })).toBeUndefined();
            }
          }
        },
      );

      if (rule === 'adam') {
        test.each([1e-8, 1e-30])(
          'a rate that is too large for 32 bits at first, epsilon: %d',
          async (epsilon) => {
            const slow = { ...optimizer, beta1: 1 - 1e-12, epsilon } as typeof optimizer;
            const update = updateOf(7, numbers, slow, { learningRate: 1e30 }, 0);
            const moments = update.moments.map(({ length }) => new Float64Array(length));
            const first = {
              ...update,
              moments,
              gradient: Float64Array.from(update.gradient, (g) => g * 1e-3),
            };
            expect(await updateFault(kernels, first)).toBeUndefined();
          },
        );
      }

      const most = precision === 'single' ? 3e38 : 1.7e308;
      if (SQUARES[rule] === undefined) {
        test('answers that a parameter overflows', async () => {
          const update = updateOf(9, numbers, optimizer, { learningRate: 1e30 });
          const parameters = Float64Array.from(update.parameters).fill(-most, 8);
          const gradient = Float64Array.from(update.gradient).fill(most / 1e5, 8);
          expect(await updateFault(kernels, { ...update, parameters, gradient })).toBeUndefined();
        });
      } else {
        const { settings } = updateOf(1, numbers, optimizer);
        test.each([0, 8])('answers that a square overflows, though its parameter %i stays finite', (at) => {
          const [w, g, first, second] = [1, 1, 1, 1].map((value) => kernels.floats(9).fill(value));
          g[at] = Math.sqrt(most) * 1e6;
          const moments = rule === 'adam' ? [first, second] : [first];
          expect(complete(kernels.update(w, g, moments, settings, 0, true))).toBe(false);
          expect(w.every(Number.isFinite)).toBe(true);
          expect(moments[SQUARES[rule] as number][at]).toBe(Number.POSITIVE_INFINITY);
        });
      }
    },
  );

  interface Case {
    rule: number;
    count: number;
    terms: number;
    step: number;
    contents: [Contents, Contents];
    epsilon: number;
  }
  const any: fc.Arbitrary<Case> = fc.record({
    rule: fc.nat(optimizers(0).length - 1),
    count: sizes(300),
    terms: fc.nat(TERMS.length - 1),
    step: fc.constantFrom(0, 1, 10, 1e5),
    contents: fc.tuple(contents(), contents()),
    epsilon: fc.constantFrom(1e-8, 1e-3, 1),
  });
  const examples = cases<Case>(
    [
      {
        rule: 3,
        count: 129,
        terms: 4,
        step: 1,
        contents: [of('of many sizes'), of('mostly zero')],
        epsilon: 1e-8,
      },
    ],
    optimizers(0).map((_, rule) => ({
      rule,
      count: 257,
      terms: 4,
      step: 0,
      contents: [of('zero'), of('zero')],
      epsilon: 1e-3,
    })),
  );
  property('of any parameters and gradients', any, examples, async (given) => {
    const { rule, count, terms, step } = given;
    const arrays = [0, 1, 2, 3].map((i) => fill(precision, given.contents[i % 2], count));
    const next = () => Float64Array.from(arrays.shift() ?? []);
    const update = updateOf(count, next, optimizers(given.epsilon)[rule], TERMS[terms], step);
    expect(await updateFault(kernels, update)).toBeUndefined();
  });
});
