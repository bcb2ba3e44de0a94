import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTrainer, OptionError, type Trainer, timeKernels, workDone } from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { LateDevice } from '../../helpers/devices/late-device.ts';
import { TestRandom } from '../../helpers/random.ts';
import { rejection } from '../../helpers/trainers/training.ts';

/** Milliseconds between two answers of Firefox. */
const PERIOD = 100;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function optionsOn(device: GPUDevice) {
  const data = new TestRandom(1).dataset(30, 3, 4);
  return { data, hidden: [8], learningRate: 0.01, device, tuning: { cache: new Map<string, string>() } };
}

describe('on a device that answers every 100 ms', () => {
  let late: LateDevice;
  let options: ReturnType<typeof optionsOn>;
  let trainer: Trainer;
  let creation: number;

  beforeEach(async () => {
    const device = await testDevice();
    late = new LateDevice(device, PERIOD);
    options = optionsOn(device);
    const { milliseconds, result } = await late.time(() => createTrainer(options));
    [creation, trainer] = [milliseconds, result];
  });
  afterEach(() => trainer.destroy());

  const took = async (work: () => Promise<unknown>) => (await late.time(work)).milliseconds;

  test('createTrainer takes less than one answer', () => {
    expect(creation).toBeLessThan(PERIOD);
  });

  test('every call takes a few milliseconds', async () => {
    const { data } = options;
    const calls = [
      () => trainer.measure(),
      () => trainer.measure(data),
      () => trainer.train(20),
      () => trainer.predict(data.inputs),
      () => trainer.save(),
      () => trainer.inspect(),
    ];
    for (const call of calls) expect(await took(call), call.toString()).toBeLessThan(30);
    expect(await took(calls[0])).toBeLessThan(10);
  });

  test('tune tries every candidate within its budget', async () => {
    expect(await took(() => trainer.tune())).toBeLessThan(PERIOD);
    const { candidates, reason } = trainer.tuning;
    expect(reason).toBe(`the fastest of ${candidates.length} of ${candidates.length} candidates here`);
    expect(candidates.length).toBeGreaterThan(1);
  });

  test('the times of kernels are not those of the answers', async () => {
    const { result } = await late.time(() => timeKernels(options, { repetitions: 2 }));
    for (const { label, milliseconds } of result)
      for (const time of milliseconds) expect(time, label).toBeLessThan(1);
  });

  test('workDone waits for a reminder', async () => {
    const { device } = options;
    device.queue.submit([device.createCommandEncoder().finish()]);
    expect(await took(() => workDone(device))).toBeLessThan(10);
  });

  test('nothing is submitted, and no timer is set, while the device owes nothing', async () => {
    await late.time(() => trainer.measure());
    const { reminders } = late;
    expect(reminders).toBeGreaterThan(0);
    for (let i = 0; i < 300; i++) {
      await late.pass();
      vi.advanceTimersByTime(10);
    }
    expect(late.reminders).toBe(reminders);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a prompt device is never reminded', async () => {
  const device = await testDevice();
  const prompt = new LateDevice(device, 0);
  const { result: trainer } = await prompt.time(() => createTrainer(optionsOn(device)));
  // Creation has compared the device with the CPU, and freed the memory of that.
  expect(prompt.reminders).toBe(1);
  await prompt.time(async () => {
    await trainer.measure();
    await trainer.train(100);
    await trainer.tune();
  });
  expect(prompt.reminders).toBe(1);
  trainer.destroy();
});

test('workDone refuses what is no device', async () => {
  expect(await rejection(workDone({} as GPUDevice))).toBeInstanceOf(OptionError);
});
