import { expect, test } from 'vitest';
import { SettingsRecord } from './step-settings.ts';

const optimizer = { name: 'sgd', momentum: 0, nesterov: false } as const;
const start = {
  learningRate: 0.1,
  l2: 0,
  l1: 0,
  weightDecay: 0,
  dropout: 0,
  classWeights: undefined,
  optimizer,
};
const record = () => new SettingsRecord(start, { float32: true, Float: Float32Array });

test('a change at a repeated step leaves what later changes have named', () => {
  const settings = record();
  settings.set(100, { l2: 0.5, momentum: 0.9 });
  settings.set(40, { learningRate: 0.2, l1: 0.3 });
  expect(settings.at(39)).toMatchObject({ learningRate: 0.1, l1: 0, l2: 0, rule: 'sgd' });
  expect(settings.at(40)).toMatchObject({ learningRate: 0.2, l1: 0.3, l2: 0, rule: 'sgd' });
  expect(settings.at(99)).toMatchObject({ learningRate: 0.2, l2: 0, rule: 'sgd' });
  expect(settings.at(100)).toMatchObject({ learningRate: 0.2, l1: 0.3, l2: 0.5, rule: 'momentum' });
  expect(settings.at(100).optimizer).toMatchObject({ momentum: 0.9 });
});

test('a momentum leaves its rule behind, until a restart without a velocity', () => {
  const settings = record();
  settings.set(3, { momentum: 0.9 });
  settings.set(5, { momentum: 0 });
  expect([2, 3, 5].map((step) => settings.at(step).rule)).toEqual(['sgd', 'momentum', 'momentum']);
  settings.restart(true);
  expect(settings.now.rule).toBe('momentum');
  settings.restart(false);
  expect(settings.now.rule).toBe('sgd');
});

test('the results of a function are kept, so that a repeated step has the same rate', () => {
  let calls = 0;
  const settings = new SettingsRecord({ ...start, learningRate: () => ++calls }, { float32: false });
  expect([0, 1, 0, 1].map((step) => settings.at(step).learningRate)).toEqual([1, 2, 1, 2]);
  settings.forget(1);
  expect(settings.at(1).learningRate).toBe(2);
  settings.set(1, { learningRate: 7 });
  expect(settings.at(1).learningRate).toBe(7);
});
