import fc from 'fast-check';
import type { Activation, FloatArray, Precision } from '../../src/index.ts';
import type { ModelData } from '../../src/models/index.ts';

export const ACTIVATIONS: Activation[] = [
  'relu',
  'leaky-relu',
  'elu',
  'tanh',
  'sigmoid',
  'softplus',
  'identity',
];

/** Any text, with lone halves of surrogate pairs, quotes, line ends, and the ends of scripts. */
const names = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ max: 0xffff, min: 0 })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('</script><!--', '\'"`$\\', '\u2028\u2029\n\r\0', '*/ //', '\ufeff', '__proto__', ''),
);

/** Numbers of a precision, with both zeros, the smallest and the largest. */
const numbers: Record<Precision, (count: number) => fc.Arbitrary<FloatArray>> = {
  single: (count) =>
    fc
      .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: count, maxLength: count })
      .map((values) => Float32Array.from(values)),
  double: (count) =>
    fc
      .array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: count, maxLength: count })
      .map((values) => Float64Array.from(values)),
};

/** Numbers whose outputs are numbers too. */
const moderate: typeof numbers = {
  single: (count) => numbers.single(count).map((values) => values.map(within2)),
  double: (count) => numbers.double(count).map((values) => values.map(within2)),
};
const within2 = (value: number) => 2 * Math.sin(value);
/** 0, or large enough that scaled rows are numbers in 32 bits. */
const deviation = (value: number) => (Math.abs(value) < 0.01 ? 0 : Math.abs(value));

/**
 * Networks of every activation and loss, in both precisions, with names and a scaling or without.
 * @param of `'any'` numbers, or `'moderate'` ones, whose outputs are numbers too
 */
export function models(of: 'any' | 'moderate'): fc.Arbitrary<ModelData> {
  return fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 }),
      loss: fc.constantFrom<ModelData['loss'][]>('cross-entropy', 'hinge', 'squared-error'),
      precision: fc.constantFrom<Precision[]>('single', 'double'),
    })
    .chain(({ sizes, loss, precision }) => {
      const [features, width] = [sizes[0], sizes[sizes.length - 1]];
      const values = (of === 'any' ? numbers : moderate)[precision];
      const layer = (fanOut: number, i: number) =>
        fc.record({ weights: values(sizes[i] * fanOut), biases: values(fanOut) });
      const exactly = (count: number) => fc.array(names, { minLength: count, maxLength: count });
      const columns = (count: number) =>
        fc.record({
          means: numbers.double(count).map((means) => Array.from(means, of === 'any' ? Number : within2)),
          deviations: (of === 'any' ? numbers : moderate)
            .double(count)
            .map((values) => Array.from(values, deviation)),
        });
      const regression = loss === 'squared-error';
      return fc.record(
        {
          sizes: fc.constant(sizes),
          loss: fc.constant(loss),
          precision: fc.constant(precision),
          activations: fc.tuple(...sizes.slice(2).map(() => fc.constantFrom(...ACTIVATIONS))),
          parameters: fc.tuple(...sizes.slice(1).map(layer)),
          featureNames: exactly(features),
          [regression ? 'outputNames' : 'classNames']: exactly(width),
          scaling: regression
            ? fc
                .tuple(columns(features), fc.option(columns(width), { nil: undefined }))
                .map(([own, targets]) => ({ ...own, ...(targets && { targets }) }))
            : columns(features),
        },
        { requiredKeys: ['sizes', 'loss', 'precision', 'activations', 'parameters'] },
      ) as fc.Arbitrary<ModelData>;
    });
}

/** A small classifier of two features and three classes, with names and a scaling. */
export const CLASSIFIER: ModelData = {
  sizes: [2, 2, 3],
  activations: ['relu'],
  loss: 'cross-entropy',
  precision: 'single',
  parameters: [
    { weights: Float32Array.of(0.1, -0.25, 1e-8, 3), biases: Float32Array.of(0.5, -0) },
    { weights: Float32Array.of(1, -2, 0.3, 0.7, 1e10, -1.5), biases: Float32Array.of(0, 0.125, -1) },
  ],
  featureNames: ['length', 'width'],
  classNames: ['red', 'green', 'blue'],
  scaling: { means: [5, -0.5], deviations: [2, 0.25] },
};
