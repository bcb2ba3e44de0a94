import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTrainer, DestroyedError, type Trainer, type TrainerOptions } from '../../../src/index.ts';
import { countBuffers, testDevice, testGpu } from '../../helpers/devices/gpu.ts';
import { TestRandom } from '../../helpers/random.ts';
import { measurements, readsOf, rejection } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

let device: GPUDevice;
const trainers: Trainer[] = [];
beforeAll(async () => {
  device = await testDevice();
});
afterEach(() => {
  for (const trainer of trainers.splice(0)) trainer.destroy();
});

const random = new TestRandom(4);
/** More rows than a backend evaluates at a time. */
const data = random.dataset(600, 3, 4);
const other = random.dataset(700, 3, 4);

describe.each(['cpu', 'webgpu'] as const)('on %s', (backend) => {
  const create = async (options: Partial<TrainerOptions> = {}) => {
    const place = backend === 'cpu' ? {} : { device, tuning: SMALL };
    const trainer = await createTrainer({
      data,
      hidden: [16],
      learningRate: 0.1,
      backend,
      ...place,
      ...options,
    });
    trainers.push(trainer);
    return trainer;
  };

  test('simultaneous reads give the right answers', async () => {
    const trainer = await create();
    const reads = [
      () => trainer.predict(data.inputs),
      () => trainer.activations(other.inputs),
      () => trainer.predict(other.inputs),
      () => trainer.measure(),
      () => trainer.measure(other),
    ];
    const alone: unknown[] = [];
    for (const read of reads) alone.push(await read());
    expect(await Promise.all<unknown>(reads.map((read) => read()))).toEqual(alone);
  });

  test('reads during a run change none of its measurements', async () => {
    const run = { steps: 30, every: 1 };
    const alone = await measurements(await create(), run);
    const trainer = await create();
    let running = true;
    const reading = (async () => {
      while (running) {
        const { inputs } = other;
        await Promise.all([trainer.predict(inputs), trainer.activations(inputs), trainer.measure(other)]);
      }
    })();
    const table = await measurements(trainer, run);
    running = false;
    await reading;
    expect(table).toEqual(alone);
  });

  describe.each(readsOf(other))('destroy() during %s', (call, read) => {
    // The kernels compiled before, and the device's speed, decide where destroy() interrupts.
    test.each([0, 1, 2, 3, 5, 8, 13])(
      'ends it with an error that names it, %i turns later',
      async (turns) => {
        const trainer = await create();
        const work = read(trainer).then(
          () => 'done before',
          (error) => error,
        );
        let done = false;
        work.then(() => {
          done = true;
        });
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve));
        const before = done;
        trainer.destroy();
        const outcome = await work;
        if (before) return;
        expect(outcome).toBeInstanceOf(DestroyedError);
        expect((outcome as Error).message).toMatch(
          `${call.split('(')[0]}() was called on a trainer that has been destroyed`,
        );
      },
    );
  });

  test('destroy() between two measurements of a run ends it', async () => {
    const trainer = await create();
    const work = (async () => {
      for await (const { step } of trainer.run({ steps: 1000, every: 1 })) if (step === 3) trainer.destroy();
    })();
    const error = await rejection(work);
    expect(error).toBeInstanceOf(DestroyedError);
    expect((error as Error).message).toMatch(/^run\(\) was called/);
  });

  test('destroy() during an aborted run keeps the reason of the abort', async () => {
    const trainer = await create();
    const controller = new AbortController();
    const work = rejection(trainer.train(10_000_000, { signal: controller.signal }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    trainer.destroy();
    expect(await work).toBe(controller.signal.reason);
  });
});

test('destroy() during reads leaves no buffer on the caller’s device', async () => {
  const count = countBuffers(device);
  for (const turns of [0, 1, 3]) {
    const trainer = await createTrainer({ data, hidden: [16], learningRate: 0.1, device });
    const reads = [
      trainer.measure(other),
      trainer.predict(other.inputs),
      trainer.activations(other.inputs),
      trainer.gradients(),
      trainer.train(1e6),
    ];
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve));
    trainer.destroy();
    await Promise.allSettled(reads);
  }
  expect(count.alive).toBe(0);
});

test('destroy() during reads on the trainer’s own device ends all reads', async () => {
  vi.stubGlobal('navigator', { gpu: testGpu() });
  try {
    const trainer = await createTrainer({ data, hidden: [16], learningRate: 0.1, backend: 'webgpu' });
    const checkpoint = await trainer.save();
    const reads = [
      trainer.measure(other),
      trainer.predict(other.inputs),
      trainer.activations(other.inputs),
      trainer.gradients(),
      trainer.restore(checkpoint),
      trainer.save(),
      trainer.train(1_000_000),
    ];
    trainer.destroy();
    for (const error of await Promise.all(reads.map(rejection))) expect(error).toBeInstanceOf(DestroyedError);
  } finally {
    vi.unstubAllGlobals();
  }
});
