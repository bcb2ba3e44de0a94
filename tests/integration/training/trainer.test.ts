import { describe, expect, test } from 'vitest';
import {
  BusyError,
  caseStudy,
  DestroyedError,
  NonFiniteError,
  type Optimizer,
  OptionError,
  split,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL } from '../../helpers/tier.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { measurements, readsOf, rejection } from '../../helpers/trainers/training.ts';

const trainers = testTrainers();

const OPTIMIZERS: Optimizer[] = [{ name: 'sgd' }, { name: 'sgd', momentum: 0.9 }, { name: 'adam' }];

const data = new TestRandom(1).dataset(37, 3, 4);
/** A wrong bit shows in the first steps. */
const STEPS = ALL ? 500 : 60;
const nothing = undefined as never;

describe.each(trainers.backends)('%s', (_, backend) => {
  const create = async (options: Partial<TrainerOptions> = {}) => {
    return trainers.create({ data, hidden: [8], learningRate: 0.05, ...backend(), ...options });
  };
  const bits = async (trainer: Trainer) => {
    const { parameters, optimizer } = await trainer.save();
    return [parameters, ...optimizer.moments]
      .flat()
      .flatMap((layer) => [Array.from(layer.weights), Array.from(layer.biases)]);
  };

  test('train applies whole steps', async () => {
    const trainer = await create();
    expect(trainer.step).toBe(0);
    await trainer.train(0);
    await trainer.train(3);
    await trainer.train(4);
    expect(trainer.step).toBe(7);
    expect((await trainer.measure()).step).toBe(7);
  });

  test('run measures before the update of every step that `every` divides', async () => {
    const trainer = await create();
    const first = await trainer.measure();
    const table = await measurements(trainer, { steps: 7, every: 3 });
    expect(table.map(({ step }) => step)).toEqual([0, 3, 6]);
    expect(table[0]).toEqual(first);
    expect(trainer.step).toBe(7);
    expect((await measurements(trainer, { steps: 6, every: 4 })).map(({ step }) => step)).toEqual([8, 12]);
  });

  test('run trains exactly like train', async () => {
    const [ran, trained] = [await create(), await create()];
    await measurements(ran, { steps: 25, every: 1 });
    await trained.train(25);
    expect(await bits(ran)).toEqual(await bits(trained));
  });

  test('a run that is left early ends at a whole step and frees the trainer', async () => {
    const trainer = await create();
    for await (const { step } of trainer.run({ steps: 1000, every: 1 })) if (step === 3) break;
    const { step } = trainer;
    expect(step).toBeGreaterThanOrEqual(3);
    await trainer.train(1);
    expect(trainer.step).toBe(step + 1);
  });

  test('the loss is the mean cross-entropy plus ½·l2·ΣW²', async () => {
    const trainer = await create({ l2: 0.5 });
    const { loss, dataLoss, l2Loss, accuracy } = await trainer.measure();
    const squares = (await trainer.parameters())
      .flatMap(({ weights }) => Array.from(weights))
      .reduce((sum, weight) => sum + weight * weight, 0);
    const { probabilities, labels } = await trainer.predict(data.inputs);
    const mean = data.labels.reduce((sum, label, i) => sum - Math.log(probabilities[4 * i + label]), 0) / 37;
    expect(l2Loss).toBeCloseTo(0.25 * squares, 5);
    expect(dataLoss).toBeCloseTo(mean, 5);
    expect(loss).toBe(dataLoss + l2Loss);
    expect(accuracy).toBe(labels.filter((label, i) => label === data.labels[i]).length / 37);
  });

  test('arrays have the trainer’s precision, and are copies', async () => {
    const trainer = await create();
    const Float = trainer.precision === 'double' ? Float64Array : Float32Array;
    const [first] = await trainer.parameters();
    expect(first.weights).toBeInstanceOf(Float);
    expect((await trainer.predict(data.inputs)).probabilities).toBeInstanceOf(Float);
    first.weights.fill(0);
    expect((await trainer.parameters())[0].weights[0]).not.toBe(0);
  });

  test('training starts from the given parameters', async () => {
    const parameters = new TestRandom(2).parameters([3, 8, 4]);
    const trainer = await create({ parameters });
    (await trainer.parameters()).forEach(({ weights, biases }, layer) => {
      expect(Array.from(weights)).toEqual(Array.from(parameters[layer].weights));
      expect(Array.from(biases)).toEqual(Array.from(parameters[layer].biases));
    });
  });

  test.each(OPTIMIZERS)(
    `${STEPS} steps give the same bits twice, and with a save and restore after half of them, $name $momentum`,
    async (optimizer) => {
      const options = { optimizer, batchSize: 10, l2: 0.01 };
      const [whole, again, half] = await Promise.all([3, 3, 3].map((seed) => create({ ...options, seed })));
      await whole.train(STEPS);
      const expected = await bits(whole);
      await again.train(STEPS);
      expect(await bits(again)).toEqual(expected);

      await half.train(STEPS / 2);
      const checkpoint = structuredClone(await half.save());
      // Earlier steps and the seed of another trainer have no effect.
      const resumed = await create({ ...options, seed: 99 });
      await resumed.train(5);
      await resumed.restore(checkpoint);
      expect(resumed.step).toBe(STEPS / 2);
      await resumed.train(STEPS / 2);
      expect(await bits(resumed)).toEqual(expected);
    },
  );

  test.each(OPTIMIZERS)(
    'a checkpoint holds every bit that the next step sees, $name $momentum',
    async (optimizer) => {
      const options = { hidden: [40], optimizer, batchSize: 10, l2: 0.01 };
      const [whole, restored] = [await create(options), await create(options)];
      for (let i = 0; i < 12; i++) {
        await whole.train(3);
        await restored.train(3);
        await restored.restore(structuredClone(await restored.save()));
      }
      expect(await bits(restored)).toEqual(await bits(whole));
    },
  );

  test('measures at steps beyond 32 bits', async () => {
    const trainer = await create();
    await trainer.restore({ ...(await trainer.save()), step: 2 ** 32 + 1 });
    const table = await measurements(trainer, { steps: 2, every: 1 });
    expect(table.map(({ step }) => step)).toEqual([2 ** 32 + 1, 2 ** 32 + 2]);
  });

  test('more steps than can be counted are refused', async () => {
    const trainer = await create();
    await trainer.restore({ ...(await trainer.save()), step: Number.MAX_SAFE_INTEGER - 1 });
    for (const call of [() => trainer.train(2), () => trainer.run({ steps: 2, every: 1 }).next()]) {
      expect(await rejection(call())).toMatchObject({ name: 'OptionError', option: 'steps' });
    }
    await trainer.train(1);
    expect(trainer.step).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('an abort ends training at a whole step and leaves the trainer usable', async () => {
    const trainer = await create();
    const controller = new AbortController();
    const work = trainer.train(10_000_000, { signal: controller.signal });
    setTimeout(() => controller.abort(), 60);
    expect(await rejection(work)).toBe(controller.signal.reason);
    const { step } = trainer;
    expect(step).toBeGreaterThan(0);
    await trainer.train(2);
    expect((await trainer.measure()).step).toBe(step + 2);
    expect(await rejection(trainer.train(1, { signal: controller.signal }))).toBe(controller.signal.reason);
    expect(trainer.step).toBe(step + 2);
  });

  test('after an abort every applied update has been reported, if the machine is fast enough', async () => {
    let complete = false;
    for (let attempt = 0; attempt < 5 && !complete; attempt++) {
      const trainer = await create();
      const controller = new AbortController();
      const steps: number[] = [];
      const work = (async () => {
        for await (const { step } of trainer.run({
          steps: 10_000_000,
          every: 1,
          signal: controller.signal,
        })) {
          steps.push(step);
          if (step === 50) controller.abort();
        }
      })();
      expect(await rejection(work)).toBe(controller.signal.reason);
      expect(trainer.step).toBeGreaterThanOrEqual(50);
      expect(steps).toEqual(Array.from(steps, (_, i) => i));
      // The present step may be measured too.
      expect(steps.length).toBeLessThanOrEqual(trainer.step + 1);
      complete = steps.length >= trainer.step;
    }
    expect(complete).toBe(true);
  });

  test('changes are refused while another change is at work; reads are not', async () => {
    const trainer = await create();
    const checkpoint = await trainer.save();
    const controller = new AbortController();
    const work = rejection(trainer.train(10_000_000, { signal: controller.signal }));
    for (const call of [() => trainer.train(1), () => trainer.restore(checkpoint)]) {
      expect(await rejection(call())).toBeInstanceOf(BusyError);
    }
    expect(await rejection(trainer.run({ steps: 1, every: 1 }).next())).toBeInstanceOf(BusyError);
    expect((await trainer.measure()).loss).toBeGreaterThan(0);
    expect((await trainer.predict(data.inputs)).labels.length).toBe(37);
    expect((await trainer.activations(data.inputs))[1].length).toBe(37 * 4);
    controller.abort();
    await work;
  });

  test('after destroy every call throws, and the calls at work end', async () => {
    const trainer = await create();
    const checkpoint = await trainer.save();
    const work = trainer.train(10_000_000);
    setTimeout(() => trainer.destroy(), 30);
    expect(await rejection(work)).toBeInstanceOf(DestroyedError);
    trainer.destroy();
    for (const call of [
      ...readsOf(data).map(
        ([, read]) =>
          () =>
            read(trainer),
      ),
      () => trainer.train(1),
      () => trainer.run({ steps: 1, every: 1 }).next(),
      () => trainer.tune(),
      () => trainer.restore(checkpoint),
    ]) {
      expect(await rejection(call())).toBeInstanceOf(DestroyedError);
    }
  });

  test('a run that diverges ends in a NonFiniteError, after the losses before', async () => {
    const trainer = await create({ ...caseStudy.network.options, ...backend(), learningRate: 1e5 });
    const seen: number[] = [];
    const work = (async () => {
      for await (const { loss } of trainer.run({ steps: 1000, every: 1 })) seen.push(loss);
    })();
    const error = await rejection(work);
    expect(error).toBeInstanceOf(NonFiniteError);
    expect((error as NonFiniteError).step).toBe(seen.length);
    expect(seen.every(Number.isFinite)).toBe(true);
    expect(await rejection(trainer.measure())).toBeInstanceOf(NonFiniteError);
  });

  test('a restored checkpoint brings a diverged trainer back', async () => {
    const trainer = await create({ learningRate: 1e30, l2: 1 });
    const checkpoint = await trainer.save();
    expect(await rejection(trainer.train(50))).toBeInstanceOf(NonFiniteError);
    await trainer.restore(checkpoint);
    expect((await trainer.measure()).step).toBe(0);
  });

  test.each([
    ['steps', (trainer: Trainer) => trainer.train(-1)],
    ['steps', (trainer: Trainer) => trainer.train(1.5)],
    ['every', (trainer: Trainer) => trainer.run({ steps: 1, every: 0 }).next()],
    ['options', (trainer: Trainer) => trainer.run(nothing).next()],
    ['evry', (trainer: Trainer) => trainer.run({ steps: 1, every: 1, ...{ evry: 2 } }).next()],
    ['signal', (trainer: Trainer) => trainer.run({ steps: 1, every: 1, signal: {} as AbortSignal }).next()],
    ['options', (trainer: Trainer) => trainer.train(1, null as unknown as object)],
    ['sginal', (trainer: Trainer) => trainer.train(1, { sginal: undefined } as object)],
    ['signal', (trainer: Trainer) => trainer.train(1, { signal: null as unknown as AbortSignal })],
    ['inputs', (trainer: Trainer) => trainer.predict(new Float32Array(4))],
    ['inputs', (trainer: Trainer) => trainer.predict(new Float32Array(0))],
    ['inputs[1]', (trainer: Trainer) => trainer.predict(Float32Array.of(0, Number.NaN, 0))],
    ['inputs', (trainer: Trainer) => trainer.activations(new Float32Array(4))],
    ['inputs', (trainer: Trainer) => trainer.activations([0, 1, 2] as unknown as Float32Array)],
    ['inputs[1]', (trainer: Trainer) => trainer.activations(Float32Array.of(0, Number.NaN, 0))],
    ['data.classes', (trainer: Trainer) => trainer.measure({ ...data, classes: 5 })],
    ['data.labels', (trainer: Trainer) => trainer.measure({ ...data, labels: new Uint32Array(3) })],
    // @ts-expect-error a test set that may be undefined
    ['data', (trainer: Trainer) => trainer.measure(split(data, 0).test)],
    // @ts-expect-error undefined
    ['data', (trainer: Trainer) => trainer.measure(undefined)],
    ['data', (trainer: Trainer) => trainer.measure(nothing)],
    ['inputs', (trainer: Trainer) => trainer.predict(nothing)],
    ['inputs', (trainer: Trainer) => trainer.activations(nothing)],
    ['checkpoint', (trainer: Trainer) => trainer.restore(nothing)],
  ])('refuses a bad %s', async (option, call) => {
    const error = await rejection(call(await create()));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe(option);
  });

  test('refuses a checkpoint of another network', async () => {
    const checkpoint = await (await create({ hidden: [9] })).save();
    const error = await rejection((await create()).restore(checkpoint));
    expect((error as Error).message).toMatch(
      /checkpoint\.parameters\[0\]\.weights: expected 24 numbers \(3×8\)/,
    );
    const adam = await create({ optimizer: { name: 'adam' } });
    const sgd = await (await create()).save();
    expect(((await rejection(adam.restore(sgd))) as OptionError).option).toBe('checkpoint.optimizer.name');
  });
});
