import { expect, test } from 'vitest';
import { Experiment } from '../../../src/page/run/experiment/experiment.ts';
import { PlanCache } from '../../../src/page/run/found-plans.ts';
import type { Frame } from '../../../src/page/run/protocol.ts';
import { DEFAULTS, type Settings } from '../../../src/page/settings/settings.ts';
import { gate } from '../../helpers/devices/gate.ts';
import { delayReadings, testDevice } from '../../helpers/devices/gpu.ts';

const SETTINGS: Settings = {
  ...DEFAULTS,
  perClass: 10,
  testShare: 0,
  hidden: [8],
  initialization: 'he',
  plan: 'fused',
  stopStep: 4000,
};

test('a paused run of the page has every figure, however late the GPU answers', async () => {
  const device = await testDevice();
  const { opened, open } = gate();
  let hesitates = false;
  delayReadings(device, (label) => (hesitates && label === 'submission results' ? opened : undefined));
  const place = { device, cache: new PlanCache(() => {}), another: testDevice };
  const { signal } = new AbortController();
  const experiment = (await Experiment.create(SETTINGS, undefined, place, signal)) as Experiment;
  const points = new Set<number>();
  const collect = (frame: Frame) => {
    for (const { step } of frame.points) points.add(step);
  };
  const controller = new AbortController();
  const training = experiment.train({
    signal: controller.signal,
    interval: () => 0,
    seen: () => true,
    show(frame) {
      collect(frame);
      if (hesitates || frame.latest.step < 200) return;
      hesitates = true;
      setTimeout(() => controller.abort(), 100);
      // Far longer than an abort may take.
      setTimeout(open, 600);
    },
  });
  collect(await training);
  const { step } = experiment;
  const spacing = [...points][1];
  const expected = Array.from({ length: Math.ceil(step / spacing) }, (_, i) => i * spacing);
  expect([...points].filter((point) => point < step)).toEqual(expected);
  expect(Math.max(...points)).toBe(step);
  experiment.destroy();
});
