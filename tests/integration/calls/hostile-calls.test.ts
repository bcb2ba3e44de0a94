import fc from 'fast-check';
import { describe, expect } from 'vitest';
import {
  blobs,
  checkGradients,
  chequerboard,
  circles,
  type Dataset,
  moons,
  type PlaneOptions,
  RandomState,
  SpiralnetError,
  spiral,
  split,
  type Trainer,
  type TrainerOptions,
  timeKernels,
  xor,
} from '../../../src/index.ts';
import { property } from '../../helpers/property.ts';
import { TestRandom } from '../../helpers/random.ts';
import {
  apply,
  type Change,
  changes,
  hostile,
  inTime,
  make,
  WRAPS,
  wrap,
} from '../../helpers/trainers/hostile.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';

const trainers = testTrainers();

/** Milliseconds for a case; enough for a machine with shared cores. */
const LIMIT = 20_000;

/** An argument: an object with changes, or another value instead. */
interface Argument {
  changes: Change[];
  how: (typeof WRAPS)[number];
  instead?: string;
}

function argument(...paths: string[]): fc.Arbitrary<Argument> {
  return fc.record(
    {
      changes: fc.uniqueArray(
        changes(paths).filter(({ path, value }) => !(ENDLESS.includes(path) && value === '2^53 - 1')),
        { minLength: 1, maxLength: 2, selector: ({ path }) => path },
      ),
      how: fc.constantFrom(...WRAPS),
      instead: hostile(),
    },
    { requiredKeys: ['changes', 'how'] },
  );
}

/** Legal counts of these never end. */
const ENDLESS = ['steps', 'repetitions'];

// No type describes a hostile value.
// biome-ignore lint/suspicious/noExplicitAny: a program without types hands in anything
type Anything = any;

function given(good: object, { changes, how, instead }: Argument): Anything {
  if (instead !== undefined) return make(instead);
  for (const change of changes) apply(good, change);
  return wrap(good, how);
}

/** The value of an argument that is no object. */
function value({ changes: [change] }: Argument): Anything {
  return make(change.value);
}

const data = (): Dataset => ({ ...new TestRandom(2).dataset(6, 2, 3), classNames: ['a', 'b', 'c'] });
const DATA = [
  'inputs',
  'labels',
  'count',
  'features',
  'classes',
  'featureNames',
  'classNames',
  'classNames.1',
];
const PLANE = ['perClass', 'classes', 'noise', 'seed', 'perclass', 'title'];
const CHECKPOINT = [
  'version',
  'step',
  'seed',
  'batchSize',
  'parameters',
  'parameters.0',
  'parameters.0.weights',
  'parameters.1.biases',
  'optimizer',
  'optimizer.name',
  'optimizer.moments',
  'optimizer.moments.1',
  'optimizer.moments.0.1',
  'optimizer.moments.0.1.weights',
];

/** Whether every number of an answer is finite. */
function finite(answer: unknown): boolean {
  if (typeof answer === 'number') return Number.isFinite(answer);
  if (ArrayBuffer.isView(answer)) return Array.from(answer as Float64Array).every(Number.isFinite);
  if (typeof answer !== 'object' || answer === null) return true;
  return Object.values(answer).every(finite);
}

/** Waits for a call. @returns whether the call was refused with a typed error */
async function refused(call: () => unknown): Promise<boolean> {
  try {
    const answer = await inTime((async () => call())(), LIMIT);
    expect(finite(answer), 'numbers that are finite').toBe(true);
    return false;
  } catch (error) {
    if (error instanceof SpiralnetError) return true;
    throw error;
  }
}

describe.each(trainers.backends)('%s', (name, backend) => {
  const options = (): TrainerOptions => ({
    data: data(),
    hidden: [4],
    learningRate: 0.1,
    batchSize: 4,
    optimizer: { name: 'adam' },
    ...backend(),
  });
  /** The share of the cases of a call: fewer cases if each waits for a device. */
  const share = name.startsWith('cpu') ? 3 : 0.25;

  const calls: [string, fc.Arbitrary<Argument>, (trainer: Trainer, argument: Argument) => unknown][] = [
    ['train', argument('steps'), (trainer, a) => trainer.train(value(a))],
    [
      'train with options',
      argument('signal', 'signl'),
      (trainer, a) => trainer.train(2, given({ signal: new AbortController().signal }, a)),
    ],
    [
      'run',
      argument('steps', 'every', 'signal', 'evry', 'options'),
      async (trainer, a) => {
        for await (const measurement of trainer.run(given({ steps: 2, every: 1 }, a))) return measurement;
        return undefined;
      },
    ],
    ['measure', argument(...DATA), (trainer, a) => trainer.measure(given(data(), a))],
    ['predict', argument('inputs'), (trainer, a) => trainer.predict(value(a))],
    ['activations', argument('inputs'), (trainer, a) => trainer.activations(value(a))],
    [
      'restore',
      argument(...CHECKPOINT),
      async (trainer, a) => trainer.restore(given(await trainer.save(), a)),
    ],
    [
      'checkGradients',
      argument('sample', 'seed', 'smaple'),
      (trainer, a) => checkGradients(trainer, given({}, a)),
    ],
    ['checkGradients of', argument('trainer'), (_, a) => checkGradients(value(a))],
  ];

  describe.each(calls)('%s', (_, arguments_, call) => {
    let one: Promise<Trainer> | undefined;
    property(
      'any argument is answered or refused, and the trainer goes on',
      arguments_,
      [],
      async (argument) => {
        one ??= trainers.create(options());
        const trainer = await one;
        const before = await trainer.save();
        const wasRefused = await refused(() => call(trainer, argument));
        // A refused call changes nothing.
        if (wasRefused) expect(await trainer.save()).toEqual(before);
        await trainer.restore(before);
        await trainer.train(2);
        expect(finite(await trainer.measure())).toBe(true);
      },
      share,
    );
  });
});

const PLANES = { spiral, circles, moons, blobs, xor, chequerboard };

describe('functions', () => {
  const planes = fc.record({
    name: fc.constantFrom(...(Object.keys(PLANES) as (keyof typeof PLANES)[])),
    options: argument(...PLANE),
  });
  property(
    'data sets in the plane have finite numbers or are refused',
    planes,
    [],
    async ({ name, options }) => {
      const good: PlaneOptions = { perClass: 3, classes: 2, noise: 0.1, seed: 1 };
      await refused(() => PLANES[name](given(good, options)));
    },
    10,
  );

  property(
    'split divides the data or refuses',
    fc.record({ data: argument(...DATA), share: hostile(), seed: hostile() }),
    [],
    async ({ data: argument, share, seed }) => {
      await refused(() => split(given(data(), argument), make(share) as number));
      await refused(() => split(data(), make(share) as number, make(seed) as number));
    },
    5,
  );

  property(
    'random numbers are drawn or refused',
    fc.record({ seed: hostile(), count: hostile() }),
    [],
    async ({ seed, count }) => {
      await refused(() => new RandomState(make(seed) as number).randn(3));
      await refused(() => new RandomState(1).randomSample(make(count) as number));
    },
    5,
  );

  property(
    'timeKernels measures or refuses',
    fc.record({
      options: argument('data', 'device', 'plan', 'backend', 'hidden', 'precision', 'optimizer'),
      times: argument('repetitions', 'signal', 'repetition'),
      which: fc.constantFrom('options', 'times'),
    }),
    [],
    async ({ options, times, which }) => {
      const good = { data: data(), learningRate: 0.1, tuning: false, device: trainers.device };
      const first = which === 'options' ? given(good, options) : good;
      const second = which === 'times' ? given({ repetitions: 1 }, times) : { repetitions: 1 };
      await refused(() => timeKernels(first, second));
    },
    0.25,
  );
});
