import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { testGpu } from '../../../../tests/helpers/devices/gpu.ts';
import type { Network } from '../../settings/network.ts';
import { DEFAULTS, type Settings } from '../../settings/settings.ts';
import { PlanCache } from '../found-plans.ts';
import type { AdapterReport } from '../protocol.ts';
import { ExperimentSource } from './experiment-source.ts';

/** Without points no trainer is made. */
const EMPTY: Settings = { ...DEFAULTS, shape: 'own', backend: 'fastest' };

beforeEach(() => void vi.stubGlobal('navigator', { gpu: testGpu() }));
afterEach(() => void vi.unstubAllGlobals());

/** A source that has asked for its device, and what it tells. */
async function start() {
  const told: AdapterReport[] = [];
  const source = new ExperimentSource(new PlanCache(() => {}), (adapter) => told.push(adapter));
  await source.create(EMPTY, undefined, new AbortController().signal);
  const watch = (backend: Network['backend'], others: { fallback?: string; recoveries?: object[] } = {}) => {
    source.watch({ fallback: undefined, recoveries: [], ...others, backend } as unknown as Network);
    return told[told.length - 1];
  };
  return { told, watch };
}

it('the CPU that was measured to be faster is told once, with the adapter that it was compared with', async () => {
  const { told, watch } = await start();
  const gpu = watch('webgpu');
  expect(gpu).toMatchObject({ backend: 'webgpu', software: true });
  expect(watch('cpu')).toEqual({ ...gpu, backend: 'cpu', reason: 'faster' });
  watch('cpu');
  expect(told).toHaveLength(2);
});

it('another plan may bring the GPU back', async () => {
  const { told, watch } = await start();
  const gpu = watch('webgpu');
  watch('cpu');
  expect(watch('webgpu')).toEqual(gpu);
  expect(told).toHaveLength(3);
});

it('a lost device, and a driver that is not trusted, are told as such', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {});
  const driver = (await start()).watch('cpu', { fallback: 'Another result.\nkernel' });
  expect(driver).toMatchObject({ backend: 'cpu', reason: 'driver', detail: 'Another result.' });
  expect((await start()).watch('cpu', { recoveries: [{}] })).toMatchObject({ reason: 'lost' });
  vi.restoreAllMocks();
});
