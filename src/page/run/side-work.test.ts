import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutOfMemoryError } from '../../index.ts';
import { DEFAULTS, type Settings } from '../settings/settings.ts';
import { Pictures } from './experiment/pictures.ts';
import type { Report } from './protocol.ts';
import { Runner } from './runner.ts';

const SETTINGS: Settings = {
  ...DEFAULTS,
  backend: 'cpu',
  precision: 'single',
  perClass: 30,
  hidden: [8],
  initialization: 'he',
  stopStep: 1000,
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Float64Arrays beyond this length find no memory: the run, in single precision, needs none. */
function leaveMemoryOnlyForTheRun(most = 16): void {
  vi.stubGlobal(
    'Float64Array',
    class extends Float64Array {
      constructor(...given: [length: number]) {
        if (typeof given[0] === 'number' && given[0] > most)
          throw new RangeError('Array buffer allocation failed');
        super(...given);
      }
    },
  );
}

/** Waits for what comes, however slow the machine is. */
const eventually = <T>(look: () => T) => vi.waitUntil(look, { timeout: 60_000 });

/** A run of 500 steps, its reports, and a way to send it commands and wait. */
async function trained(settings: Partial<Settings> = {}) {
  const reports: Report[] = [];
  const runner = new Runner((report) => reports.push(report));
  const send = (...commands: Parameters<Runner['handle']>[0][]) => {
    for (const command of commands) runner.handle(command);
    return runner.idle;
  };
  await send({ type: 'open', run: 1, settings: { ...SETTINGS, ...settings }, turns: [], step: 0 });
  await send({ type: 'step', steps: 500 });
  return {
    reports,
    send,
    told: (type: Report['type']) => eventually(() => reports.find((report) => report.type === type)),
    /** Trains on, and expects the bits of a run that nothing has disturbed. */
    async expectWhole() {
      await send({ type: 'train' });
      const last = reports.findLast((report) => report.type === 'frame' && report.status !== undefined);
      expect(last).toMatchObject({ status: 'finished', frame: { latest: { step: 1000 } } });
      expect(reports.filter((report) => report.type === 'problem' && !report.aside)).toEqual([]);
    },
  };
}

describe('work beside a run that finds no memory leaves the run as it is', () => {
  it.each(['gradients', 'sanity'] as const)('a check: %s', async (what) => {
    const run = await trained();
    leaveMemoryOnlyForTheRun();
    await run.send({ type: 'check', what });
    vi.unstubAllGlobals();
    expect(run.reports.slice(-2)).toEqual([
      { type: 'checked', run: 1, checked: undefined },
      { type: 'problem', run: 1, problem: { kind: 'memory' }, aside: true },
    ]);
    await run.expectWhole();
  });

  it('the comparison with float64 in Inside, which shows the step all the same', async () => {
    const run = await trained();
    leaveMemoryOnlyForTheRun();
    await run.send({ type: 'inside' });
    const inside = await run.told('inside');
    expect(inside).toMatchObject({ state: { step: 500, differences: {} } });
    expect(inside?.type === 'inside' && inside.state.tensors.length).toBeGreaterThan(5);
    expect(await run.told('problem')).toMatchObject({ problem: { kind: 'memory' }, aside: true });
    vi.unstubAllGlobals();
    await run.expectWhole();
  });

  it.each(['look', 'evidence'] as const)('a picture: %s', async (method) => {
    const run = await trained();
    vi.spyOn(Pictures.prototype, method).mockRejectedValue(new OutOfMemoryError('a picture', 'of a test'));
    await run.send({ type: 'step', steps: 1 });
    expect(run.reports.at(-1)).toMatchObject({
      type: 'frame',
      status: 'paused',
      frame: { latest: { step: 501 } },
    });
    await run.expectWhole();
  });

  it('another plan', async () => {
    const run = await trained({ precision: 'double' });
    const before = run.reports.length;
    leaveMemoryOnlyForTheRun();
    await run.send({ type: 'adjust', settings: { ...SETTINGS, precision: 'double', plan: 'layered' } });
    vi.unstubAllGlobals();
    // The page puts the settings back and shows the run as it stands. The speed may be told again, too.
    const told = run.reports.slice(before).filter(({ type }) => type === 'problem' || type === 'frame');
    expect(told).toMatchObject([
      {
        type: 'problem',
        problem: { kind: 'memory' },
        refused: { refused: { plan: 'layered' }, kept: { plan: 'auto' } },
      },
      { type: 'frame', status: 'paused', frame: { latest: { step: 500 }, turns: [{ plan: 'auto' }] } },
    ]);
    await run.send({ type: 'step', steps: 1 });
    expect(run.reports.at(-1)).toMatchObject({
      type: 'frame',
      status: 'paused',
      frame: { latest: { step: 501 } },
    });
    // The run itself begins anew, with its own plan.
    const rewound = run.reports.length;
    await run.send({ type: 'rewind' });
    expect(run.reports.slice(rewound)).toMatchObject([{ type: 'frame', fresh: true, status: 'untrained' }]);
  });

  it('another plan during training, which goes on', async () => {
    const run = await trained({ precision: 'double', stopStep: 0 });
    const settings = { ...SETTINGS, precision: 'double', stopStep: 0 } as const;
    const trains = run.send({ type: 'train' });
    const step = () => run.reports.findLast((report) => report.type === 'frame')?.frame.latest.step ?? 0;
    await eventually(() => step() > 500);
    leaveMemoryOnlyForTheRun();
    run.send({ type: 'adjust', settings: { ...settings, plan: 'layered' } });
    await run.told('problem');
    vi.unstubAllGlobals();
    const from = step();
    await eventually(() => step() > from);
    expect(run.reports.filter((report) => report.type === 'problem')).toMatchObject([
      { problem: { kind: 'memory' }, refused: { kept: { plan: 'auto' } } },
    ]);
    run.send({ type: 'pause' });
    await trains;
  });
});

it('a check of a run whose own training has diverged says what the run says', async () => {
  const run = await trained({ initialization: 'normal', deviation: 10, learningRate: 100, l2: 10 });
  const problem = run.reports.find((report) => report.type === 'problem');
  expect(problem).toMatchObject({ problem: { kind: 'diverged' } });
  expect(problem).not.toHaveProperty('aside');
});

describe('a search for a learning rate', () => {
  it('suggests a rate and leaves the run as it is', async () => {
    const run = await trained();
    await run.send({ type: 'find' });
    const last = run.reports.findLast((report) => report.type === 'trial');
    expect(last).toMatchObject({ run: 1, status: { state: 'done', trial: { step: 500 } } });
    if (last?.status.state !== 'done') throw new Error('the search has no result');
    const { rates, losses, suggestion } = last.status.trial;
    expect(rates.length).toBe(losses.length);
    expect(rates).toContain(suggestion);
    await run.expectWhole();
  });

  it('ends with the next command', async () => {
    const run = await trained();
    const search = run.send({ type: 'find' });
    run.send({ type: 'pause' });
    await search;
    expect(run.reports.at(-1)).toEqual({ type: 'trial', run: 1, status: { state: 'idle' } });
    await run.expectWhole();
  });
});
