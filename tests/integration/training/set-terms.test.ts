import { expect, test } from 'vitest';
import { type Changes, type Optimizer, spiral, type TrainerOptions } from '../../../src/index.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

const trainers = testTrainers();
const data = spiral({ perClass: 12 });
const MOMENTUM: Optimizer = { name: 'sgd', momentum: 0.9 };

/** Changes that need other kernels, or another number of moments. */
const CHANGES: [name: string, optimizer: Optimizer, changes: Changes][] = [
  ['momentum', { name: 'sgd' }, { momentum: 0.9 }],
  ['no momentum', MOMENTUM, { momentum: 0 }],
  ['momentum of Nesterov', { ...MOMENTUM, nesterov: true }, { momentum: 0.5 }],
  ['betas', { name: 'adam' }, { beta1: 0.5, beta2: 0.9 }],
  ['L1', { name: 'rmsprop' }, { l1: 0.01 }],
  ['weight decay', { name: 'adagrad' }, { weightDecay: 0.1 }],
  ['class weights', { name: 'sgd' }, { classWeights: [1, 0, 2.5] }],
  ['many', MOMENTUM, { l1: 0.01, l2: 0.02, weightDecay: 0.1, momentum: 0.4, learningRate: 0.2 }],
];
const WAYS: [name: string, options: Partial<TrainerOptions>][] = [
  ['CPU', { backend: 'cpu' }],
  ['layered', { plan: 'layered' }],
  ['fused, in batches', { plan: 'fused', batchSize: 7 }],
  ['fused by layers, double', { plan: 'fused', hidden: [5, 4], precision: 'double' }],
  ['resident', { plan: 'resident' }],
  ['auto', {}],
];

test.each(CHANGES.flatMap((change) => WAYS.map(([way, options]) => [way, ...change, options] as const)))(
  '%s: after a change of %s, the bits are those of a new trainer',
  async (_, __, optimizer, changes, way) => {
    const on = way.backend === 'cpu' ? {} : { device: trainers.device };
    const options = {
      data,
      hidden: [5],
      learningRate: 0.1,
      l2: 1e-3,
      tuning: SMALL,
      optimizer,
      ...on,
      ...way,
    };
    const trainer = await trainers.create(options);
    const { momentum = 0, beta1, beta2, ...rest } = changes;
    const changed =
      optimizer.name === 'adam' ? { beta1, beta2 } : optimizer.name === 'sgd' ? { momentum } : {};
    const own = { ...optimizer, ...changed } as Optimizer;
    const expected = await trainers.create({ ...options, ...rest, optimizer: own });
    await trainer.train(5);
    const saved = await trainer.save();
    trainer.set(changes);
    await expected.restore(saved);
    const look = async (of: typeof trainer) => [
      await of.measure(),
      await of.inspect(),
      await of.gradients(),
      await of.save(),
    ];
    expect(await look(trainer)).toEqual(await look(expected));
    await trainer.train(4);
    await expected.train(4);
    expect(await look(trainer)).toEqual(await look(expected));
    expect(trainer.operations.map(({ formula }) => formula)).toEqual(
      expected.operations.map(({ formula }) => formula),
    );
  },
);
