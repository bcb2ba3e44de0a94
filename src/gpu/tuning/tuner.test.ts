import { expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { gate } from '../../../tests/helpers/devices/gate.ts';
import { countBuffers, delayReadings, testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { testTrainers } from '../../../tests/helpers/trainers/trainers.ts';
import { rejection, WITHOUT_SNAPSHOTS } from '../../../tests/helpers/trainers/training.ts';
import { AMPLE, trainUntil, trainUntilTuned } from '../../../tests/helpers/trainers/tuning.ts';
import { createTrainer, OptionError, type TrainerOptions } from '../../index.ts';
import { VERSION } from '../../version.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { queueOf } from '../device/queue.ts';

const trainers = testTrainers();

const options: TrainerOptions = {
  data: new TestRandom(1).dataset(60, 2, 3),
  hidden: [20],
  learningRate: 0.1,
  optimizer: { name: 'sgd', momentum: 0.5 },
};

/** A device for tests that do not change it. */
const shared = await testDevice();
const workgroup = isSoftwareAdapter(shared.adapterInfo) ? 64 : 256;
/** The cached text of the plan `resident`. */
const RESIDENT = { plan: 'resident', tiling: { rows: 1, units: 1, workgroup } };

/** A cache that gives one text for every key. */
const cacheOf = (kept: string) => ({ get: () => kept, set: () => new Map() });

/** Passes every kernel whose label begins with `label` through `change` before it is compiled. */
function changeKernels(device: GPUDevice, label: string, change: (code: string) => string): void {
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const code = descriptor.label?.startsWith(label) ? change(descriptor.code) : descriptor.code;
    return createShaderModule({ ...descriptor, code });
  };
}

/** The fused forward pass without the last biases. */
const withoutBiases = (code: string) => code.replace(', c_1)', ', real())');

const create = (device: GPUDevice, more: Partial<TrainerOptions> = {}) =>
  trainers.create({ ...options, device, ...more });

test('finds a candidate by measuring, with the bits of the one it began with, and remembers it', async () => {
  const device = await testDevice();
  const cache = new Map<string, string>();
  const trainer = await create(device, { tuning: { budget: AMPLE, cache } });
  expect(trainer.tuning).toMatchObject({ reason: 'not measured yet', done: false, candidates: [] });
  await trainUntilTuned(trainer);
  const { chosen, candidates } = trainer.tuning;
  const chosenOne = candidates.find(({ name }) => name === chosen);
  for (const { name, milliseconds, rejected } of candidates) {
    expect(rejected, name).toBeUndefined();
    expect(chosenOne?.milliseconds, name).toBeLessThanOrEqual(milliseconds ?? 0);
  }
  expect(new Set(candidates.map(({ name }) => name.split(',')[0]))).toEqual(new Set(['fused', 'resident']));
  expect(trainer.tuning.plan).toBe(trainer.plan);

  const untuned = await create(device, { tuning: false });
  expect(untuned.tuning.reason).toBe('tuning is off');
  await untuned.train(trainer.step);
  expect(await untuned.parameters()).toEqual(await trainer.parameters());

  expect([...cache.values()].map((kept) => JSON.parse(kept))).toEqual([
    { plan: trainer.plan, tiling: expect.any(Object) },
  ]);
  const next = await create(device, { tuning: { cache } });
  expect(next.tuning).toEqual({
    chosen,
    plan: trainer.plan,
    tiling: expect.any(Object),
    reason: expect.stringContaining('found before'),
    done: true,
    candidates: [],
  });
  const changes: Partial<TrainerOptions>[] = [{ hidden: [21] }, { activation: 'tanh' }];
  for (const change of changes) {
    const other = await create(device, { ...change, tuning: { cache } });
    expect(other.tuning.reason).toBe('not measured yet');
  }
});

test.each([
  ['', {}],
  [', though training stands still for now', { learningRate: 0 }],
])('a candidate with other bits, or that fails, is not chosen%s', async (_, settings) => {
  const device = await testDevice();
  // The resident kernel does not compile; the fused forward pass with the most rows an invocation
  // forgets the biases.
  changeKernels(device, 'resident', (code) => `${code} broken`);
  changeKernels(device, 'fused forward', (code) => (code.includes('z_7_0') ? withoutBiases(code) : code));
  const parameters = new TestRandom(2).parameters([2, 20, 3]);
  const tuning = { budget: AMPLE, cache: new Map() };
  const trainer = await create(device, { ...settings, parameters, tuning });
  const { chosen, candidates, done } = await trainer.tune();
  expect(done).toBe(true);
  expect(candidates).toMatchObject([
    { name: expect.stringMatching(/^fused, 4 rows/), milliseconds: expect.any(Number) },
    { name: expect.stringMatching(/^fused, 8 rows/), rejected: expect.stringMatching(/other bits/) },
    { name: expect.stringMatching(/^resident/), rejected: expect.stringMatching(/does not compile/) },
  ]);
  expect(chosen).toBe(candidates[0].name);
});

test('where the plan in use cannot be tried, nothing else takes over', async () => {
  const device = await testDevice();
  const createBuffer = device.createBuffer.bind(device);
  let trials = 0;
  device.createBuffer = (descriptor) => {
    if (descriptor.label === 'trial results' && trials++ === 0) throw new RangeError('no memory');
    return createBuffer(descriptor);
  };
  const cache = new Map<string, string>();
  const trainer = await create(device, { tuning: { budget: AMPLE, cache } });
  const { chosen, reason, candidates, done } = await trainer.tune();
  expect(reason).toMatch(/^nothing can be compared here: .*no memory/s);
  expect([chosen, done, candidates.length, cache.size]).toEqual([candidates[0].name, true, 1, 0]);
});

test('training begins and goes on while what was found before is compiled, which then takes over', async () => {
  const cache = cacheOf(JSON.stringify(RESIDENT));
  const device = await testDevice();
  const compiler = gate();
  const createComputePipelineAsync = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = async (descriptor) => {
    if (descriptor.label === 'resident steps') await compiler.opened;
    return createComputePipelineAsync(descriptor);
  };
  const count = countBuffers(device);
  // Snapshots also have buffers.
  const trainer = await create(device, { tuning: { cache }, recovery: WITHOUT_SNAPSHOTS });
  const before = count.alive;
  expect(trainer.tuning).toMatchObject({
    chosen: `resident, ${workgroup} invocations`,
    ...RESIDENT,
    reason: expect.stringContaining('found before'),
  });
  const start = performance.now();
  await trainUntil(trainer, () => performance.now() - start > 200);
  expect([trainer.plan, trainer.step > 0]).toEqual(['fused', true]);
  // An abort waits at most 80 ms for a slow GPU; the run then still has its trial.
  await expect.poll(() => count.alive, { message: 'buffers' }).toBe(before);
  compiler.open();
  await trainUntil(trainer, () => trainer.plan === 'resident');
  // The memory of the first plan is free: the trainer has as many buffers as one that never had
  // another plan.
  const other = await testDevice();
  const enough = countBuffers(other);
  await create(other, { plan: 'resident', tuning: false });
  await expect.poll(() => count.alive, { message: 'buffers' }).toBe(enough.alive);

  const untuned = await create(device, { tuning: false });
  await untuned.train(trainer.step);
  expect(await untuned.parameters()).toEqual(await trainer.parameters());
});

test.each([
  ['does not compile', (code: string) => `${code} broken`],
  ['has other bits', withoutBiases],
])('what was found before and fails here, as it %s, is left', async (problem, change) => {
  const device = await testDevice();
  changeKernels(device, 'resident', change);
  const parameters = new TestRandom(2).parameters([2, 20, 3]);
  const tuning = { cache: cacheOf(JSON.stringify(RESIDENT)) };
  const trainer = await create(device, { parameters, tuning });
  const { chosen, reason } = await trainer.tune();
  expect(chosen).toMatch(/^fused/);
  expect(reason).toMatch(new RegExp(`^what was found before fails here: .*${problem}`, 's'));
  await trainer.train(5);
  expect([trainer.step, trainer.plan]).toEqual([5, 'fused']);
});

test.each([
  '',
  'null',
  '{',
  '[]',
  `resident, ${workgroup} invocations`,
  '{"plan":"resident"}',
  '{"plan":"layered"}',
  JSON.stringify({ ...RESIDENT, tiling: { ...RESIDENT.tiling, workgroup: 3 } }),
])('what a cache holds and is no choice here is ignored: %s', async (kept) => {
  const trainer = await create(shared, { tuning: { cache: cacheOf(kept) } });
  expect(trainer.tuning).toMatchObject({ reason: 'not measured yet', done: false });
});

test('a few steps are not kept waiting, and a small budget ends with what was measured', async () => {
  const device = await testDevice();
  const trainer = await create(device, { tuning: { budget: 1, cache: new Map() } });
  await trainer.train(3);
  expect(trainer.tuning.candidates).toEqual([]);
  expect((await trainer.tune()).candidates).toHaveLength(1);
  expect([trainer.step, trainer.tuning.done]).toEqual([3, true]);
  expect(trainer.tuning.reason).toMatch(/^the fastest of 1 of \d+ candidates here$/);
});

test('time is that of the clock of the device', async () => {
  const device = await testDevice();
  queueOf(device, () => 0);
  const trainer = await create(device, { tuning: { budget: 1, cache: new Map() } });
  const { candidates } = await trainer.tune();
  expect(candidates.length).toBeGreaterThan(1);
  for (const { name, milliseconds } of candidates) expect(milliseconds, name).toBe(0);
});

test('a hiccup while a candidate is timed does not make it slow', async () => {
  const HICCUP = 300;
  const device = await testDevice();
  let hiccups = 0;
  delayReadings(device, (label, before) => {
    // The first reading is of the bits after a few steps; the later ones belong to timings.
    if (label !== 'trial results' || before === 0) return undefined;
    hiccups++;
    return new Promise((resolve) => setTimeout(resolve, HICCUP));
  });
  const trainer = await create(device, { tuning: { budget: AMPLE, cache: new Map() } });
  const { candidates } = await trainer.tune();
  expect(hiccups).toBeGreaterThanOrEqual(candidates.length);
  for (const { name, milliseconds } of candidates) expect(milliseconds, name).toBeLessThan(HICCUP);
});

test('where there is nothing to choose, it says so', async () => {
  const device = await testDevice();
  const layered = await create(device, { plan: 'layered' });
  expect(layered.tuning).toEqual({
    chosen: 'layered',
    plan: 'layered',
    reason: 'the only candidate',
    done: true,
    candidates: [],
  });
  const cpu = await createTrainer({ ...options, backend: 'cpu' });
  expect(cpu.tuning.reason).toBe('the only candidate');
});

test.each([
  ['tuning', true],
  ['tuning', null],
  ['tuning.budget', { budget: -1 }],
  ['tuning.budget', { budget: Number.NaN }],
  ['tuning.cache', { cache: {} }],
])('%s cannot be %o', async (option, tuning) => {
  const error = await rejection(createTrainer({ ...options, tuning } as TrainerOptions));
  expect(error).toBeInstanceOf(OptionError);
  expect((error as OptionError).option).toBe(option);
});

test('what is remembered is told apart by the version of the package', () => {
  expect(VERSION).toBe(packageJson.version);
});
