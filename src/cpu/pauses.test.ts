import { afterEach, describe, expect, test, vi } from 'vitest';
import { TestRandom } from '../../tests/helpers/random.ts';
import { stepSettings } from '../../tests/helpers/step-settings.ts';
import { endlessSlices } from '../../tests/helpers/trainers/pauses.ts';
import { rejection } from '../../tests/helpers/trainers/training.ts';
import { type Checkpoint, createTrainer, type Trainer, type TrainerOptions } from '../index.ts';
import { columnSums, sumOfSquares } from './reductions.ts';
import { crossEntropy, crossEntropyGradient, softmax } from './softmax.ts';
import { complete, EXPONENTIAL, MOST_TERMS, type PausableWork } from './time-slices.ts';
import { update } from './update.ts';

const trainers: Trainer[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const trainer of trainers.splice(0)) trainer.destroy();
});

const create = async (options: Partial<TrainerOptions> & Pick<TrainerOptions, 'data'>) => {
  const trainer = await createTrainer({
    learningRate: 0.01,
    backend: 'cpu',
    recovery: { interval: 1e15 },
    ...options,
  });
  trainers.push(trainer);
  return trainer;
};

/** The work of few rows in many classes is mostly exponentials. */
const classes = { data: new TestRandom(1).dataset(1500, 1, 1000), initialization: 0.01 };
/** The work of a step on one row is mostly its update. */
const weights = {
  data: new TestRandom(2).dataset(1, 30, 20_000),
  optimizer: { name: 'adam' } as const,
};
const many = { ...weights, data: new TestRandom(2).dataset(1, 80, 20_000) };
/** The work on many rows, each of it little. */
const rows = { data: new TestRandom(3).dataset(60_000, 2, 3), hidden: [50], batchSize: 50 };

const exponentials = (1500 * 1000 * EXPONENTIAL) / MOST_TERMS;
const CALLS: [string, Parameters<typeof create>[0], (trainer: Trainer) => Promise<unknown>, number][] = [
  ['train', classes, (trainer) => trainer.train(1), exponentials],
  ['a measurement of a run', classes, (trainer) => trainer.run({ steps: 1, every: 1 }).next(), exponentials],
  ['measure', classes, (trainer) => trainer.measure(), exponentials],
  ['predict', classes, (trainer) => trainer.predict(classes.data.inputs), exponentials],
  ['gradients', classes, (trainer) => trainer.gradients(), exponentials],
  ['inspect', classes, (trainer) => trainer.inspect(), 3 * exponentials],
  ['train, mostly its update,', many, (trainer) => trainer.train(1), (8 * 1.6e6) / MOST_TERMS],
  ['measure of rows', rows, (trainer) => trainer.measure(), 60_000 / 256],
  ['gradients of rows', rows, (trainer) => trainer.gradients(), 60_000 / 256],
];

test.each(CALLS)('%s pauses after a few milliseconds of work at most', async (_, options, call, least) => {
  const trainer = await create(options);
  const pauses = endlessSlices();
  await call(trainer);
  expect(pauses()).toBeGreaterThanOrEqual(Math.floor(least));
});

test.each<[string, (trainer: Trainer) => Promise<unknown>]>([
  ['train', (trainer) => trainer.train(1)],
  ['measure', (trainer) => trainer.measure()],
  ['predict', (trainer) => trainer.predict(new Float32Array(1))],
  ['activations', (trainer) => trainer.activations(new Float32Array(1))],
  ['gradients', (trainer) => trainer.gradients()],
  ['inspect', (trainer) => trainer.inspect()],
  ['parameters', (trainer) => trainer.parameters()],
  ['save', (trainer) => trainer.save()],
])('a loop of short calls lets other tasks run: %s', async (_, call) => {
  const trainer = await create({ data: new TestRandom(5).dataset(1, 1, 2) });
  let over = false;
  setTimeout(() => {
    over = true;
  });
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.1));
  for (let n = 0; n < 10_000 && !over; n++) await call(trainer);
  expect(over).toBe(true);
});

describe('an update with pauses', () => {
  /** A few numbers of each part of a checkpoint. */
  const sample = ({ step, parameters, optimizer }: Checkpoint) => {
    const { weights } = parameters[0];
    const { biases } = optimizer.moments[1][0];
    return [step, weights[0], weights[weights.length - 1], biases[0], biases[biases.length - 1]];
  };
  /** The samples before each step. */
  const samples = async () => {
    const undisturbed = await create(weights);
    const all = [sample(await undisturbed.save())];
    for (let step = 0; step < 2; step++) {
      await undisturbed.train(1);
      all.push(sample(await undisturbed.save()));
    }
    return all;
  };

  test('is whole for reads', async () => {
    const expected = await samples();
    const trainer = await create(weights);
    const saved: Promise<number[]>[] = [];
    let training = true;
    // A save pauses too.
    endlessSlices(() => void (training && saved.push(trainer.save().then(sample))));
    await trainer.train(2);
    training = false;
    for (const state of await Promise.all(saved)) expect(state).toEqual(expected[state[0]]);
    expect(saved.length).toBeGreaterThan(8);
  });

  test('is whole after an abort', async () => {
    const expected = await samples();
    let reached = 0;
    for (let n = 1; reached < 2; n++) {
      const trainer = await create(weights);
      const controller = new AbortController();
      let left = n;
      endlessSlices(() => {
        if (--left === 0) controller.abort();
      });
      const work = trainer.train(1e9, { signal: controller.signal });
      expect(await rejection(work)).toBe(controller.signal.reason);
      const { step } = trainer;
      vi.restoreAllMocks();
      expect(sample(await trainer.save())).toEqual(expected[step]);
      trainer.destroy();
      reached = step;
    }
  });
});

describe('work in parts has the bits of the whole', () => {
  const random = new TestRandom(4);
  /** Does work with pauses. @returns its result */
  const inParts = <T>(work: PausableWork<T>): T => {
    for (let pauses = 0; ; pauses++) {
      const { done, value } = work.next();
      if (!done) continue;
      expect(pauses).toBeGreaterThan(0);
      return value;
    }
  };
  const logits = random.floats(8 * 100_000);
  const labels = Uint32Array.from({ length: 8 }, (_, row) => row * 1000);
  const row = (values: Float32Array, i: number) => values.subarray(i * 100_000, (i + 1) * 100_000);

  test('softmax, and its gradient', () => {
    const [whole, parts, gradient, gradients] = [0, 1, 2, 3].map(() => new Float32Array(logits.length));
    inParts(softmax(logits, parts, 8, 100_000));
    inParts(crossEntropyGradient(logits, gradients, labels, 8, 100_000));
    for (let i = 0; i < 8; i++) {
      complete(softmax(row(logits, i), row(whole, i), 1, 100_000));
      complete(crossEntropyGradient(row(logits, i), row(gradient, i), labels.subarray(i), 1, 100_000));
    }
    expect(parts).toEqual(whole);
    // A division by 8 is exact.
    expect(gradients).toEqual(gradient.map((x) => x / 8));
  });

  test('the loss', () => {
    const losses = Array.from(labels, (label, i) =>
      complete(crossEntropy(row(logits, i), Uint32Array.of(label), 1, 100_000)),
    );
    const { sum } = inParts(crossEntropy(logits, labels, 8, 100_000));
    expect(sum).toBe(losses.reduce((total, { sum }) => total + sum, 0));
  });

  test('sums of columns, and of squares', () => {
    const values = random.floats(4.2e6);
    const sums = new Float32Array(5);
    inParts(columnSums(values, sums, 4.2e6 / 5));
    const expected = new Float64Array(5);
    let squares = 0;
    values.forEach((value, i) => {
      expected[i % 5] += value;
      squares += value * value;
    });
    expect(sums).toEqual(Float32Array.from(expected));
    const column = new Float32Array(1);
    inParts(columnSums(values, column, 4.2e6));
    expect(column).toEqual(Float32Array.of(values.reduce((total, value) => total + value, 0)));
    expect(inParts(sumOfSquares(values))).toBe(squares);
  });

  test('an update', () => {
    const arrays = Array.from({ length: 4 }, () => random.floats(6e5).map(Math.abs));
    const [whole, parts] = [0, 1].map(() => arrays.map((values) => values.slice()));
    const optimizer = { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
    const settings = stepSettings({ optimizer, learningRate: 0.1, l2: 0.01 });
    const [w, g, ...moments] = parts;
    expect(inParts(update(w, g, moments, settings, 3, true))).toBe(true);
    for (let i = 0; i < 6e5; i += 1000) {
      const [w, g, ...moments] = whole.map((values) => values.subarray(i, i + 1000));
      complete(update(w, g, moments, settings, 3, true));
    }
    for (const [i, values] of parts.entries()) expect(Buffer.compare(bytes(values), bytes(whole[i]))).toBe(0);
    // One number that is not finite shows, in whichever part it is.
    for (const i of [0, 3e5, 6e5 - 1]) {
      const broken = g.slice().fill(Number.NaN, i, i + 1);
      const copies = moments.map((values) => values.slice());
      expect(complete(update(w.slice(), broken, copies, settings, 0, true))).toBe(false);
    }
  });

  const bytes = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
});
