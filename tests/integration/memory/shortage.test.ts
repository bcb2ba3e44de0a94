import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTrainer, OutOfMemoryError, type TrainerOptions } from '../../../src/index.ts';
import { countBuffers, testDevice } from '../../helpers/devices/gpu.ts';
import { type Shortage, type ShortageKind, shortageOn } from '../../helpers/devices/shortage.ts';
import { TestRandom } from '../../helpers/random.ts';
import { readsOf, rejection, WITHOUT_SNAPSHOTS } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

let device: GPUDevice;
let shortage: Shortage;
let count: ReturnType<typeof countBuffers>;
beforeAll(async () => {
  device = await testDevice();
  shortage = shortageOn(device);
  count = countBuffers(device);
});

afterEach(() => shortage.at(0));

const random = new TestRandom(3);
const data = random.dataset(30, 3, 3);
/** More rows than one chunk. */
const many = random.dataset(4200, 3, 3);

const PLANS: [string, Partial<TrainerOptions>][] = [
  ['layered', { plan: 'layered', hidden: [5] }],
  [
    'layered, mini-batches in double precision',
    { plan: 'layered', hidden: [5, 4], batchSize: 8, precision: 'double' },
  ],
  [
    'layered, over rows enough for sums in two stages',
    { plan: 'layered', data: many, optimizer: { name: 'adam' } },
  ],
  ['fused', { plan: 'fused', hidden: [5], batchSize: 8 }],
  ['fused, layer by layer', { plan: 'fused', hidden: [5, 4], optimizer: { name: 'sgd', momentum: 0.5 } }],
  ['resident', { plan: 'resident', hidden: [5], optimizer: { name: 'adam' } }],
];
const KINDS: ShortageKind[] = ['invalid buffer', 'exception'];

describe.each(PLANS)('%s', (_, options) => {
  const create = (recovery = WITHOUT_SNAPSHOTS) =>
    createTrainer({ data, learningRate: 0.1, device, tuning: SMALL, recovery, ...options });

  test('a lack of memory for any buffer of a new trainer is an error that leaves no buffer', async () => {
    const before = count.alive;
    // The first trainer runs the device's self-test of double precision, which is not repeated.
    (await create()).destroy();
    shortage.at(0);
    (await create()).destroy();
    const asked = shortage.asked;
    expect(asked).toBeGreaterThan(10);
    for (let n = 1; n <= asked; n++) {
      shortage.at(n, KINDS[n % 2]);
      expect(await rejection(create()), `buffer ${n}`).toBeInstanceOf(OutOfMemoryError);
      expect(count.alive, `after buffer ${n}`).toBe(before);
    }
  });

  test.each(readsOf(many))(
    '%s without enough memory is an error, and nothing else changes',
    async (_, call) => {
      const trainer = await create();
      await trainer.train(3);
      const checkpoint = await trainer.save();
      // A checkpoint keeps 53 bits of a pair of 32-bit numbers, so a restore may round.
      await trainer.restore(checkpoint);
      const before = count.alive;
      shortage.at(0);
      const expected = await call(trainer);
      const asked = shortage.asked;
      for (let n = 1; n <= asked; n++) {
        // Few buffers fail in both ways each, many buffers in turn.
        for (const kind of asked < 10 ? KINDS : [KINDS[n % 2]]) {
          shortage.at(n, kind);
          const error = await rejection(call(trainer));
          expect(error, `buffer ${n}`).toBeInstanceOf(OutOfMemoryError);
          expect(count.alive, `after buffer ${n}`).toBe(before);
        }
      }
      shortage.at(0);
      expect(await call(trainer)).toEqual(expected);
      expect(await trainer.save()).toEqual(checkpoint);
      await trainer.train(5);
      const after = await trainer.save();
      await trainer.restore(checkpoint);
      await trainer.train(5);
      expect(await trainer.save()).toEqual(after);
      trainer.destroy();
    },
  );

  test('training allocates no memory', async () => {
    const trainer = await create();
    const before = count.alive;
    shortage.at(1);
    for await (const { loss } of trainer.run({ steps: 40, every: 3 })) expect(loss).toBeGreaterThan(0);
    await trainer.train(10);
    expect(shortage.asked).toBe(0);
    expect(count.alive).toBe(before);
    trainer.destroy();
  });

  test('training goes on if a snapshot finds no memory', async () => {
    const undisturbed = await create();
    const trainer = await create({ interval: 0 });
    const before = count.alive;
    let steps = 0;
    for (const kind of [...KINDS, ...KINDS]) {
      shortage.at(1, kind);
      // No snapshot begins before the last one has ended.
      for (; shortage.asked === 0 && steps < 5000; steps += 5) await trainer.train(5);
      expect(shortage.asked).toBeGreaterThan(0);
    }
    shortage.at(0);
    // The last snapshot may still be at work.
    await vi.waitFor(() => expect(count.alive).toBe(before), { timeout: 20_000 });
    await undisturbed.train(steps);
    expect(await trainer.save()).toEqual(await undisturbed.save());
    for (const each of [trainer, undisturbed]) each.destroy();
  });
});

test('a candidate without memory is rejected, and training goes on with the same numbers', async () => {
  const options = { data, hidden: [5], learningRate: 0.1, device, recovery: WITHOUT_SNAPSHOTS };
  const reference = await createTrainer({ ...options, tuning: SMALL });
  await reference.train(5);
  const before = count.alive;
  for (let n = 1; n < 60; n += 7) {
    const trainer = await createTrainer({ ...options, tuning: { cache: new Map() } });
    const made = count.alive;
    shortage.at(n);
    expect((await trainer.tune()).done).toBe(true);
    shortage.at(0);
    await trainer.train(5);
    expect(await trainer.parameters()).toEqual(await reference.parameters());
    expect(count.alive - made, String(n)).toBeLessThan(10);
    trainer.destroy();
    expect(count.alive).toBe(before);
  }
  reference.destroy();
});

test('after a lack of memory in the self-test of double precision a trainer can be created later', async () => {
  const own = await testDevice();
  const shortage = shortageOn(own);
  const count = countBuffers(own);
  const create = () => createTrainer({ data, learningRate: 0.1, precision: 'double', device: own });
  for (const n of [1, 2, 5, 24]) {
    shortage.at(n);
    expect(await rejection(create())).toBeInstanceOf(OutOfMemoryError);
    expect(count.alive).toBe(0);
  }
  shortage.at(0);
  const trainer = await create();
  await trainer.train(2);
  trainer.destroy();
  expect(count.alive).toBe(0);
});
