import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { property } from '../../../tests/helpers/property.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import {
  ACTIVATIONS,
  activationFault,
  chainFault,
  everySize,
} from '../../../tests/helpers/wasm/activation.ts';
import { wasmKernels } from '../../../tests/helpers/wasm/kernels.ts';
import { ACTIVATION_FUNCTIONS } from '../../data/activation-functions.ts';
import type { WasmKernels } from './kernels.ts';

const random = new TestRandom(2);

describe.each(['single', 'double'] as const)('in %s precision', (precision) => {
  let kernels: WasmKernels;
  beforeAll(async () => {
    kernels = await wasmKernels(precision);
  });
  const values = everySize(precision === 'single');

  test.each(ACTIVATIONS)('%s of numbers of every size, and of those that are none', async (activation) => {
    expect(await activationFault(kernels, activation, values)).toBeUndefined();
  });

  test.each(ACTIVATIONS)(
    'the derivative of %s from outputs of every size, times gradients',
    async (activation) => {
      const outputs = values.map(ACTIVATION_FUNCTIONS[activation]);
      const gradients = random.normals(outputs.length);
      expect(await chainFault(kernels, activation, gradients, outputs)).toBeUndefined();
      // A gradient that is not finite, on an output of every size.
      for (const gradient of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const same = outputs.map(() => gradient);
        expect(await chainFault(kernels, activation, same, outputs)).toBeUndefined();
      }
    },
  );

  test.each(ACTIVATIONS)('the derivative of %s, of any number of outputs', async (activation) => {
    for (let count = 1; count <= 40; count++) {
      const [gradients, sums] = [random.normals(count), random.normals(count)];
      const outputs = sums.map(ACTIVATION_FUNCTIONS[activation]);
      const more = { spare: count % 4 === 3 ? 2 : 0, elsewhere: count % 2 === 0 };
      expect(await chainFault(kernels, activation, gradients, outputs, more)).toBeUndefined();
    }
  });

  test.each(ACTIVATIONS)('the derivative of %s behind dropout', async (activation) => {
    const outputs = random
      .normals(130)
      .map((z, i) => (i % 3 ? ACTIVATION_FUNCTIONS[activation](z) / 0.75 : 0));
    const gradients = random.normals(130);
    expect(await chainFault(kernels, activation, gradients, outputs, { keep: 0.75 })).toBeUndefined();
  });

  const number = fc.oneof(
    fc.double({ noNaN: false, min: -800, max: 800 }),
    fc.double({ min: -1e-3, max: 1e-3 }),
    fc.float(),
  );
  const cases = fc.record({
    activation: fc.constantFrom(...ACTIVATIONS),
    sums: fc.array(number, { minLength: 1, maxLength: 60 }),
  });
  const example = { activation: 'tanh' as const, sums: [1e-5, -1e-5, 0.3465] };
  property('any activation of any numbers, and its derivative', cases, [example], async (given) => {
    const { activation, sums } = given;
    expect(await activationFault(kernels, activation, sums)).toBeUndefined();
    const outputs = sums.map(ACTIVATION_FUNCTIONS[activation]);
    expect(await chainFault(kernels, activation, sums.toReversed(), outputs)).toBeUndefined();
  });
});
