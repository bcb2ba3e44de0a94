import fc from 'fast-check';
import { beforeAll, describe } from 'vitest';
import { everyCandidate } from '../bench/kernels/candidates.ts';
import type { Precision } from '../src/index.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { oracle, runMatmul, runUpdatingMatmul, tolerance } from '../tests/helpers/kernels/matmul.ts';
import {
  expectUpdated,
  MILD,
  momentsOf,
  RULES,
  TERMS,
  type Terms,
  updateSettings,
} from '../tests/helpers/kernels/updates.ts';
import { expectClose } from '../tests/helpers/oracle/compare.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { ALL } from '../tests/helpers/tier.ts';
import { type MatmulForm, STRIP_TERMS } from './lib/epilogue.ts';
import type { UpdateRule } from './lib/moments.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

/** A few kernels, because each has to be compiled: their tiles are larger than some products. */
const FEW = {
  single: /^(split \d+ × )?(register 4×4|quad 8×4)( vec4)?$/,
  double: /^(split \d+ × )?register 4×4$/,
};
/** Adds four: divisible as before, and wide enough for the whole tile. */
const wide = (size: number) => (size < 4 ? size + 4 : size);

interface Product {
  shape: [m: number, k: number, n: number];
  /** The number of the candidate among those for the shape. */
  candidate: number;
  a: Contents;
  b: Contents;
}

/**
 * Few sizes by default, because a kernel's text depends on their divisors; any size in the tier
 * `all`.
 */
const SHAPES: Record<Precision, Product['shape'][]> = {
  single: [
    [5, 3, 7],
    [64, 68, 8],
    [9, STRIP_TERMS + 1, 6],
  ],
  // This candidate reads numbers one by one, whatever divides the shape.
  double: [
    [5, 3, 7],
    [9, STRIP_TERMS + 1, 6],
  ],
};
const products = (precision: Precision) => ({
  shape: ALL
    ? fc.tuple(sizes(70), fc.oneof(sizes(70), sizes(2 * STRIP_TERMS + 9)), sizes(70))
    : fc.constantFrom(...SHAPES[precision]),
  candidate: fc.nat(9),
  a: contents(),
  b: contents(),
});
const EXAMPLE = { candidate: 0, a: of('normal'), b: of('normal') };

/** The shape, operands and candidate of a case. */
function productOf(precision: Precision, form: MatmulForm, { shape: [m, k, n], ...values }: Product) {
  const few = everyCandidate({ form, m: wide(m), k, n: wide(n) }, device, precision).filter(({ name }) =>
    FEW[precision].test(name),
  );
  const operands = {
    a: fill(precision, values.a, ...(form === 'tn' ? ([k, m] as const) : ([m, k] as const))),
    b: fill(precision, values.b, ...(form === 'nt' ? ([n, k] as const) : ([k, n] as const))),
  };
  return { shape: { form, m, k, n }, operands, candidate: few[values.candidate % few.length] };
}

interface Case extends Product {
  bias: Contents | undefined;
  /** Whether ReLU ends the product, or its backward pass at these outputs. */
  relu: boolean;
  outputs: Contents | undefined;
}

interface UpdateCase extends Product {
  rule: UpdateRule;
  terms: Terms;
  l2: number;
  state: Contents;
}

describe.each(PRECISIONS)('in %s precision', (precision) => {
  describe.each(['nn', 'tn', 'nt'] as const)('matmul %s', (form) => {
    const example = { ...EXAMPLE, bias: undefined, relu: false, outputs: undefined };
    property<Case>(
      'is the float64 result for every shape and content',
      fc.record({
        ...products(precision),
        bias: form === 'nn' ? contents() : fc.constant(undefined),
        relu: fc.boolean().map((relu) => relu && form === 'nn'),
        outputs: form === 'nt' ? fc.option(contents(), { nil: undefined }) : fc.constant(undefined),
      }),
      [
        { ...example, shape: [1, 1, 1] },
        { ...example, shape: [1, STRIP_TERMS + 1, 1], candidate: 1 },
        { ...example, shape: [9, 6, 5], a: of('zero') },
        { ...example, shape: [6, 5, 7], a: of('zero in even columns'), b: of('zero in even columns') },
        { ...example, shape: [5, 3, 8], ...(form === 'nn' && { bias: of('negative', 20), relu: true }) },
        { ...example, shape: [5, 3, 8], a: of('plus or minus 1e4'), b: of('all equal') },
        { ...example, shape: [7, 3, 8], ...(form === 'nt' && { outputs: of('mostly zero') }) },
      ],
      async ({ bias, relu, outputs, ...product }) => {
        const { shape, operands, candidate } = productOf(precision, form, product);
        const { m, k, n } = shape;
        const tensors = {
          ...operands,
          ...(bias && { bias: fill(precision, bias, 1, n) }),
          ...(outputs && { outputs: fill(precision, outputs, m, n) }),
        };
        const activation = relu || outputs ? 'relu' : 'identity';
        const actual = await runMatmul(device, shape, candidate, tensors, { activation, precision });
        const expected = oracle(shape, tensors, activation);
        expectClose(actual, expected.values, tolerance(expected.sizes, k, precision), candidate.name);
      },
    );
  });

  const example = { ...EXAMPLE, l2: 0.25, state: of('normal') };
  // In double precision, the default is the rule with the most moments.
  const rules = ALL || precision === 'single' ? RULES : (['adam'] as const);
  property<UpdateCase>(
    'an update at the end of matmul tn is the float64 one from the float64 product',
    fc.record({
      ...products(precision),
      rule: fc.constantFrom(...rules),
      terms: fc.constantFrom(...TERMS),
      l2: fc.constantFrom(0, 1e-3, 0.25),
      state: contents(),
    }),
    rules.flatMap((rule, i) => [
      { ...example, rule, terms: TERMS[i % 4], shape: [1, 1, 1] },
      { ...example, rule, terms: TERMS[(i + 1) % 4], shape: [5, STRIP_TERMS + 1, 6], candidate: 1 },
      { ...example, rule, terms: TERMS[(i + 2) % 4], shape: [9, 6, 5], a: of('zero'), l2: 0 },
      { ...example, rule, terms: TERMS[(i + 3) % 4], shape: [9, 6, 5], state: of('zero') },
    ]),
    async ({ rule, terms, l2, state, ...product }) => {
      const { shape, operands, candidate } = productOf(precision, 'tn', product);
      const { m, k, n } = shape;
      const settings = updateSettings(precision, rule, { ...MILD, ...terms, l2 });
      const parameters = fill(precision, state, m, n);
      const moments = momentsOf(rule, fill(precision, { ...state, seed: state.seed + 1 }, m, n));
      const before = { parameters, moments };
      const options = { settings, precision };
      const actual = await runUpdatingMatmul(device, shape, candidate, operands, before, options);
      const { values, sizes } = oracle(shape, operands);
      const gradientError = tolerance(sizes, k, precision);
      expectUpdated(actual, precision, settings, before, values, gradientError);
    },
  );
});
