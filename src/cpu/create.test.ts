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
