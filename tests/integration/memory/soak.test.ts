import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTrainer, SpiralnetError, type TrainerOptions } from '../../../src/index.ts';
import { countBuffers, testDevice, testGpu } from '../../helpers/devices/gpu.ts';
import { type MemoryUse, measureMemory } from '../../helpers/memory-use.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL } from '../../helpers/tier.ts';
import { rejection } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

/**
 * In the tier `all`, as many steps as in an hour of use. Steps on the CPU are so quick that a
 * million steps end before the process jumps to its final size.
 */
const STEPS = ALL ? { webgpu: 1_000_000, cpu: 5_000_000 } : { webgpu: 5_000, cpu: 5_000 };
const CYCLES = ALL ? 10_000 : 100;
const DEVICES = ALL ? 200 : 10;
/** The parts of a soak; memory is measured after each part. */
const PARTS = ALL ? 10 : 5;

let device: GPUDevice;
let count: ReturnType<typeof countBuffers>;
beforeAll(async () => {
  device = await testDevice();
  count = countBuffers(device);
});
afterEach(() => void vi.unstubAllGlobals());

const data = new TestRandom(5).dataset(12, 2, 3);
/** The L2 term keeps the loss from becoming 0 over so many steps. */
const options: TrainerOptions = { data, hidden: [4], learningRate: 0.01, l2: 0.01, tuning: SMALL };

const FAILING: Partial<TrainerOptions>[] = [
  { plan: 'resident', hidden: [4, 4] },
  { hidden: [1e9] },
  { learningRate: -1 },
];

/**
 * The MiB by which the minimum of the last parts may exceed the maximum of the first half. The
 * process grows in jumps until all its pools are filled, which takes longer than a short soak.
 */
const ALLOWED: [keyof MemoryUse, number][] = [
  ['resident', ALL ? 8 : 64],
  ['heap', 0.5],
  ['arrays', 0.5],
];

/** Runs the parts and measures memory after each part. */
async function soak(name: string, part: (index: number) => Promise<void>): Promise<void> {
  const uses: MemoryUse[] = [];
  const start = performance.now();
  for (let i = 0; i < PARTS; i++) {
    await part(i);
    uses.push(await measureMemory());
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const row = (kind: keyof MemoryUse) => uses.map((use) => (use[kind] / 2 ** 20).toFixed(1)).join(' ');
  console.log(
    `${name}, ${seconds} s. MiB resident: ${row('resident')}; heap: ${row('heap')}; arrays: ${row('arrays')}`,
  );
  for (const [kind, allowed] of ALLOWED) {
    const values = uses.map((use) => use[kind] / 2 ** 20);
    const grown = Math.min(...values.slice(-3)) - Math.max(...values.slice(0, PARTS / 2));
    expect(grown, `MiB that ${kind} has grown by`).toBeLessThan(allowed);
  }
}

describe.each(['webgpu', 'cpu'] as const)('on %s', (backend) => {
  const steps = STEPS[backend];
  const create = (more: Partial<TrainerOptions> = {}) =>
    createTrainer({ ...options, backend, ...(backend === 'webgpu' ? { device } : {}), ...more });

  test(`${steps.toLocaleString('en')} steps of a small network take no more memory than the first steps`, async () => {
    const trainer = await create({ batchSize: 5, optimizer: { name: 'adam' } });
    const { signal } = new AbortController();
    const alive = count.alive;
    await soak(`${steps} steps on ${backend}`, async () => {
      await trainer.train(steps / PARTS / 2, { signal });
      for await (const { loss } of trainer.run({ steps: steps / PARTS / 2, every: 100, signal })) {
        if (!(loss > 0)) throw new Error(`The loss is ${loss}.`);
      }
      await trainer.measure(data);
      await trainer.predict(data.inputs);
      await trainer.restore(await trainer.save());
      expect(count.alive).toBe(alive);
    });
    expect(trainer.step).toBe(steps);
    trainer.destroy();
    expect(count.alive).toBe(0);
  }, 3_600_000);

  test(`${CYCLES.toLocaleString('en')} trainers created and destroyed leave no memory in use`, async () => {
    const plans = backend === 'webgpu' ? (['layered', 'fused', 'resident'] as const) : (['auto'] as const);
    await soak(`${CYCLES} trainers on ${backend}`, async () => {
      for (let i = 0; i < CYCLES / PARTS; i++) {
        const trainer = await create({ plan: plans[i % plans.length] });
        await trainer.train(2);
        // Every second trainer is destroyed at work, and the work ends soon after.
        const work = i % 2 === 0 ? trainer.measure() : trainer.train(10_000);
        if (i % 2 === 0) await work;
        trainer.destroy();
        await work.catch(() => {});
        expect(count.alive).toBe(0);
      }
    });
  }, 3_600_000);
});

test(`${CYCLES.toLocaleString('en')} trainers that cannot be created leave no memory in use`, async () => {
  await soak(`${CYCLES} failures`, async () => {
    for (let i = 0; i < CYCLES / PARTS; i++) {
      const failing: Partial<TrainerOptions> = FAILING[i % FAILING.length];
      const error = await rejection(createTrainer({ ...options, device, ...failing }));
      expect(error).toBeInstanceOf(SpiralnetError);
      expect(count.alive).toBe(0);
    }
  });
}, 3_600_000);

test(`${DEVICES} trainers on devices of their own leave no memory in use`, async () => {
  vi.stubGlobal('navigator', { gpu: testGpu() });
  await soak(`${DEVICES} devices`, async () => {
    for (let i = 0; i < Math.ceil(DEVICES / PARTS); i++) {
      const trainer = await createTrainer({ ...options, hidden: [], backend: 'webgpu' });
      await trainer.train(2);
      trainer.destroy();
    }
  });
}, 3_600_000);
