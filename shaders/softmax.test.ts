import { beforeAll, describe, expect, test } from 'vitest';
import { argmax, crossEntropy, crossEntropyGradient, softmax as normalize } from '../src/cpu/softmax.ts';
import { EPSILON_32, expectClose } from '../tests/compare.ts';
import { testDevice } from '../tests/gpu.ts';
import { runKernel } from '../tests/kernels.ts';
import { TestRandom } from '../tests/random.ts';
import { softmax } from './softmax.wgsl.ts';

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

function runLoss(logits: Float32Array, labels: Uint32Array, classes: number) {
  const rows = labels.length;
  return runKernel(device, softmax({ output: 'loss' }), {
    tensors: {
      logits,
      labels,
      losses: new Float32Array(rows).fill(Number.NaN),
      correct: new Float32Array(rows).fill(Number.NaN),
      gradient: new Float32Array(rows * classes).fill(Number.NaN),
    },
    uniform: [rows, classes],
    extent: { x: rows },
  });
}

function runProbabilities(logits: Float32Array, classes: number) {
  const rows = logits.length / classes;
  return runKernel(device, softmax({ output: 'probabilities' }), {
    tensors: {
      logits,
      probabilities: new Float32Array(rows * classes).fill(Number.NaN),
      predicted: new Uint32Array(rows),
    },
    uniform: [rows, classes],
    extent: { x: rows },
  });
}

/** Everything the kernel computes, in float64 and row by row. */
function oracle(logits: Float32Array, labels: Uint32Array, classes: number) {
  const z = Float64Array.from(logits);
  const rows = labels.length;
  const probabilities = new Float64Array(z.length);
  normalize(z, probabilities, rows, classes);
  const gradient = probabilities.slice();
  crossEntropyGradient(gradient, labels, rows, classes);
  const each = Array.from(labels, (_, i) => {
    return crossEntropy(z.subarray(i * classes), labels.subarray(i, i + 1), 1, classes);
  });
  return {
    probabilities,
    gradient,
    losses: each.map(({ sum }) => sum),
    correct: each.map(({ correct }) => correct),
  };
}

/**
 * WGSL allows exp an error of 3 + 2|x| ULP, which is at most 3.4 ULP of 1 over all e^x with x ≤ 0; the sum of `classes`
 * of them is rounded once a term, and the quotient once more.
 */
const probabilityTolerance = (classes: number) => (9 + classes) * EPSILON_32;
/** ln of a sum from 1 up: 2⁻²¹ near 1, 3 ULP above (WGSL); then the sum's own error and the logits' differences. */
const lossTolerance = (classes: number, loss: number) =>
  2 ** -21 + (9 + classes) * EPSILON_32 + 4 * EPSILON_32 * Math.abs(loss);

async function compare(logits: Float32Array, labels: Uint32Array, classes: number) {
  const rows = labels.length;
  const expected = oracle(logits, labels, classes);
  const loss = await runLoss(logits, labels, classes);
  expectClose(loss.losses, expected.losses, (i) => lossTolerance(classes, expected.losses[i]), 'losses');
  expectClose(loss.correct, expected.correct, 0, 'correct');
  expectClose(loss.gradient, expected.gradient, probabilityTolerance(classes) / rows, 'gradient');
  const prediction = await runProbabilities(logits, classes);
  expectClose(
    prediction.probabilities,
    expected.probabilities,
    probabilityTolerance(classes),
    'probabilities',
  );
  const best = Array.from(labels, (_, i) => argmax(logits, i * classes, classes));
  expect(Array.from(prediction.predicted)).toEqual(best);
}

describe('softmax', () => {
  test.each(SHAPES)('of %i×%i random logits', async (rows, classes) => {
    const random = new TestRandom(rows * classes);
    await compare(random.floats(rows * classes, 3), random.integers(rows, classes), classes);
  });

  test.each([
    ['large and positive', [1e4, 1e4 - 1, 1e4 - 2]],
    ['large and negative', [-1e4, -1e4 - 1, -1e4 - 2]],
    ['far apart', [1e4, -1e4, 0]],
    ['all equal', [0.3, 0.3, 0.3]],
    ['all zero', [0, 0, 0]],
    ['as far apart as floats can be', [1.7e38, 0, -1.7e38]],
  ])('of logits that are %s, with each label', async (_, row) => {
    await compare(Float32Array.from([...row, ...row, ...row]), Uint32Array.of(0, 1, 2), 3);
  });

  test('of more rows than workgroups of one dimension cover', async () => {
    const rows = 65_535 * 64 + 65;
    const { probabilities } = await runProbabilities(new Float32Array(rows).fill(2), 1);
    expect(probabilities.findIndex((value) => value !== 1)).toBe(-1);
  });

  test('a tie goes to the lower class', async () => {
    const { correct } = await runLoss(Float32Array.of(1, 2, 2, 1, 2, 2), Uint32Array.of(1, 2), 3);
    expect(Array.from(correct)).toEqual([1, 0]);
    const { predicted } = await runProbabilities(Float32Array.of(5, 5, 5), 3);
    expect(predicted[0]).toBe(0);
  });
});
