import { expect, it, vi } from 'vitest';
import { ALL } from '../../../tests/helpers/tier.ts';
import { digits } from '../../tables/index.ts';
import { presetSettings } from '../settings/presets.ts';
import { divide } from '../settings/row-data.ts';
import type { Settings } from '../settings/settings.ts';
import { buffersOf } from '../settings/study-data.ts';
import type { Report } from './protocol.ts';
import { Runner } from './runner.ts';

const SETTINGS: Settings = { ...presetSettings('digits'), backend: 'cpu', stopStep: 1000 };

async function start(rows: 'with' | 'without') {
  const reports: Report[] = [];
  const runner = new Runner((report) => reports.push(report));
  const images = { width: 8, height: 8 };
  if (rows === 'with')
    runner.carryOut({ type: 'rows', rows: { key: 'digits', data: await digits(), images } });
  runner.carryOut({ type: 'open', run: 1, settings: SETTINGS, turns: [], step: 0 });
  const frames = () => reports.filter((report) => report.type === 'frame').map(({ frame }) => frame);
  return { runner, reports, frames };
}

it('the preset of digits does what its words say', async () => {
  const { runner, frames } = await start('with');
  runner.handle({ type: 'step', steps: 200 });
  await runner.idle;
  // A frame of late pictures alone, which has no points, may be the last one.
  const tested = () =>
    frames()
      .findLast(({ testPoints }) => testPoints.length > 0)
      ?.testPoints.at(-1)?.accuracy;
  expect(tested()).toBeCloseTo(0.94, 2);
  if (ALL) {
    runner.handle({ type: 'train' });
    await runner.idle;
    expect(tested()).toBeCloseTo(0.97, 2);
  }
  const { plane, insight } = frames().findLast(({ insight }) => insight) ?? {};
  const [first = 0, second = 0] = plane?.shares ?? [];
  expect(first + second).toBeGreaterThan(0.25);
  expect(first + second).toBeLessThan(0.3);
  expect(first).toBeGreaterThan(second);
  expect(insight?.confusion?.test).toHaveLength(100);
}, 60_000);

it('another plane needs no new run, and the same components are found once', async () => {
  const { runner, frames } = await start('with');
  await runner.idle;
  const components = frames()[0].plane;
  expect(components?.axes).toEqual([]);
  runner.handle({ type: 'step', steps: 5 });
  await runner.idle;
  const before = frames().at(-1)?.evidence;
  expect(before).toBeDefined();
  runner.handle({ type: 'adjust', settings: { ...SETTINGS, axes: [12, 20] } });
  await runner.idle;
  const { plane, latest, evidence } = frames().at(-1) ?? {};
  expect(plane?.axes).toEqual([12, 20]);
  expect(latest?.step).toBe(5);
  expect(evidence).not.toEqual(before);
  runner.handle({ type: 'adjust', settings: SETTINGS });
  await runner.idle;
  expect(frames().at(-1)?.plane?.id).toBe(components?.id);
  // A feature that the rows do not have.
  runner.handle({ type: 'adjust', settings: { ...SETTINGS, axes: [1, 64] } });
  await runner.idle;
  expect(frames().at(-1)?.plane?.id).toBe(components?.id);
}, 60_000);

it('a run without its rows is empty, and begins when they come', async () => {
  const { runner, reports, frames } = await start('without');
  await runner.idle;
  expect(reports.at(-1)).toMatchObject({ type: 'status', status: 'empty' });
  // Rows of other settings are not taken for them.
  runner.carryOut({ type: 'rows', rows: { key: 'others', data: await digits() } });
  runner.handle({ type: 'rewind' });
  await runner.idle;
  expect(frames()).toEqual([]);
  runner.carryOut({ type: 'rows', rows: { key: 'digits', data: await digits() } });
  runner.carryOut({ type: 'open', run: 2, settings: SETTINGS, turns: [], step: 0 });
  await runner.idle;
  expect(frames().at(-1)?.latest.step).toBe(0);
  expect(frames().at(-1)?.latest.accuracy).toBeLessThan(0.3);
}, 60_000);

it('rows are divided for the page, which gets buffers of its own', async () => {
  const reports: Report[] = [];
  const runner = new Runner((report) => reports.push(report));
  const rows = { key: 'digits', data: await digits(), images: { width: 8, height: 8 } };
  runner.carryOut({ type: 'rows', rows });
  const divided = async (number: number, settings = SETTINGS) => {
    runner.carryOut({ type: 'divide', number, settings });
    const answer = () => reports.find((report) => report.type === 'divided' && report.number === number);
    return ((await vi.waitUntil(answer)) as Extract<Report, { type: 'divided' }>).divided;
  };
  const own = divide({ ...rows }, SETTINGS);
  const { rows: _, ...loaded } = own.loaded;
  const first = await divided(1);
  expect(first).toEqual({ ...own, loaded });
  expect(loaded.pixels?.most).toBe(16);
  // The worker still has its own when those have been handed over.
  structuredClone(first, { transfer: first ? buffersOf(first.train) : [] });
  expect(first?.train.inputs).toHaveLength(0);
  expect(await divided(2)).toEqual({ ...own, loaded });
  expect(await divided(3, { ...SETTINGS, shape: 'table' })).toBeUndefined();
});
