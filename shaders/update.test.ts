import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { RealFormat } from '../src/gpu/memory/real-format.ts';
import { NOT_DIVERGED } from '../src/gpu/network/parameters.ts';
import type { Precision } from '../src/index.ts';
import type { FloatArray } from '../src/types.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel, type Tensors } from '../tests/helpers/kernels/kernels.ts';
import {
  expectUpdated,
  RULES,
  stepWords,
  type Updatable,
  type UpdateNumbers,
  type UpdateSettings,
  updateSettings,
} from '../tests/helpers/kernels/updates.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { MOMENTS, type UpdateRule } from './lib/moments.ts';
import { update } from './update.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

interface State extends Updatable {
  gradient: FloatArray;
}

function run(
  precision: Precision,
  rule: UpdateRule,
  settings: UpdateSettings,
  { parameters, gradient, moments }: State,
) {
  const format = new RealFormat(precision);
  const tensors: Tensors & { parameters: FloatArray; diverged: Uint32Array } = {
    gradient,
    parameters,
    ...Object.fromEntries(moments.map((moment, i) => [`moment ${i}`, moment])),
    diverged: Uint32Array.of(NOT_DIVERGED),
  };
  return runKernel(device, (arithmetic) => update({ rule, arithmetic }), {
    tensors,
    uniform: [1, parameters.length],
    extent: { x: parameters.length },
    step: stepWords(format, settings),
    precision,
  });
}

test('a second moment that overflows is noticed, though the parameter stays finite', async () => {
  const moments = [new Float32Array(3), new Float32Array(3)];
  const state = { parameters: new Float32Array(3), gradient: Float32Array.of(0, 1e25, 0), moments };
  const result = await run('single', 'adam', updateSettings('single', 'adam', EXAMPLE), state);
  expect(Array.from(result.parameters).every(Number.isFinite)).toBe(true);
  expect(result.diverged[0]).toBe(EXAMPLE.step + 1);
});

async function compare(precision: Precision, rule: UpdateRule, settings: UpdateSettings, state: State) {
  const result = await run(precision, rule, settings, state);
  const moments = state.moments.map((_, m) => result[`moment ${m}`] as FloatArray);
  expectUpdated({ ...result, moments }, precision, settings, state, state.gradient);
}

interface Case extends UpdateNumbers {
  count: number;
  parameters: Contents;
  gradient: Contents;
  moments: Contents;
}

const EXAMPLE: Case = {
  count: 65,
  learningRate: 0.125,
  l2: 0.25,
  step: 3,
  decays: [0.875, 0.9375],
  epsilon: 2 ** -20,
  parameters: of('normal'),
  gradient: of('normal'),
  moments: of('normal'),
};

describe.each(PRECISIONS)('in %s precision', (precision) => {
  describe.each(RULES)('update by %s', (rule) => {
    property<Case>(
      'is the float64 one',
      fc.record({
        count: sizes(300),
        learningRate: fc.constantFrom(0, 1e-3, 0.1, 1),
        l2: fc.constantFrom(0, 1e-3, 0.25),
        step: fc.nat(2000),
        decays: fc.tuple(fc.constantFrom(0.5, 0.9, 0.99), fc.constantFrom(0.5, 0.99, 0.999)),
        epsilon: fc.constantFrom(1e-8, 1e-4, 1),
        parameters: contents(),
        gradient: contents(),
        moments: contents(),
      }),
      [
        EXAMPLE,
        { ...EXAMPLE, count: 1, step: 0 },
        { ...EXAMPLE, count: 4099 },
        { ...EXAMPLE, gradient: of('zero') },
        { ...EXAMPLE, gradient: of('zero'), moments: of('zero'), l2: 0 },
        { ...EXAMPLE, parameters: of('zero'), gradient: of('plus or minus 1e4') },
        // A found case: gradient and L2 term cancel, so that a small second moment has no correct
        // digits.
        {
          ...EXAMPLE,
          count: 127,
          learningRate: 0,
          step: 0,
          decays: [0.5, 0.5],
          epsilon: 1e-8,
          parameters: { kind: 'whole', scale: 8, seed: 0 },
          gradient: { kind: 'whole', scale: 5, seed: 257012917 },
          moments: { kind: 'normal', scale: 0, seed: 172458452 },
        },
      ],
      async (value) => {
        const { count } = value;
        const moment = fill(precision, value.moments, count);
        // The second moment is a mean of squares: positive.
        const moments = [moment, moment.map(Math.abs)].slice(0, MOMENTS[rule]);
        await compare(precision, rule, updateSettings(precision, rule, value), {
          parameters: fill(precision, value.parameters, count),
          gradient: fill(precision, value.gradient, count),
          moments,
        });
      },
    );

    test.each([Number.NaN, Number.POSITIVE_INFINITY])(
      'a gradient of %d is noticed with the step',
      async (value) => {
        const gradient = new Float64Array(100);
        gradient[77] = value;
        const moments = Array.from({ length: MOMENTS[rule] }, () => new Float64Array(100));
        const state = { parameters: new Float64Array(100), gradient, moments };
        const result = await run(precision, rule, updateSettings(precision, rule, EXAMPLE), state);
        expect(result.diverged[0]).toBe(EXAMPLE.step + 1);
      },
    );
  });
});
