import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AdapterReport, BenchmarkModel } from '../run/protocol.ts';
import { planeData } from '../settings/plane-data.ts';
import { DEFAULTS, type Settings } from '../settings/settings.ts';
import { expectedSeconds } from './estimate.ts';

beforeEach(() => void vi.stubGlobal('navigator', { hardwareConcurrency: 8 }));
afterEach(() => void vi.unstubAllGlobals());

const CARD: AdapterReport = { backend: 'webgpu', name: 'a card', software: false };
const OWN = { hidden: 100, points: 300, features: 2 };

function expected(
  model: BenchmarkModel,
  settings: Partial<Settings> = {},
  adapter?: AdapterReport,
  own = OWN,
) {
  const all = { ...DEFAULTS, ...settings };
  return expectedSeconds({ model, pace: 'quick', own }, { settings: all, data: planeData(all) }, adapter);
}

test('the same network takes the same time, whoever chose it', () => {
  const notes = expected('network', {}, CARD);
  expect(notes).toBeGreaterThan(5);
  expect([expected('own', {}, CARD), expected('train', {}, CARD)]).toEqual([notes, notes]);
});

test('the network of Train counts as it is now', () => {
  const wide = { hidden: [1024, 1024] };
  const [large = 0, small = 0] = [expected('train', wide, CARD), expected('train', {}, CARD)];
  expect(large).toBeGreaterThan(small);
  expect(expected('train', { ...wide, batchSize: 1 }, CARD)).toBeLessThan(large);
  expect(expected('train', { shape: 'own' }, CARD)).toBeUndefined();
});

test('a GPU counts also where Train is on the CPU, and before it is known', () => {
  const card = expected('network', {}, CARD);
  const onCpu = (reason: NonNullable<AdapterReport['reason']>): AdapterReport => ({
    ...CARD,
    backend: 'cpu',
    reason,
  });
  expect(expected('network', {}, onCpu('chosen'))).toBe(card);
  expect(expected('network')).toBe(card);
  expect(expected('network', {}, onCpu('none'))).toBeLessThan(card ?? 0);
  expect(expected('network', {}, { ...CARD, software: true })).toBeGreaterThan(card ?? 0);
});
