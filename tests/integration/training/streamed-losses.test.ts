import { expect, test } from 'vitest';
import { createTrainer, type Trainer, type TrainerOptions } from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { lowerLimits } from '../../helpers/devices/lowered-limits.ts';
import { TestRandom } from '../../helpers/random.ts';
import { inTurn } from '../../helpers/tier.ts';
import { expectParameters, measurements, WITHOUT_SNAPSHOTS } from '../../helpers/trainers/training.ts';

/** The size of the largest buffer in bytes; the inputs take more, and the targets less. */
const LIMIT = 64 * 1024;
const random = new TestRandom(9);
const data = random.dataset(2400, 9, 3);
const other = random.dataset(2200, 9, 3);

const withTargets = ({ labels: _, classes: __, ...rows }: typeof data) => ({
  ...rows,
  targets: new TestRandom(2).floats(rows.count * 3),
  outputs: 3,
});

/** Targets that take more room than a binding has, for inputs that do not. */
const { labels: _, classes: __, ...few } = random.dataset(1100, 9, 2);
const wide = { ...few, targets: random.floats(1100 * 15), outputs: 15 };

const LOSSES: [string, object, object][] = [
  ['squared error', { data: withTargets(data) }, withTargets(other)],
  ['hinge with class weights', { data, loss: 'hinge', classWeights: [0.5, 3, 1] }, other],
  ['cross-entropy with class weights', { data, classWeights: [0.5, 0, 1] }, other],
  ['squared error of wide targets', { data: wide }, wide],
];
const PLANS: [string, Partial<TrainerOptions>][] = [
  ['layered', { plan: 'layered', hidden: [5], batchSize: 333 }],
  ['resident', { plan: 'resident', hidden: [5], batchSize: 64 }],
  ['fused', { plan: 'fused', hidden: [5], batchSize: 201 }],
  [
    'fused, layer by layer, in double precision',
    { plan: 'fused', hidden: [7, 5], precision: 'double', batchSize: 131 },
  ],
];
const cases = inTurn(LOSSES, PLANS).map(([[loss, options, rows], [plan, more]]) => ({
  ...{ loss, plan, rows },
  options: { ...options, ...more, learningRate: 0.1, tuning: false, recovery: WITHOUT_SNAPSHOTS },
}));

test.each(cases)('rows that are sent have the bits of rows on the GPU: $loss, $plan', async (own) => {
  const small = await testDevice();
  lowerLimits(small, LIMIT);
  const create = (device: GPUDevice) =>
    createTrainer({ ...own.options, device } as unknown as TrainerOptions);
  const [whole, streamed] = [await create(await testDevice()), await create(small)];
  const same = async <T>(call: (trainer: Trainer) => Promise<T>) =>
    expect(await call(streamed)).toEqual(await call(whole));
  await same((trainer) => measurements(trainer, { steps: 20, every: 5, last: true }));
  await same((trainer) => measurements(trainer, { steps: 20, every: 1, measure: 'batch' }));
  await same((trainer) => trainer.save());
  await same((trainer) => trainer.measure(own.rows as typeof data));
  await same((trainer) => trainer.predict(other.inputs));
  await same((trainer) => trainer.inspect());
  // The gradient of streamed rows is a mean over chunks, by their class weights. Sums of 2400 equal
  // shares, of at most 1 in all, may be rounded in one direction: by half of 2⁻²⁴ each, or 2⁻⁴⁴.
  const rounding = whole.precision === 'double' ? 2 ** -44 : 2 ** -25;
  expectParameters(await streamed.gradients(), await whole.gradients(), 2400 * rounding);
  for (const trainer of [whole, streamed]) trainer.destroy();
});
