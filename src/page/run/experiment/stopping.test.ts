import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../settings/settings.ts';
import { Rate } from './rate.ts';
import { pointSpacing, segmentSteps } from './segments.ts';
import { Stopping } from './stopping.ts';

const measured = (step: number, loss: number, accuracy = 0.5) => ({
  step,
  loss,
  accuracy,
  dataLoss: loss,
  l2Loss: 0,
  l1Loss: 0,
});

describe('points of the curves', () => {
  it('are at every step that the notes print, and at most 200 in a run', () => {
    expect(pointSpacing(200, 0)).toBe(1);
    expect(pointSpacing(10_000, 0)).toBe(50);
    for (const stop of [1, 7, 200, 201, 999, 12_345, 1e6, 1e7])
      expect(stop / pointSpacing(stop, 0)).toBeLessThanOrEqual(200);
  });

  it.each([
    ['linear', { every: 10, steps: 200 }],
    ['network', { every: 1000, steps: 10_000 }],
  ] as const)(
    'include all steps that the notes print of the %s model, whatever the last step',
    (_, printed) => {
      for (const stopStep of [0, printed.steps - 1, 999, 20_000, 123_457, 300_000, 1e6, 1e7]) {
        const last = stopStep === 0 ? Number.POSITIVE_INFINITY : stopStep;
        const measured = new Set<number>();
        for (let step = 0; step <= Math.min(printed.steps, last - 1); ) {
          const end = step + segmentSteps({ stopStep, speed: 0 }, step, { stops: false, printed });
          const every = pointSpacing(stopStep, step, printed);
          for (let at = Math.ceil(step / every) * every; at < end; at += every) measured.add(at);
          step = end;
        }
        for (let step = 0; step <= printed.steps && step < last; step += printed.every)
          expect(measured, `${step} of ${stopStep}`).toContain(step);
      }
    },
  );

  it('grow rarer in a run without an end', () => {
    expect(pointSpacing(0, 0)).toBe(1);
    expect(pointSpacing(0, 399)).toBe(1);
    expect(pointSpacing(0, 400)).toBe(2);
    expect(pointSpacing(0, 1_000_000)).toBe(4096);
  });
});

describe('stopping', () => {
  it('is at the step, at a loss, at an accuracy, or when nothing improves', () => {
    expect(new Stopping().reason(DEFAULTS, 9999)).toBeUndefined();
    expect(new Stopping().reason(DEFAULTS, 10_000)).toBe('step');
    expect(new Stopping().reason({ ...DEFAULTS, stopStep: 0 }, 1e9)).toBeUndefined();
    const reasonAfter = (part: object, ...points: ReturnType<typeof measured>[]) => {
      const stopping = new Stopping();
      for (const point of points) stopping.look({ ...DEFAULTS, ...part }, point);
      return stopping.reason(DEFAULTS, 1);
    };
    expect(reasonAfter({ stopLoss: 0.5 }, measured(1, 0.6))).toBeUndefined();
    expect(reasonAfter({ stopLoss: 0.5 }, measured(1, 0.6), measured(2, 0.5))).toBe('loss');
    expect(reasonAfter({ stopAccuracy: 0.9 }, measured(1, 0.6, 0.91))).toBe('accuracy');
    expect(reasonAfter({ patience: 10 }, measured(0, 0.6), measured(9, 0.7))).toBeUndefined();
    expect(
      reasonAfter({ patience: 10 }, measured(0, 0.6), measured(9, 0.5), measured(18, 0.5)),
    ).toBeUndefined();
    expect(reasonAfter({ patience: 10 }, measured(0, 0.6), measured(9, 0.5), measured(19, 0.5))).toBe(
      'patience',
    );
  });

  it('can be resumed, with new patience', () => {
    const stopping = new Stopping();
    const settings = { ...DEFAULTS, patience: 10 };
    for (const step of [0, 10]) stopping.look(settings, measured(step, 1));
    expect(stopping.reason(settings, 10)).toBe('patience');
    stopping.resume(10);
    stopping.look(settings, measured(19, 1));
    expect(stopping.reason(settings, 19)).toBeUndefined();
    stopping.look(settings, measured(20, 1));
    expect(stopping.reason(settings, 20)).toBe('patience');
  });

  it('goes back to a step, without the better losses after it', () => {
    const stopping = new Stopping();
    const settings = { ...DEFAULTS, patience: 10 };
    for (const [step, loss] of [
      [0, 1],
      [5, 0.5],
      [20, 0.1],
      [30, 0.1],
    ])
      stopping.look(settings, measured(step, loss));
    expect(stopping.reason(settings, 30)).toBe('patience');
    stopping.goBack(10);
    expect(stopping.reason(settings, 10)).toBeUndefined();
    // Better than 0.5, the least loss up to step 10.
    stopping.look(settings, measured(15, 0.3));
    stopping.look(settings, measured(24, 0.3));
    expect(stopping.reason(settings, 24)).toBeUndefined();
    stopping.look(settings, measured(25, 0.3));
    expect(stopping.reason(settings, 25)).toBe('patience');
  });

  it('measures no later than necessary', () => {
    expect(segmentSteps(DEFAULTS, 100, { stops: false })).toBe(9900);
    expect(segmentSteps(DEFAULTS, 101, { stops: true })).toBe(49);
    expect(segmentSteps({ ...DEFAULTS, speed: 30 }, 0, { stops: false })).toBe(2);
    expect(segmentSteps({ ...DEFAULTS, speed: 1 }, 9999, { stops: false })).toBe(1);
    expect(segmentSteps({ ...DEFAULTS, stopStep: 0 }, 0, { stops: false })).toBeGreaterThan(1000);
  });
});

describe('the rate', () => {
  it('is steps a second of the last moments, without the time of a sleeping machine', () => {
    const rate = new Rate();
    expect(rate.perSecond).toBeUndefined();
    for (let i = 0; i <= 20; i++) rate.add(100 * i, 50 * i);
    expect(rate.perSecond).toBeCloseTo(500);
    rate.add(3_600_000, 1000);
    expect(rate.perSecond).toBeUndefined();
    rate.add(3_600_100, 1010);
    expect(rate.perSecond).toBeCloseTo(100);
  });
});

it('a regression never stops at an accuracy, but at a loss', () => {
  const stopping = new Stopping();
  const settings = { ...DEFAULTS, stopAccuracy: 0.1, stopLoss: 0.2 };
  const { accuracy: _, ...figures } = measured(10, 0.5);
  stopping.look(settings, { ...figures, r2: 0.9 });
  expect(stopping.reason(settings, 10)).toBeUndefined();
  stopping.look(settings, { ...figures, loss: 0.1, r2: 0.9 });
  expect(stopping.reason(settings, 10)).toBe('loss');
});
