import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BusyError,
  type Checkpoint,
  DestroyedError,
  type Measurement,
  NonFiniteError,
  type Trainer,
  type TrainerOptions,
} from '../../../src/index.ts';
import { property } from '../../helpers/property.ts';
import { TestRandom } from '../../helpers/random.ts';
import { inTime } from '../../helpers/trainers/hostile.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { measurements, readsOf, rejection } from '../../helpers/trainers/training.ts';

const trainers = testTrainers();

const random = new TestRandom(9);
const data = random.dataset(30, 3, 4);
const other = random.dataset(20, 3, 4);

/** Milliseconds for work that must end; enough for a machine with shared cores. */
const LIMIT = 30_000;
/** More steps than any test waits for. */
const FOREVER = 10_000_000;

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe.each(trainers.backends.filter(([name]) => name !== 'webgpu, double'))('%s', (_, backend) => {
  const create = (options: Partial<TrainerOptions> = {}) =>
    trainers.create({
      data,
      hidden: [6],
      learningRate: 0.1,
      batchSize: 8,
      optimizer: { name: 'adam' },
      ...backend(),
      ...options,
    });

  /** The calls that are refused while another call is at work. */
  const CHANGES: [string, (trainer: Trainer, checkpoint: Checkpoint) => Promise<unknown>][] = [
    ['train', (trainer) => trainer.train(1)],
    ['run', (trainer) => trainer.run({ steps: 1, every: 1 }).next()],
    ['tune', (trainer) => trainer.tune()],
    ['restore', (trainer, checkpoint) => trainer.restore(checkpoint)],
  ];
  const READS = readsOf(other);

  const expectBusy = async (trainer: Trainer, running: string, checkpoint: Checkpoint) => {
    for (const [call, change] of CHANGES) {
      const error = await rejection(change(trainer, checkpoint));
      expect(error, call).toBeInstanceOf(BusyError);
      expect((error as Error).message).toContain(
        `${call}() cannot start while ${running}() is still at work`,
      );
    }
  };

  describe.each<[string, (trainer: Trainer, signal: AbortSignal) => Promise<() => Promise<unknown>>]>([
    [
      'train',
      async (trainer, signal) => {
        const work = trainer.train(FOREVER, { signal }).catch((error) => error);
        return () => work;
      },
    ],
    [
      'run',
      async (trainer, signal) => {
        const generator = trainer.run({ steps: FOREVER, every: 1, signal });
        await generator.next();
        return () => generator.return();
      },
    ],
  ])('while %s is at work', (running, begin) => {
    test('changes are refused in every order, and accepted afterwards', async () => {
      const trainer = await create();
      const checkpoint = await trainer.save();
      const controller = new AbortController();
      const end = await begin(trainer, controller.signal);
      await expectBusy(trainer, running, checkpoint);
      await turn();
      await expectBusy(trainer, running, checkpoint);
      controller.abort();
      await inTime(end(), LIMIT);
      for (const [call, change] of CHANGES) {
        if (call === 'run') await measurements(trainer, { steps: 1, every: 1 });
        else await change(trainer, checkpoint);
      }
      expect(trainer.step).toBe(0);
    });

    test('every read answers', async () => {
      const trainer = await create();
      const controller = new AbortController();
      const end = await begin(trainer, controller.signal);
      for (const [, read] of READS) await inTime(read(trainer), LIMIT);
      await inTime(Promise.all(READS.map(([, read]) => read(trainer))), LIMIT);
      controller.abort();
      await end();
    });

    test('destroy() ends it and all calls that wait', async () => {
      const trainer = await create();
      const controller = new AbortController();
      const end = await begin(trainer, controller.signal);
      const reads = READS.map(([, read]) => rejection(read(trainer)));
      trainer.destroy();
      for (const error of await inTime(Promise.all(reads), LIMIT))
        expect(error).toBeInstanceOf(DestroyedError);
      controller.abort();
      await inTime(
        end().catch(() => {}),
        LIMIT,
      );
      expect(await rejection(trainer.train(1))).toBeInstanceOf(DestroyedError);
    });
  });

  test('of two calls in the same turn the first runs and the second is refused', async () => {
    const trainer = await create();
    const work = [trainer.train(3), trainer.train(5), trainer.tune()];
    const [first, ...others] = await Promise.allSettled(work);
    expect(first.status).toBe('fulfilled');
    for (const one of others) expect((one as PromiseRejectedResult).reason).toBeInstanceOf(BusyError);
    expect(trainer.step).toBe(3);
  });

  test('a run before its first next() blocks no other call, and begins at that next()', async () => {
    const trainer = await create();
    const waiting = trainer.run({ steps: 4, every: 2 });
    await trainer.train(2);
    const steps: number[] = [];
    for await (const { step } of waiting) steps.push(step);
    expect(steps).toEqual([2, 4]);
    const ended = trainer.run({ steps: 4, every: 2 });
    await ended.return();
    expect(await ended.next()).toEqual({ value: undefined, done: true });
    expect(trainer.step).toBe(6);
  });

  test('of two runs in turn the second is refused until the first has ended', async () => {
    const trainer = await create();
    const [first, second] = [1, 1].map((every) => trainer.run({ steps: 3, every }));
    expect((await first.next()).value?.step).toBe(0);
    expect(await rejection(second.next())).toBeInstanceOf(BusyError);
    // A generator that has thrown has ended.
    expect((await second.next()).done).toBe(true);
    const rest: Measurement[] = [];
    for await (const measurement of first) rest.push(measurement);
    expect(rest.map(({ step }) => step)).toEqual([1, 2]);
    await measurements(trainer, { steps: 1, every: 1 });
  });

  test.each(['return', 'throw'] as const)('%s() between two measurements frees the trainer', async (end) => {
    const trainer = await create();
    const checkpoint = await trainer.save();
    const run = trainer.run({ steps: FOREVER, every: 1 });
    await run.next();
    expect(await rejection(trainer.restore(checkpoint))).toBeInstanceOf(BusyError);
    const reason = new Error('enough');
    if (end === 'return') expect(await run.return()).toEqual({ value: undefined, done: true });
    else expect(await rejection(run.throw(reason))).toBe(reason);
    await trainer.restore(checkpoint);
    expect(trainer.step).toBe(0);
    await trainer.train(1);
  });

  test('several next() at once are answered in order', async () => {
    const trainer = await create();
    const run = trainer.run({ steps: 4, every: 1 });
    const answers = await Promise.all([run.next(), run.next(), run.next(), run.next(), run.next()]);
    expect(answers.map(({ value, done }) => (done ? done : value.step))).toEqual([0, 1, 2, 3, true]);
    const alone = await measurements(await create(), { steps: 4, every: 1 });
    expect(answers.slice(0, 4).map(({ value }) => value)).toEqual(alone);
  });

  test('within the body of a run, reads answer and changes are refused', async () => {
    const trainer = await create();
    const checkpoint = await trainer.save();
    const table: Measurement[] = [];
    for await (const measurement of trainer.run({ steps: 6, every: 2 })) {
      table.push(measurement);
      await expectBusy(trainer, 'run', checkpoint);
      for (const [, read] of READS) await read(trainer);
    }
    expect(table).toEqual(await measurements(await create(), { steps: 6, every: 2 }));
  });

  test('restore() gives the same bits after a refused restore, a failed restore and an aborted train', async () => {
    const trainer = await create();
    await trainer.train(4);
    const checkpoint = await trainer.save();
    await trainer.train(4);
    const expected = await trainer.save();
    const controller = new AbortController();
    const work = rejection(trainer.train(FOREVER, { signal: controller.signal }));
    expect(await rejection(trainer.restore(checkpoint))).toBeInstanceOf(BusyError);
    await turn();
    controller.abort();
    await work;
    expect(await rejection(trainer.restore({ ...checkpoint, step: -1 }))).not.toBeInstanceOf(BusyError);
    await trainer.restore(checkpoint);
    await trainer.train(4);
    expect(await trainer.save()).toEqual(expected);
  });

  test('trainers on one device train at the same time as each does alone', async () => {
    const shapes: Partial<TrainerOptions>[] = [
      {},
      { hidden: [], seed: 2 },
      { hidden: [4, 5], optimizer: { name: 'sgd', momentum: 0.9 } },
      { hidden: [3], batchSize: 30 },
      { data: other, hidden: [6], seed: 5 },
    ];
    const steps = 60;
    const alone: unknown[] = [];
    for (const shape of shapes) {
      const trainer = await create(shape);
      alone.push([await measurements(trainer, { steps, every: 7 }), await trainer.save()]);
      trainer.destroy();
    }
    const all = await Promise.all(shapes.map(create));
    // A trainer that diverges and a destroyed trainer have no effect on the other trainers.
    const diverging = await create({ learningRate: 1e30, l2: 1, optimizer: { name: 'sgd' } });
    const destroyed = await create();
    const failures = [rejection(diverging.train(FOREVER)), rejection(destroyed.train(FOREVER))];
    const working = all.map(async (trainer) => [
      await measurements(trainer, { steps, every: 7 }),
      await trainer.save(),
    ]);
    await turn();
    destroyed.destroy();
    expect(await Promise.all(working)).toEqual(alone);
    const [divergence, destruction] = await Promise.all(failures);
    expect(divergence).toBeInstanceOf(NonFiniteError);
    expect(destruction).toBeInstanceOf(DestroyedError);
  });

  /** A move of a program: a call, and a wait for its answer or for some turns of the event loop. */
  interface Move {
    call: 'train' | 'run' | 'measure' | 'predict' | 'save' | 'restore' | 'tune' | 'inspect' | 'gradients';
    steps: number;
    wait: 'answer' | 0 | 1 | 3;
  }
  const moves: fc.Arbitrary<Move[]> = fc.array(
    fc.record({
      call: fc.constantFrom<Move['call']>(
        'train',
        'train',
        'run',
        'measure',
        'predict',
        'save',
        'restore',
        'tune',
        'inspect',
        'gradients',
      ),
      steps: fc.integer({ min: 0, max: 5 }),
      wait: fc.constantFrom<Move['wait']>('answer', 0, 0, 1, 3),
    }),
    { minLength: 1, maxLength: 12 },
  );
  /** The largest number of steps in a list of moves. */
  const MOST_STEPS = 12 * 5;

  /** Checkpoints, measurements and gradients by step: one history for all trainers. */
  const history: { save: Checkpoint; measure: Measurement; gradients: unknown }[] = [];
  const extended = async (step: number) => {
    for (let next = history.length; next <= step; next++) {
      const trainer = await create();
      if (next > 0) await trainer.restore(history[next - 1].save);
      if (next > 0) await trainer.train(1);
      history.push({
        save: await trainer.save(),
        measure: await trainer.measure(),
        gradients: await trainer.gradients(),
      });
      trainer.destroy();
    }
    return history[step];
  };
  let extension: Promise<unknown> = Promise.resolve();
  const at = (step: number): ReturnType<typeof extended> => {
    const one = extension.then(() => extended(step));
    extension = one;
    return one;
  };

  property(
    'calls in any order are refused, or have the results of calls one after the other',
    moves,
    [
      [
        { call: 'inspect', steps: 0, wait: 0 },
        { call: 'save', steps: 0, wait: 0 },
        { call: 'train', steps: 2, wait: 'answer' },
      ],
    ],
    async (list) => {
      const trainer = await create();
      const start = await trainer.save();
      const answers: Promise<boolean>[] = [];
      for (const move of list) {
        const answer = done(trainer, move, start);
        answers.push(answer);
        if (move.wait === 'answer') await answer;
        else for (let i = 0; i < move.wait; i++) await turn();
      }
      /** The expected number of steps at the end. */
      let applied = 0;
      const accepted = await inTime(Promise.all(answers), LIMIT);
      list.forEach(({ call, steps }, i) => {
        if (!accepted[i]) return;
        if (call === 'restore') applied = 0;
        if (call === 'train' || call === 'run') applied += steps;
      });
      expect(trainer.step).toBe(applied);
      expect(await trainer.save()).toEqual((await at(applied)).save);
      trainer.destroy();
    },
    0.25,
  );

  /** Makes a move. @returns whether the trainer accepted it */
  const done = async (trainer: Trainer, { call, steps }: Move, start: Checkpoint): Promise<boolean> => {
    try {
      if (call === 'train') await trainer.train(steps);
      else if (call === 'run') await checkRun(trainer, steps);
      else if (call === 'restore') await trainer.restore(start);
      else if (call === 'tune') await trainer.tune();
      else if (call === 'predict') await trainer.predict(other.inputs);
      else if (call === 'inspect') await checkInspection(trainer);
      else if (call === 'gradients') await trainer.gradients();
      else await checkRead(trainer, call);
      return true;
    } catch (error) {
      if (error instanceof BusyError) return false;
      throw error;
    }
  };

  const checkRun = async (trainer: Trainer, steps: number) => {
    for (const measurement of await measurements(trainer, { steps, every: 1 })) {
      expect(measurement).toEqual((await at(measurement.step)).measure);
    }
  };

  /** Reads see whole steps. */
  const checkRead = async (trainer: Trainer, call: 'measure' | 'save') => {
    const answer = await trainer[call]();
    expect(answer).toEqual((await at(answer.step))[call]);
  };

  /** An inspection sees one whole step. */
  const checkInspection = async (trainer: Trainer) => {
    const tensors = await trainer.inspect();
    const weights = (name: string) => tensors.find((tensor) => tensor.name === name)?.values.join();
    const stored = async (step: number) => (await at(step)).save.parameters[1].weights.join();
    let step = 0;
    while (step < MOST_STEPS && (await stored(step)) !== weights('W 1')) step++;
    expect(weights('W 1')).toBe(await stored(step));
    expect(weights('W 1 after')).toBe(await stored(step + 1));
  };
});
