import { beforeAll, describe, expect, test } from 'vitest';
import { createTrainer, LimitError, type Trainer, type TrainerOptions } from '../../../src/index.ts';
import { gate } from '../../helpers/devices/gate.ts';
import { countBuffers, delayReadings, testDevice, testGpu } from '../../helpers/devices/gpu.ts';
import { lowerLimits } from '../../helpers/devices/lowered-limits.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL } from '../../helpers/tier.ts';
import { abortDelay, measurements, rejection, WITHOUT_SNAPSHOTS } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

/**
 * The size of the largest buffer in bytes: the inputs of about 1800 rows in single precision, and
 * every other tensor of all rows.
 */
const LIMIT = 64 * 1024;
const random = new TestRandom(8);
/** More rows than the GPU has at a time. */
const ROWS = ALL ? 5000 : 2400;
// The products of the layers share their kernels: all sizes exceed a tile, and none is divisible by
// four.
const [FEATURES, CLASSES] = [9, 5];
const data = random.dataset(ROWS, FEATURES, CLASSES);
const other = random.dataset(0.9 * ROWS, FEATURES, CLASSES);
const base = { data, hidden: [5], learningRate: 0.1, l2: 0.01, batchSize: 201, seed: 3 };

let device: GPUDevice;
let small: GPUDevice;
let count: ReturnType<typeof countBuffers>;
beforeAll(async () => {
  device = await testDevice();
  small = await testDevice();
  lowerLimits(small, LIMIT);
  count = countBuffers(small);
});

const SETTINGS: [string, Partial<TrainerOptions>][] = [
  ['layered', { plan: 'layered', optimizer: { name: 'adam' } }],
  ['layered, in double precision', { plan: 'layered', precision: 'double', batchSize: 131 }],
  ['fused', { plan: 'fused', optimizer: { name: 'sgd', momentum: 0.9 } }],
  ['fused, in double precision', { plan: 'fused', precision: 'double' }],
  ['fused, layer by layer, with a short last batch', { plan: 'fused', hidden: [7, 5], batchSize: 333 }],
  ['resident', { plan: 'resident', batchSize: 64 }],
  ['resident, in double precision', { plan: 'resident', batchSize: 64, precision: 'double' }],
];

describe.each(SETTINGS)('%s', (_, settings) => {
  const create = (device: GPUDevice): Promise<Trainer> =>
    createTrainer({ ...base, tuning: SMALL, recovery: WITHOUT_SNAPSHOTS, ...settings, device });

  test('rows that are sent step by step train to the same bits as rows on the GPU', async () => {
    const [whole, streamed] = [await create(device), await create(small)];
    const run = { steps: 60, every: 7 };
    expect(await measurements(streamed, run)).toEqual(await measurements(whole, run));
    expect(await streamed.save()).toEqual(await whole.save());
    expect(await streamed.measure()).toEqual(await whole.measure());
    const checkpoint = await streamed.save();
    await streamed.train(9);
    const after = await streamed.save();
    await streamed.restore(checkpoint);
    await streamed.train(9);
    expect(await streamed.save()).toEqual(after);
    for (const trainer of [whole, streamed]) trainer.destroy();
  });

  test('reads of more rows than fit give the results of a device where they fit', async () => {
    const [whole, streamed] = [await create(device), await create(small)];
    for (const trainer of [whole, streamed]) await trainer.train(4);
    const alive = count.alive;
    expect(await streamed.measure(other)).toEqual(await whole.measure(other));
    expect(await streamed.predict(other.inputs)).toEqual(await whole.predict(other.inputs));
    expect(await streamed.activations(other.inputs)).toEqual(await whole.activations(other.inputs));
    expect(await streamed.inspect()).toEqual(await whole.inspect());
    const [gradients, expected] = [await streamed.gradients(), await whole.gradients()];
    const tolerance = settings.precision === 'double' ? 1e-13 : 1e-6;
    gradients.forEach(({ weights, biases }, layer) => {
      expectClose(weights, expected[layer].weights, tolerance, `dW ${layer}`);
      expectClose(biases, expected[layer].biases, tolerance, `db ${layer}`);
    });
    expect(count.alive).toBe(alive);
    streamed.destroy();
    expect(count.alive).toBe(0);
    whole.destroy();
  });
});

test('candidates are measured on rows that are sent, and give the same bits', async () => {
  const create = (device: GPUDevice) =>
    createTrainer({ ...base, device, tuning: { budget: 600_000, cache: new Map() } });
  const [whole, streamed] = [await create(device), await create(small)];
  await streamed.tune();
  const { candidates } = streamed.tuning;
  expect(candidates.length).toBeGreaterThan(1);
  expect(candidates.filter(({ rejected }) => rejected !== undefined)).toEqual([]);
  for (const trainer of [whole, streamed]) await trainer.train(30);
  expect(await streamed.save()).toEqual(await whole.save());
  for (const trainer of [whole, streamed]) trainer.destroy();
});

test('no other plan takes over while rows are sent: a run waits for the tuner’s rest of an aborted run', async () => {
  const own = await testDevice();
  const [begun, looked] = [gate(), gate()];
  delayReadings(own, (label) => {
    if (label !== 'trial results') return undefined;
    begun.open();
    return looked.opened;
  });
  lowerLimits(own, LIMIT);
  const trainer = await createTrainer({ ...base, device: own, tuning: { cache: new Map() } });
  const controller = new AbortController();
  const run = rejection(trainer.train(1e9, { signal: controller.signal }));
  await begun.opened;
  await abortDelay(controller, run);
  const { step } = trainer;
  const next = trainer.train(7);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(trainer.step).toBe(step);
  looked.open();
  await next;
  const whole = await createTrainer({ ...base, device, tuning: SMALL });
  await whole.train(step + 7);
  expect(await trainer.save()).toEqual(await whole.save());
  for (const each of [trainer, whole]) each.destroy();
});

test('reads while rows are sent see whole steps, and do not change the training', async () => {
  const create = () => createTrainer({ ...base, tuning: SMALL, device: small });
  const [alone, disturbed] = [await create(), await create()];
  const run = { steps: 40, every: 4 };
  const expected = await measurements(alone, run);
  // Copies of one row: at the same parameters all copies have the same probabilities.
  const same = Float32Array.from(other.inputs, (_, i) => other.inputs[i % FEATURES]);
  let running = true;
  const reading = (async () => {
    while (running) {
      const [measured, { probabilities }] = await Promise.all([
        disturbed.measure(),
        disturbed.predict(same),
        disturbed.inspect(),
      ]);
      expect(new Set(probabilities).size).toBeLessThanOrEqual(CLASSES);
      const known = expected.find(({ step }) => step === measured.step);
      if (known) expect(measured).toEqual(known);
    }
  })();
  expect(await measurements(disturbed, run)).toEqual(expected);
  running = false;
  await reading;
  for (const trainer of [alone, disturbed]) trainer.destroy();
});

test('an abort ends a run that sends rows at a whole step', async () => {
  const trainer = await createTrainer({ ...base, tuning: SMALL, device: small });
  const controller = new AbortController();
  const run = trainer.run({ steps: 1_000_000, every: 2, signal: controller.signal });
  await run.next();
  await run.next();
  controller.abort();
  expect(
    await rejection(
      (async () => {
        for await (const _ of run);
      })(),
    ),
  ).toBe(controller.signal.reason);
  const { step } = trainer;
  const reference = await createTrainer({ ...base, tuning: SMALL, device });
  await reference.train(step);
  expect(await trainer.parameters()).toEqual(await reference.parameters());
  for (const each of [trainer, reference]) each.destroy();
});

/** In the tier `all`: 168 MB of data, which need a gigabyte in total. */
if (ALL) {
  test('data larger than a default binding trains to the same bits as bound data', async () => {
    const adapter = await testGpu().requestAdapter();
    if (!adapter) throw new Error('There is no adapter.');
    const byDefault = await adapter.requestDevice();
    const [count, features] = [420_000, 100];
    expect(4 * count * features).toBeGreaterThan(byDefault.limits.maxStorageBufferBindingSize);
    expect(4 * count * features).toBeLessThan(device.limits.maxStorageBufferBindingSize);
    // A block of random rows, repeated: its prime number of rows gives the copies other classes.
    const block = random.floats(7919 * features);
    const inputs = Float32Array.from({ length: count * features }, (_, i) => block[i % block.length]);
    const large = { inputs, labels: random.integers(count, 3), count, features, classes: 3 };
    const results = [];
    for (const each of [device, byDefault]) {
      const options = { ...base, data: large, hidden: [16], batchSize: 512, tuning: false as const };
      const trainer = await createTrainer({ ...options, device: each });
      const table = await measurements(trainer, { steps: 40, every: 20 });
      results.push([table, await trainer.save(), await trainer.measure(), await trainer.predict(inputs)]);
      trainer.destroy();
    }
    expect(results[1]).toEqual(results[0]);
    byDefault.destroy();
  }, 600_000);
}

describe('what is refused', () => {
  test.each<[string, Partial<TrainerOptions>, RegExp]>([
    [
      'all rows in a step',
      { data: random.dataset(2400, FEATURES, CLASSES), batchSize: undefined, hidden: [] },
      /'inputs' needs maxStorageBufferBindingSize ≥ 86400, .*allows 65536\. Use a batchSize/,
    ],
    [
      'a batch',
      { batchSize: 1900, hidden: [2] },
      /'batch inputs' needs .*≥ 68400, .*65536\. Use a smaller batchSize/,
    ],
    ['outputs', { hidden: [100] }, /'outputs 0' needs .*≥ 80400, .*smaller batchSize/],
    ['weights', { hidden: [2000], batchSize: 1 }, /'weights 0' needs .*≥ 72000, .*smaller network/],
    ['parameters', { hidden: [1200], batchSize: 1 }, /'parameters' needs maxBufferSize/],
    ['rows', { data: random.dataset(17_000, FEATURES, CLASSES) }, /'losses' needs .*≥ 68000, .*fewer rows/],
  ])(
    '%s that cannot fit, before an allocation, with the figure and the limit',
    async (_, options, message) => {
      const created: string[] = [];
      const own = await testDevice();
      lowerLimits(own, LIMIT);
      const createBuffer = own.createBuffer.bind(own);
      own.createBuffer = (descriptor) => {
        created.push(descriptor.label ?? '');
        return createBuffer(descriptor);
      };
      for (const precision of ['single', 'double'] as const) {
        const error = await rejection(createTrainer({ ...base, ...options, precision, device: own }));
        expect(error).toBeInstanceOf(LimitError);
        if (precision === 'single') expect((error as Error).message).toMatch(message);
        const { needed, available } = error as LimitError;
        expect(available).toBe(LIMIT);
        expect(needed).toBeGreaterThan(LIMIT);
      }
      expect(created).toEqual([]);
    },
  );

  test('more rows to measure than numbers in a buffer', async () => {
    const trainer = await createTrainer({ ...base, device: small });
    const error = await rejection(trainer.measure(random.dataset(17_000, FEATURES, CLASSES)));
    expect(error).toBeInstanceOf(LimitError);
    expect((error as Error).message).toMatch(/'losses' needs .*≥ 68000/);
    trainer.destroy();
  });
});
