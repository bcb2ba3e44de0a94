import { expect, test } from 'vitest';
import { caseStudy } from '../../../index.ts';
import type { NetworkOptions } from '../../settings/network.ts';
import { lacksPointKit, loadPointKit, planeData } from '../../settings/plane-data.ts';
import { DEFAULTS, type Settings } from '../../settings/settings.ts';
import { PlanCache } from '../found-plans.ts';
import { EntrantRun } from './entrant-run.ts';
import { measurand } from './network.ts';
import type { Way } from './results.ts';

const { options: STUDY } = caseStudy.network;
const resources = { device: undefined, cache: new PlanCache(() => {}), threads: 2 };

const run = (way: Way, options: NetworkOptions, phase: 'stages' | 'sweep' = 'stages') =>
  new EntrantRun({ way, precision: 'double' }, options, resources, phase);

/** Prepares runs one after the other, as a benchmark does. */
async function prepared(options: NetworkOptions): Promise<EntrantRun[]> {
  const runs = (['cpu', 'threads', 'plain'] as const).map((way) => run(way, options));
  for (const each of runs) await each.prepare(runs);
  return runs;
}

test('each way of the CPU computes in its own form, to the same loss', async () => {
  const own = { hidden: 64, points: 1000, features: 64 };
  const runs = await prepared(measurand({ model: 'own', pace: 'quick', own }, undefined).options);
  for (const each of runs) {
    await each.compare(3);
    await each.repeatSteps();
    each.destroy();
  }
  expect(runs.map(({ result }) => result.chosen)).toEqual([
    'WebAssembly, SIMD, one thread',
    'WebAssembly, SIMD, 2 threads',
    'plain loops',
  ]);
  const [{ loss = Number.NaN }] = runs.map(({ result }) => result);
  for (const { result, step } of runs) {
    expect(result.failure).toBeUndefined();
    expect(result.loss).toBeCloseTo(loss, 10);
    expect(result.times.step?.count).toBe(1);
    expect(step).toBeGreaterThan(0);
  }
});

test('threads that would have nothing to share are not timed', async () => {
  const [cpu, threads, plain] = await prepared(STUDY);
  await threads.repeatStages();
  await plain.repeatStages();
  expect([cpu, threads, plain].map(({ result }) => result.failure)).toEqual([
    undefined,
    { kind: 'same' },
    undefined,
  ]);
  expect(threads.result.times).toEqual({});
  expect(Object.keys(plain.result.times).sort()).toEqual(['firstStep', 'readback', 'step', 'upload']);
  for (const each of [cpu, plain]) each.destroy();
});

test('a step that takes too long is left out', async () => {
  const own = { hidden: 1024, points: 5000, features: 784 };
  const slow = run('plain', measurand({ model: 'own', pace: 'quick', own }, undefined).options, 'sweep');
  await slow.prepare();
  await slow.repeatSteps();
  expect(slow.result).toMatchObject({ failure: { kind: 'slow', seconds: 1 }, times: {} });
}, 60_000);

test('training that diverges ends the entrant, with the step', async () => {
  const diverging = run('cpu', { ...STUDY, learningRate: 1e30 });
  await diverging.prepare();
  expect(diverging.result.failure).toMatchObject({ kind: 'diverged', step: expect.any(Number) });
  await diverging.compare(10);
  expect(diverging.result).not.toHaveProperty('loss');
});

test('a regression from Train has the same loss in every way', async () => {
  const settings: Settings = { ...DEFAULTS, shape: 'hills', hidden: [8], learningRate: 0.1 };
  if (lacksPointKit(settings)) await loadPointKit();
  const { train } = planeData(settings);
  if (!train) throw new Error('There are no points.');
  const trained = { settings, data: train, of: train.count };
  const { options, facts } = measurand({ model: 'train', pace: 'quick' }, trained);
  expect(facts.sizes).toEqual([2, 8, 1]);
  const [cpu, , plain] = await prepared(options);
  for (const each of [cpu, plain]) {
    await each.compare(10);
    each.destroy();
  }
  expect(cpu.result.loss).toBeGreaterThan(0);
  expect(cpu.result.loss).toBeCloseTo(plain.result.loss ?? Number.NaN, 12);
});
