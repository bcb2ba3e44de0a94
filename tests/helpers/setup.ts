import { afterAll, afterEach, expect, vi } from 'vitest';
import { ownDevices, uncaptured } from './devices/devices.ts';
import './oracle/equality.ts';

// Workers keep modules from one test file to the next, so the state of each file is set up here.

afterEach(() => {
  expect(uncaptured.splice(0), 'WebGPU errors that nothing caught').toEqual([]);
});

afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const device of ownDevices.splice(0)) device.destroy();
});
