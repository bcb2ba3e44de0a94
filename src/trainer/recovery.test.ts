import { afterEach, describe, expect, test, vi } from 'vitest';

import { gate } from '../../tests/helpers/devices/gate.ts';
import { testDevice } from '../../tests/helpers/devices/gpu.ts';
import { type DeviceCall, type LosableGpu, losableGpu } from '../../tests/helpers/devices/losses.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { ALL } from '../../tests/helpers/tier.ts';
import {
  abortDelay,
  measurements,
  rejection,
  WITHOUT_SNAPSHOTS,
} from '../../tests/helpers/trainers/training.ts';
import { AMPLE, SMALL } from '../../tests/helpers/trainers/tuning.ts';

import {
  createTrainer,
  DestroyedError,
  DeviceLostError,
  NonFiniteError,
  type Trainer,
  type TrainerOptions,
} from '../index.ts';

const data = new TestRandom(1).dataset(60, 3, 4);
const OPTIONS: TrainerOptions = {
  data,
  // Every device that can be lost compiles its kernels again, so the default network has few
  // kernels.
  hidden: ALL ? [8] : [],
  learningRate: 0.05,
  optimizer: { name: 'adam' },
  batchSize: 16,
  seed: 3,
  tuning: SMALL,
};

const trainers: Trainer[] = [];
const create = async (options: Partial<TrainerOptions> = {}) => {
  const trainer = await createTrainer({ ...OPTIONS, ...options });
  trainers.push(trainer);
  return trainer;
};
/** A trainer whose device is not lost. */
const createUndisturbed = async (options: Partial<TrainerOptions> = {}) =>
  create({ ...options, device: await testDevice() });
afterEach(() => {
  vi.useRealTimers();
  for (const trainer of trainers.splice(0)) trainer.destroy();
});

/**
 * Uses a trainer as a program does. @returns all answers
 * @param skipped chapters to skip, whose kernels no other chapter needs
 */
async function story(
  options: Partial<TrainerOptions>,
  skipped: Chapter[],
  disturb: (chapter: Chapter) => void = () => {},
) {
  const told: unknown[] = [];
  disturb('compiling');
  const trainer = await create(options);
  disturb('training');
  await trainer.train(70);
  told.push(trainer.step);
  disturb('measuring');
  told.push(await trainer.measure(), await trainer.measure(data));
  disturb('a run');
  told.push(await measurements(trainer, { steps: 40, every: 4 }));
  if (!skipped.includes('reading back')) {
    disturb('reading back');
    told.push(await trainer.predict(data.inputs), await trainer.activations(data.inputs));
    told.push(await trainer.gradients());
  }
  if (!skipped.includes('inspecting')) {
    disturb('inspecting');
    told.push(await trainer.inspect());
  }
  disturb('saving');
  const checkpoint = await trainer.save();
  told.push(checkpoint);
  disturb('tuning');
  await trainer.tune();
  disturb('restoring');
  await trainer.restore(checkpoint);
  await trainer.train(9);
  disturb('the end');
  told.push(trainer.step, await trainer.parameters());
  return { told, trainer };
}

const CHAPTERS = [
  'compiling',
  'training',
  'measuring',
  'a run',
  'reading back',
  'inspecting',
  'saving',
  'tuning',
  'restoring',
  'the end',
] as const;
type Chapter = (typeof CHAPTERS)[number];

describe('a device that is lost', () => {
  /**
   * The calls of each chapter at which the device is lost: by default the first, in the tier `all`
   * every one. Some chapters compile nothing.
   */
  const deviceCalls: Record<Chapter, [DeviceCall, number][]> = {
    compiling: [
      ['createComputePipelineAsync', 1],
      ['createBuffer', 5],
    ],
    training: [
      ['mapAsync', 2],
      ['submit', 1],
      ['createBuffer', 1],
    ],
    measuring: [
      ['submit', 1],
      ['mapAsync', 2],
    ],
    'a run': [
      ['submit', 2],
      ['mapAsync', 1],
    ],
    'reading back': [
      ['createBuffer', 4],
      ['submit', 3],
      ['mapAsync', 1],
    ],
    inspecting: [
      ['createBuffer', 30],
      ['submit', 2],
      ['mapAsync', 3],
    ],
    saving: [
      ['mapAsync', 1],
      ['submit', 1],
    ],
    tuning: [['submit', 1]],
    restoring: [['submit', 1]],
    'the end': [['mapAsync', 1]],
  };
  const cases = CHAPTERS.flatMap((chapter) =>
    deviceCalls[chapter]
      .slice(0, ALL ? undefined : 1)
      .map(([deviceCall, count]) => [chapter, deviceCall, count] as const),
  );
  const LOOKS: Chapter[] = ['reading back', 'inspecting'];

  test.each(cases)('during %s, at %s number %i, changes no answer', async (chapter, deviceCall, count) => {
    const gpu = await losableGpu();
    const skipped = ALL ? [] : LOOKS.filter((look) => look !== chapter);
    // By default only the chapters that read layers have a hidden layer.
    const hidden = ALL || LOOKS.includes(chapter) ? [8] : [];
    const { told: expected } = await story({ hidden, device: await testDevice() }, skipped);
    // The tuner works only without a cached choice.
    const tuning = chapter === 'tuning' ? { cache: new Map() } : SMALL;
    const { told, trainer } = await story({ hidden, tuning }, skipped, (now) => {
      if (now === chapter) gpu.loseAt(deviceCall, count);
    });
    expect(told).toEqual(expected);
    expect(trainer.recoveries.map(({ backend }) => backend)).toEqual(['webgpu']);
  });

  test.each([
    { when: 'while the steps of the first loss are repeated', submission: 2, recoveries: 1 },
    { when: 'later in the same run', submission: 1, recoveries: 2 },
  ])('and a second loss $when change no answer', async ({ submission, recoveries }) => {
    const gpu = await losableGpu(2);
    const every = 100;
    // Recovery repeats all earlier steps: more than one submission.
    const trainer = await create({ recovery: WITHOUT_SNAPSHOTS });
    const table: unknown[] = [];
    let armed = false;
    /** The step from which the last device goes on; later steps are its own work. */
    let until = Number.POSITIVE_INFINITY;
    // The run is long enough for machines of any speed.
    for await (const measurement of trainer.run({ steps: 10_000_000, every })) {
      table.push(measurement);
      if (table.length === 5) gpu.lose();
      if (!armed && table.length >= 5 && trainer.recoveries.length + 1 >= recoveries) {
        gpu.loseAt('submit', submission);
        armed = true;
      }
      if (measurement.step > until) break;
      if (gpu.devices.length === 3 && trainer.recoveries.length === recoveries) {
        until = Math.min(until, trainer.step);
      }
    }
    expect(trainer.recoveries).toHaveLength(recoveries);
    expect(table).toEqual(
      await measurements(await createUndisturbed(), { steps: every * table.length, every }),
    );
  });

  test('goes on from a snapshot, not from the start', async () => {
    const gpu = await losableGpu();
    const trainer = await create({ recovery: { interval: 1 }, batchSize: 60 });
    await trainer.train(999);
    // The next run begins with a snapshot, which is read when a later read is.
    await trainer.parameters();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await trainer.train(1);
    await trainer.parameters();
    gpu.lose();
    await trainer.train(1000);
    const [recovery] = trainer.recoveries;
    expect(recovery).toMatchObject({ backend: 'webgpu' });
    expect(recovery.step).toBeGreaterThan(0);
    expect(recovery.step).toBeLessThanOrEqual(1000);
    const undisturbed = await createUndisturbed({ batchSize: 60 });
    await undisturbed.train(2000);
    expect(await trainer.save()).toEqual(await undisturbed.save());
  });

  test('in double precision changes no bit, though a float64 cannot hold every pair of words', async () => {
    const gpu = await losableGpu(2);
    const options: Partial<TrainerOptions> = {
      data: new TestRandom(1).dataset(60, 40, 4),
      precision: 'double',
      recovery: { interval: 1 },
    };
    const [trainer, undisturbed] = [await create(options), await createUndisturbed(options)];
    for (let i = 0; i < 2; i++) {
      await trainer.train(40);
      gpu.lose();
    }
    await trainer.train(40);
    await undisturbed.train(120);
    expect(await trainer.save()).toEqual(await undisturbed.save());
    expect(trainer.recoveries).toHaveLength(2);
  });

  test('is replaced separately for each of many trainers', async () => {
    const gpu = await losableGpu(4);
    const all = await Promise.all(Array.from({ length: 4 }, (_, seed) => create({ seed })));
    const work = all.map((trainer) => trainer.train(300));
    await new Promise((resolve) => setTimeout(resolve, 10));
    for (const device of gpu.devices.slice()) device.destroy();
    await Promise.all(work);
    for (const [seed, trainer] of all.entries()) {
      const undisturbed = await createUndisturbed({ seed });
      await undisturbed.train(300);
      expect(await trainer.save()).toEqual(await undisturbed.save());
      expect(trainer.recoveries).toHaveLength(1);
    }
  });

  test('during simultaneous reads is replaced once', async () => {
    const gpu = await losableGpu();
    const trainer = await create();
    await trainer.train(20);
    const reads = () => [
      trainer.measure(),
      trainer.predict(data.inputs),
      trainer.gradients(),
      trainer.save(),
    ];
    const expected = await Promise.all<unknown>(reads());
    gpu.lose();
    expect(await Promise.all<unknown>(reads())).toEqual(expected);
    expect(gpu.devices).toHaveLength(2);
    expect(trainer.recoveries).toHaveLength(1);
  });

  test('delays an answer, which still belongs to the arguments at the time of the call', async () => {
    const gpu = await losableGpu();
    const trainer = await create();
    const inputs = data.inputs.slice();
    const expected = await trainer.predict(inputs);
    gpu.lose();
    const work = trainer.predict(inputs);
    inputs.fill(0);
    expect(await work).toEqual(expected);
  });
});

describe('calls at work during a loss', () => {
  test('all throw a DeviceLostError if the device is not replaced', async () => {
    const gpu = await losableGpu();
    const trainer = await create({ recovery: false });
    await trainer.train(10);
    const run = trainer.run({ steps: 1000, every: 1 });
    await run.next();
    gpu.lose();
    const calls = [
      trainer.measure(),
      trainer.measure(data),
      trainer.predict(data.inputs),
      trainer.gradients(),
      trainer.save(),
    ];
    for (const error of await Promise.all(calls.map(rejection)))
      expect(error).toBeInstanceOf(DeviceLostError);
    const rest = (async () => {
      for await (const _ of run);
    })();
    expect(await rejection(rest)).toBeInstanceOf(DeviceLostError);
  });

  test('tuning does not count the loss as a result', async () => {
    const gpu = await losableGpu();
    const [cache, undisturbed] = [new Map<string, string>(), new Map<string, string>()];
    const trainer = await create({ hidden: [], tuning: { cache, budget: AMPLE } });
    gpu.lose();
    await trainer.tune();
    expect(trainer.recoveries).toHaveLength(1);
    expect(trainer.tuning.candidates.some(({ rejected }) => /lost/.test(rejected ?? ''))).toBe(false);
    await (await createUndisturbed({ hidden: [], tuning: { cache: undisturbed, budget: 1 } })).tune();
    expect([...cache.keys()]).toEqual([...undisturbed.keys()]);
  });

  test('a run whose engine is replaced between two measurements never falls behind its last measurement', async () => {
    const gpu = await losableGpu();
    const trainer = await create({ batchSize: 60 });
    const expected = await createUndisturbed({ batchSize: 60 });
    let lost = false;
    let told = -1;
    for await (const measurement of trainer.run({ steps: 2000, every: 1 })) {
      expect(measurement.step).toBe(told + 1);
      told = measurement.step;
      const ahead = trainer.step - told;
      // On a busy machine training never gets far ahead.
      if (!lost && (ahead > 20 || (told >= 200 && ahead > 1))) {
        lost = true;
        gpu.lose();
        await trainer.measure();
      }
      expect(trainer.step).toBeGreaterThanOrEqual(told);
      if (lost && told > 600) break;
    }
    expect(lost).toBe(true);
    const { step } = trainer;
    expect(step).toBeGreaterThanOrEqual(told);
    await expected.train(step);
    expect(await trainer.save()).toEqual(await expected.save());
  });

  test('a reported step stays reported', async () => {
    const gpu = await losableGpu();
    const trainer = await create();
    const controller = new AbortController();
    const work = rejection(trainer.train(1e7, { signal: controller.signal }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { step } = await trainer.save();
    gpu.lose();
    expect((await trainer.save()).step).toBeGreaterThanOrEqual(step);
    controller.abort();
    await work;
  });
});

describe('a restore comes after earlier and before later calls', () => {
  const { inputs } = data;
  const calls = (trainer: Trainer) => [
    trainer.measure(),
    trainer.measure(data),
    trainer.predict(inputs),
    trainer.gradients(),
    trainer.inspect(),
    trainer.save(),
  ];

  const replaced = async (gpu: LosableGpu, trainer: Trainer) => {
    gpu.lose();
    void trainer.measure().catch(() => {});
    await expect.poll(() => gpu.devices.length).toBe(2);
  };
  const cases: [string, (gpu: LosableGpu, trainer: Trainer) => Promise<void>, lost: boolean][] = [
    ['while a device is replaced', replaced, false],
    ['before a device is lost', async () => {}, true],
    ['before a device is lost that has just replaced another', replaced, true],
  ];

  test.each(cases)('%s', async (_, loss, lost) => {
    /** All answers, with reads and a restore in one turn, or one after the other. */
    const tell = async (gpu?: LosableGpu) => {
      const options = { recovery: WITHOUT_SNAPSHOTS };
      const trainer = await (gpu ? create(options) : createUndisturbed(options));
      const checkpoint = { ...(await trainer.save()), step: 500, seed: 99 };
      await trainer.train(2);
      trainer.set({ learningRate: 0.02, l2: 0.1 });
      await trainer.train(1);
      trainer.set({ l2: 0.2 });
      if (gpu) await loss(gpu, trainer);
      const before = calls(trainer);
      if (!gpu) await Promise.all<unknown>(before);
      const restored = trainer.restore(checkpoint);
      const told: unknown[] = [trainer.step];
      trainer.set({ learningRate: 0.04 });
      if (!gpu) await restored;
      const after = calls(trainer);
      if (lost) gpu?.lose();
      told.push(await Promise.all<unknown>([...before, restored, ...after]));
      await trainer.train(4);
      told.push(await trainer.save());
      return told;
    };
    expect(await tell(await losableGpu(2))).toEqual(await tell());
  });
});

describe('divergence and loss', () => {
  const diverging = { ...OPTIONS, optimizer: { name: 'sgd' }, learningRate: 1e6, l2: 1e-3 } as const;

  test('an unreported divergence is found again, and a checkpoint makes the trainer usable', async () => {
    const gpu = await losableGpu();
    const trainer = await createTrainer(diverging);
    trainers.push(trainer);
    const checkpoint = await trainer.save();
    for await (const _ of trainer.run({ steps: 1e5, every: 1 })) break;
    gpu.lose();
    const error = await rejection(trainer.train(1e5));
    expect(error).toBeInstanceOf(NonFiniteError);
    expect((error as NonFiniteError).checkpoint).toBeDefined();
    await trainer.restore(checkpoint);
    expect((await trainer.measure()).step).toBe(0);
  });

  test('a loss during the diagnosis does not prevent it', async () => {
    const gpu = await losableGpu();
    const trainer = await createTrainer(diverging);
    trainers.push(trainer);
    const work = rejection(trainer.train(1e5));
    const watch = setInterval(() => {
      // The diagnosis goes back to the start.
      if (trainer.step > 0) return;
      gpu.lose();
      clearInterval(watch);
    });
    const error = (await work) as NonFiniteError;
    clearInterval(watch);
    expect(error.tensor).toBeDefined();
    expect(error.checkpoint?.step).toBe(error.step - 1);
  });
});

describe('the third loss within a minute', () => {
  async function loseThrice(gpu: LosableGpu, trainer: Trainer) {
    await trainer.train(20);
    for (let i = 0; i < 2; i++) {
      gpu.lose();
      await trainer.measure();
    }
    gpu.lose();
  }

  test('leaves training to the CPU', async () => {
    const gpu = await losableGpu(3);
    const trainer = await create({ precision: 'double' });
    await loseThrice(gpu, trainer);
    await trainer.train(20);
    expect(trainer.recoveries.map(({ backend }) => backend)).toEqual(['webgpu', 'webgpu', 'cpu']);
    expect([trainer.backend, trainer.step, gpu.devices.length]).toEqual(['cpu', 40, 3]);
    const undisturbed = await create({ precision: 'double', backend: 'cpu' });
    await undisturbed.train(40);
    const [actual, expected] = [await trainer.measure(), await undisturbed.measure()];
    expect(actual.loss).toBeCloseTo(expected.loss, 10);
  });

  test('is an error with a checkpoint if the caller wants the GPU', async () => {
    const gpu = await losableGpu(3);
    const trainer = await create({ backend: 'webgpu', recovery: { interval: 0 } });
    await loseThrice(gpu, trainer);
    const error = (await rejection(trainer.train(1))) as DeviceLostError;
    expect(error).toBeInstanceOf(DeviceLostError);
    expect(error.message).toMatch(/The GPU device was lost.*Create a new trainer; restore\(\)/);
    expect(await rejection(trainer.measure())).toBeInstanceOf(DeviceLostError);
    const { checkpoint } = error;
    if (!checkpoint) throw new Error('expected a checkpoint');
    const next = await create();
    await next.restore(checkpoint);
    await next.train(40 - checkpoint.step);
    const undisturbed = await createUndisturbed();
    await undisturbed.train(40);
    expect(await next.save()).toEqual(await undisturbed.save());
  });

  test('does not count earlier losses', async () => {
    const gpu = await losableGpu(3);
    const trainer = await create({ backend: 'webgpu' });
    await loseThrice(gpu, trainer);
    expect(await rejection(trainer.measure())).toBeInstanceOf(DeviceLostError);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_001);
    await trainer.train(20);
    expect(trainer.step).toBe(40);
    vi.restoreAllMocks();
    const undisturbed = await createUndisturbed();
    await undisturbed.train(40);
    expect(await trainer.save()).toEqual(await undisturbed.save());
  });
});

describe('the options of recovery', () => {
  test('with recovery: false a loss is an error', async () => {
    const gpu = await losableGpu();
    const trainer = await create({ recovery: false });
    gpu.lose();
    const error = (await rejection(trainer.train(1))) as DeviceLostError;
    expect(error).toBeInstanceOf(DeviceLostError);
    expect(error.checkpoint?.step).toBe(0);
    expect(gpu.devices).toHaveLength(1);
  });

  test('requestDevice gives the next device, which is not destroyed', async () => {
    const gpu = await losableGpu(2);
    const request = async () => {
      const adapter = await navigator.gpu.requestAdapter();
      return (adapter as GPUAdapter).requestDevice();
    };
    const requestDevice = vi.fn(request);
    const trainer = await create({ device: await request(), recovery: { requestDevice } });
    gpu.lose();
    await trainer.train(10);
    expect(requestDevice).toHaveBeenCalledTimes(1);
    trainer.destroy();
    const lost = await Promise.race([gpu.devices[1].lost, new Promise((resolve) => setTimeout(resolve, 50))]);
    expect(lost).toBeUndefined();
    gpu.lose();
  });

  test('nothing but the CPU replaces a device of the caller, if the backend allows it', async () => {
    const gpu = await losableGpu(2);
    const request = async () => {
      const adapter = await navigator.gpu.requestAdapter();
      return (adapter as GPUAdapter).requestDevice();
    };
    const [any, wanted] = [
      await create({ device: await request() }),
      await create({ device: await request(), backend: 'webgpu' }),
    ];
    await Promise.all([any.train(5), wanted.train(5)]);
    for (const device of gpu.devices) device.destroy();
    await any.train(5);
    expect([any.backend, any.step, gpu.devices.length]).toEqual(['cpu', 10, 2]);
    expect(any.fallback).toMatch(/The GPU device was lost/);
    expect(await rejection(wanted.train(5))).toBeInstanceOf(DeviceLostError);
    expect(gpu.devices).toHaveLength(2);
  });

  test('without an adapter, the CPU takes over, or an error gives the reason', async () => {
    const gpu = await losableGpu(2);
    const [any, wanted] = [await create(), await create({ backend: 'webgpu' })];
    gpu.present = false;
    for (const device of gpu.devices) device.destroy();
    await any.train(5);
    expect(any.backend).toBe('cpu');
    const error = await rejection(wanted.train(5));
    expect(error).toBeInstanceOf(DeviceLostError);
    expect((error as Error).cause).toMatchObject({ name: 'UnsupportedError' });
  });

  test('an adapter may come back late', async () => {
    const gpu = await losableGpu();
    const trainer = await create({ backend: 'webgpu' });
    gpu.present = false;
    gpu.lose();
    setTimeout(() => {
      gpu.present = true;
    }, 100);
    await trainer.train(5);
    expect(trainer.step).toBe(5);
  });
});

describe('while a device is replaced', () => {
  /** @returns the milliseconds from an abort to its effect */
  async function abortMeanwhile(): Promise<number> {
    const gpu = await losableGpu();
    const trainer = await create({ backend: 'webgpu' });
    const controller = new AbortController();
    const lost = gate();
    let last = -1;
    const work = async () => {
      for await (const { step } of trainer.run({ steps: 1e7, every: 1, signal: controller.signal })) {
        last = step;
        if (step === 50) {
          gpu.present = false;
          gpu.lose();
          lost.open();
        }
      }
    };
    const ended = rejection(work());
    await Promise.race([lost.opened, ended]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const delay = await abortDelay(controller, ended);
    gpu.present = true;
    await trainer.measure();
    expect(trainer.step).toBeGreaterThanOrEqual(last);
    const { step } = trainer;
    const undisturbed = await createUndisturbed();
    await undisturbed.train(step);
    expect(await trainer.save()).toEqual(await undisturbed.save());
    return delay;
  }

  test('an abort takes effect, and the trainer goes on from the last reported step', async () => {
    // Other work on the machine may delay some aborts.
    const delays = [await abortMeanwhile(), await abortMeanwhile(), await abortMeanwhile()];
    expect(Math.min(...delays)).toBeLessThan(100);
  });

  test('a destroy ends all calls', async () => {
    const gpu = await losableGpu();
    const trainer = await create();
    gpu.present = false;
    gpu.lose();
    const work = [trainer.train(10), trainer.measure()].map(rejection);
    await new Promise((resolve) => setTimeout(resolve, 20));
    trainer.destroy();
    for (const error of await Promise.all(work)) {
      expect([DestroyedError, DeviceLostError]).toContain((error as Error).constructor);
    }
    expect(gpu.devices).toHaveLength(1);
  });
});
