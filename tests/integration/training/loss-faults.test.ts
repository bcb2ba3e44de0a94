import { expect, onTestFinished, test } from 'vitest';
import { createTrainer, type PlanName, type TrainerOptions } from '../../../src/index.ts';
import { compiling } from '../../helpers/devices/compiling.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { TestRandom } from '../../helpers/random.ts';
import { inTurn } from '../../helpers/tier.ts';

const labelled = new TestRandom(1).dataset(30, 3, 4);
const { labels: _, classes: __, ...rows } = labelled;
const values = { ...rows, targets: new TestRandom(2).floats(60), outputs: 2 };

const HINGE = { data: labelled, loss: 'hinge' };
const WEIGHTED = { data: labelled, classWeights: [1, 1, 1, 2] };

/** Faults of a driver in the kernels of a loss, and a network whose kernels have them. */
const FAULTS: [string, find: RegExp, replacement: string, network: object][] = [
  ['every margin counts', /high\(margin\) > 0\.0/, 'true', HINGE],
  ['no margin counts', /high\(margin\) > 0\.0/, 'false', HINGE],
  ['a margin without 1', /(?<=let margin = .*)to_real\(1\.0\)/, 'real()', HINGE],
  ['a label’s gradient of 1', /f32\(above\)/, '1.0', HINGE],
  ['no targets', /subtract\((\w+\[i\]), targets\[.*?\]\)/, '$1', { data: values }],
  ['no mean', /divide\((difference|subtract\(.*\)), count\)/, '$1', { data: values }],
  ['no class weights', /class_weight(\(label\)|s\[label\])/g, 'to_real(1.0)', WEIGHTED],
  [
    'no class weights of hinge',
    /class_weight(\(label\)|s\[label\])/g,
    'to_real(1.0)',
    { ...WEIGHTED, ...HINGE },
  ],
  ['no sum of weights', /(step|shape)\.total_weight/, 'to_real(30.0)', WEIGHTED],
];
const PLANS: [PlanName, Partial<TrainerOptions>][] = [
  ['layered', { hidden: [6] }],
  ['fused', { hidden: [6], batchSize: 7 }],
  ['resident', { hidden: [6], precision: 'double' }],
  ['fused', { hidden: [6, 5], batchSize: 7 }],
  ['layered', { precision: 'double', batchSize: 7 }],
];

async function create(options: object) {
  const trainer = await createTrainer({ learningRate: 0.1, tuning: false, ...options } as TrainerOptions);
  onTestFinished(() => trainer.destroy());
  return trainer;
}

const faults = inTurn(FAULTS, PLANS).map(([[fault, ...rest], [plan, more]]) => ({ fault, rest, plan, more }));

test.each(faults)('a driver is found to compute wrongly: $fault, $plan', async ({ rest, plan, more }) => {
  const [find, replacement, network] = rest;
  let changed = 0;
  const device = await compiling((code) => {
    const wrong = code.replace(find, replacement);
    if (wrong !== code) changed++;
    return wrong;
  });
  const trainer = await create({ ...network, ...more, plan, device });
  expect(changed).toBeGreaterThan(0);
  expect(trainer.backend).toBe('cpu');
  expect(trainer.fallback).toMatch(/wrong results here/);
});

const RIGHT: [string, object][] = [
  ['hinge', HINGE],
  ['class weights', WEIGHTED],
  ['squared error', { data: values }],
  ['hinge with class weights', { ...HINGE, ...WEIGHTED }],
];
const right = inTurn(RIGHT, PLANS, 2).map(([[loss, network], [plan, more]]) => ({
  loss,
  network,
  plan,
  more,
}));

test.each(right)('rounding is told from a fault: $loss, $plan', async ({ network, plan, more }) => {
  const trainer = await create({ ...network, ...more, plan, device: await testDevice() });
  expect([trainer.backend, trainer.fallback]).toEqual(['webgpu', undefined]);
});
