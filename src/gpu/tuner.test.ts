import { afterEach, describe, expect, test, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { gate } from '../../tests/gate.ts';
import { countBuffers, testDevice } from '../../tests/gpu.ts';
import { TestRandom } from '../../tests/random.ts';
import { rejection } from '../../tests/training.ts';
import { createTrainer, OptionError, type Trainer, type TrainerOptions } from '../index.ts';
import { VERSION } from '../version.ts';

const trainers: Trainer[] = [];
afterEach(() => {
  for (const trainer of trainers.splice(0)) trainer.destroy();
});

const options: TrainerOptions = {
  data: new TestRandom(1).dataset(60, 2, 3),
  hidden: [20],
  learningRate: 0.1,
  optimizer: { name: 'sgd', momentum: 0.5 },
};

async function create(device: GPUDevice, more: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await createTrainer({ ...options, device, ...more });
  trainers.push(trainer);
  return trainer;
}

/** Trains until tuning has ended. */
function trainUntilTuned(trainer: Trainer): Promise<void> {
  return trainUntil(trainer, () => trainer.tuning.done);
}

async function trainUntil(trainer: Trainer, enough: () => boolean): Promise<void> {
  const controller = new AbortController();
  const watch = setInterval(() => enough() && controller.abort(), 5);
  await rejection(trainer.train(1_000_000_000, { signal: controller.signal }));
  clearInterval(watch);
}

test('finds a candidate by measuring, with the bits of the one it began with, and remembers it', async () => {
  const device = await testDevice();
  const cache = new Map<string, string>();
  const trainer = await create(device, { tuning: { budget: 10_000, cache } });
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
  const trainer = await create(device, { parameters, tuning: { budget: 10_000, cache: new Map() } });
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
  const trainer = await create(device, { tuning: { cache } });
  const before = count.alive;
  expect(trainer.tuning).toMatchObject({ chosen: found, reason: expect.stringContaining('found before') });
  const start = performance.now();
  await trainUntil(trainer, () => performance.now() - start > 200);
  expect([trainer.plan, trainer.step > 0]).toEqual(['fused', true]);
  expect(count.alive, 'buffers').toBe(before);
  compiler.open();
  await trainUntil(trainer, () => trainer.plan === 'resident');

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

describe('a network that is not narrow', () => {
  /** Two products that are large enough that kernels are compared. */
  const wide: Partial<TrainerOptions> = { data: new TestRandom(1).dataset(300, 64, 64), hidden: [] };
  /** The same and a third, and some that are not. */
  const deep: Partial<TrainerOptions> = { data: new TestRandom(1).dataset(700, 20, 3), hidden: [64, 64] };
  /** A cache in which every trainer finds the same. */
  const cacheWith = (name: string) => ({ get: () => name, set: () => new Map() });
  /** The tile of rows × columns that a kernel computes in registers. */
  const isTile = (code: string, rows: number, columns: number) =>
    code.includes(`sum_${rows - 1}_${columns - 1} =`) &&
    !code.includes(`sum_${rows}_`) &&
    !code.includes(`sum_0_${columns} `);
  /** Lets every kernel of a product through `change` before it is compiled. */
  function changeKernels(device: GPUDevice, label: string, change: (code: string) => string): void {
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) => {
      const code = descriptor.label?.startsWith(label) ? change(descriptor.code) : descriptor.code;
      return createShaderModule({ ...descriptor, code });
    };
  }
  /** The kernel after a loop that no compiler can leave out. */
  const slow = (code: string) =>
    code.replace(
      'let m = shape.m;',
      `var waste = id.x;
      for (var i = 0u; i < 20000u; i++) { waste = waste * 1664525u + i; }
      let m = shape.m + u32(waste == 0x12345678u);`,
    );

  test.each(['auto', 'layered'] as const)(
    'gets faster kernels for its products where there are, with plan: %o, and has them at once the next time',
    async (plan) => {
      const device = await testDevice();
      changeKernels(device, 'matmul logits', (code) => (isTile(code, 16, 4) ? slow(code) : code));
      const cache = new Map<string, string>();
      const trainer = await create(device, { ...wide, plan, tuning: { budget: 30_000, cache } });
      const name = plan === 'auto' ? 'fused' : plan;
      expect(trainer.tuning).toMatchObject({ chosen: name, reason: 'not measured yet', done: false });
      await trainUntilTuned(trainer);
      const { chosen, reason, candidates } = trainer.tuning;
      expect(trainer.plan).toBe(name);
      expect(chosen).toMatch(new RegExp(`^${name}, logits: (?!quad 16×4)`));
      expect(reason).toMatch(
        /^the fastest of 2 of 2 candidates here, after (\d+) of \1 kernels for its products$/,
      );
      const [before, after] = candidates.filter((candidate) => candidate.name.startsWith(name));
      expect([before.name, after.name]).toEqual([name, chosen]);
      expect(after.milliseconds).toBeLessThan(before.milliseconds as number);
      const others = candidates.filter((candidate) => !candidate.name.startsWith(name));
      expect(new Set(others.map((other) => other.name.split(':')[0]))).toEqual(
        new Set(['logits', 'dweights 0']),
      );

      const untuned = await create(device, { ...wide, plan, tuning: false });
      expect(untuned.tuning).toMatchObject({ chosen: name, reason: 'tuning is off', done: true });
      await untuned.train(trainer.step);
      expect(await untuned.parameters()).toEqual(await trainer.parameters());

      expect([...cache.values()]).toEqual([chosen]);
      const compiled: string[] = [];
      const fresh = await testDevice();
      changeKernels(fresh, 'matmul logits', (code) => {
        compiled.push(code);
        return code;
      });
      const next = await create(fresh, { ...wide, plan, tuning: { cache } });
      expect(next.tuning).toMatchObject({ chosen, done: true, candidates: [] });
      expect(next.tuning.reason).toMatch(/^found before/);
      expect(compiled.length).toBeGreaterThan(0);
      expect(compiled.filter((code) => isTile(code, 16, 4))).toEqual([]);
    },
  );

  test('gets no kernel with other bits, and none that does not compile', async () => {
    const device = await testDevice();
    changeKernels(device, 'matmul logits', (code) => {
      if (isTile(code, 16, 4)) return slow(code);
      if (isTile(code, 16, 8) && !code.includes('quad')) return `${code} broken`;
      // What another kernel has left there is not its own.
      if (isTile(code, 8, 4)) return code.replace('product[at] =', '_ =');
      return code.replace('add(sum, bias[column])', 'sum');
    });
    const parameters = new TestRandom(2).parameters([64, 64]);
    const tuning = { budget: 30_000, cache: new Map() };
    const trainer = await create(device, { ...wide, parameters, tuning });
    const { chosen, candidates } = await trainer.tune();
    expect(chosen).not.toContain('logits');
    const [first, ...others] = candidates.filter(({ name }) => name.startsWith('logits:'));
    expect(first).toMatchObject({ name: 'logits: quad 16×4 vec4', milliseconds: expect.any(Number) });
    expect(others.length).toBeGreaterThan(1);
    for (const { name, milliseconds, rejected } of others) {
      const reason = name === 'logits: register 16×8 vec4' ? /does not compile/ : /bits differ/;
      expect(rejected, name).toMatch(reason);
      expect(milliseconds, name).toBeUndefined();
    }
  });

  test('is measured no longer than the budget, and what comparing plans will take is kept of it', async () => {
    const device = await testDevice();
    const trainer = await create(device, { ...wide, tuning: { budget: 300, cache: new Map() } });
    // Every reading is 10 ms after the last one: a kernel takes 10 ms, and to measure it three times 70.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 10;
      return now;
    });
    try {
      const { chosen, reason, candidates } = await trainer.tune();
      expect(now).toBeLessThan(300);
      expect(chosen).toBe('fused');
      // The two products of a step take 20 ms; two plans of four steps each would take 160.
      expect(candidates).toHaveLength(2);
      expect(reason).toBe('no faster kernel for its products among the 2 of 12 tried');
    } finally {
      clock.mockRestore();
    }
  });

  test('is measured once at least, whatever the budget', async () => {
    const device = await testDevice();
    const trainer = await create(device, { ...wide, tuning: { budget: 1, cache: new Map() } });
    expect((await trainer.tune()).candidates).toHaveLength(1);
    expect(trainer.tuning).toMatchObject({ chosen: 'fused', done: true });
  });

  test.each([
    'fused',
    'fused, hidden 1: register 8×8 vec4',
    'fused, hidden 1: quad 8×4 vec4, dweights 1: split 2 × quad 8×4 vec4, dhidden 0: register 4×4 vec4',
    'fused, dweights 0: register 8×8 vec4, dweights 1: register 16×8 vec4',
  ])('trains to the same bits with %s', async (name) => {
    const device = await testDevice();
    const optimizer = { name: 'adam' } as const;
    // Every third batch is shorter.
    const more = { ...deep, batchSize: 300, optimizer };
    const trainer = await create(device, { ...more, tuning: { cache: cacheWith(name) } });
    expect(trainer.tuning.chosen).toBe(name);
    const reference = await create(device, { ...more, plan: 'layered', tuning: false });
    for (const each of [trainer, reference]) await each.train(7);
    expect(await trainer.save()).toEqual(await reference.save());
  });

  test.each([
    'layered',
    'fused, hidden 1: register 8×9 vec4',
    'fused, hidden 7: register 8×8 vec4',
    'fused, ',
    'resident, 256 invocations',
  ])('does not begin with %s, which is of another version', async (name) => {
    const device = await testDevice();
    const trainer = await create(device, { ...deep, tuning: { cache: cacheWith(name) } });
    expect(trainer.tuning).toMatchObject({ chosen: 'fused', reason: 'not measured yet' });
  });
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
