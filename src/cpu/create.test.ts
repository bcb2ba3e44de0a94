import { afterEach, expect, test, vi } from 'vitest';
import { TestRandom } from '../../tests/helpers/random.ts';
import { createTrainer } from '../index.ts';

afterEach(() => void vi.restoreAllMocks());

// Browsers do not agree on the error of a policy that forbids WebAssembly.
test.each([new EvalError('refused'), new WebAssembly.CompileError('refused'), new TypeError('refused')])(
  'where WebAssembly ends in %s, plain loops train, and say so',
  async (error) => {
    const { instantiate } = WebAssembly;
    vi.spyOn(WebAssembly, 'instantiate').mockImplementation((module, imports) => {
      // Node itself has modules, which have no memory of another.
      if (imports?.env?.memory) return Promise.reject(error);
      return instantiate(module as WebAssembly.Module, imports);
    });
    const data = new TestRandom(1).dataset(9, 2, 3);
    await using trainer = await createTrainer({ data, learningRate: 1, backend: 'cpu' });
    expect(trainer.tuning.chosen).toBe('plain loops');
    expect(trainer.tuning.reason).toBe('WebAssembly is not allowed here (refused)');
    await trainer.train(1);
  },
);

test('without WebAssembly plain loops train, with the losses of WebAssembly', async () => {
  const data = new TestRandom(1).dataset(9, 2, 3);
  const options = {
    data,
    hidden: [4],
    learningRate: 0.1,
    backend: 'cpu' as const,
    precision: 'double' as const,
  };
  await using plain = await createTrainer({ ...options, webAssembly: false });
  await using fast = await createTrainer(options);
  expect(plain.tuning).toMatchObject({ chosen: 'plain loops', reason: 'WebAssembly was not wanted' });
  expect(fast.tuning.chosen).toMatch(/^WebAssembly, SIMD/);
  await Promise.all([plain.train(20), fast.train(20)]);
  expect((await plain.measure()).loss).toBeCloseTo((await fast.measure()).loss, 12);
});
