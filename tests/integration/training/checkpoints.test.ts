import { describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  type LayerParameters,
  type Optimizer,
  OptionError,
  type TrainerOptions,
} from '../../../src/index.ts';
import { TestRandom } from '../../helpers/random.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { expectParameters, rejection } from '../../helpers/trainers/training.ts';
import old from '../../reference/checkpoints.json' with { type: 'json' };

/** The data of tests/reference/checkpoints.json, which the first version of checkpoints left after 3 and 6 steps. */
const OLD_DATA = {
  inputs: Float64Array.of(0.5, -1, 1.5, 0.25, -0.75, 1, 2, -0.5, -1.25, -0.125),
  labels: Uint32Array.of(0, 1, 1, 0, 1),
  count: 5,
  features: 2,
  classes: 2,
};

const trainers = testTrainers();
const random = new TestRandom(7);
const data = random.dataset(12, 3, 4);
const rows = (count: number) => new TestRandom(count).dataset(count, 3, 4);
const OPTIMIZERS: Optimizer[] = [
  { name: 'sgd' },
  { name: 'sgd', momentum: 0.9 },
  { name: 'sgd', momentum: 0.9, nesterov: true },
  { name: 'adam' },
  { name: 'rmsprop' },
  { name: 'adagrad' },
];
/** The optimizers whose last moment holds squares. */
const SQUARING: Optimizer[] = OPTIMIZERS.slice(3);

describe.each(trainers.backends)('%s', (_, backend) => {
  const create = (options: Partial<TrainerOptions> = {}) =>
    trainers.create({ data, hidden: [5], learningRate: 0.05, ...backend(), ...options });

  test.each(OPTIMIZERS)(
    'a checkpoint that went through JSON trains to the same bits: %o',
    async (optimizer) => {
      const trainer = await create({ optimizer });
      await trainer.train(7);
      const checkpoint = await trainer.save();
      await trainer.train(5);
      const after = await trainer.save();
      for (const kept of [JSON.parse(JSON.stringify(checkpoint)), withPlainArrays(checkpoint)]) {
        const other = await create({ optimizer });
        await other.restore(kept);
        expect(await other.save()).toEqual(checkpoint);
        await other.train(5);
        expect(await other.save()).toEqual(after);
      }
    },
  );

  test.each(
    SQUARING.flatMap((optimizer) =>
      (['weights', 'biases'] as const).map((tensor) => ({ optimizer, tensor })),
    ),
  )('refuses squares below 0, $optimizer.name, $tensor', async ({ optimizer, tensor }) => {
    const trainer = await create({ optimizer });
    await trainer.train(3);
    const before = await trainer.save();
    const broken = structuredClone(before);
    const last = broken.optimizer.moments.length - 1;
    broken.optimizer.moments[last][1][tensor][2] = -1e-9;
    const error = await rejection(trainer.restore(broken));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe(`checkpoint.optimizer.moments[${last}][1].${tensor}[2]`);
    expect(await trainer.save()).toEqual(before);
    // Adam's mean of gradients has a sign.
    broken.optimizer.moments[last][1][tensor][2] = 0;
    if (last > 0) broken.optimizer.moments[0][1][tensor][2] = -1e-9;
    await trainer.restore(broken);
    await trainer.train(1);
  });

  test('parameters that went through JSON are a starting point', async () => {
    const trainer = await create();
    const parameters = await trainer.parameters();
    for (const kept of [JSON.parse(JSON.stringify(parameters)), parameters.map(plain)]) {
      expect(await (await create({ parameters: kept })).parameters()).toEqual(parameters);
    }
  });
});

function plain({ weights, biases }: LayerParameters) {
  return { weights: [...weights], biases: [...biases] };
}
function withPlainArrays(checkpoint: Checkpoint): Checkpoint {
  const { parameters, optimizer, ...rest } = checkpoint;
  const moments = optimizer.moments.map((layers) => layers.map(plain));
  const kept: object = { ...rest, parameters: parameters.map(plain), optimizer: { ...optimizer, moments } };
  return kept as Checkpoint;
}

describe('on the CPU', () => {
  const create = (options: Partial<TrainerOptions> = {}) =>
    trainers.create({ data, hidden: [5], learningRate: 0.05, backend: 'cpu', ...options });

  test.each<[biases: unknown, option: string, message: RegExp]>([
    [
      [1, 2, 3, 4, 5, 6],
      'parameters[0].biases',
      /expected a Float32Array, .* array of 5 numbers \(5\), but got 6 numbers\./,
    ],
    [[1, 2, 3, 4, null], 'parameters[0].biases[4]', /expected a finite number, but got null/],
    [[1, 2, 3, 4, '5'], 'parameters[0].biases[4]', /but got '5'/],
    [[1, 2, 3, 4, 1e39], 'parameters[0].biases[4]', /32 bits/],
    [new Array(5), 'parameters[0].biases[0]', /but got undefined/],
    [new Array(1e9), 'parameters[0].biases', /got 1000000000 numbers/],
    [{ 0: 1, 1: 2, 2: 3, 3: 4, 4: Number.NaN }, 'parameters[0].biases[4]', /but got NaN/],
    [{ 0: 1, 1: 2, 2: 3, 3: 4 }, 'parameters[0].biases', /got 4 numbers/],
    [{ 0: 1, 1: 2, 2: 3, 3: 4, 5: 5 }, 'parameters[0].biases', /Float32Array, a Float64Array or an array of/],
    [{}, 'parameters[0].biases', /expected a Float32Array/],
    [new Map([[0, 1]]), 'parameters[0].biases', /expected a Float32Array/],
    [new Int32Array(5), 'parameters[0].biases', /but got an Int32Array/],
    [null, 'parameters[0].biases', /but got null/],
  ])('refuses biases, %#', async (biases, option, message) => {
    const layers = [
      { weights: new Array(15).fill(0), biases },
      plain((await (await create()).parameters())[1]),
    ];
    const error = await rejection(create({ parameters: layers as unknown as LayerParameters[] }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe(option);
    expect((error as Error).message).toMatch(message);
  });

  test('a trainer on all rows takes the checkpoint of one on all of other rows', async () => {
    for (const [from, to] of [
      [4, 5],
      [5, 4],
      [300, 1],
    ]) {
      const trainer = await create({ data: rows(from) });
      await trainer.train(3);
      const checkpoint = await trainer.save();
      expect(checkpoint).toMatchObject({ batchSize: from, fullBatch: true });
      const other = await create({ data: rows(to) });
      await other.restore(JSON.parse(JSON.stringify(checkpoint)));
      expect(other.step).toBe(3);
      expect(await other.parameters()).toEqual(checkpoint.parameters);
      await other.train(1);
      expect(await other.save()).toMatchObject({ step: 4, batchSize: to, fullBatch: true });
    }
  });

  test.each<[from: [number, number?], to: [number, number?]]>([
    // Rows, and the batch size that was asked for.
    [
      [12, 4],
      [20, 4],
    ],
    [
      [300, 300],
      [1, 300],
    ],
    [[300], [1, 300]],
    [[4, 1000], [5]],
    [[4], [5, 1000]],
    [
      [4, 1000],
      [5, 1000],
    ],
    [[12, 4], [4]],
    [
      [200, 300],
      [400, 300],
    ],
    [
      [400, 300],
      [200, 300],
    ],
    [
      [4, 5],
      [20, 5],
    ],
  ])('%o fits %o', async ([from, asked], [to, wanted]) => {
    const checkpoint = await (await create({ data: rows(from), batchSize: asked })).save();
    const trainer = await create({ data: rows(to), batchSize: wanted });
    await trainer.restore(JSON.parse(JSON.stringify(checkpoint)));
    await trainer.train(1);
    expect(trainer.step).toBe(1);
  });

  test.each<[from: [number, number?], to: [number, number?], message: RegExp]>([
    [[4], [5, 2], /expected this trainer's batchSize 2, but got 4\./],
    [[12, 4], [12, 3], /expected this trainer's batchSize 3, but got 4\./],
    [[12, 4], [20], /expected all of this trainer's 20 rows; .* batchSize: 4 .*, but got 4\./],
    [[4], [5, 5], /expected this trainer's batchSize 5/],
    [
      [4, 5],
      [20, 6],
      /expected this trainer's batchSize 6, but got 4, for the batchSize 5 of a trainer with fewer rows\./,
    ],
  ])('%o is refused by %o', async ([from, asked], [to, wanted], message) => {
    const checkpoint = await (await create({ data: rows(from), batchSize: asked })).save();
    const trainer = await create({ data: rows(to), batchSize: wanted });
    const before = await trainer.save();
    const error = await rejection(trainer.restore(checkpoint));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe('checkpoint.batchSize');
    expect((error as Error).message).toMatch(message);
    expect(await trainer.save()).toEqual(before);
  });

  test('a checkpoint keeps a batch size above the number of rows, and refuses what is none', async () => {
    const checkpoint = await (await create({ data: rows(4), batchSize: 5 })).save();
    expect(checkpoint).toMatchObject({ batchSize: 4, fullBatch: true, askedBatchSize: 5 });
    const trainer = await create({ data: rows(20), batchSize: 5 });
    for (const askedBatchSize of [0, 1.5, '5', null]) {
      const error = await rejection(trainer.restore({ ...checkpoint, askedBatchSize } as Checkpoint));
      expect(error).toMatchObject({ name: 'OptionError', option: 'checkpoint.askedBatchSize' });
    }
    // An older version did not say the batch size that was asked for.
    const { askedBatchSize: _, ...old } = checkpoint;
    await (await create({ data: rows(4), batchSize: 5 })).restore(old);
    await (await create({ data: rows(7) })).restore(old);
    expect(await rejection(trainer.restore(old))).toBeInstanceOf(OptionError);
    expect(await (await create()).save()).not.toHaveProperty('askedBatchSize');
  });

  test.each(old)(
    'a checkpoint of the first version trains on: $optimizer',
    async ({ optimizer, checkpoint, after }) => {
      const trainer = await create({
        data: OLD_DATA,
        hidden: [2],
        learningRate: 0.25,
        l2: 0.125,
        batchSize: 3,
        optimizer: optimizer as Optimizer,
        precision: 'double',
      });
      await trainer.restore(checkpoint as unknown as Checkpoint);
      await trainer.train(3);
      // Powers and exponentials differ in the last bit from one JavaScript engine to another.
      expectParameters(await trainer.parameters(), after, 1e-14);
    },
  );

  test('refuses what keeps a network in another way, and says what takes it', async () => {
    const trainer = await create();
    const checkpoint = await trainer.save();
    for (const [kept, message] of [
      [
        JSON.stringify(checkpoint),
        /^checkpoint: expected .* \(version 1\), which JSON\.parse\(\) makes of its text, but got '{"v/,
      ],
      [new Uint8Array(9), /for a file a call of resume\(\) of spiralnet\/models, but got a Uint8Array/],
      [new Blob(), /resume\(\)/],
      [
        { sizes: [3, 5, 4], parameters: checkpoint.parameters },
        /for a model createTrainer\({ parameters: model\.parameters }\), but/,
      ],
      [{}, /\(version 1\), but got {}/],
    ] as const) {
      const error = await rejection(trainer.restore(kept as unknown as Checkpoint));
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toMatch(message);
    }
  });

  test('a checkpoint of a version that did not say fullBatch fits the same batch size', async () => {
    const { fullBatch, ...old } = await (await create()).save();
    expect(fullBatch).toBe(true);
    await (await create()).restore(old);
    await (await create({ batchSize: 12 })).restore(old);
    expect(await rejection((await create({ data: rows(5) })).restore(old))).toBeInstanceOf(OptionError);
  });
});
