import { describe, expect, it } from 'vitest';
import { joined } from '../session/curve.ts';
import type { Measured } from '../settings/network.ts';
import { DEFAULTS, type Settings, turnAt } from '../settings/settings.ts';
import type { Report } from './protocol.ts';
import { Runner } from './runner.ts';

const SETTINGS: Settings = {
  ...DEFAULTS,
  backend: 'cpu',
  perClass: 10,
  hidden: [8],
  initialization: 'he',
  stopStep: 1000,
};

type FrameReport = Extract<Report, { type: 'frame' }>;

/** A runner and all its reports. */
function start() {
  const reports: Report[] = [];
  const waiting: { is: (report: Report) => boolean; resolve: () => void }[] = [];
  const runner = new Runner((report) => {
    reports.push(report);
    for (const { is, resolve } of waiting) if (is(report)) resolve();
  });
  const send = (...commands: Parameters<Runner['handle']>[0][]) => {
    for (const command of commands) runner.handle(command);
  };
  const frames = () => reports.filter((report) => report.type === 'frame');
  return {
    runner,
    reports,
    send,
    frames,
    /** The curve that the page joins: a frame of late pictures may overtake one of training. */
    curve: () =>
      frames().reduce<Measured[]>(
        (before, { frame, fresh }) => joined(fresh ? [] : before, frame.points),
        [],
      ),
    /** The newest one that tells how the run stands; a look inside does not. */
    latest: () => frames().findLast(({ status }) => status !== undefined),
    open: (settings: Settings, run = 1, step = 0) => send({ type: 'open', run, settings, turns: [], step }),
    /** Waits for what comes from now on. */
    told: (is: (report: Report) => boolean) =>
      new Promise<void>((resolve) => void waiting.push({ is, resolve })),
  };
}

describe('a run', () => {
  it('is opened, trained to its end and rewound', async () => {
    const { runner, open, send, latest, frames, curve } = start();
    open(SETTINGS);
    send({ type: 'train' });
    await runner.idle;
    expect(latest()).toMatchObject({
      status: 'finished',
      stopped: 'step',
      frame: { latest: { step: 1000 } },
    });
    expect(curve().map(({ step }) => step)).toEqual(Array.from({ length: 201 }, (_, i) => 5 * i));
    const first = frames()[0].frame.latest.loss;
    send({ type: 'rewind' });
    await runner.idle;
    expect(latest()).toMatchObject({
      fresh: true,
      status: 'untrained',
      frame: { latest: { step: 0, loss: first } },
    });
  });

  it('is the newest one that the page asked for', async () => {
    const { runner, open, send, frames, latest, reports } = start();
    for (let run = 1; run <= 5; run++) {
      open({ ...SETTINGS, hidden: [run] }, run);
      send({ type: 'pause' });
    }
    send({ type: 'adjust', settings: { ...SETTINGS, hidden: [5], learningRate: 0.5 } }, { type: 'train' });
    await runner.idle;
    expect(latest()).toMatchObject({ run: 5, status: 'finished' });
    expect(new Set(frames().map(({ run }) => run))).toEqual(new Set([5]));
    expect((latest() as FrameReport).frame.turns).toMatchObject([{ step: 0, learningRate: 0.5 }]);
    // At most one experiment, the one under way, is made in vain.
    expect(reports.filter(({ type }) => type === 'adapter').length).toBeLessThanOrEqual(2);
  });

  it('is read at one step during training, and trains on', async () => {
    const { runner, open, send, latest, reports, told } = start();
    open({ ...SETTINGS, stopStep: 200_000 });
    send({ type: 'train' });
    await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
    const read = told((report) => report.type === 'inside');
    send({ type: 'inside' });
    await read;
    const inside = reports.find((report) => report.type === 'inside');
    expect(inside?.state.step).toBeGreaterThan(0);
    // A read of another step would differ from float64 by more than rounding.
    for (const [name, { absolute }] of Object.entries(inside?.state.differences ?? {}))
      expect(absolute.value, name).toBeLessThan(1e-5);
    await told((report) => report.type === 'frame' && report.frame.latest.step > (inside?.state.step ?? 0));
    expect(latest()?.status).toBe('untrained');
    send({ type: 'pause' });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'paused' });
  });

  it('trains as soon as it is open, if the page has asked for it', async () => {
    const { runner, open, send, latest } = start();
    open(SETTINGS);
    send({ type: 'train' }, { type: 'train' });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'finished' });
  });

  it('reports nothing of another run', async () => {
    const { runner, open, send, told, reports } = start();
    open({ ...SETTINGS, stopStep: 0, perClass: 200 }, 1);
    send({ type: 'train' });
    await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
    const before = reports.length;
    open({ ...SETTINGS, hidden: [2] }, 2);
    await runner.idle;
    for (const report of reports.slice(before)) {
      if (report.type === 'frame' && report.run === 2) expect(report.frame.latest.step).toBe(0);
    }
  });
});

describe('a divergence', () => {
  it.each([
    ['soon', { l2: 0.1 }],
    ['after a look inside', { l2: 0.0204, speed: 400 }],
    ['after other settings', { l2: 0.1 }, { learningRate: 60 }],
  ])('%s leaves the losses of the last finite steps', async (_, part, later?: Partial<Settings>) => {
    const { runner, open, send, told, reports, curve } = start();
    const settings = { ...SETTINGS, learningRate: later ? 0 : 100, stopStep: 100_000, ...part };
    open(settings);
    send({ type: 'train' });
    if (later) {
      await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
      send({ type: 'adjust', settings: { ...settings, ...later } });
    }
    await runner.idle;
    const problem = reports.find(({ type }) => type === 'problem');
    if (problem?.type !== 'problem' || problem.problem.kind !== 'diverged') throw new Error('no divergence');
    const { step } = problem.problem;
    const points = curve();
    const steps = points.map((point) => point.step);
    // Points of the curve are 500 steps apart.
    expect(steps.filter((at) => at > step - 20 && at % 500 !== 0).length).toBeGreaterThan(10);
    expect(steps[steps.length - 1]).toBeLessThan(step);
    for (const { loss } of points) expect(loss).toBeLessThan(Number.POSITIVE_INFINITY);
    // The losses grow up to the largest number.
    expect(points[points.length - 1].loss).toBeGreaterThan(1e20);
  });
});

describe('settings', () => {
  it('changed after a divergence hold from the rewind on', async () => {
    const { runner, open, send, latest, reports } = start();
    open({ ...SETTINGS, initialization: 'normal', deviation: 10, learningRate: 100, l2: 10 });
    send({ type: 'train' });
    await runner.idle;
    expect(reports[reports.length - 1]).toMatchObject({ type: 'problem', problem: { kind: 'diverged' } });
    const mild = { ...SETTINGS, initialization: 'normal', deviation: 10, learningRate: 0, l2: 0 } as const;
    send({ type: 'adjust', settings: mild }, { type: 'rewind' }, { type: 'train' });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'finished', frame: { turns: [{ learningRate: 0 }] } });
  });

  it('are taken over while training, which goes on', async () => {
    const { runner, open, send, told, latest } = start();
    open({ ...SETTINGS, stopStep: 0 });
    send({ type: 'train' });
    await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
    send({ type: 'adjust', settings: { ...SETTINGS, stopStep: 0, learningRate: 0 } });
    await told((report) => report.type === 'frame' && report.frame.turns.length === 2);
    await told((report) => report.type === 'frame');
    send({ type: 'pause' });
    await runner.idle;
    const { frame, status } = latest() as FrameReport;
    expect(status).toBe('paused');
    expect(frame.turns).toMatchObject([{ step: 0, learningRate: 1 }, { learningRate: 0 }]);
  });

  it('are taken over while training, which ends at its last step', async () => {
    const { runner, open, send, told, latest } = start();
    const settings = { ...SETTINGS, stopStep: 20_000 };
    open(settings);
    send({ type: 'train' });
    await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
    for (const learningRate of [0.5, 0.1]) send({ type: 'adjust', settings: { ...settings, learningRate } });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'finished', frame: { latest: { step: 20_000 } } });
    const { frame } = latest() as FrameReport;
    expect(frame.turns).toMatchObject([{ learningRate: 1 }, { learningRate: 0.1 }]);
    // A run that stands does not begin to train by itself.
    send({ type: 'adjust', settings: { ...settings, stopStep: 30_000 } });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'paused', frame: { latest: { step: 20_000 } } });
  });

  it('leave a run paused that is paused while they are taken over', async () => {
    const { runner, open, send, told, latest } = start();
    const settings = { ...SETTINGS, stopStep: 0 };
    open(settings);
    // At any moment of it.
    for (let turns = 0; turns < 12; turns++) {
      send({ type: 'train' });
      const from = latest()?.frame.latest.step ?? 0;
      await told((report) => report.type === 'frame' && report.frame.latest.step > from);
      const ended = told((report) => report.type === 'frame');
      send({ type: 'adjust', settings: { ...settings, plan: turns % 2 === 0 ? 'layered' : 'auto' } });
      await ended;
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      send({ type: 'pause' });
      await runner.idle;
      expect(latest(), `after ${turns} turns`).toMatchObject({ status: 'paused' });
      expect(latest()?.frame.latest.step).toBeGreaterThan(from);
    }
  });
});

describe('steps', () => {
  it('add up, go to the last one at most, and are points of the curve', async () => {
    const { runner, open, send, latest, frames } = start();
    open(SETTINGS);
    for (let i = 0; i < 40; i++) send({ type: 'step', steps: 1 });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'paused', frame: { latest: { step: 40 } } });
    send({ type: 'step', steps: 5000 });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'finished', frame: { latest: { step: 1000 } } });
    expect(new Set(frames().flatMap(({ frame }) => frame.points.map(({ step }) => step))).size).toBe(201);
  });

  it('can be ended early', async () => {
    const { runner, open, send, told, latest } = start();
    open({ ...SETTINGS, perClass: 100, hidden: [32, 32], stopStep: 0 });
    await runner.idle;
    send({ type: 'step', steps: 100_000 });
    await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
    send({ type: 'pause' });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'paused' });
    expect((latest() as FrameReport).frame.latest.step).toBeLessThan(100_000);
  });
});

describe('speed', () => {
  it('is at most what was chosen, with test points too', async () => {
    const { runner, open, send, latest } = start();
    open({ ...SETTINGS, speed: 200, stopStep: 200, testShare: 0.3 });
    await runner.idle;
    const before = performance.now();
    send({ type: 'train' });
    await runner.idle;
    expect(200_000 / (performance.now() - before)).toBeLessThan(260);
    expect((latest() as FrameReport).frame.latest.step).toBe(200);
  });

  it('is a number, even if a run is paused at once', async () => {
    const { runner, open, send, told, latest } = start();
    open({ ...SETTINGS, stopStep: 0 });
    send({ type: 'train' });
    await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
    send({ type: 'pause' });
    await runner.idle;
    expect(Number.isFinite((latest() as FrameReport).frame.stepsPerSecond)).toBe(true);
  });
});

describe('a link', () => {
  const begun = { ...SETTINGS, l2: 0 };
  const turns = [turnAt(300, { ...begun, learningRate: 0.5 }), turnAt(600, { ...begun, learningRate: 0.1 })];

  it('is repeated with its turns', async () => {
    const { runner, send, latest } = start();
    send({ type: 'open', run: 1, settings: { ...SETTINGS, l2: 0 }, turns, step: 800 });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'paused', frame: { latest: { step: 800 } } });
    expect((latest() as FrameReport).frame.turns).toEqual([turnAt(0, begun), ...turns]);
  });

  it('that is ended early has not taken its later turns', async () => {
    const { runner, send, told, latest } = start();
    const settings = { ...SETTINGS, l2: 0, perClass: 500, hidden: [64], stopStep: 0 };
    send({ type: 'open', run: 1, settings, turns: [{ ...turns[0], step: 1_000_000 }], step: 2_000_000 });
    await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
    send({ type: 'pause' });
    await runner.idle;
    const { frame, status } = latest() as FrameReport;
    expect(status).toBe('paused');
    expect(frame.turns).toHaveLength(1);
  });
});

it('pictures that nobody sees are not drawn, and the last one always is', async () => {
  const { runner, open, send, told, frames, latest } = start();
  open({ ...SETTINGS, stopStep: 0 });
  await runner.idle;
  const training = () => frames().filter(({ frame, status }) => frame.latest.step > 0 && !status);
  send({ type: 'watch', interval: 0, seen: false }, { type: 'train' });
  await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
  send({ type: 'pause' });
  await runner.idle;
  expect(training().every(({ frame }) => !frame.evidence)).toBe(true);
  expect((latest() as FrameReport).frame.evidence).toBeDefined();
  const before = training().length;
  send({ type: 'watch', interval: 0, seen: true }, { type: 'train' });
  await told((report) => report.type === 'frame' && report.frame.evidence !== undefined);
  send({ type: 'pause' });
  await runner.idle;
  expect(
    training()
      .slice(before)
      .some(({ frame }) => frame.evidence),
  ).toBe(true);
});

it('a slow network shows a frame before its first point of the curve', async () => {
  const { runner, open, send, told, frames } = start();
  open({ ...SETTINGS, perClass: 300, hidden: [512, 512], stopStep: 1_000_000 });
  send({ type: 'train' });
  await told((report) => report.type === 'frame' && report.frame.latest.step > 0);
  send({ type: 'pause' });
  await runner.idle;
  // Points of the curve are 5,000 steps apart, which is seconds on any machine.
  expect(frames().find(({ frame }) => frame.latest.step > 0)?.frame.latest.step).toBeLessThan(5000);
});

it('settings without training points are reported', async () => {
  const { runner, open, reports, send } = start();
  open({ ...SETTINGS, shape: 'own' });
  send({ type: 'train' });
  await runner.idle;
  expect(reports[reports.length - 1]).toMatchObject({ type: 'status', status: 'empty' });
});
