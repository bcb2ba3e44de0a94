import { afterEach, expect, test, vi } from 'vitest';
import { EPSILON_32, expectClose } from '../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { createTrainer, type TrainerOptions } from '../index.ts';

afterEach(() => void vi.unstubAllGlobals());

const optionsFor = (count: number, precision: 'single' | 'double') =>
  ({
    data: new TestRandom(1).dataset(count, 3, 2),
    hidden: [40],
    learningRate: 0.1,
    l2: 0,
    optimizer: { name: 'sgd', momentum: 0.5 },
    backend: 'cpu',
    precision,
  }) satisfies TrainerOptions;

test.each([
  ['single', 255],
  ['single', 256],
  ['single', 257],
  ['single', 2000],
  ['double', 255],
  ['double', 256],
  ['double', 257],
  ['double', 2000],
] as const)('in %s precision, the gradients over %i rows are those of a step', async (precision, count) => {
  const trainer = await createTrainer(optionsFor(count, precision));
  const gradients = await trainer.gradients();
  await trainer.train(1);
  // The velocity after the first step is its gradient.
  const [velocity] = (await trainer.save()).optimizer.moments;
  // The gradients are below 1. Chunks are rounded to the precision, and added up in another order.
  const tolerance = count <= 256 ? 0 : precision === 'single' ? EPSILON_32 : 2 ** -48;
  velocity.forEach(({ weights, biases }, layer) => {
    expectClose(gradients[layer].weights, weights, tolerance, `dW ${layer}`);
    expectClose(gradients[layer].biases, biases, tolerance, `db ${layer}`);
  });
  trainer.destroy();
});

test.each([Float32Array, Float64Array])(
  'gradients over many rows need no %o for all of them',
  async (array) => {
    let longest = 0;
    const recording = new Proxy(array, {
      construct(target, args: [number]) {
        const made = new target(...args);
        longest = Math.max(longest, made.length);
        return made;
      },
    });
    const precision = array === Float32Array ? 'single' : 'double';
    vi.stubGlobal(array.name, recording);
    const trainer = await createTrainer(optionsFor(2000, precision));
    longest = 0;
    await trainer.gradients();
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(2000 * 40);
    trainer.destroy();
  },
);
