import { expect, test, vi } from 'vitest';
import { testDevice } from '../../../tests/helpers/gpu.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { testTrainers } from '../../../tests/helpers/trainers.ts';
import { AMPLE, trainUntilTuned } from '../../../tests/helpers/tuning.ts';
import type { TrainerOptions } from '../../index.ts';
import { type MatmulCandidate, promisingCandidates } from '../kernels/matmul.ts';

const trainers = testTrainers();
const create = (device: GPUDevice, options: Pick<TrainerOptions, 'data'> & Partial<TrainerOptions>) =>
  trainers.create({ learningRate: 0.1, optimizer: { name: 'sgd', momentum: 0.5 }, device, ...options });

/** Two products that are large enough that kernels are compared. */
const wide = { data: new TestRandom(1).dataset(300, 64, 64), hidden: [] };
/** The same and a third, and some that are not. */
const deep = { data: new TestRandom(1).dataset(700, 20, 3), hidden: [64, 64] };
/** A cache in which every trainer finds the same. */
const cacheWith = (name: string) => ({ get: () => name, set: () => new Map() });
/** What is compared for the products of `wide`, the choice by rules first: which depends on the device. */
const compared = (device: GPUDevice) => ({
  logits: promisingCandidates({ form: 'nn', m: 300, k: 64, n: 64 }, device, 'single'),
  dweights: promisingCandidates({ form: 'tn', m: 64, k: 300, n: 64 }, device, 'single'),
});
/** Whether a kernel is this candidate, by the tile that it computes in registers. */
const is = (code: string, { kind, tile: { rows, columns } }: MatmulCandidate) =>
  code.includes('enable subgroups') === (kind === 'quad') &&
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
/** The kernel after a loop that no compiler can leave out, far longer than a machine's hiccups. llvmpipe ends longer loops. */
const slow = (code: string) =>
  code.replace(
    'let m = shape.m;',
    `var waste = id.x;
    for (var i = 0u; i < 50000u; i++) { ${'waste = waste * 1664525u + i; '.repeat(4)} }
    let m = shape.m + u32(waste == 0x12345678u);`,
  );

test.each(['auto', 'layered'] as const)(
  'gets faster kernels for its products where there are, with plan: %o, and has them at once the next time',
  async (plan) => {
    const device = await testDevice();
    const [first] = compared(device).logits;
    changeKernels(device, 'matmul logits', (code) => (is(code, first) ? slow(code) : code));
    const cache = new Map<string, string>();
    const trainer = await create(device, { ...wide, plan, tuning: { budget: AMPLE, cache } });
    const name = plan === 'auto' ? 'fused' : plan;
    expect(trainer.tuning).toMatchObject({ chosen: name, reason: 'not measured yet', done: false });
    await trainUntilTuned(trainer);
    const { chosen, reason, candidates } = trainer.tuning;
    expect(trainer.plan).toBe(name);
    expect(chosen, JSON.stringify({ reason, candidates })).toMatch(new RegExp(`^${name}, logits: `));
    expect(chosen).not.toContain(`logits: ${first.name}`);
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
    expect(compiled.filter((code) => is(code, first))).toEqual([]);
  },
);

test('gets no kernel with other bits, and none that does not compile', async () => {
  const device = await testDevice();
  const [byRules, broken, silent] = compared(device).logits;
  changeKernels(device, 'matmul logits', (code) => {
    if (is(code, byRules)) return slow(code);
    if (is(code, broken)) return `${code} broken`;
    // What another kernel has left there is not its own.
    if (is(code, silent)) return code.replace('product[at] =', '_ =');
    return code.replace('add(sum, bias[column])', 'sum');
  });
  const parameters = new TestRandom(2).parameters([64, 64]);
  const tuning = { budget: AMPLE, cache: new Map() };
  const trainer = await create(device, { ...wide, parameters, tuning });
  const { chosen, candidates } = await trainer.tune();
  expect(chosen).not.toContain('logits');
  const [first, ...others] = candidates.filter(({ name }) => name.startsWith('logits:'));
  expect(first).toMatchObject({ name: `logits: ${byRules.name}`, milliseconds: expect.any(Number) });
  expect(others.length).toBeGreaterThan(1);
  for (const { name, milliseconds, rejected } of others) {
    const reason = name === `logits: ${broken.name}` ? /does not compile/ : /bits differ/;
    expect(rejected, name).toMatch(reason);
    expect(milliseconds, name).toBeUndefined();
  }
});

test('is measured no longer than the budget, and what comparing plans will take is kept of it', async () => {
  const device = await testDevice();
  const trainer = await create(device, { ...wide, tuning: { budget: 300, cache: new Map() } });
  // Every reading is 10 ms after the last one: a kernel takes 10 ms, and to try and measure it 90. Others read the clock, too.
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    if (new Error().stack?.includes('/src/gpu/')) now += 10;
    return now;
  });
  try {
    const { chosen, reason, candidates } = await trainer.tune();
    expect(now).toBeLessThan(300);
    expect(chosen).toBe('fused');
    // The two products of a step take 20 ms; two plans of four steps each would take 160.
    expect(candidates).toHaveLength(2);
    const { logits, dweights } = compared(device);
    const kernels = logits.length + dweights.length;
    expect(reason).toBe(`no faster kernel for its products among the 2 of ${kernels} tried`);
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
])('trains to the same bits with %s', async (wanted) => {
  const device = await testDevice();
  const name = device.features.has('subgroups') ? wanted : wanted.replaceAll('quad 8×4', 'register 8×8');
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
