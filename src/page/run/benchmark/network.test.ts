import { expect, test } from 'vitest';
import { caseStudy } from '../../../index.ts';
import { planeData } from '../../settings/plane-data.ts';
import { DEFAULTS, type Settings } from '../../settings/settings.ts';
import { measurand } from './network.ts';

test('the models of the notes are theirs, and others have one hidden layer', () => {
  const { options, facts, withUnits } = measurand({ model: 'network', pace: 'quick' }, undefined);
  expect(options).toBe(caseStudy.network.options);
  expect(facts).toEqual({ sizes: [2, 100, 3], rows: 300, batch: 300 });
  expect(withUnits(8)).toMatchObject({ hidden: [8], l2: 1e-3, data: options.data });
  expect(withUnits(8)).not.toHaveProperty('parameters');
  expect(measurand({ model: 'linear', pace: 'quick' }, undefined).facts.sizes).toEqual([2, 3]);
});

test('chosen sizes are those of the data and of the network', () => {
  const own = { hidden: 5, points: 11, features: 4 };
  const { options, facts } = measurand({ model: 'own', pace: 'quick', own }, undefined);
  expect(facts).toEqual({ sizes: [4, 5, 3], rows: 11, batch: 11 });
  const { data, hidden } = options;
  expect([data.inputs.length, data.count, hidden]).toEqual([44, 11, [5]]);
  expect('labels' in data && new Set(data.labels)).toEqual(new Set([0, 1, 2]));
  // The same sizes make the same rows again, whose losses can be compared.
  expect(measurand({ model: 'own', pace: 'quick', own }, undefined).options.data.inputs).toEqual(data.inputs);
});

test('the network of Train has its settings, and widens all of its hidden layers', () => {
  const settings: Settings = {
    ...DEFAULTS,
    hidden: [7, 9],
    activation: 'tanh',
    optimizer: 'adam',
    batchSize: 32,
  };
  const { train } = planeData(settings);
  if (!train) throw new Error('There are no points.');
  const trained = { settings, data: train, of: 1000 };
  const { options, facts, withUnits } = measurand({ model: 'train', pace: 'quick' }, trained);
  expect(options).toMatchObject({
    hidden: [7, 9],
    activation: 'tanh',
    optimizer: { name: 'adam' },
    batchSize: 32,
  });
  expect(facts).toEqual({ sizes: [2, 7, 9, 3], rows: 300, batch: 32, of: 1000, settings });
  const wide = withUnits(16);
  expect(wide).toMatchObject({ hidden: [16, 16], activation: 'tanh', batchSize: 32 });
  expect(wide.parameters?.map(({ biases }) => biases.length)).toEqual([16, 16, 3]);
  expect(() => measurand({ model: 'train', pace: 'quick' }, undefined)).toThrow(/lacks/);
});
