import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDevice } from '../../tests/helpers/devices/gpu.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { resolveOptions } from '../options/trainer.ts';
import { queueOf, Speed } from './device/queue.ts';
import { GpuMemory } from './memory/memory.ts';
import { createFusedPlan } from './plans/fused-narrow.ts';
import { createContext, type Plan } from './plans/plan.ts';
import { Submissions } from './submissions.ts';

/** Every dispatch takes 2 ms: a step of the plan takes less than 4 ms, and an evaluation 12 ms. */
class Steady extends Speed {
  override milliseconds(): number {
    return 2;
  }
}

let device: GPUDevice;
let plan: Plan;
let submissions: Submissions;
beforeAll(async () => {
  device = await testDevice();
  queueOf(device).speed = new Steady();
  const memory = new GpuMemory(device, 'single');
  const data = new TestRandom(1).dataset(50, 3, 4);
  const { setup } = resolveOptions({ data, hidden: [8], learningRate: 0.01 });
  const context = await createContext(memory, setup);
  submissions = new Submissions(context);
  plan = await createFusedPlan(context, { rows: 1, units: 1, forwardWorkgroup: 64, backwardWorkgroup: 64 });
});
afterAll(() => {
  queueOf(device).speed = new Speed();
});

test.each<[every: number | undefined, first: number, end: number, count: number]>([
  [undefined, 0, 1000, 6],
  [undefined, 7, 1000, 6],
  [undefined, 7, 10, 3],
  [1, 0, 1000, 1],
  [2, 0, 1000, 2],
  [100, 0, 1000, 3],
  [100, 1, 1000, 6],
])('reports every %s from step %i to %i: %i steps fill 25 ms', (every, first, end, count) => {
  const reports = every !== undefined && { every, last: false, measure: 'all' as const, parameters: false };
  const until = Number.POSITIVE_INFINITY;
  const steps = { first, end, until, ...(reports && { reporting: { reports } }) };
  expect(submissions.record(plan, steps).count).toBe(count);
});
