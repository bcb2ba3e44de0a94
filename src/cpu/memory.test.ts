import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { TestRandom } from '../../tests/helpers/random.ts';
import { createTrainer, type TrainerOptions } from '../index.ts';

afterEach(() => void vi.restoreAllMocks());

const options = {
  data: new TestRandom(1).dataset(30, 100, 3),
  hidden: [200],
  learningRate: 0.1,
  batchSize: 10,
  backend: 'cpu',
} satisfies TrainerOptions;

test('reads and restores take memory of WebAssembly once, whatever moments there are', async () => {
  const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
  await using trainer = await createTrainer(options);
  const plain = await trainer.save();
  const some = async (momentum: number) => {
    await trainer.restore(plain);
    trainer.set({ momentum });
    await trainer.save();
    for (const { values } of await trainer.inspect()) expect(values.buffer).toBeInstanceOf(ArrayBuffer);
    await Promise.all([trainer.inspect(), trainer.measure(), trainer.gradients()]);
    await trainer.train(1);
  };
  for (let i = 0; i < 2; i++) await some(0.9);
  grow.mockClear();
  for (let i = 0; i < 20; i++) await some(0.9 * (i % 2));
  expect(grow).not.toHaveBeenCalled();
});

test('a velocity that training begins again is 0', async () => {
  await using trainer = await createTrainer(options);
  const plain = await trainer.save();
  const trained = async () => {
    await trainer.restore(plain);
    trainer.set({ momentum: 0.9 });
    await trainer.train(3);
    return trainer.save();
  };
  expect(await trained()).toEqual(await trained());
});

test('where a network does not fit WebAssembly, plain loops train it, and no thread is left', async () => {
  const { prototype } = 'Deno' in globalThis ? globalThis.Worker : Worker;
  const terminate = vi.spyOn(prototype, 'terminate');
  vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
    throw new RangeError('no more pages');
  });
  const hidden = [20_000];
  await using trainer = await createTrainer({ ...options, hidden, threads: 2 });
  expect(trainer.tuning.chosen).toBe('plain loops');
  expect(trainer.tuning.reason).toMatch(/no memory for the network .*no more pages/);
  expect(terminate).toHaveBeenCalledOnce();
});

test('kernels that could not be had are asked for again', async () => {
  // A module of its own, for which nothing is compiled.
  const again = './wasm/module.ts?again';
  const { kernelModule } = await import(again);
  vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(new TypeError('the network has failed'));
  await expect(kernelModule('double')).rejects.toThrow('the network has failed');
  expect(await kernelModule('double')).toMatchObject({ name: 'WebAssembly, SIMD' });
});
