import { expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { gate } from '../../../tests/helpers/gate.ts';
import { countBuffers, delayReadings, testDevice } from '../../../tests/helpers/gpu.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { testTrainers } from '../../../tests/helpers/trainers.ts';
import { rejection, WITHOUT_SNAPSHOTS } from '../../../tests/helpers/training.ts';
import { AMPLE, trainUntil, trainUntilTuned } from '../../../tests/helpers/tuning.ts';
import { createTrainer, OptionError, type TrainerOptions } from '../../index.ts';
import { VERSION } from '../../version.ts';

const trainers = testTrainers();

const options: TrainerOptions = {
  data: new TestRandom(1).dataset(60, 2, 3),
  hidden: [20],
  learningRate: 0.1,
  optimizer: { name: 'sgd', momentum: 0.5 },
};

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
  expect(chosen.startsWith(trainer.plan)).toBe(true);

  const untuned = await create(device, { tuning: false });
  expect(untuned.tuning.reason).toBe('tuning is off');
  await untuned.train(trainer.step);
  expect(await untuned.parameters()).toEqual(await trainer.parameters());

  expect([...cache.values()]).toEqual([chosen]);
  const next = await create(device, { tuning: { cache } });
  expect(next.tuning).toEqual({
    chosen,
    reason: expect.stringContaining('found before'),
    done: true,
    candidates: [],
  });
  const other = await create(device, { hidden: [21], tuning: { cache } });
  expect(other.tuning.reason).toBe('not measured yet');
});

test('a candidate with other bits, or that fails, is not chosen', async () => {
  const device = await testDevice();
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const { label, code } = descriptor;
    // The resident kernel does not compile; the fused forward pass of one row an invocation forgets the biases.
    if (label?.startsWith('resident')) return createShaderModule({ label, code: `${code} broken` });
    const wrong = label === 'fused forward' && !code.includes('z_1_0');
    return createShaderModule({ label, code: wrong ? code.replace(', c_1)', ', real())') : code });
  };
  const parameters = new TestRandom(2).parameters([2, 20, 3]);
  const trainer = await create(device, { parameters, tuning: { budget: AMPLE, cache: new Map() } });
  const { chosen, candidates, done } = await trainer.tune();
  expect(done).toBe(true);
  const rejected = candidates.filter((candidate) => candidate.rejected !== undefined);
  expect(rejected.map(({ name }) => name)).toEqual(
    candidates.map(({ name }) => name).filter((name) => /^fused, 1 rows|^resident/.test(name)),
  );
  expect(rejected.find(({ name }) => /^fused/.test(name))?.rejected).toMatch(/bits differ/);
  expect(rejected.find(({ name }) => /^resident/.test(name))?.rejected).toMatch(/does not compile/);
  expect(rejected.map(({ name }) => name)).not.toContain(chosen);
});

test('training begins and goes on while what was found before is compiled, which then takes over', async () => {
  const cache = new Map<string, string>();
  const earlier = await create(await testDevice(), { tuning: { budget: 1, cache } });
  await earlier.tune();
  const found = 'resident, 256 invocations';
  for (const key of cache.keys()) cache.set(key, found);

  const device = await testDevice();
  const compiler = gate();
  const createComputePipelineAsync = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = async (descriptor) => {
    if (descriptor.label === 'resident steps') await compiler.opened;
    return createComputePipelineAsync(descriptor);
  };
  const count = countBuffers(device);
  // Snapshots have buffers, too.
  const trainer = await create(device, { tuning: { cache }, recovery: WITHOUT_SNAPSHOTS });
  const before = count.alive;
  expect(trainer.tuning).toMatchObject({ chosen: found, reason: expect.stringContaining('found before') });
  const start = performance.now();
  await trainUntil(trainer, () => performance.now() - start > 200);
  expect([trainer.plan, trainer.step > 0]).toEqual(['fused', true]);
  expect(count.alive, 'buffers').toBe(before);
  compiler.open();
  await trainUntil(trainer, () => trainer.plan === 'resident');
  // What the first plan had is freed: a trainer that has had no other has as much.
  const taken = count.alive;
  const resident = await create(device, { plan: 'resident', tuning: false });
  expect(count.alive, 'buffers').toBe(2 * taken);
  resident.destroy();

  const untuned = await create(device, { tuning: false });
  await untuned.train(trainer.step);
  expect(await untuned.parameters()).toEqual(await trainer.parameters());
});

test('what was found before and fails here is left', async () => {
  const cache = new Map<string, string>();
  const earlier = await create(await testDevice(), { tuning: { budget: 1, cache } });
  await earlier.tune();
  for (const key of cache.keys()) cache.set(key, 'resident, 256 invocations');
  const device = await testDevice();
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = ({ label, code }) =>
    createShaderModule({ label, code: label?.startsWith('resident') ? `${code} broken` : code });
  const trainer = await create(device, { tuning: { cache } });
  const { chosen, reason } = await trainer.tune();
  expect(chosen).toMatch(/^fused/);
  expect(reason).toMatch(/what was found before fails here: .*resident steps.* does not compile/s);
  await trainer.train(5);
  expect(trainer.step).toBe(5);
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

test('a hiccup while a candidate is timed does not make it slow', async () => {
  const HICCUP = 300;
  const device = await testDevice();
  let hiccups = 0;
  delayReadings(device, (label, before) => {
    // The first reads the bits of a few steps; the others wait for what is timed.
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
