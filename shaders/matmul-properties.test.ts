import fc from 'fast-check';
import { beforeAll, describe } from 'vitest';
import { everyCandidate } from '../src/gpu/matmul.ts';
import { expectClose } from '../tests/compare.ts';
import { testDevice } from '../tests/gpu.ts';
import { oracle, runMatmul, tolerance } from '../tests/matmul.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/property.ts';
import { STRIP_TERMS } from './matmul-epilogue.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

/** A few kernels, because each has to be compiled: tiles that products smaller than them do not fill. */
const FEW = {
  single: /^(split \d+ × )?(register 4×4|quad 8×4)( vec4)?$/,
  double: /^(split \d+ × )?register 4×4$/,
};
/** Four more: as divisible as before, and wide enough for the whole tile. */
const wide = (size: number) => (size < 4 ? size + 4 : size);

interface Case {
  shape: [m: number, k: number, n: number];
  /** Which of the candidates for the shape. */
  candidate: number;
  bias: Contents | undefined;
  relu: boolean;
  a: Contents;
  b: Contents;
}

describe.each(PRECISIONS)('in %s precision', (precision) => {
  describe.each(['nn', 'tn', 'nt'] as const)('matmul %s', (form) => {
    const example = { candidate: 0, a: of('normal'), b: of('normal'), bias: undefined, relu: false };
    property<Case>(
      'is the float64 result for every shape and content',
      fc.record({
        shape: fc.tuple(sizes(70), fc.oneof(sizes(70), sizes(2 * STRIP_TERMS + 9)), sizes(70)),
        candidate: fc.nat(9),
        bias: form === 'nn' ? contents() : fc.constant(undefined),
        relu: fc.boolean().map((relu) => relu && form === 'nn'),
        a: contents(),
        b: contents(),
      }),
      [
        { ...example, shape: [1, 1, 1] },
        { ...example, shape: [1, STRIP_TERMS + 1, 1], candidate: 1 },
        { ...example, shape: [9, 6, 5], a: of('zero') },
        { ...example, shape: [6, 5, 7], a: of('zero in even columns'), b: of('zero in even columns') },
        { ...example, shape: [5, 3, 8], ...(form === 'nn' && { bias: of('negative', 20), relu: true }) },
        { ...example, shape: [5, 3, 8], a: of('plus or minus 1e4'), b: of('all equal') },
      ],
      async ({ shape: [m, k, n], candidate, relu, ...values }) => {
        const shape = { form, m, k, n };
        const few = everyCandidate({ ...shape, m: wide(m), n: wide(n) }, precision).filter(({ name }) =>
          FEW[precision].test(name),
        );
        const tensors = {
          a: fill(precision, values.a, ...(form === 'tn' ? ([k, m] as const) : ([m, k] as const))),
          b: fill(precision, values.b, ...(form === 'nt' ? ([n, k] as const) : ([k, n] as const))),
          ...(values.bias && { bias: fill(precision, values.bias, 1, n) }),
        };
        const chosen = few[candidate % few.length];
        const product = await runMatmul(device, shape, chosen, tensors, { relu, arithmetic: precision });
        const expected = oracle(shape, tensors, relu);
        expectClose(product, expected.values, tolerance(expected.sizes, k, precision), chosen.name);
      },
    );
  });
});
