import { afterEach, expect, test, vi } from 'vitest';
import { endingDevice, testDevice } from '../../tests/helpers/devices/gpu.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { stepSettings } from '../../tests/helpers/step-settings.ts';
import { numberRange } from '../checks/numbers.ts';
import { CpuEngine } from '../cpu/engine.ts';
import { Divergence, type Engine } from '../engine.ts';
import { GpuEngine } from '../gpu/engine.ts';
import { createTrainer, type TrainerOptions } from '../index.ts';
import { SettingsRecord } from '../options/step-settings.ts';
import { DeviceLostError, ShaderError } from '../training-errors.ts';
import { compareEngines } from './fastest.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const options = {
  data: new TestRandom(1).dataset(40, 3, 2),
  hidden: [6],
  learningRate: 0.1,
  batchSize: 7,
  optimizer: { name: 'adam' },
  seed: 3,
} satisfies TrainerOptions;

/** An engine whose steps take some milliseconds of a clock of its own. */
function engineOf(clock: { now: number }, milliseconds: number, fails = false) {
  const calls: string[] = [];
  const engine = {
    state: async () => ({ step: 0, parameters: [], moments: [] }),
    tune: async () => void calls.push('tune'),
    async *run(steps: number) {
      clock.now += steps * milliseconds;
      calls.push('run');
      if (fails) throw new Divergence(1);
      yield { step: steps };
    },
    restore: async () => void calls.push('restore'),
  };
  return { engine: engine as unknown as Engine, calls };
}

async function compared(gpu: number, cpu: number, fails = false) {
  const clock = { now: 0 };
  vi.stubGlobal('performance', { now: () => clock.now });
  const [first, second] = [engineOf(clock, gpu, fails), engineOf(clock, cpu)];
  const settings = new SettingsRecord(stepSettings(), numberRange('single', true));
  const found = await compareEngines(first.engine, second.engine, { seed: 0, settings }, 1000, undefined);
  return { ...found, faster: found.engine === first.engine ? 'gpu' : 'cpu', first, second };
}

test('the engine with the shorter step is the faster one, and a tie counts for the GPU', async () => {
  expect(await compared(4, 2)).toMatchObject({
    faster: 'cpu',
    comparison: {
      reason: 'a step takes 4.0 ms on the GPU, 2.0 ms on the CPU',
      candidates: [
        { name: 'the GPU', milliseconds: 4 },
        { name: 'the CPU', milliseconds: 2 },
      ],
    },
  });
  expect((await compared(2, 4)).faster).toBe('gpu');
  expect((await compared(2.1, 2)).faster).toBe('gpu');
});

test('both engines are put back after each run, also after one that diverges', async () => {
  const { first, second, faster } = await compared(1, 2, true);
  expect(faster).toBe('gpu');
  expect(first.calls[0]).toBe('tune');
  for (const { calls } of [first, second]) {
    const runs = calls.filter((call) => call !== 'tune');
    expect(runs.length).toBeGreaterThan(2);
    expect(runs).toEqual(runs.map((_, i) => (i % 2 === 0 ? 'run' : 'restore')));
  }
});

test('the trainer says what was measured, and trains as on the chosen backend alone', async () => {
  const device = await testDevice();
  const trainer = await createTrainer({ ...options, device, backend: 'fastest' });
  expect(trainer.step).toBe(0);
  expect(trainer.tuning.reason).toMatch(/^a step takes \S+ ms on the GPU, \S+ ms on the CPU; /);
  expect(trainer.tuning.candidates.slice(0, 2).map(({ name }) => name)).toEqual(['the GPU', 'the CPU']);
  const own = trainer.backend === 'cpu' ? {} : { device };
  const alone = await createTrainer({ ...options, ...own, backend: trainer.backend });
  for (const one of [trainer, alone]) await one.train(20);
  expect(await trainer.save()).toEqual(await alone.save());
  trainer.destroy();
  alone.destroy();
});

test('a function for the learning rate is called for no step of the comparison', async () => {
  const device = await testDevice();
  const learningRate = vi.fn((step: number) => {
    if (step > 2) throw new Error('there is no such step');
    return 0.1;
  });
  await using trainer = await createTrainer({ ...options, learningRate, device, backend: 'fastest' });
  expect(learningRate).not.toHaveBeenCalled();
  await trainer.train(2);
  expect(Math.max(...learningRate.mock.calls.flat())).toBeLessThan(3);
});

test('a GPU that refuses a kernel of the comparison leaves the CPU, with the reason', async () => {
  const device = await testDevice();
  vi.spyOn(GpuEngine.prototype, 'tune').mockRejectedValue(new ShaderError('no such kernel'));
  await using trainer = await createTrainer({ ...options, device, backend: 'fastest' });
  expect(trainer.backend).toBe('cpu');
  expect(trainer.fallback).toMatch(/no such kernel/);
  expect(trainer.tuning.candidates).toEqual([]);
});

test('a comparison does not tell of the engine that replaces its own', async () => {
  const device = await endingDevice();
  const slow = vi.spyOn(CpuEngine.prototype, 'run').mockImplementation(async function* () {
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield* [];
  });
  await using trainer = await createTrainer({ ...options, device, backend: 'fastest' });
  expect(trainer.backend).toBe('webgpu');
  expect(trainer.tuning.reason).toMatch(/on the CPU; /);
  slow.mockRestore();
  device.destroy();
  await trainer.train(1);
  expect(trainer.backend).toBe('cpu');
  expect(trainer.tuning).toMatchObject({ reason: 'the only candidate', candidates: [] });
});

test('a device that is lost during the comparison leaves the CPU', async () => {
  const device = await endingDevice();
  const tune = vi.spyOn(GpuEngine.prototype, 'tune').mockImplementation(async () => {
    device.destroy();
    await device.lost;
    throw new DeviceLostError('lost in the comparison');
  });
  await using trainer = await createTrainer({ ...options, device, backend: 'fastest' });
  expect(tune).toHaveBeenCalledOnce();
  expect(trainer.backend).toBe('cpu');
  expect(trainer.recoveries).toHaveLength(1);
  expect(trainer.tuning.reason).toBe('the only candidate');
});

test('where there is no GPU it is the CPU, with the reason', async () => {
  vi.stubGlobal('navigator', {});
  const trainer = await createTrainer({ ...options, backend: 'fastest' });
  expect(trainer.backend).toBe('cpu');
  expect(trainer.fallback).toMatch(/WebGPU/);
  trainer.destroy();
});
