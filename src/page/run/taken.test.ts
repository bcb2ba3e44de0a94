import { describe, expect, it, vi } from 'vitest';
import { smallRun } from '../../../tests/helpers/page/small-run.ts';
import { spiral } from '../../index.ts';
import { importModel } from '../../models/index.ts';
import type { Settings } from '../settings/settings.ts';
import type { Taken } from './protocol.ts';

/** A runner with a run, and a way to take from it. */
function start(settings: Partial<Settings> = {}) {
  const { runner, open, reports } = smallRun(settings);
  const take = async (format?: 'json' | 'safetensors'): Promise<Taken> => {
    const before = reports.length;
    runner.handle({ type: 'take', ...(format && { format }) });
    const answer = () => reports.slice(before).find((report) => report.type === 'taken');
    return (await vi.waitUntil(answer, { timeout: 60_000 })).taken;
  };
  return { runner, open, take, reports };
}

/** The share of the rows for which a model's label is right. */
async function accuracyOf(file: Uint8Array | undefined, { inputs, labels } = spiral({ perClass: 30 })) {
  const told = (await importModel(file ?? new Uint8Array())).predict(inputs);
  return Array.from(labels).filter((label, row) => label === told.labels?.[row]).length / labels.length;
}

/** The mean cross-entropy of a model over the points. */
async function lossOf(file: Uint8Array | undefined) {
  const { inputs, labels } = spiral({ perClass: 30 });
  const { probabilities = [] } = (await importModel(file ?? new Uint8Array())).predict(inputs);
  return labels.reduce(
    (sum, label, row) => sum - Math.log(probabilities[3 * row + label]) / labels.length,
    0,
  );
}

describe('what is taken away', () => {
  it('during training is of one step, and so is the model, later on too', async () => {
    const { runner, open, take, reports } = start();
    const later = (step: number) =>
      vi.waitUntil(
        () => reports.some((report) => report.type === 'frame' && report.frame.latest.step > step),
        {
          timeout: 60_000,
        },
      );
    open();
    await runner.idle;
    runner.handle({ type: 'train' });
    await later(50);
    const { frame } = await take();
    const { step = 0, accuracy } = frame?.latest ?? {};
    expect(step).toBeGreaterThan(0);
    expect(frame?.insight?.step).toBe(step);
    const right = Array.from(frame?.insight?.confusion?.train ?? []).filter((_, cell) => cell % 4 === 0);
    expect(right.reduce((sum, count) => sum + count, 0) / 90).toBeCloseTo(accuracy ?? 0, 10);
    await later(step + 200);
    const { file } = await take('json');
    expect(await lossOf(file)).toBeCloseTo(frame?.latest.dataLoss ?? 0, 5);
    runner.handle({ type: 'pause' });
    await runner.idle;
  });

  it('is nothing before there is a run, and no file before a step was read', async () => {
    const { runner, open, take } = start();
    expect(await take()).toEqual({});
    open();
    await runner.idle;
    expect(await take('json')).toEqual({ problem: { kind: 'unknown' } });
    expect((await take()).frame?.latest.step).toBe(0);
  });

  it('takes raw rows, as the scaling of the run goes into the model', async () => {
    const { runner, open, take } = start({ shape: 'digits' });
    const points = spiral({ perClass: 30 });
    const data = { ...points, inputs: points.inputs.map((value) => 1000 * value + 5000) };
    runner.carryOut({ type: 'rows', rows: { key: 'digits', data } });
    open();
    runner.handle({ type: 'step', steps: 200 });
    await runner.idle;
    const { frame } = await take();
    const { file } = await take('safetensors');
    expect(await accuracyOf(file, data)).toBeCloseTo(frame?.latest.accuracy ?? 0, 10);
    expect(frame?.latest.accuracy).toBeGreaterThan(0.4);
  });
});
