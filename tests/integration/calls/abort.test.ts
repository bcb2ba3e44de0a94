import { describe, expect, test, vi } from 'vitest';
import { delayed, untilAborted } from '../../../src/abort.ts';
import { Divergence } from '../../../src/engine.ts';
import {
  DeviceLostError,
  type Measurement,
  OutOfMemoryError,
  ShaderError,
  type TrainerOptions,
} from '../../../src/index.ts';
import { gate } from '../../helpers/devices/gate.ts';
import { delayReadings, endingDevice, testDevice } from '../../helpers/devices/gpu.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL } from '../../helpers/tier.ts';
import { inTime } from '../../helpers/trainers/hostile.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { abortDelay, measurements, rejection, WITHOUT_SNAPSHOTS } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

const trainers = testTrainers();

let turn = 0;

describe.each(trainers.backends)('%s', (_, backend) => {
  /** The tuner compiles and measures candidates during training. */
  const small = () => ({ data: new TestRandom(1).dataset(50, 3, 4), hidden: [8], tuning: {} });
  /** A step takes a hundred milliseconds or more. */
  const large = () => {
    const slow = backend().backend === 'webgpu' && backend().precision === 'double';
    return slow
      ? { data: new TestRandom(1).dataset(128, 60, 10), hidden: [128] }
      : { data: new TestRandom(1).dataset(512, 300, 10), hidden: [512] };
  };

  /** A step takes a millisecond, a measurement over all rows far longer. */
  const rows = () => ({ data: new TestRandom(1).dataset(20_000, 10, 4), hidden: [64], batchSize: 8 });

  test.each<[string, () => Pick<TrainerOptions, 'data' | 'hidden' | 'batchSize' | 'tuning'>]>([
    ['a small network', small],
    ['a network of slow steps', large],
    ['quick steps with slow measurements', rows],
  ])('an abort takes effect within 100 ms, and leaves %s at a whole step', async (_, options) => {
    const create = () => trainers.create({ learningRate: 0.01, ...backend(), ...options() });
    const trainer = await create();
    const run = async (every: number, signal: AbortSignal) => {
      for await (const _ of trainer.run({ steps: 1e9, every, signal }));
    };
    const work: ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => trainer.train(1e9, { signal }),
      (signal) => run(1, signal),
      (signal) => run(10, signal),
    ];
    // By default, one call for each network and backend.
    for (const start of ALL ? work : [work[turn++ % work.length]]) {
      const delays: number[] = [];
      for (const after of [5, 60, 100, 150]) {
        const controller = new AbortController();
        delays.push(await abortDelay(controller, rejection(start(controller.signal)), after));
      }
      // A compilation delays some aborts; a wait for too much work delays every abort. The first
      // abort, soon after the start, finds little work.
      expect(Math.min(...delays.slice(1)), start.toString()).toBeLessThan(100);
    }
    const { step } = await trainer.measure();
    expect(step).toBe(trainer.step);
    const undisturbed = await create();
    await undisturbed.train(step);
    expect(await trainer.save()).toEqual(await undisturbed.save());
  });
});

/** Reasons that mean something to a trainer where its engine throws them. */
const REASONS: [string, unknown][] = [
  ['a lost device', new DeviceLostError('of another trainer')],
  ['a refused kernel', new ShaderError('of another trainer')],
  ['a divergence', new Divergence(3)],
  ['a lack of memory', new OutOfMemoryError('another trainer', 'none left')],
  ['nothing', null],
];

describe.each(trainers.backends.filter(([name]) => name !== 'webgpu, double'))('%s', (_, backend) => {
  test.each(REASONS)('an abort for %s is no failure of this trainer', async (_, reason) => {
    const create = () =>
      trainers.create({
        data: new TestRandom(1).dataset(50, 3, 4),
        hidden: [8],
        learningRate: 0.01,
        ...backend(),
        backend: backend().backend === 'cpu' ? 'cpu' : 'auto',
        recovery: { ...WITHOUT_SNAPSHOTS, requestDevice: testDevice },
      });
    const trainer = await create();
    await trainer.train(2);
    const controller = new AbortController();
    for await (const { step } of trainer.run({ steps: 1e9, every: 1, signal: controller.signal }))
      if (step === 5) break;
    const { step: before } = trainer;
    const ended = rejection(trainer.train(1e9, { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 60);
    expect(await inTime(ended, 60_000)).toBe(reason);
    const { step } = trainer;
    expect(step).toBeGreaterThanOrEqual(before);
    expect((await trainer.measure()).step).toBe(step);
    expect(trainer.recoveries).toEqual([]);
    await trainer.train(1);
    const undisturbed = await create();
    await undisturbed.train(step + 1);
    expect(await trainer.save()).toEqual(await undisturbed.save());
  });
});

test.each(REASONS)('%s that a program throws into a run is no failure of the trainer', async (_, reason) => {
  const data = new TestRandom(1).dataset(50, 3, 4);
  const trainer = await trainers.create({ data, hidden: [8], learningRate: 0.01, backend: 'cpu' });
  const run = trainer.run({ steps: 1e9, every: 1 });
  await run.next();
  expect(await rejection(run.throw(reason))).toBe(reason);
  await trainer.train(1);
  expect(trainer.recoveries).toEqual([]);
});

test('an abort does not wait for a slow GPU', async () => {
  const device = await testDevice();
  const { opened, open } = gate();
  let hesitates = false;
  delayReadings(device, () => (hesitates ? opened : undefined));
  const data = new TestRandom(1).dataset(50, 3, 4);
  const create = () => trainers.create({ data, hidden: [8], learningRate: 0.01, device, tuning: SMALL });
  const trainer = await create();
  const controller = new AbortController();
  const told: number[] = [];
  const run = async () => {
    for await (const { step } of trainer.run({ steps: 1e9, every: 1, signal: controller.signal })) {
      told.push(step);
      if (step !== 100) continue;
      hesitates = true;
      // At the abort, all readings at work are slow.
      setTimeout(() => controller.abort(), 200);
    }
  };
  expect(await inTime(rejection(run()), 60_000)).toBe(controller.signal.reason);
  expect(told.length).toBeGreaterThan(100);
  expect(told).toEqual(Array.from(told, (_, i) => i));
  expect(trainer.step).toBeGreaterThanOrEqual(told.length);
  hesitates = false;
  open();
  const undisturbed = await create();
  await undisturbed.train(trainer.step);
  expect(await trainer.save()).toEqual(await undisturbed.save());
});

describe('measurements that arrive too late for an aborted run', () => {
  const data = new TestRandom(1).dataset(50, 3, 4);
  const options = { data, hidden: [8], learningRate: 0.01, tuning: SMALL };
  const every = 2;

  /** A trainer with pending measurements of an aborted run, which arrive after `open`. */
  async function interrupted(device?: GPUDevice) {
    device ??= await testDevice();
    const { opened, open } = gate();
    let hesitates = false;
    delayReadings(device, () => (hesitates ? opened : undefined));
    const recovery = { ...WITHOUT_SNAPSHOTS, requestDevice: testDevice };
    const trainer = await trainers.create({ ...options, device, recovery });
    const controller = new AbortController();
    const told: Measurement[] = [];
    const run = async () => {
      for await (const measurement of trainer.run({ steps: 1e9, every, signal: controller.signal })) {
        told.push(measurement);
        if (measurement.step !== 20) continue;
        hesitates = true;
        setTimeout(() => controller.abort(), 100);
      }
    };
    expect(await rejection(run())).toBe(controller.signal.reason);
    expect(told[told.length - 1].step).toBeLessThan(trainer.step - every);
    hesitates = false;
    return { trainer, told, open };
  }

  /** The measurements of an undisturbed run of `steps` steps. */
  async function undisturbed(steps: number): Promise<Measurement[]> {
    const trainer = await trainers.create({ ...options, device: trainers.device });
    return measurements(trainer, { steps, every });
  }

  test('come first in the next run', async () => {
    const { trainer, told, open } = await interrupted();
    const applied = trainer.step;
    setTimeout(open, 20);
    told.push(...(await measurements(trainer, { steps: 0, every: 1 })));
    expect(told).toEqual(await undisturbed(applied));
    told.push(...(await measurements(trainer, { steps: 10, every })));
    expect(told).toEqual(await undisturbed(applied + 10));
  });

  test('are kept while the trainer trains on', async () => {
    const { trainer, told, open } = await interrupted();
    const applied = trainer.step;
    open();
    await trainer.train(4);
    told.push(...(await measurements(trainer, { steps: 0, every })));
    expect(told).toEqual(await undisturbed(applied));
  });

  test('are kept if another run is aborted before they arrive', async () => {
    const { trainer, told, open } = await interrupted();
    const applied = trainer.step;
    const controller = new AbortController();
    const next = rejection(trainer.run({ steps: 10, every, signal: controller.signal }).next());
    controller.abort();
    expect(await next).toBe(controller.signal.reason);
    open();
    told.push(...(await measurements(trainer, { steps: 10, every })));
    expect(told).toEqual(await undisturbed(applied + 10));
  });

  test('are made again if the device is lost before they arrive', async () => {
    const device = await endingDevice();
    const { trainer, told } = await interrupted(device);
    const applied = trainer.step;
    device.destroy();
    told.push(...(await measurements(trainer, { steps: 10, every })));
    expect(trainer.recoveries.length).toBe(1);
    expect(told).toEqual(await undisturbed(applied + 10));
  });

  test('belong to no run after a restore', async () => {
    const { trainer, open } = await interrupted();
    const start = await trainers.create({ ...options, device: trainers.device });
    const restored = trainer.restore(await start.save());
    open();
    await restored;
    expect(await measurements(trainer, { steps: 30, every })).toEqual(await undisturbed(30));
  });
});

describe('waiting until an abort', () => {
  test('gives the result or the error of work that ends before the abort', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
    const failure = new Error('work');
    expect(await rejection(untilAborted(Promise.reject(failure), signal))).toBe(failure);
    expect(await untilAborted(Promise.resolve(2))).toBe(2);
  });

  test('ends at the abort while the work goes on, and leaves no listener', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const never = new Promise(() => {});
    const work = rejection(untilAborted(never, signal));
    expect(added).toHaveBeenCalledTimes(1);
    controller.abort();
    expect(await work).toBe(signal.reason);
    expect(removed.mock.calls).toEqual(added.mock.calls);
    expect(await rejection(untilAborted(never, signal))).toBe(signal.reason);
    // Work that is done before the abort comes first, also through a chain of promises.
    const done = Promise.resolve('done').then((word) => word);
    expect(await untilAborted(done, signal)).toBe('done');
  });

  test('can last for some time after the abort', async () => {
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, 'addEventListener');
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const { late, end } = delayed(controller.signal, 20);
    const start = performance.now();
    controller.abort();
    expect(late.aborted).toBe(false);
    expect(await rejection(untilAborted(new Promise(() => {}), late))).toBe(controller.signal.reason);
    expect(performance.now() - start).toBeGreaterThanOrEqual(19);
    end();
    expect(removed.mock.calls).toEqual(added.mock.calls);
    // The signal has already aborted.
    const another = delayed(controller.signal, 0);
    expect(await rejection(untilAborted(new Promise(() => {}), another.late))).toBe(controller.signal.reason);
  });
});
