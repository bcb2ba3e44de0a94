import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { crossEntropy, crossEntropyGradient, softmax as normalize } from '../src/cpu/softmax.ts';
import { complete } from '../src/cpu/time-slices.ts';
import { argmax } from '../src/data/answers.ts';
import type { Precision } from '../src/index.ts';
import type { FloatArray } from '../src/types.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel } from '../tests/helpers/kernels/kernels.ts';
import { EPSILON, EPSILON_32, expectClose } from '../tests/helpers/oracle/compare.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { TestRandom } from '../tests/helpers/random.ts';
import { lossKernel } from './lib/loss.ts';
import { crossEntropy as crossEntropyText, softmaxProbabilities } from './softmax.wgsl.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

const SHAPES = [
  [1, 1],
  [1, 2],
  [1, 1000],
  [63, 3],
  [64, 3],
  [65, 3],
  [300, 3],
  [7, 10],
  [129, 11],
];

const unwritten = (count: number): FloatArray => new Float64Array(count).fill(Number.NaN);

function runLoss(
  precision: Precision,
  logits: FloatArray,
  labels: Uint32Array,
  classes: number,
  workgroup?: number,
) {
  const rows = labels.length;
  return runKernel(
    device,
    (arithmetic) => lossKernel(crossEntropyText, { ...(workgroup && { workgroup }), arithmetic }),
    {
      tensors: {
        logits,
        labels,
        losses: unwritten(rows),
        correct: unwritten(rows),
        gradient: unwritten(rows * classes),
      },
      uniform: [rows, classes],
      extent: { x: rows },
      precision,
    },
  );
}

function runProbabilities(precision: Precision, logits: FloatArray, classes: number) {
  const rows = logits.length / classes;
  return runKernel(device, (arithmetic) => softmaxProbabilities({ arithmetic }), {
    tensors: { logits, probabilities: unwritten(rows * classes), predicted: new Uint32Array(rows) },
    uniform: [rows, classes],
    extent: { x: rows },
    precision,
  });
}

/** The probabilities in float64. */
function probabilitiesOf(logits: FloatArray, classes: number): Float64Array {
  const probabilities = new Float64Array(logits.length);
  complete(normalize(Float64Array.from(logits), probabilities, logits.length / classes, classes));
  return probabilities;
}

/**
 * In single precision WGSL allows exp an error of 3 + 2|x| ULP, which is at most 3.4 ULP of 1 for
 * all e^x with x ≤ 0. In double precision an exponential and a sum of exponentials have relative
 * errors of 2⁻⁴⁰. A sum of `classes` terms is rounded once for each term, and the quotient once
 * more.
 */
const probabilityTolerance = (precision: Precision, classes: number) =>
  precision === 'single' ? (9 + classes) * EPSILON_32 : 2 * 2 ** -40 + (4 + classes) * EPSILON.double;
/**
 * The bound for ln of a sum from 1 up: 2⁻²¹ near 1 and 3 ULP above (WGSL), or 2⁻⁴⁰ of the result;
 * the sum's own error and the differences of the logits come on top.
 */
const lossTolerance = (precision: Precision, classes: number, loss: number) =>
  probabilityTolerance(precision, classes) +
  (precision === 'single' ? 2 ** -21 : 2 ** -40 * loss) +
  4 * EPSILON[precision] * loss;

async function compareLoss(precision: Precision, logits: FloatArray, labels: Uint32Array, classes: number) {
  const rows = labels.length;
  const z = Float64Array.from(logits);
  const gradient = new Float64Array(z.length);
  complete(crossEntropyGradient(z, gradient, labels, rows, classes));
  const each = Array.from(labels, (_, i) => {
    return complete(crossEntropy(z.subarray(i * classes), labels.subarray(i, i + 1), 1, classes));
  });
  const result = await runLoss(precision, logits, labels, classes);
  expectClose(
    result.losses,
    each.map(({ sum }) => sum),
    (i) => lossTolerance(precision, classes, each[i].sum),
    'losses',
  );
  expectClose(
    result.correct,
    each.map(({ correct }) => correct),
    0,
    'correct',
  );
  expectClose(result.gradient, gradient, probabilityTolerance(precision, classes) / rows, 'gradient');
}

async function compareProbabilities(precision: Precision, logits: FloatArray, classes: number) {
  const { probabilities, predicted } = await runProbabilities(precision, logits, classes);
  const tolerance = probabilityTolerance(precision, classes);
  expectClose(probabilities, probabilitiesOf(logits, classes), tolerance, 'probabilities');
  expect(Array.from(predicted)).toEqual(
    Array.from(predicted, (_, i) => argmax(logits, i * classes, classes)),
  );
}

async function compare(precision: Precision, logits: FloatArray, labels: Uint32Array, classes: number) {
  await compareLoss(precision, logits, labels, classes);
  await compareProbabilities(precision, logits, classes);
}

describe('softmax', () => {
  test.each(SHAPES)('of %i×%i random logits', async (rows, classes) => {
    const random = new TestRandom(rows * classes);
    await compare('single', random.floats(rows * classes, 3), random.integers(rows, classes), classes);
  });

  test.each([
    ['large and positive', [1e4, 1e4 - 1, 1e4 - 2]],
    ['large and negative', [-1e4, -1e4 - 1, -1e4 - 2]],
    ['far apart', [1e4, -1e4, 0]],
    ['all equal', [0.3, 0.3, 0.3]],
    ['all zero', [0, 0, 0]],
    ['as far apart as floats can be', [1.7e38, 0, -1.7e38]],
  ])('of logits that are %s, with each label', async (_, row) => {
    const logits = Float32Array.from([...row, ...row, ...row]);
    for (const precision of PRECISIONS) await compare(precision, logits, Uint32Array.of(0, 1, 2), 3);
  });

  test('of more rows than workgroups of one dimension cover', async () => {
    const rows = 65_535 * 64 + 65;
    const { probabilities } = await runProbabilities('single', new Float32Array(rows).fill(2), 1);
    expect(probabilities.findIndex((value) => value !== 1)).toBe(-1);
  });

  test('a tie goes to the lower class', async () => {
    const { correct } = await runLoss('single', Float32Array.of(1, 2, 2, 1, 2, 2), Uint32Array.of(1, 2), 3);
    expect(Array.from(correct)).toEqual([1, 0]);
    const { predicted } = await runProbabilities('single', Float32Array.of(5, 5, 5), 3);
    expect(predicted[0]).toBe(0);
  });
});

interface Case {
  rows: number;
  classes: number;
  logits: Contents;
  /** The classes of the labels. */
  seed: number;
}

describe.each(PRECISIONS)('in %s precision', (precision) => {
  const cases = fc.record({
    rows: sizes(130),
    classes: sizes(30),
    logits: contents(),
    seed: fc.nat(),
  });
  const examples: Case[] = [
    { rows: 1, classes: 1, logits: of('normal'), seed: 1 },
    { rows: 65, classes: 1, logits: of('normal'), seed: 1 },
    { rows: 1, classes: 300, logits: of('normal'), seed: 1 },
    { rows: 64, classes: 3, logits: of('plus or minus 1e4'), seed: 1 },
    { rows: 63, classes: 3, logits: of('all equal'), seed: 1 },
    { rows: 63, classes: 3, logits: of('nearly equal'), seed: 1 },
    { rows: 63, classes: 3, logits: of('zero'), seed: 1 },
    { rows: 129, classes: 5, logits: of('zero in even columns'), seed: 1 },
  ];

  property<Case>('losses and gradients are the float64 ones', cases, examples, async (value) => {
    const { rows, classes, seed } = value;
    const labels = new TestRandom(seed).integers(rows, classes);
    await compareLoss(precision, fill(precision, value.logits, rows, classes), labels, classes);
  });

  property<Case>('probabilities and classes are the float64 ones', cases, examples, async (value) => {
    const { rows, classes } = value;
    await compareProbabilities(precision, fill(precision, value.logits, rows, classes), classes);
  });
});

test('fewer rows in a workgroup change no bit', async () => {
  const random = new TestRandom(3);
  const [rows, classes] = [70_000, 2];
  const logits = random.floats(rows * classes);
  const labels = new Uint32Array(rows).map((_, row) => row % classes);
  const expected = await runLoss('single', logits, labels, classes);
  // The limit is so small that workgroups take two dimensions.
  expect(await runLoss('single', logits, labels, classes, 1)).toEqual(expected);
});
