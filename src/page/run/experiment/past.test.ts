import { describe, expect, it } from 'vitest';
import { testDevice } from '../../../../tests/helpers/devices/gpu.ts';
import { SMALL_RUN } from '../../../../tests/helpers/page/small-run.ts';
import type { Checkpoint } from '../../../index.ts';
import { createNetwork } from '../../settings/network.ts';
import { changes, type Settings, turnAt } from '../../settings/settings.ts';
import { trainerChanges, trainerOptions } from '../../settings/trainer-options.ts';
import { PlanCache } from '../found-plans.ts';
import { Experiment } from './experiment.ts';
import { MOST_BYTES, MOST_STATES, Past } from './past.ts';
import { studyData } from './study.ts';

const BEGUN: Settings = { ...SMALL_RUN, batchSize: 16, dropout: 0.3, optimizer: 'adam', learningRate: 0.01 };
/** The settings from each step on. */
const COURSE: readonly (readonly [number, Partial<Settings>])[] = [
  [150, { learningRate: 0.002, l2: 0.01 }],
  [290, { dropout: 0.1, plan: 'layered' }],
  [410, { learningRate: 0.02, beta1: 0.5 }],
];
const LAST = 600;

const open = async (settings: Settings, device?: GPUDevice) => {
  const another = () => Promise.reject(new Error('No other device.'));
  const resources = { device, cache: new PlanCache(() => {}), another };
  const experiment = await Experiment.create(settings, undefined, resources, new AbortController().signal);
  if (!experiment) throw new Error('There is no run.');
  return experiment;
};

const watch = {
  signal: new AbortController().signal,
  interval: () => 1e6,
  seen: () => false,
  show: () => {},
};

/** A run of the course, which keeps its state every 40 steps. */
async function trained(begun: Settings, device?: GPUDevice): Promise<Experiment> {
  const run = await open(begun, device);
  let settings = begun;
  for (const [until, later] of [...COURSE, [LAST, {}] as const]) {
    while (run.step < until) {
      await run.train({ ...watch, until: Math.min(until, run.step + 40), heedsStops: false });
      await run.keep();
    }
    settings = { ...settings, ...later };
    await run.adjust(settings);
  }
  return run;
}

/** The state of a run of the course that has never been anywhere else. */
async function fresh(begun: Settings, step: number, device?: GPUDevice): Promise<Checkpoint> {
  const data = (await studyData(begun, undefined)).train;
  if (!data) throw new Error('There are no rows.');
  const place = device ? { device } : { backend: 'cpu' as const };
  const create = (settings: Settings) =>
    createNetwork({ ...trainerOptions(settings, data), ...place, plan: settings.plan, tuning: false });
  let network = await create(begun);
  let settings = begun;
  for (const [until, later] of [...COURSE, [LAST, {}] as const]) {
    await network.train(Math.min(until, step) - network.step);
    if (until >= step) break;
    const next = { ...settings, ...later };
    const classes = 'labels' in data ? data.classes : undefined;
    network.set(trainerChanges(settings, next, classes));
    if (device && next.plan !== settings.plan) {
      const before = network;
      network = await create(next);
      await network.restore(await before.save());
      before.destroy();
    }
    settings = next;
  }
  const state = await network.save();
  network.destroy();
  return state;
}

const goTo = (run: Experiment, step: number, signal = watch.signal) => run.goTo(step, signal, async () => {});

/** Forward and back, at turns, at the ends and beyond them. */
const STEPS = [599, 300, 301, 299, 290, 289, 151, 150, 7, 0, 1, 410, 411, 409, 512, 600, 33, 1000];

describe('every step of a run is shown with its own bits', () => {
  it.each([
    ['mini-batches, dropout, Adam and turns', BEGUN],
    ['all rows, plain descent', { ...BEGUN, batchSize: 0, dropout: 0, optimizer: 'sgd', learningRate: 0.5 }],
    ['Nesterov in double precision', { ...BEGUN, optimizer: 'nesterov', precision: 'double' }],
    ['RMSProp with a schedule', { ...BEGUN, optimizer: 'rmsprop', schedule: 'cosine', cosineSteps: 500 }],
  ] as [string, Settings][])('%s', async (_, begun) => {
    const run = await trained(begun);
    for (const step of STEPS) {
      await goTo(run, step);
      const at = Math.min(step, LAST);
      expect(run.step).toBe(at);
      expect(run.end).toBe(at === LAST ? undefined : LAST);
      expect(await run.trainer.save(), `step ${at}`).toEqual(await fresh(begun, at));
      const last = COURSE.filter(([from]) => from <= at).at(-1)?.[0] ?? 0;
      const turn = run.turns.findLast((turn) => turn.step <= at);
      expect(turn?.step).toBe(last);
      expect(turnAt(last, run.settings)).toEqual(turn);
    }
    run.destroy();
  });

  it('on a GPU, across plans', async () => {
    const device = await testDevice();
    const begun: Settings = { ...BEGUN, backend: 'auto' };
    const run = await trained(begun, device);
    expect(run.trainer.backend).toBe('webgpu');
    for (const step of [599, 291, 290, 5, 410]) {
      await goTo(run, step);
      expect(await run.trainer.save(), `step ${step}`).toEqual(await fresh(begun, step, device));
    }
    await goTo(run, 200);
    await run.goOn();
    // Before the turn to it, the run had another plan.
    expect(run.trainer.plan).not.toBe('layered');
    expect(await run.trainer.save()).toEqual(await fresh(begun, 200, device));
    run.destroy();
  });

  it('also of a run that went on from an earlier step', async () => {
    const run = await trained(BEGUN);
    await goTo(run, 330);
    await run.adjust({ ...run.settings, learningRate: 0.05 });
    expect(run.turns.map(({ step }) => step)).toEqual([0, 150, 290, 330]);
    expect(run.end).toBeUndefined();
    await run.train({ ...watch, until: 500, heedsStops: false });
    const last = await run.trainer.save();
    await goTo(run, 329);
    expect(await run.trainer.save()).toEqual(await fresh(BEGUN, 329));
    expect(run.settings.learningRate).toBe(0.002);
    await goTo(run, 331);
    expect(changes(run.settings, BEGUN)).toContain('learningRate');
    const next = await run.trainer.save();
    await goTo(run, 330);
    await run.trainer.train(1);
    expect(await run.trainer.save()).toEqual(next);
    await goTo(run, 500);
    expect(await run.trainer.save()).toEqual(last);
    run.destroy();
  });

  it('also of a run that begins at a state of another', async () => {
    const first = await fresh(BEGUN, 100);
    const run = await open(BEGUN);
    await run.resume(first, []);
    await run.train({ ...watch, until: 140, heedsStops: false });
    await goTo(run, 0);
    expect(run.step).toBe(100);
    await goTo(run, 120);
    expect(await run.trainer.save()).toEqual(await fresh(BEGUN, 120));
    run.destroy();
  });
});

it('a step that is wanted no more leaves the run on its way, from where any other is reached', async () => {
  const run = await open({ ...SMALL_RUN, hidden: [64] });
  await run.trainer.train(4000);
  const last = await run.trainer.save();
  const another = new AbortController();
  setTimeout(() => another.abort(), 80);
  await goTo(run, 3999, another.signal);
  expect(run.step).toBeLessThan(3999);
  expect(run.end).toBe(4000);
  await goTo(run, 10);
  expect(run.step).toBe(10);
  await goTo(run, 4000);
  expect(await run.trainer.save()).toEqual(last);
  run.destroy();
});

describe('the kept states', () => {
  const stateAt = (step: number, numbers = 4): Checkpoint => ({
    ...{ version: 1, step, seed: 0, batchSize: 1 },
    parameters: [{ weights: new Float32Array(numbers), biases: new Float32Array(0) }],
    optimizer: { name: 'sgd', moments: [] },
  });

  it('are so many at most, evenly spread', () => {
    const past = new Past(stateAt(0));
    for (let step = 5; step <= 100_000; step += 5) past.add(stateAt(step));
    const { steps } = past;
    expect(steps.length).toBeLessThanOrEqual(MOST_STATES);
    expect(steps.length).toBeGreaterThan(MOST_STATES / 4);
    const gaps = steps.slice(1).map((step, i) => step - steps[i]);
    expect(Math.max(...gaps)).toBeLessThan(2.1 * Math.min(...gaps));
    expect(steps[steps.length - 1]).toBeGreaterThan(98_000);
  });

  it('take so many bytes at most', () => {
    const numbers = MOST_BYTES / 4 / 10;
    const past = new Past(stateAt(0, numbers));
    for (let step = 1; step <= 40; step++) past.add(stateAt(step, numbers));
    expect(past.steps.length).toBeGreaterThanOrEqual(4);
    expect(past.steps.length).toBeLessThan(10);
  });

  it('end where a run goes on', () => {
    const past = new Past(stateAt(0));
    for (let step = 1; step <= 20; step++) past.add(stateAt(step));
    past.cut(7);
    expect(past.steps).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('are none of a network that is too large, which is trained again from its start', async () => {
    const past = new Past(stateAt(0, MOST_BYTES / 4));
    await past.keep({ step: 50, save: () => Promise.reject(new Error('It is not asked for.')) } as never);
    expect(past.steps).toEqual([]);
  });
});
