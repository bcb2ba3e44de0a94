import { describe, expect, it } from 'vitest';
import { createTrainer, type Dataset, type FloatArray, type LayerParameters } from '../../../index.ts';
import { featureRows } from '../../settings/features.ts';
import { createNetwork } from '../../settings/network.ts';
import { gridInputs, UNIT_NODES } from '../../settings/plane.ts';
import { loadPointKit, planeData } from '../../settings/plane-data.ts';
import { DEFAULTS, FEATURES, type Settings } from '../../settings/settings.ts';
import { trainerOptions } from '../../settings/trainer-options.ts';
import { lookInside } from './insight.ts';

await loadPointKit();

const SMALL: Settings = {
  ...DEFAULTS,
  hidden: [12, 5],
  initialization: 'he',
  precision: 'double',
  learningRate: 0.05,
  testShare: 0.25,
};

async function opened(part: Partial<Settings>) {
  const settings = { ...SMALL, ...part };
  const { train, test, range } = planeData(settings);
  const data = { train: train as Dataset, test };
  const trainer = await createTrainer({ ...trainerOptions(settings, data.train), backend: 'cpu' });
  const grid = featureRows(gridInputs(range, UNIT_NODES), settings.features);
  const look = async () => (await lookInside(trainer, settings, data, grid)).insight;
  return { trainer, data, range, look };
}

const difference = (a: LayerParameters, b: LayerParameters) =>
  Math.hypot(...Array.from(a.weights, (weight, i) => weight - b.weights[i]));

/** The columns of a matrix, one after the other. */
const columnsOf = (matrix: ArrayLike<number>, width: number) =>
  Float32Array.from(
    matrix,
    (_, i) => matrix[(i % (matrix.length / width)) * width + Math.floor(i / (matrix.length / width))],
  );

describe('a look inside', () => {
  it.each(['momentum', 'adam'] as const)('has the size of the last update of %s', async (optimizer) => {
    const { trainer, look } = await opened({ optimizer, batchSize: 32 });
    expect((await look()).layers.map(({ update }) => update)).toEqual([0, 0, 0]);
    await trainer.train(7);
    const before = await trainer.parameters();
    await trainer.train(1);
    const after = await trainer.parameters();
    const { step, layers } = await look();
    expect(step).toBe(8);
    layers.forEach(({ update, weights }, layer) => {
      expect(update).toBeCloseTo(difference(before[layer], after[layer]), 10);
      expect(weights).toBeCloseTo(Math.hypot(...after[layer].weights), 10);
    });
  });

  it('has the size of the next update of gradient descent', async () => {
    const { trainer, look } = await opened({});
    const { layers } = await look();
    const before = await trainer.parameters();
    await trainer.train(1);
    const after = await trainer.parameters();
    layers.forEach(({ update, gradient }, layer) => {
      expect(update).toBeCloseTo(difference(before[layer], after[layer]), 12);
      expect(gradient).toBeCloseTo(update / 0.05, 10);
    });
  });

  it.each(['nesterov', 'adagrad', 'rmsprop'] as const)(
    'has the size of the next update of %s',
    async (optimizer) => {
      const { trainer, look } = await opened({ optimizer, learningRate: 0.01, l1: 0.001, epsilon: 1e-6 });
      for (const steps of [0, 5]) {
        await trainer.train(steps);
        const { layers } = await look();
        const before = await trainer.parameters();
        await trainer.train(1);
        const after = await trainer.parameters();
        layers.forEach(({ update }, layer) => {
          expect(update).toBeCloseTo(difference(before[layer], after[layer]), 10);
        });
      }
    },
  );

  it('has the size of updates at the rates of a schedule', async () => {
    const schedule = { schedule: 'step', decayEvery: 4, decayFactor: 0.1, warmup: 2 } as const;
    // Updates of the next step, before the rate falls and after it; Adam has those of the last step.
    for (const [optimizer, step] of [
      ['sgd', 5],
      ['sgd', 6],
      ['adam', 5],
      ['adam', 6],
    ] as const) {
      const { trainer, look } = await opened({ ...schedule, optimizer });
      await trainer.train(step);
      const [before, next] = [await trainer.parameters(), await look()];
      await trainer.train(1);
      const [after, last] = [await trainer.parameters(), await look()];
      const { layers } = optimizer === 'adam' ? last : next;
      layers.forEach(({ update }, layer) => {
        expect(update, `${optimizer} ${step}`).toBeCloseTo(difference(before[layer], after[layer]), 10);
      });
    }
  });

  it('calls units dead of ReLU alone', async () => {
    const dead = async (part: Partial<Settings>) => (await (await opened(part)).look()).layers[0].dead;
    expect(await dead({})).toBeGreaterThanOrEqual(0);
    for (const activation of ['tanh', 'leaky-relu', 'identity'] as const)
      expect(await dead({ activation }), activation).toBeUndefined();
  });

  it('has the scores of the hinge loss over the plane, and the weights of all inputs', async () => {
    const { trainer, look, range, data } = await opened({ loss: 'hinge', features: FEATURES, hidden: [3] });
    const inputs = featureRows(gridInputs(range, UNIT_NODES), FEATURES);
    const { layers } = await look();
    const { scores } = await trainer.predict(inputs);
    expect(layers[1].pictures).toEqual(columnsOf(scores ?? [], data.train.classes));
    const [first] = await trainer.parameters();
    expect(layers[0].shownWeights).toEqual(Float32Array.from(first.weights));
  });

  it('has the outputs of the first units over the plane, and the weights between them', async () => {
    const { trainer, range, look } = await opened({});
    await trainer.train(20);
    const { layers } = await look();
    const grid = gridInputs(range, UNIT_NODES);
    const outputs = await trainer.activations(grid);
    const { probabilities } = await trainer.predict(grid);
    const parameters = await trainer.parameters();
    const nodes = UNIT_NODES ** 2;
    expect(layers.map(({ pictures }) => pictures.length / nodes)).toEqual([8, 5, 3]);
    for (const node of [0, 500, nodes - 1]) {
      for (let unit = 0; unit < 8; unit++)
        expect(layers[0].pictures[unit * nodes + node]).toBe(Math.fround(outputs[0][node * 12 + unit]));
      for (let label = 0; label < 3; label++)
        expect(layers[2].pictures[label * nodes + node]).toBeCloseTo(probabilities[node * 3 + label], 6);
    }
    // The weights from 8 of 12 units to 5 of 5.
    expect(layers[1].shownWeights).toHaveLength(40);
    expect(layers[1].shownWeights[7 * 5 + 3]).toBe(Math.fround(parameters[1].weights[7 * 5 + 3]));
    expect(layers[0].shownWeights[8 + 2]).toBe(Math.fround(parameters[0].weights[12 + 2]));
  });

  it('counts the classes that the network confuses, and dead units', async () => {
    const { trainer, data, look } = await opened({});
    await trainer.train(50);
    const { confusion, layers } = await look();
    for (const part of ['train', 'test'] as const) {
      const counts = confusion?.[part] as Uint32Array;
      const rows = data[part] as Dataset;
      const { count } = rows;
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
      const { accuracy } = await trainer.measure(rows);
      expect((counts[0] + counts[4] + counts[8]) / count).toBeCloseTo(accuracy, 12);
    }
    expect(layers[2].dead).toBeUndefined();

    const parameters = await trainer.parameters();
    parameters[1].weights.fill(0);
    parameters[1].biases.set([-1, -1, -1, 1, 1]);
    const checkpoint = await trainer.save();
    await trainer.restore({ ...checkpoint, parameters });
    expect((await look()).layers[1].dead).toBeCloseTo(0.6, 12);
  });
});

it('a look into a regression has its values in place of classes', async () => {
  const settings: Settings = { ...SMALL, shape: 'wave', testShare: 0.25 };
  const { train, test, range } = planeData(settings);
  if (!train) throw new Error('nothing to train on');
  const network = await createNetwork({ ...trainerOptions(settings, train), backend: 'cpu' });
  await network.train(20);
  const grid = gridInputs(range, UNIT_NODES);
  const { insight } = await lookInside(network, settings, { train, test }, grid);
  expect(insight.confusion).toBeUndefined();
  const values = async (inputs: FloatArray) =>
    Array.from(Float32Array.from((await network.activations(inputs)).at(-1) ?? []));
  expect(Array.from(insight.values?.train ?? [])).toEqual(await values(train.inputs));
  expect(Array.from(insight.values?.test ?? [])).toEqual(await values(test?.inputs ?? new Float64Array()));
  const last = insight.layers[insight.layers.length - 1];
  expect(Array.from(last.pictures)).toEqual(await values(grid));
});
