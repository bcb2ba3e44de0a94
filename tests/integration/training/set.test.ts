import { expect, test } from 'vitest';
import {
  type Changes,
  DestroyedError,
  type Measurement,
  NonFiniteError,
  type Optimizer,
  OptionError,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { losableGpu } from '../../helpers/devices/losses.ts';
import { lowerLimits } from '../../helpers/devices/lowered-limits.ts';
import { TestRandom } from '../../helpers/random.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { measurements, rejection } from '../../helpers/trainers/training.ts';
import { AMPLE, SMALL } from '../../helpers/trainers/tuning.ts';

const trainers = testTrainers();
const { create } = trainers;

const data = new TestRandom(1).dataset(37, 3, 4);
const base = { data, hidden: [6], learningRate: 0.05, l2: 0.01, seed: 3, tuning: SMALL };
const CHANGES = { learningRate: 0.2, l2: 0.3, l1: 0.02, weightDecay: 0.1 };

const SGD: Optimizer = { name: 'sgd' };
const MOMENTUM: Optimizer = { name: 'sgd', momentum: 0.9 };
const ADAM: Optimizer = { name: 'adam' };

/** Every pair of plan (or CPU), precision, optimizer and batch size. */
const CASES: [name: string, options: Partial<TrainerOptions>][] = [
  ['layered, single, sgd', { plan: 'layered', optimizer: SGD }],
  [
    'layered, double, adam, batches',
    { plan: 'layered', precision: 'double', optimizer: ADAM, batchSize: 10 },
  ],
  ['layered, single, momentum, batches', { plan: 'layered', optimizer: MOMENTUM, batchSize: 10 }],
  ['fused, single, momentum', { plan: 'fused', optimizer: MOMENTUM }],
  ['fused, double, sgd, batches', { plan: 'fused', precision: 'double', optimizer: SGD, batchSize: 10 }],
  ['fused, single, adam', { plan: 'fused', optimizer: ADAM }],
  ['fused by layers, single, adam', { plan: 'fused', hidden: [6, 5], optimizer: ADAM, batchSize: 10 }],
  ['resident, single, adam, batches', { plan: 'resident', optimizer: ADAM, batchSize: 10 }],
  ['resident, double, momentum', { plan: 'resident', precision: 'double', optimizer: MOMENTUM }],
  ['resident, single, sgd', { plan: 'resident', optimizer: SGD }],
  ['CPU, single, momentum, batches', { backend: 'cpu', optimizer: MOMENTUM, batchSize: 10 }],
  ['CPU, double, adam', { backend: 'cpu', precision: 'double', optimizer: ADAM }],
  ['CPU, single, sgd', { backend: 'cpu', optimizer: SGD }],
];

/**
 * The measurements of a new trainer with other settings, from step `step` on over `steps` steps.
 */
async function restored(
  options: TrainerOptions,
  step: number,
  changes: Changes,
  steps: number,
  every: number,
): Promise<{ trainer: Trainer; measured: Measurement[] }> {
  const before = await create(options);
  await before.train(step);
  const trainer = await create({ ...options, ...changes });
  await trainer.restore(await before.save());
  return { trainer, measured: await measurements(trainer, { steps, every }) };
}

async function expectSame(trainer: Trainer, expected: Trainer): Promise<void> {
  expect(await trainer.save()).toEqual(await expected.save());
  expect(await trainer.measure()).toEqual(await expected.measure());
}

test.each(CASES)('%s: after a change, the bits are those of a new trainer', async (_, given) => {
  const options = { ...base, device: trainers.device, ...given };
  const trainer = await create(options);
  await trainer.train(3);
  trainer.set({ l2: 0.1 });
  const [steps, every] = [300, 2];
  const measured: Measurement[] = [];
  let changed = -1;
  for await (const measurement of trainer.run({ steps, every })) {
    measured.push(measurement);
    if (measurement.step !== 8) continue;
    trainer.set(CHANGES);
    changed = trainer.step;
  }
  expect(measured.map(({ step }) => step)).toEqual(Array.from({ length: 150 }, (_, i) => 4 + 2 * i));
  const first = await restored(options, 3, { l2: 0.1 }, changed - 3, every);
  const second = await create({ ...options, ...CHANGES });
  await second.restore(await first.trainer.save());
  first.measured.push(...(await measurements(second, { steps: 303 - changed, every })));
  // The CPU measures its step before the settings change.
  const others = ({ step }: Measurement) => step !== changed;
  expect(measured.filter(others)).toEqual(first.measured.filter(others));
  await expectSame(trainer, second);
});

test.each(['webgpu', 'cpu'] as const)('on %s, every look at a trainer sees the change', async (backend) => {
  const options = { ...base, backend, ...(backend === 'webgpu' && { device: trainers.device }) };
  const trainer = await create(options);
  await trainer.train(4);
  trainer.set(CHANGES);
  const { trainer: expected } = await restored(options, 4, CHANGES, 0, 1);
  await expectSame(trainer, expected);
  expect(await trainer.gradients()).toEqual(await expected.gradients());
  expect(await trainer.inspect()).toEqual(await expected.inspect());
});

test('settings that are not named stay as they are, and so do all settings in a restore', async () => {
  const options = { ...base, device: trainers.device };
  const trainer = await create(options);
  const start = await trainer.save();
  await trainer.train(3);
  trainer.set({ l2: 0.5 });
  trainer.set({ learningRate: 0.125 });
  trainer.set({});
  await trainer.restore(start);
  await trainer.train(5);
  const expected = await create({ ...options, l2: 0.5, learningRate: 0.125 });
  await expected.train(5);
  await expectSame(trainer, expected);
});

test('a measurement at work keeps the L2 term of its step', async () => {
  const trainer = await create({ ...base, backend: 'cpu' });
  const before = await trainer.measure();
  const underWay = trainer.measure();
  trainer.set({ l2: 100 * base.l2 });
  expect(await underWay).toEqual(before);
  expect((await trainer.measure()).l2Loss).toBeCloseTo(100 * before.l2Loss, 10);
});

test('the lines of a step have an L2 term only while λ is not 0', async () => {
  const trainer = await create({ ...base, l2: 0, backend: 'cpu' });
  const update = () => trainer.operations.find(({ name }) => name === 'update W 0')?.formula;
  expect(update()).not.toContain('λ');
  trainer.set({ l2: 0.5 });
  expect(update()).toContain('λ');
});

test('an invalid change is refused, and no setting changes', async () => {
  const options = { ...base, backend: 'cpu' as const };
  const trainer = await create(options);
  const refused: [string, object][] = [
    ['learningRate', { l2: 1, learningRate: -1 }],
    ['learningRate', { learningRate: 1e31 }],
    ['learningRate', { learningRate: '1' }],
    ['l2', { l2: Number.NaN }],
    ['l2', { l2: null }],
    ['lr', { lr: 1 }],
    ['learning_rate', { learning_rate: 1 }],
    ['batchSize', { batchSize: 5 }],
    ['toString', { toString: 1 }],
  ];
  for (const [option, changes] of refused) {
    expect(() => trainer.set(changes as Changes), option).toThrow(OptionError);
    expect(() => trainer.set(changes as Changes)).toThrow(expect.objectContaining({ option }));
  }
  for (const nothing of [undefined, null, 0.1]) {
    expect(() => trainer.set(nothing as never)).toThrow(OptionError);
  }
  await trainer.train(4);
  const expected = await create(options);
  await expected.train(4);
  await expectSame(trainer, expected);
  trainer.destroy();
  expect(() => trainer.set({ l2: 1 })).toThrow(DestroyedError);
});

test('after the loss of a device each step is repeated with its own settings', async () => {
  const options = { ...base, hidden: [7], optimizer: ADAM, batchSize: 10, recovery: { interval: 1e9 } };
  const tell = async (losing: boolean) => {
    const gpu = await losableGpu();
    const trainer = await create(options);
    await trainer.train(20);
    trainer.set({ learningRate: 0.2 });
    const measured = await measurements(trainer, { steps: 30, every: 5 });
    trainer.set({ l2: 0.4 });
    if (losing) gpu.loseAt('submit', 1);
    measured.push(...(await measurements(trainer, { steps: 30, every: 5 })));
    expect(trainer.recoveries.length).toBe(losing ? 1 : 0);
    return { measured, state: await trainer.save() };
  };
  expect(await tell(true)).toEqual(await tell(false));
});

test('also if the device is lost in the run in which the settings changed', async () => {
  const options = { ...base, hidden: [7], recovery: { interval: 1e9 } };
  const gpu = await losableGpu();
  const trainer = await create(options);
  let changed = -1;
  for await (const { step } of trainer.run({ steps: 400, every: 10 })) {
    if (step !== 10) continue;
    trainer.set(CHANGES);
    changed = trainer.step;
    gpu.loseAt('submit', 1);
  }
  expect(trainer.recoveries.length).toBe(1);
  const expected = await restored(options, changed, CHANGES, 400 - changed, 10);
  await expectSame(trainer, expected.trainer);
});

test('a change after a restore begins there, also if both wait for another device', async () => {
  const options = { ...base, hidden: [7], recovery: { interval: 1e9 } };
  const gpu = await losableGpu();
  const trainer = await create(options);
  await trainer.train(5);
  const before = await trainer.save();
  await trainer.train(20);
  gpu.loseAt('submit', 1);
  const reading = trainer.parameters();
  await expect.poll(() => gpu.devices.length).toBe(2);
  const restored = trainer.restore(before);
  expect(trainer.step).toBe(5);
  trainer.set(CHANGES);
  await Promise.all([reading, restored]);
  await trainer.train(10);
  const expected = await create({ ...options, ...CHANGES });
  await expected.restore(before);
  await expected.train(10);
  await expectSame(trainer, expected);
});

test('a divergence is diagnosed with the settings of each step', async () => {
  const options = { ...base, device: trainers.device, recovery: { interval: 1e9 } };
  const trainer = await create(options);
  await trainer.train(5);
  const before = await trainer.save();
  trainer.set({ learningRate: 1e30, l2: 1e30 });
  const error = (await rejection(trainer.train(50))) as NonFiniteError;
  expect(error).toBeInstanceOf(NonFiniteError);
  expect(error.step).toBe(6);
  expect(error.checkpoint).toEqual(before);
  trainer.set(CHANGES);
  await trainer.restore(before);
  await trainer.train(10);
  await expectSame(trainer, (await restored(options, 5, CHANGES, 10, 100)).trainer);
});

test('candidates of the tuner make the same steps whatever settings change meanwhile', async () => {
  const options = { ...base, hidden: [9], tuning: { budget: AMPLE, cache: new Map() } };
  const trainer = await create({ ...options, device: trainers.device });
  let l2 = 0;
  const change = setInterval(() => trainer.set({ l2: ++l2 / 1000 }), 1);
  const { candidates } = await trainer.tune();
  clearInterval(change);
  expect(l2).toBeGreaterThan(0);
  expect(candidates.length).toBeGreaterThan(1);
  expect(candidates.filter(({ rejected }) => rejected?.includes('bits'))).toEqual([]);
});

test('rows that are sent for a step do not fix its settings', async () => {
  const small = await testDevice();
  lowerLimits(small, 64 * 1024);
  const rows = new TestRandom(8).dataset(5000, 12, 3);
  const options = { ...base, data: rows, hidden: [5], batchSize: 200 };
  const trainer = await create({ ...options, device: small });
  const popErrorScope = small.popErrorScope.bind(small);
  /** The last change before each step. */
  const changes = new Map<number, Changes>();
  let count = 0;
  // Changes the settings each time that rows are sent.
  small.popErrorScope = async () => {
    const scope = await popErrorScope();
    const change = { l2: ++count / 1000 };
    trainer.set(change);
    changes.set(trainer.step, change);
    return scope;
  };
  const measured = await measurements(trainer, { steps: 12, every: 2 });
  const expected = await create({ ...options, device: trainers.device });
  for (let step = 0; step < 12; step++) {
    expected.set(changes.get(step) ?? {});
    if (step % 2 === 0) expect(measured[step / 2]).toEqual(await expected.measure());
    await expected.train(1);
  }
  expect(await trainer.save()).toEqual(await expected.save());
});
