import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { lossGradient, score } from '../src/cpu/losses.ts';
import { complete } from '../src/cpu/time-slices.ts';
import type { Answers, ClassWeights } from '../src/data/answers.ts';
import { RealFormat } from '../src/gpu/memory/real-format.ts';
import type { Precision } from '../src/index.ts';
import type { Loss } from '../src/options/setup.ts';
import type { FloatArray } from '../src/types.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel } from '../tests/helpers/kernels/kernels.ts';
import { MILD, stepWords, updateSettings } from '../tests/helpers/kernels/updates.ts';
import { EPSILON, EPSILON_32, expectClose } from '../tests/helpers/oracle/compare.ts';
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
import { TestRandom } from '../tests/helpers/random.ts';
import { hinge } from './hinge.wgsl.ts';
import { lossKernel, type Weighted } from './lib/loss.ts';
import { crossEntropy } from './softmax.wgsl.ts';
import { squaredError } from './squared-error.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

/** The class weights of a case: none, or weights whose total comes with all rows or with a step. */
interface Case {
  loss: Loss;
  weighted?: Weighted;
  rows: number;
  classes: number;
  logits: Contents;
  seed: number;
}

const KERNELS = {
  'cross-entropy': crossEntropy,
  hinge,
  'squared-error': squaredError,
};

interface Problem {
  logits: FloatArray;
  answers: Answers;
  weights: ClassWeights;
}

/** The logits are whole eighths, so that margins are exact, and often 0. */
function problemOf(precision: Precision, { loss, weighted, rows, classes, logits, seed }: Case): Problem {
  const random = new TestRandom(seed);
  const eighths = fill(precision, logits, rows, classes).map((x) => Math.round(8 * x) / 8);
  return {
    logits: held(precision, eighths),
    answers:
      loss === 'squared-error'
        ? held(precision, random.normals(rows * classes))
        : random.integers(rows, classes),
    // One weight of four is 0.
    weights:
      weighted &&
      Array.from(held(precision, random.normals(classes)), (x, k) => (k % 4 === 3 ? 0 : Math.abs(x))),
  };
}

/** The sum of the weights of the rows, or 1 if it is 0 or there are none. */
function totalOf({ answers, weights }: Problem): number {
  if (!weights) return 1;
  return Array.from(answers as Uint32Array, (label) => weights[label]).reduce((a, b) => a + b) || 1;
}

/** Runs a kernel in workgroups of any size. */
function run(precision: Precision, value: Case, problem: Problem, workgroup?: number) {
  const { loss, weighted, rows, classes } = value;
  const format = new RealFormat(precision);
  const totalWeight = totalOf(problem);
  const unwritten = (count: number) => new Float64Array(count).fill(Number.NaN);
  const { logits, answers, weights } = problem;
  const tensors = {
    logits,
    answers: answers as FloatArray,
    losses: unwritten(rows),
    correct: unwritten(rows),
    gradient: unwritten(rows * classes),
    ...(weights && { weights: Float64Array.from(weights) }),
  };
  const settings = updateSettings(precision, 'sgd', MILD);
  return runKernel(
    device,
    (arithmetic) => lossKernel(KERNELS[loss], { weighted, arithmetic, ...(workgroup && { workgroup }) }),
    {
      tensors,
      uniform: [rows, classes, ...(weighted === 'all rows' ? format.uniform(totalWeight) : [])],
      extent: { x: rows },
      precision,
      ...(weighted === 'batch' && { step: stepWords(format, settings, { start: 0, rows, totalWeight }) }),
    },
  );
}

/** The error bound of a probability and of a loss; see softmax.test.ts. */
const softmaxError = (precision: Precision, classes: number) =>
  precision === 'single' ? (9 + classes) * EPSILON_32 : 2 * 2 ** -40 + (4 + classes) * EPSILON.double;

async function compare(precision: Precision, value: Case, problem = problemOf(precision, value)) {
  const { loss, rows, classes } = value;
  const { answers, weights } = problem;
  const z = Float64Array.from(problem.logits);
  const length = answers.length / rows;
  const each = Array.from({ length: rows }, (_, row) => {
    const own = z.subarray(row * classes, (row + 1) * classes);
    return complete(score(loss, own, answers.subarray(row * length), 1, classes, weights));
  });
  const gradient = new Float64Array(z.length);
  complete(lossGradient(loss, z, gradient, answers, rows, classes, weights));
  const result = await run(precision, value, problem);
  const absolute = loss === 'cross-entropy' ? softmaxError(precision, classes) : 0;
  // A rounding for each term of a loss, and for the weight.
  const roundings = (classes + 8) * EPSILON[precision];
  const log = precision === 'single' ? 2 ** -21 : 2 ** -40;
  expectClose(
    result.losses,
    each.map(({ sum }) => sum),
    (i) =>
      (weights?.[answers[i]] ?? 1) * (absolute && absolute + log * Math.max(1, each[i].sum)) +
      roundings * each[i].sum,
    'losses',
  );
  expectClose(
    result.correct,
    each.map(({ correct }) => correct),
    0,
    'correct',
  );
  const share = (row: number) => (weights ? weights[answers[row]] / totalOf(problem) : 1 / rows);
  expectClose(
    result.gradient,
    gradient,
    (i) => absolute * share(Math.floor(i / classes)) + 8 * EPSILON[precision] * Math.abs(gradient[i]),
    'gradient',
  );
}

const LOSSES: [Loss, Weighted | undefined][] = [
  ['hinge', undefined],
  ['hinge', 'all rows'],
  ['hinge', 'batch'],
  ['squared-error', undefined],
  ['cross-entropy', 'all rows'],
  ['cross-entropy', 'batch'],
];

describe.each(PRECISIONS)('in %s precision', (precision) => {
  const cases = fc
    .record({
      kind: fc.constantFrom(...LOSSES),
      rows: sizes(130),
      classes: sizes(30),
      logits: contents({ scale: 3 }),
      seed: fc.nat(),
    })
    .map(({ kind: [loss, weighted], ...rest }): Case => ({ loss, ...(weighted && { weighted }), ...rest }));
  const examples: Case[] = LOSSES.flatMap(([loss, weighted]) => {
    const kind = { loss, ...(weighted && { weighted }), seed: 1 };
    return [
      { ...kind, rows: 1, classes: 1, logits: of('normal') },
      { ...kind, rows: 65, classes: 3, logits: of('normal') },
      { ...kind, rows: 63, classes: 300, logits: of('whole') },
    ];
  });

  property<Case>('losses and gradients of every kernel are the float64 ones', cases, examples, (value) =>
    compare(precision, value),
  );

  const one = (logits: number[], label = 0) => ({
    logits: held(precision, logits),
    answers: Uint32Array.of(label),
    weights: undefined,
  });
  const ofHinge = (classes: number, more: Partial<Case> = {}): Case => ({
    loss: 'hinge',
    rows: 1,
    classes,
    logits: of('zero'),
    seed: 1,
    ...more,
  });

  test('at the kink of the hinge loss, a margin of exactly 0, the gradient is 0', async () => {
    const next = precision === 'single' ? 2 ** -23 : 2 ** -40;
    const { gradient, losses } = await run(precision, ofHinge(4), one([1, 0, 2 * next, -next]));
    expect(Array.from(gradient, Number)).toEqual([-1, 0, 1, 0]);
    expect(losses[0]).toBe(2 * next);
  });

  test('logits of 1e30 have finite losses; what no number holds is not taken for 0', async () => {
    const large = await run(precision, ofHinge(3), one([-1e30, 1e30, 0]));
    expectClose(large.losses, [3e30], 1e24);
    expect(Array.from(large.gradient)).toEqual([-2, 1, 1]);
    for (const logits of [
      [-3e38, 3e38, 0],
      [0, Number.POSITIVE_INFINITY, 0],
      [0, Number.NEGATIVE_INFINITY, 0],
      [Number.NEGATIVE_INFINITY, 0, 0],
    ]) {
      const { losses, gradient } = await run(precision, ofHinge(3), one(logits));
      expect([losses[0], gradient[0]].some(Number.isFinite)).toBe(false);
    }
  });

  test('rows of weight 0 have no loss and no gradient', async () => {
    for (const loss of ['hinge', 'cross-entropy'] as const) {
      for (const weighted of ['all rows', 'batch'] as const) {
        const value = { ...ofHinge(2, { rows: 2 }), loss, weighted };
        const logits = held(precision, [3, -1, 0.5, 2]);
        const problem = { logits, answers: Uint32Array.of(1, 1), weights: [1, 0] };
        const { losses, gradient } = await run(precision, value, problem);
        expectClose(losses, [0, 0], 0);
        expectClose(gradient, [0, 0, 0, 0], 0);
      }
    }
  });
});

test('fewer rows in a workgroup change no bit', async () => {
  for (const [loss, weighted] of LOSSES) {
    const value: Case = {
      loss,
      ...(weighted && { weighted }),
      rows: 130,
      classes: 3,
      logits: of('normal'),
      seed: 2,
    };
    const problem = problemOf('single', value);
    expect(await run('single', value, problem, 2)).toEqual(await run('single', value, problem));
  }
});
