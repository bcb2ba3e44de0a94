import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { update as apply } from '../src/cpu/update.ts';
import type { FloatArray } from '../src/data/dataset.ts';
import { NOT_DIVERGED } from '../src/gpu/parameters.ts';
import { RealFormat } from '../src/gpu/real-format.ts';
import type { Precision } from '../src/index.ts';
import type { ResolvedOptimizer } from '../src/options.ts';
import { EPSILON, expectClose } from '../tests/compare.ts';
import { testDevice } from '../tests/gpu.ts';
import { runKernel, type Tensors } from '../tests/kernels.ts';
import { type Contents, contents, fill, held, of, PRECISIONS, property, sizes } from '../tests/property.ts';
import { type Settings, type State, stepWords, tolerances } from '../tests/update.ts';
import { update } from './update.wgsl.ts';
import { MOMENTS, type UpdateRule } from './update-rule.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const RULES: UpdateRule[] = ['sgd', 'momentum', 'adam'];

function run(
  precision: Precision,
  rule: UpdateRule,
  settings: Settings,
  { parameters, gradient, moments }: State,
) {
  const format = new RealFormat(precision);
  const tensors: Tensors & { parameters: FloatArray; diverged: Uint32Array } = {
    parameters,
    gradient,
    ...Object.fromEntries(moments.map((moment, i) => [`moment ${i}`, moment])),
    diverged: Uint32Array.of(NOT_DIVERGED),
  };
  return runKernel(device, update({ rule, arithmetic: precision }), {
    tensors,
    uniform: [...format.uniform(settings.l2), parameters.length],
    extent: { x: parameters.length },
    step: stepWords(format, settings),
    arithmetic: precision,
  });
}

test('a second moment that overflows is noticed, though the parameter stays finite', async () => {
  const moments = [new Float32Array(3), new Float32Array(3)];
  const state = { parameters: new Float32Array(3), gradient: Float32Array.of(0, 1e25, 0), moments };
  const result = await run('single', 'adam', settingsOf('single', 'adam', EXAMPLE), state);
  expect(Array.from(result.parameters).every(Number.isFinite)).toBe(true);
  expect(result.diverged[0]).toBe(EXAMPLE.step + 1);
});

async function compare(precision: Precision, rule: UpdateRule, settings: Settings, state: State) {
  const { optimizer, learningRate, l2, step } = settings;
  const exact = [state.parameters, ...state.moments].map((values) => Float64Array.from(values));
  apply(exact[0], Float64Array.from(state.gradient), exact.slice(1), optimizer, learningRate, l2, step);
  const result = await run(precision, rule, settings, state);
  exact.forEach((values, m) => {
    const name = m === 0 ? 'parameters' : `moment ${m - 1}`;
    const tolerance = (i: number) => tolerances(EPSILON[precision], settings, state, exact, i)[m];
    expectClose(result[name] as FloatArray, values, tolerance, name);
  });
  expect(result.diverged[0]).toBe(NOT_DIVERGED);
}

interface Case {
  count: number;
  learningRate: number;
  l2: number;
  step: number;
  decays: [number, number];
  epsilon: number;
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

/** Coefficients are rounded first: both sides start from the same. */
function settingsOf(
  precision: Precision,
  rule: UpdateRule,
  { learningRate, l2, step, decays, epsilon }: Case,
) {
  const [lr, λ, beta1, beta2, ε] = held(precision, [learningRate, l2, ...decays, epsilon]);
  const optimizer: ResolvedOptimizer =
    rule === 'adam'
      ? { name: 'adam', beta1, beta2, epsilon: ε }
      : { name: 'sgd', momentum: rule === 'momentum' ? beta1 : 0 };
  return { optimizer, learningRate: lr, l2: λ, step };
}

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
        // Found: gradient and L2 term cancel, so that nothing is known of a small second moment.
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
        await compare(precision, rule, settingsOf(precision, rule, value), {
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
        const result = await run(precision, rule, settingsOf(precision, rule, EXAMPLE), state);
        expect(result.diverged[0]).toBe(EXAMPLE.step + 1);
      },
    );
  });
});
