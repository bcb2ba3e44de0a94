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
  momentsOf,
  RULES,
  stepWords,
  TERMS,
  type Updatable,
  type UpdateNumbers,
  type UpdateSettings,
  updateOf,
  updateSettings,
} from '../tests/helpers/kernels/updates.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { MOMENTS, SQUARES, type UpdateRule } from './lib/moments.ts';
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
  settings: UpdateSettings,
  { parameters, gradient, moments }: State,
  penalized = true,
) {
  const format = new RealFormat(precision);
  const tensors: Tensors & { parameters: FloatArray; diverged: Uint32Array } = {
    gradient,
    parameters,
    ...Object.fromEntries(moments.map((moment, i) => [`moment ${i}`, moment])),
    diverged: Uint32Array.of(NOT_DIVERGED),
  };
  return runKernel(device, (arithmetic) => update(updateOf(settings), arithmetic), {
    tensors,
    uniform: [penalized ? 1 : 0, parameters.length],
    extent: { x: parameters.length },
    step: stepWords(format, settings),
    precision,
  });
}

const SQUARING = Object.keys(SQUARES) as UpdateRule[];

test.each(SQUARING)(
  'squares of %s that overflow are noticed, though the parameter stays finite',
  async (rule) => {
    const moments = momentsOf(rule, new Float32Array(3));
    const state = { parameters: new Float32Array(3), gradient: Float32Array.of(0, 1e25, 0), moments };
    const result = await run('single', updateSettings('single', rule, EXAMPLE), state);
    expect(Array.from(result.parameters).every(Number.isFinite)).toBe(true);
    expect(result.diverged[0]).toBe(EXAMPLE.step + 1);
  },
);

describe.each(PRECISIONS)('in %s precision', (precision) => {
  test.each(RULES)('the update of biases by %s has none of the terms', async (rule) => {
    const state = {
      parameters: fill(precision, of('normal'), 65),
      gradient: fill(precision, of('whole'), 65),
      moments: momentsOf(rule, fill(precision, of('normal'), 65)),
    };
    const settings = updateSettings(precision, rule, { ...EXAMPLE, ...TERMS[3] });
    const biases = await run(precision, settings, state, false);
    const none = updateSettings(precision, rule, { ...EXAMPLE, ...TERMS[0], l2: 0 });
    expect(biases).toEqual(await run(precision, none, state));
    expect(biases.parameters).not.toEqual((await run(precision, settings, state)).parameters);
  });
});

async function compare(precision: Precision, settings: UpdateSettings, state: State) {
  const result = await run(precision, settings, state);
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
  l1: 0,
  weightDecay: 0,
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
        l1: fc.constantFrom(0, 1e-3, 0.25),
        weightDecay: fc.constantFrom(0, 1e-3, 0.5, 3),
        step: fc.nat(2000),
        decays: fc.tuple(fc.constantFrom(0.5, 0.9, 0.99), fc.constantFrom(0.5, 0.99, 0.999)),
        epsilon: fc.constantFrom(1e-8, 1e-4, 1),
        parameters: contents(),
        gradient: contents(),
        moments: contents(),
      }),
      [
        ...TERMS.map((terms) => ({ ...EXAMPLE, ...terms })),
        { ...EXAMPLE, ...TERMS[3], parameters: of('mostly zero') },
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
        const moments = momentsOf(rule, fill(precision, value.moments, count));
        await compare(precision, updateSettings(precision, rule, value), {
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
        const result = await run(precision, updateSettings(precision, rule, EXAMPLE), state);
        expect(result.diverged[0]).toBe(EXAMPLE.step + 1);
      },
    );
  });
});
