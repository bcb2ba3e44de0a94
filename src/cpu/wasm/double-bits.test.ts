import { afterEach, expect, test, vi } from 'vitest';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { caseStudy, createTrainer, type TrainerOptions } from '../../index.ts';

afterEach(() => void vi.unstubAllGlobals());

/** The hash of fdlibm's exponentials in {@link hasFdlibm}, from Node 20. */
const FDLIBM = 331327519;

const data = new TestRandom(2).dataset(300, 7, 4);
const CASES: [string, TrainerOptions][] = [
  ['the case study’s linear classifier', caseStudy.linear.options],
  ['the case study’s network', caseStudy.network.options],
  [
    'batches, class weights and momentum',
    {
      data,
      hidden: [33, 9],
      learningRate: 0.1,
      l2: 0.01,
      l1: 0.001,
      batchSize: 70,
      classWeights: [1, 0.5, 3, 2],
      optimizer: { name: 'sgd', momentum: 0.9 },
    },
  ],
  [
    'leaky ReLU and dropout',
    { data, hidden: [20], activation: 'leaky-relu', dropout: 0.3, learningRate: 0.1 },
  ],
];

/** The state after 300 steps, and its loss. */
async function trained(options: TrainerOptions, kernels: RegExp) {
  const trainer = await createTrainer({ ...options, backend: 'cpu', precision: 'double' });
  expect(trainer.tuning.chosen).toMatch(kernels);
  await trainer.train(300);
  const found = { state: await trainer.save(), measured: await trainer.measure() };
  trainer.destroy();
  return found;
}

/** Whether `Math.exp` is that of fdlibm, which the kernels have: newer engines have others. */
function hasFdlibm(): boolean {
  const exponentials = new TestRandom(1971).normals(20_000).map((x) => Math.exp(-5 * Math.abs(x)));
  const hash = new Uint32Array(exponentials.buffer).reduce((sum, word) => (Math.imul(sum, 31) + word) >>> 0);
  return hash === FDLIBM;
}

async function expectSameBits(options: TrainerOptions): Promise<void> {
  const fast = await trained(options, /^WebAssembly/);
  vi.stubGlobal('WebAssembly', undefined);
  expect(await trained(options, /^plain loops/)).toEqual(fast);
}

test.runIf(hasFdlibm()).each(CASES)('in double precision, %s has the bits of plain loops', (_, options) =>
  expectSameBits(options),
);

test('in double precision, the hinge loss has the bits of plain loops, whatever Math.exp is', () =>
  expectSameBits({ data, hidden: [20, 5], loss: 'hinge', l2: 0.001, batchSize: 90, learningRate: 0.1 }));
