import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testDevice } from '../tests/gpu.ts';
import { TestRandom } from '../tests/random.ts';
import { measurements } from '../tests/training.ts';
import { createTrainer, type Trainer, type TrainerOptions } from './index.ts';

let device: GPUDevice;
const trainers: Trainer[] = [];
beforeAll(async () => {
  device = await testDevice();
});
afterEach(() => {
  for (const trainer of trainers.splice(0)) trainer.destroy();
});

const random = new TestRandom(4);
/** More rows than are evaluated at a time. */
const data = random.dataset(600, 3, 4);
const other = random.dataset(700, 3, 4);

describe.each(['cpu', 'webgpu'] as const)('on %s', (backend) => {
  const create = async (options: Partial<TrainerOptions> = {}) => {
    const place = backend === 'cpu' ? {} : { device };
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

  test('reads at the same time give each its own answer', async () => {
    const trainer = await create();
    const reads = [
      () => trainer.predict(data.inputs),
      () => trainer.predict(other.inputs),
      () => trainer.measure(),
      () => trainer.measure(other),
    ];
    const alone: unknown[] = [];
    for (const read of reads) alone.push(await read());
    expect(await Promise.all<unknown>(reads.map((read) => read()))).toEqual(alone);
  });

  test('reads during a run leave its measurements alone', async () => {
    const run = { steps: 30, every: 1 };
    const alone = await measurements(await create(), run);
    const trainer = await create();
    let running = true;
    const reading = (async () => {
      while (running) await Promise.all([trainer.predict(other.inputs), trainer.measure(other)]);
    })();
    const table = await measurements(trainer, run);
    running = false;
    await reading;
    expect(table).toEqual(alone);
  });
});
