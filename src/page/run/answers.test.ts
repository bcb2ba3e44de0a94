import { describe, expect, it, vi } from 'vitest';
import { SMALL_RUN, smallRun } from '../../../tests/helpers/page/small-run.ts';
import { type Dataset, spiral } from '../../index.ts';
import type { Settings } from '../settings/settings.ts';
import { studyData } from './experiment/study.ts';
import type { Answer, Question } from './protocol.ts';

/** A runner, and a way to ask it. */
function start(settings: Partial<Settings> = {}) {
  const { runner, open, reports } = smallRun(settings);
  let number = 0;
  const ask = async <What extends Question['what']>(
    question: Extract<Question, { what: What }>,
  ): Promise<Extract<Answer, { what: What }> | undefined> => {
    const own = ++number;
    runner.handle({ type: 'ask', number: own, question });
    const told = () => reports.find((report) => report.type === 'answer' && report.number === own);
    const report = await vi.waitUntil(told, { timeout: 60_000, interval: 5 });
    return (report.type === 'answer' ? report.answer : undefined) as
      | Extract<Answer, { what: What }>
      | undefined;
  };
  return { runner, open, ask, reports };
}

const INPUTS = Float32Array.from(spiral({ perClass: 30 }).inputs);

it('the network is asked beside training, which goes on', async () => {
  const { runner, open, ask, reports } = start();
  await open();
  const before = await ask({ what: 'outputs', inputs: INPUTS });
  const trains = runner.handle({ type: 'train' });
  const step = () => reports.findLast((report) => report.type === 'frame')?.frame.latest.step ?? 0;
  await vi.waitUntil(() => step() > 100, { timeout: 60_000, interval: 5 });
  const after = await ask({ what: 'outputs', inputs: INPUTS });
  const at = step();
  await vi.waitUntil(() => step() > at, { timeout: 60_000, interval: 5 });
  runner.handle({ type: 'pause' });
  await trains;
  expect(before?.outputs.length).toBe(3 * 90);
  expect(after?.outputs).not.toEqual(before?.outputs);
  for (const answer of [before, after])
    for (let row = 0; row < 90; row++) {
      const sum = answer?.outputs.subarray(3 * row, 3 * row + 3).reduce((sum, share) => sum + share);
      expect(sum).toBeCloseTo(1, 5);
    }
});

it('there is no answer without a network, nor to a question that does not fit it', async () => {
  const { open, ask, reports } = start();
  expect(await ask({ what: 'outputs', inputs: INPUTS })).toBeUndefined();
  await open();
  vi.spyOn(console, 'info').mockImplementation(() => {});
  expect(await ask({ what: 'outputs', inputs: new Float32Array(3) })).toBeUndefined();
  vi.restoreAllMocks();
  expect((await ask({ what: 'outputs', inputs: INPUTS }))?.outputs.length).toBe(270);
  expect(reports.filter(({ type }) => type === 'problem')).toEqual([]);
});

describe('the rows of a cell of the confusion matrix', () => {
  it.each(['cross-entropy', 'hinge'] as const)('are all of it, the worst first: %s', async (loss) => {
    const { runner, open, ask, reports } = start({ loss, testShare: 0.3, stopStep: 20 });
    await open();
    runner.handle({ type: 'train' });
    await runner.idle;
    const frame = reports.findLast((report) => report.type === 'frame')?.frame;
    const data = await studyData({ ...SMALL_RUN, loss, testShare: 0.3 }, undefined);
    let wrong = 0;
    for (const part of ['train', 'test'] as const) {
      const counts = frame?.insight?.confusion?.[part] ?? [];
      const labels = (data[part] as Dataset).labels;
      for (let at = 0; at < 9; at++) {
        const cell = { part, label: Math.floor(at / 3), taken: at % 3 };
        const answer = await ask({ what: 'cell', cell, most: 1000 });
        const { rows = [], outputs = new Float32Array() } = answer ?? {};
        expect(answer).toMatchObject({ step: 20, count: counts[at] });
        expect(rows.length).toBe(counts[at]);
        // By the definitions, in numbers.
        const losses = Array.from(rows, (row, i) => {
          expect(labels[row]).toBe(cell.label);
          const told = outputs.subarray(3 * i, 3 * i + 3);
          expect(told.indexOf(Math.max(...told))).toBe(cell.taken);
          const own = told[cell.label];
          if (loss === 'cross-entropy') return -Math.log(own);
          const over = told.map((score, k) => (k === cell.label ? 0 : Math.max(0, score - own + 1)));
          return over.reduce((sum, part) => sum + part);
        });
        losses.slice(1).forEach((loss, i) => {
          expect(loss).toBeLessThanOrEqual(losses[i] + 1e-6);
        });
        if (cell.label !== cell.taken) wrong += losses.length;
        const few = await ask({ what: 'cell', cell, most: 2 });
        expect(few?.count).toBe(counts[at]);
        expect(Array.from(few?.rows ?? [])).toEqual(Array.from(rows.slice(0, 2)));
      }
    }
    expect(wrong).toBeGreaterThan(10);
  });

  it('are none without test rows', async () => {
    const { open, ask } = start();
    await open();
    const cell = { part: 'test', label: 0, taken: 0 } as const;
    expect(await ask({ what: 'cell', cell, most: 5 })).toBeUndefined();
  });
});

it('where steps take batches, Inside follows a training row as a batch of its own', async () => {
  const { runner, open, reports } = start({ batchSize: 10, stopStep: 20, optimizer: 'adam' });
  await open();
  runner.handle({ type: 'train' });
  await runner.idle;
  runner.handle({ type: 'inside', row: 70 });
  const inside = await vi.waitUntil(() => reports.find((report) => report.type === 'inside'), {
    timeout: 60_000,
  });
  if (inside.type !== 'inside') throw new Error('not read');
  const { state } = inside;
  expect(state).toMatchObject({ step: 20, alone: 70 });
  const { inputs, labels } = spiral({ perClass: 30 });
  const tensor = (kind: string) => state.tensors.find((tensor) => tensor.kind === kind);
  expect(tensor('inputs')?.shape).toEqual([1, 2]);
  expect(Array.from(tensor('inputs')?.values ?? [])).toEqual(
    Array.from(Float32Array.from(inputs.slice(140, 142))),
  );
  expect(Array.from(tensor('labels')?.values ?? [])).toEqual([labels[70]]);
  expect(Object.keys(state.differences).length).toBeGreaterThan(3);
  reports.length = 0;
  runner.handle({ type: 'inside' });
  const batch = await vi.waitUntil(() => reports.find((report) => report.type === 'inside'), {
    timeout: 60_000,
  });
  if (batch.type !== 'inside') throw new Error('not read');
  expect(batch.state.alone).toBeUndefined();
  expect(batch.state.tensors.find(({ kind }) => kind === 'inputs')?.shape).toEqual([10, 2]);
});
