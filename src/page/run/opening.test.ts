import { describe, expect, it, vi } from 'vitest';
import { NODES } from '../settings/plane.ts';
import { DEFAULTS, type Settings } from '../settings/settings.ts';
import { atAllNodes } from './experiment/all-nodes.ts';
import { Experiment } from './experiment/experiment.ts';
import type { Report } from './protocol.ts';
import { Runner } from './runner.ts';

const SMALL: Settings = { ...DEFAULTS, backend: 'cpu', perClass: 10, hidden: [8], stopStep: 100 };
/** Just beyond the networks whose pictures come with the first figures. */
const LARGE: Settings = { ...SMALL, hidden: [300, 300], initialization: 'he', learningRate: 0.01 };

function start() {
  const reports: Report[] = [];
  const runner = new Runner((report) => reports.push(report));
  return {
    runner,
    send: (...commands: Parameters<Runner['handle']>[0][]) => {
      for (const command of commands) runner.handle(command);
    },
    open: (settings: Settings, run = 1) => runner.handle({ type: 'open', run, settings, turns: [], step: 0 }),
    statuses: () => reports.flatMap((report) => ('status' in report && report.status ? [report.status] : [])),
    frames: () => reports.filter((report) => report.type === 'frame').map(({ frame }) => frame),
  };
}

describe('an opening', () => {
  it('is cancelled at once, with the training that waits for it', async () => {
    const { runner, send, open, statuses, frames } = start();
    open(SMALL);
    send({ type: 'train' }, { type: 'cancel' });
    await runner.idle;
    expect(statuses()).toEqual([]);
    expect(frames()).toEqual([]);
  });

  it('is cancelled at any moment, and opens again at a rewind', async () => {
    let cancelled = 0;
    for (let turns = 0; turns < 60; turns += 3) {
      const { runner, send, open, statuses } = start();
      open(SMALL);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      const ready = statuses().includes('untrained');
      send({ type: 'cancel' });
      await runner.idle;
      expect(statuses(), `after ${turns} turns`).toEqual(ready ? ['untrained'] : []);
      if (!ready) cancelled++;
      send({ type: 'rewind' }, { type: 'train' });
      await runner.idle;
      expect(statuses().slice(ready ? 1 : 0), `after ${turns} turns`).toEqual([
        'untrained',
        'training',
        'finished',
      ]);
    }
    expect(cancelled).toBeGreaterThan(1);
  });

  it('is cancelled for good where other settings open the run', async () => {
    const { runner, send, open, statuses, frames } = start();
    open(SMALL);
    send({ type: 'cancel' }, { type: 'adjust', settings: { ...SMALL, learningRate: 0.5 } });
    await runner.idle;
    expect(statuses()).toEqual(['untrained']);
    expect(frames()[0].turns).toMatchObject([{ learningRate: 0.5 }]);
  });

  it('ends when a newer run is asked for, and leaves no trainer', async () => {
    const { runner, open, statuses } = start();
    const real = Experiment.create.bind(Experiment);
    const create = vi.spyOn(Experiment, 'create').mockImplementationOnce((...given) => {
      open({ ...SMALL, hidden: [5] }, 2);
      return real(...given);
    });
    open(SMALL, 1);
    await runner.idle;
    const [, , , signal] = create.mock.calls[0];
    await expect(create.mock.results[0].value).rejects.toBe(signal.reason);
    await vi.waitUntil(() => statuses().length > 0);
    expect(create).toHaveBeenCalledTimes(2);
    expect(statuses()).toEqual(['untrained']);
    create.mockRestore();
  });

  it('leaves a run that is open as it is', async () => {
    const { runner, send, open, statuses } = start();
    open(SMALL);
    await runner.idle;
    send({ type: 'cancel' }, { type: 'step', steps: 5 });
    await runner.idle;
    expect(statuses()).toEqual(['untrained', 'training', 'paused']);
  });
});

describe('a large network', () => {
  it('shows its figures before its pictures, which are computed at fewer places', async () => {
    const { runner, send, open, frames } = start();
    open(LARGE);
    await runner.idle;
    const [first] = frames();
    expect(first.evidence).toBeUndefined();
    expect(first.insight).toBeUndefined();
    expect(first.latest.loss).toBeGreaterThan(0);
    expect(first.stepSeconds).toBeGreaterThan(0);
    await vi.waitUntil(() => frames().some(({ insight }) => insight), 60_000);
    const drawn = frames().find(({ evidence }) => evidence);
    expect(drawn?.insight).toBeUndefined();
    expect(drawn?.nodes).toBeLessThan(NODES);
    expect(drawn?.evidence).toHaveLength(NODES * NODES * LARGE.classes);

    send({ type: 'train' });
    await runner.idle;
    const after = frames().filter(({ latest }) => latest.step > 0);
    // The figures of a step do not wait for its pictures.
    expect(after[0].evidence).toBeUndefined();
    expect(after.at(-1)?.latest.step).toBe(100);
  });

  it('has its evidence between the computed places from those around', () => {
    const [stride, classes] = [8, 2];
    const nodes = 160 / stride + 1;
    const plane = (row: number, column: number) => [3 * row - column, 2 - row + 5 * column];
    const coarse = new Float32Array(nodes * nodes * classes);
    for (let i = 0; i < nodes * nodes; i++)
      coarse.set(plane(stride * Math.floor(i / nodes), stride * (i % nodes)), i * classes);
    const fine = atAllNodes(coarse, stride, classes);
    for (let i = 0; i < NODES * NODES; i++)
      expect([...fine.subarray(i * classes, (i + 1) * classes)]).toEqual(
        plane(Math.floor(i / NODES), i % NODES),
      );
  });
});
