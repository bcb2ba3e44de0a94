import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CpuNetwork } from '../../../src/cpu/network.ts';
import { BatchOrder } from '../../../src/data/batch-order.ts';
import { Commands } from '../../../src/gpu/submission/commands.ts';
import {
  createTrainer,
  type Dataset,
  type Measurement,
  OptionError,
  type RunOptions,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { losableGpu } from '../../helpers/devices/losses.ts';
import { lowerLimits } from '../../helpers/devices/lowered-limits.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL } from '../../helpers/tier.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import {
  expectParameters,
  measurements,
  rejection,
  WITHOUT_SNAPSHOTS,
} from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

/** The size of the largest buffer in bytes on a device where rows are streamed. */
const LIMIT = 8 * 1024;
const data = new TestRandom(5).dataset(260, 9, 4);
const base = { data, hidden: [6], learningRate: 0.1, l2: 0.01, batchSize: 60, seed: 3 };

const trainers = testTrainers();
let small: GPUDevice;
beforeAll(async () => {
  small = await testDevice();
  lowerLimits(small, LIMIT);
});

const SETTINGS: [string, () => Partial<TrainerOptions>][] = [
  ['layered', () => ({ plan: 'layered' })],
  ['layered, double', () => ({ plan: 'layered', precision: 'double' })],
  ['fused, narrow', () => ({ plan: 'fused' })],
  ['fused, by layers', () => ({ plan: 'fused', hidden: [7, 5], optimizer: { name: 'adam' } })],
  ['fused, double', () => ({ plan: 'fused', precision: 'double' })],
  ['resident', () => ({ plan: 'resident' })],
  ['resident, double', () => ({ plan: 'resident', precision: 'double' })],
  ['no hidden layer', () => ({ hidden: [] })],
  ['all rows a step', () => ({ plan: 'layered', batchSize: undefined })],
  ['resident, all rows a step', () => ({ plan: 'resident', batchSize: undefined })],
  ['streamed, layered', () => ({ plan: 'layered', hidden: [7, 5], device: small })],
  ['streamed, fused', () => ({ plan: 'fused', device: small })],
  ['streamed, resident, double', () => ({ plan: 'resident', precision: 'double', device: small })],
  ['cpu', () => ({ backend: 'cpu' })],
  ['cpu, double', () => ({ backend: 'cpu', precision: 'double' })],
  ['cpu, all rows a step', () => ({ backend: 'cpu', batchSize: undefined })],
];

describe.each(SETTINGS)('%s', (_, settings) => {
  const options = (): TrainerOptions => ({
    ...base,
    tuning: SMALL,
    recovery: WITHOUT_SNAPSHOTS,
    device: settings().backend === 'cpu' ? undefined : trainers.device,
    ...settings(),
  });
  const tolerance = () => (settings().precision === 'double' ? 1e-11 : 2e-5);
  const create = () => trainers.create(options());

  test('last adds the final state, and changes no other report', async () => {
    const [trainer, expected] = [await create(), await create()];
    const all = await measurements(trainer, { steps: 23, every: 4, last: true });
    const without = await measurements(expected, { steps: 23, every: 4 });
    expect(all.map(({ step }) => step)).toEqual([0, 4, 8, 12, 16, 20, 23]);
    expect(all).toEqual([...without, await expected.measure()]);
    const [last] = await measurements(trainer, { steps: 0, every: 1, last: true });
    expect(last).toEqual(await expected.measure());
    expect((await measurements(trainer, { steps: 2, every: 2, last: true })).map(({ step }) => step)).toEqual(
      [24, 25],
    );
    await expected.train(2);
    expect(await trainer.save()).toEqual(await expected.save());
  });

  test('the batch is measured over the rows of the step, the parameters are those of the step', async () => {
    const [trainer, plain] = [await create(), await create()];
    const run = { steps: 13, every: 1, last: true, measure: 'batch', parameters: true } as const;
    const reports = await measurements(trainer, run);
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 14 }, (_, step) => step));
    for (const report of reports) {
      expect(report.parameters).toEqual(await plain.parameters());
      await expectBatch(report, options(), tolerance());
      if (report.step < 13) await plain.train(1);
    }
    expect(await trainer.save()).toEqual(await plain.save());
  });

  test('all rows with parameters have the bits of all rows without', async () => {
    const [trainer, plain] = [await create(), await create()];
    const all = await measurements(trainer, { steps: 9, every: 3, parameters: true, last: true });
    const expected = await measurements(plain, { steps: 9, every: 3, last: true });
    expect(all.map(({ parameters, ...rest }) => rest)).toEqual(expected);
    expect(all.every(({ parameters }) => parameters)).toBe(true);
    expect(expected.some((report) => 'parameters' in report)).toBe(false);
  });
});

test.each([
  ['webgpu', 'layered', undefined],
  ['webgpu', 'resident', undefined],
  ['webgpu', 'fused', undefined],
  ['cpu', 'auto', undefined],
  ['cpu', 'auto', 1000],
] as const)(
  '%s, %s: a batch of all rows is measured to the bits of all rows',
  async (backend, plan, size) => {
    const own = backend === 'cpu' ? {} : { device: trainers.device, plan, tuning: SMALL };
    const create = () => trainers.create({ ...base, backend, ...own, batchSize: size });
    const [whole, batch] = [await create(), await create()];
    const run = { steps: 10, every: 2, last: true };
    expect(await measurements(batch, { ...run, measure: 'batch' })).toEqual(await measurements(whole, run));
  },
);

describe('the report of a batch takes no more than its own rows', () => {
  const many = new TestRandom(6).dataset(3000, 9, 4);
  const run = { steps: 20, every: 1 };
  const plain = { steps: 20, every: 1000 };
  afterEach(() => void vi.restoreAllMocks());

  test('on the CPU: as many rows', async () => {
    const rows: number[] = [];
    const { forward } = CpuNetwork.prototype;
    vi.spyOn(CpuNetwork.prototype, 'forward').mockImplementation(function (this: CpuNetwork, ...given) {
      rows.push(given[2]);
      return forward.apply(this, given);
    });
    const trainer = await trainers.create({ ...base, data: many, backend: 'cpu' });
    await measurements(trainer, { ...run, measure: 'batch' });
    expect(rows.reduce((sum, count) => sum + count)).toBe(20 * 60 * 2);
  });

  test.each(['layered', 'fused', 'resident'] as const)('on the GPU, %s', async (plan) => {
    let sum = 0;
    const { dispatch } = Commands.prototype;
    vi.spyOn(Commands.prototype, 'dispatch').mockImplementation(function (this: Commands, ...given) {
      const [dispatches, , times = 1] = given;
      for (const { work } of dispatches) sum += times * work;
      dispatch.apply(this, given);
    });
    const workOf = async (options: RunOptions) => {
      const trainer = await trainers.create({
        ...base,
        data: many,
        plan,
        device: trainers.device,
        tuning: SMALL,
      });
      sum = 0;
      await measurements(trainer, options);
      return sum;
    };
    const steps = await workOf({ ...plain, measure: 'batch' });
    const reported = (await workOf({ ...run, measure: 'batch' })) - steps;
    // In a narrow network, softmax and the sums are as much work as the products.
    expect(reported).toBeLessThan(2 * steps);
    expect((await workOf(run)) - steps).toBeGreaterThan(10 * steps);
  });
});

/** Compares a report with float64 over the rows of its step, at the report's own parameters. */
async function expectBatch(report: Measurement, options: TrainerOptions, tolerance: number): Promise<void> {
  const { data, seed, batchSize = data.count } = options;
  const order = new BatchOrder(data.count, batchSize, seed ?? 0);
  const rows = batchSize === data.count ? data : rowsOf(data, order.rows(report.step));
  const oracle = await createTrainer({
    ...options,
    device: undefined,
    backend: 'cpu',
    plan: 'auto',
    precision: 'double',
    parameters: report.parameters,
  });
  const { loss, l2Loss, dataLoss, accuracy } = await oracle.measure(rows);
  oracle.destroy();
  expectClose([report.loss, report.dataLoss, report.l2Loss], [loss, dataLoss, l2Loss], tolerance);
  expectClose([report.accuracy], [accuracy], 1e-6);
}

function rowsOf(data: Dataset, rows: Uint32Array): Dataset {
  const { features, classes } = data;
  const inputs = new Float64Array(rows.length * features);
  rows.forEach((row, i) => {
    inputs.set(data.inputs.subarray(row * features, (row + 1) * features), i * features);
  });
  return { inputs, labels: rows.map((row) => data.labels[row]), count: rows.length, features, classes };
}

describe.each(trainers.backends)('%s', (_, backend) => {
  const create = () => trainers.create({ ...base, ...backend(), recovery: WITHOUT_SNAPSHOTS });

  test('many reports with parameters fill more than one submission', async () => {
    const options = { ...base, ...backend(), hidden: [300, 300], recovery: WITHOUT_SNAPSHOTS };
    const [trainer, plain] = await Promise.all([trainers.create(options), trainers.create(options)]);
    const run = { steps: ALL ? 60 : 24, every: 1, measure: 'batch' } as const;
    const reports = await measurements(trainer, { ...run, parameters: true });
    expect(reports.map(({ parameters, ...rest }) => rest)).toEqual(await measurements(plain, run));
    const { parameters } = reports[reports.length - 1];
    await trainer.restore({ ...(await trainer.save()), step: run.steps - 1, parameters: parameters ?? [] });
    await trainer.train(1);
    expect(await trainer.parameters()).toEqual(await plain.parameters());
  });

  test('an abort loses no report', async () => {
    const [trainer, plain] = [await create(), await create()];
    const controller = new AbortController();
    const { signal } = controller;
    const run = { every: 3, last: true, measure: 'batch', parameters: true } as const;
    const told: Measurement[] = [];
    const work = (async () => {
      for await (const report of trainer.run({ ...run, steps: 1e9, signal })) {
        told.push(report);
        if (told.length === 20) controller.abort();
      }
    })();
    expect(await rejection(work)).toBe(signal.reason);
    told.push(...(await measurements(trainer, { steps: 0, every: 1 })));
    // The CPU may have measured the step of the abort, which has not been applied.
    const expected = await measurements(plain, { ...run, last: false, steps: trainer.step + 1 });
    expect(told).toEqual(expected.slice(0, told.length));
    expect(told.length).toBeGreaterThanOrEqual(Math.ceil(trainer.step / run.every));
  });

  test.each([
    ['last', { last: 1 }],
    ['last', { last: null }],
    ['measure', { measure: 'rows' }],
    ['parameters', { parameters: 'all' }],
    ['final', { final: true }],
  ])('refuses a bad %s', async (option, bad) => {
    const trainer = await create();
    const error = await rejection(trainer.run({ steps: 1, every: 1, ...(bad as object) }).next());
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe(option);
    expect(trainer.step).toBe(0);
  });
});

test.each([
  ['batches', 60],
  ['all rows', undefined],
])('a lost device repeats the reports with the same bits, with %s', async (_, batchSize) => {
  const gpu = await losableGpu(2);
  const options: TrainerOptions = { ...base, batchSize, hidden: [], tuning: SMALL };
  const trainer = await trainers.create(options);
  const undisturbed = await trainers.create({ ...options, device: trainers.device });
  const run = { steps: 301, every: 5, last: true, measure: 'batch', parameters: true } as const;
  const told: Measurement[] = [];
  for await (const report of trainer.run(run)) {
    told.push(report);
    if (report.step === 100 || report.step === 300) gpu.lose();
  }
  expect(trainer.recoveries.length).toBeGreaterThan(0);
  expect(told).toEqual(await measurements(undisturbed, run));
});

test('a divergence ends a run that reports batches, after the reports before it', async () => {
  for (const own of [{ backend: 'cpu' as const }, { device: trainers.device, tuning: SMALL }]) {
    const trainer: Trainer = await trainers.create({ ...base, ...own, learningRate: 1e30, l2: 1 });
    const told: Measurement[] = [];
    const work = async () => {
      const run = { steps: 50, every: 1, last: true, measure: 'batch', parameters: true } as const;
      for await (const report of trainer.run(run)) told.push(report);
    };
    expect(await rejection(work())).toMatchObject({ name: 'NonFiniteError', step: told.length });
    expectParameters(told[0].parameters ?? [], told[0].parameters ?? [], 0);
  }
});
