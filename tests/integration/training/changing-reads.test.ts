import { expect, test } from 'vitest';
import { checkGradients, spiral, type Trainer, type TrainerOptions } from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { losableGpu } from '../../helpers/devices/losses.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { measurements } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

/*
 * Settings that change while a read, a run or a recovery is at work.
 */

const trainers = testTrainers();
const data = spiral({ perClass: 12 });
const base = { data, hidden: [6], learningRate: 0.1, seed: 3, tuning: SMALL };
const CHANGES = { classWeights: [5, 0.1, 1], l1: 0.02, dropout: 0.3 };

async function microtasks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
}

test.each(['layered', 'fused', 'resident', undefined] as const)(
  '%s: reads have the settings of one moment',
  async (plan) => {
    const on = plan ? { plan, device: trainers.device } : { backend: 'cpu' as const };
    const create = (more: Partial<TrainerOptions> = {}) => trainers.create({ ...base, ...on, ...more });
    const [before, after] = [await create(), await create(CHANGES)];
    const reads: ((of: Trainer) => Promise<unknown>)[] = [(of) => of.gradients(), (of) => of.inspect()];
    for (const read of reads) {
      const either = [await read(before), await read(after)];
      for (const count of [0, 5, 20, 60]) {
        const trainer = await create();
        const reading = read(trainer);
        await microtasks(count);
        trainer.set(CHANGES);
        expect(either).toContainEqual(await reading);
      }
    }
    const trainer = await create();
    const checking = checkGradients(trainer);
    trainer.set({ classWeights: CHANGES.classWeights });
    expect((await checking).largestRelativeError).toBeLessThan(1e-3);
  },
);

test('reports after the loss of a device have the terms of their step', async () => {
  for (const measure of ['all', 'batch'] as const) {
    const tell = async (lose: boolean) => {
      const gpu = await losableGpu();
      const trainer = await trainers.create({ ...base, batchSize: 7, recovery: { interval: 1e9 } });
      await trainer.train(10);
      trainer.set(CHANGES);
      const measured = await measurements(trainer, { steps: 20, every: 1, measure });
      trainer.set({ l1: 0.1, classWeights: [1, 2, 3] });
      if (lose) gpu.loseAt('submit', 1);
      measured.push(...(await measurements(trainer, { steps: 20, every: 1, last: true, measure })));
      expect(trainer.recoveries.length).toBe(lose ? 1 : 0);
      return { measured, state: await trainer.save() };
    };
    expect(await tell(true)).toEqual(await tell(false));
  }
});

test.each(['layered', 'fused'] as const)('%s: reports change no step with dropout', async (plan) => {
  const options = { ...base, hidden: [6, 5], plan, dropout: 0.4, device: trainers.device };
  const [reporting, silent] = [await trainers.create(options), await trainers.create(options)];
  for await (const _ of reporting.run({ steps: 7, every: 1 }));
  await silent.train(7);
  expect(await reporting.save()).toEqual(await silent.save());
});

test('a restore to a time without momentum has the bits of a new trainer', async () => {
  for (const on of [{ backend: 'cpu' as const }, { device: trainers.device }]) {
    const trainer = await trainers.create({ ...base, ...on, l2: 0.01 });
    await trainer.train(3);
    const saved = await trainer.save();
    trainer.set({ momentum: 0.9 });
    await trainer.train(5);
    trainer.set({ momentum: 0 });
    const other = await trainers.create({ ...base, ...on, l2: 0.01 });
    for (const one of [trainer, other]) {
      await one.restore(saved);
      await one.train(20);
    }
    expect(await trainer.save()).toEqual(await other.save());
  }
});

test('changes of settings leave no buffers behind', async () => {
  const device = await testDevice();
  let live = 0;
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    live++;
    buffer.destroy = () => {
      live--;
      destroy();
      buffer.destroy = destroy;
    };
    return buffer;
  };
  const trainer = await trainers.create({ ...base, batchSize: 7, device });
  const change = async (weight: number) => {
    trainer.set({ classWeights: [weight, 1, 1] });
    for await (const _ of trainer.run({ steps: 4, every: 1, measure: 'batch' }));
    await trainer.measure();
    return live;
  };
  const first = await change(2);
  for (const weight of [3, 4, 5]) expect(await change(weight)).toBeLessThanOrEqual(first);
});
