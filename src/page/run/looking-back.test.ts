import { describe, expect, it, vi } from 'vitest';
import { SMALL_RUN, smallRun } from '../../../tests/helpers/page/small-run.ts';
import type { Settings } from '../settings/settings.ts';
import type { Frame } from './protocol.ts';

/** A run that has been trained to a step, and ways to look at its steps. */
async function trained(part: Partial<Settings> = {}, steps = 400) {
  const settings = { ...SMALL_RUN, ...part };
  const { runner, open, reports } = smallRun(part);
  await open();
  runner.handle({ type: 'step', steps });
  await runner.idle;
  const frames = () => reports.filter((report) => report.type === 'frame');
  const latest = () => {
    const report = frames().findLast(({ status }) => status !== undefined);
    if (!report) throw new Error('The run has not been told.');
    return report;
  };
  const look = async (step: number): Promise<Frame> => {
    runner.handle({ type: 'look', step });
    await runner.idle;
    return latest().frame;
  };
  return { runner, reports, frames, latest, look, settings };
}

/** A frame without what depends on the way to it. */
const shownIn = ({ latest, evidence, insight, tested }: Frame) => ({ latest, evidence, insight, tested });

describe('a look back', () => {
  it('shows a step as the run was there, with all pictures, and the end again', async () => {
    const { runner, reports, latest, look } = await trained({ testShare: 0.2 }, 70);
    const there = shownIn((await look(70)) as Frame);
    runner.handle({ type: 'step', steps: 330 });
    await runner.idle;
    const end = shownIn(latest().frame);
    const back = await look(70);
    expect(latest().status).toBe('paused');
    expect(back).toMatchObject({ end: 400, first: 0, points: [], testPoints: [] });
    expect(shownIn(back).latest).toEqual(there.latest);
    expect(shownIn(back).evidence).toEqual(there.evidence);
    expect(shownIn(back).insight).toEqual(there.insight);
    expect(back.tested?.step).toBe(70);
    const again = await look(400);
    expect(again.end).toBeUndefined();
    expect(shownIn(again)).toEqual(end);
    expect(reports.filter(({ type }) => type === 'problem')).toEqual([]);
  });

  it('that another one follows at once is not trained for', async () => {
    const { runner, frames, look, latest } = await trained();
    await look(399);
    const before = frames().length;
    for (let step = 10; step < 60; step++) runner.handle({ type: 'look', step });
    await runner.idle;
    expect(latest().frame.latest.step).toBe(59);
    expect(frames().length - before).toBeLessThan(5);
  });

  it('ends training, and training does not go on by itself', async () => {
    const { runner, look, latest, frames } = await trained();
    runner.handle({ type: 'train' });
    const count = frames().length;
    await vi.waitUntil(() => frames().length > count + 1, { timeout: 60_000, interval: 5 });
    const { end } = await look(100);
    expect(end).toBeGreaterThan(400);
    expect(latest()).toMatchObject({ status: 'paused', frame: { latest: { step: 100 } } });
  });

  it('is not paused, because nothing trains', async () => {
    const { runner, latest } = await trained();
    runner.handle({ type: 'look', step: 33 });
    runner.handle({ type: 'pause' });
    await runner.idle;
    expect(latest().frame.latest.step).toBe(33);
  });

  it('at an earlier divergence shows finite numbers, from where training goes on', async () => {
    const part = { learningRate: 100, l2: 0.1, stopStep: 100_000, hidden: [8] } as const;
    const { runner, reports, look, latest, settings } = await trained(part, 100_000);
    const problem = reports.findLast((report) => report.type === 'problem');
    if (problem?.type !== 'problem' || problem.problem.kind !== 'diverged') throw new Error('no divergence');
    const { step } = problem.problem;
    const last = await look(step);
    expect(last.latest.step).toBeLessThan(step);
    expect(last.end).toBeUndefined();
    const { end } = await look(3);
    expect(end).toBe(last.latest.step);
    expect(latest().status).toBe('paused');
    runner.handle({ type: 'adjust', settings: { ...settings, learningRate: 0.01 } });
    runner.handle({ type: 'step', steps: 20 });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'paused', frame: { latest: { step: 23 } } });
  });
});

it('a look after a divergence that is interrupted at any moment leaves the end of the run', async () => {
  const part = { learningRate: 1, l2: 0.001, stopStep: 0, hidden: [32], perClass: 100 } as const;
  const { runner, look, latest, settings } = await trained(part, 600);
  // Late, so that the nearest kept state is far from the end.
  runner.handle({ type: 'adjust', settings: { ...settings, learningRate: 100, l2: 0.1 } });
  runner.handle({ type: 'train' });
  await runner.idle;
  runner.handle({ type: 'look', step: 10 });
  for (let turn = 0; turn < 40; turn++) await Promise.resolve();
  runner.handle({ type: 'look', step: 20 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  const { end } = await look(500);
  expect(end).toBeGreaterThan(600);
  expect(latest().status).toBe('paused');
});

describe('from an earlier step', () => {
  it('training goes on as the same run, which the curves show from there on', async () => {
    const { runner, look, latest, frames } = await trained();
    const end = latest().frame.latest;
    await look(120);
    const before = frames().length;
    runner.handle({ type: 'step', steps: 280 });
    await runner.idle;
    const cut = frames()[before].frame;
    expect(cut.end).toBeUndefined();
    expect(cut.points.map(({ step }) => step)).toEqual([120]);
    expect(latest().frame.latest).toEqual(end);
    expect(latest().frame.end).toBeUndefined();
  });

  it('a change of settings begins a new course, with the turns before it', async () => {
    const { runner, look, latest, settings } = await trained({}, 100);
    const adjust = async (part: Partial<Settings>) => {
      runner.handle({ type: 'adjust', settings: { ...settings, ...part } });
      await runner.idle;
    };
    for (const learningRate of [0.5, 0.25]) {
      await adjust({ learningRate });
      runner.handle({ type: 'step', steps: 100 });
      await runner.idle;
    }
    const turns = () => latest().frame.turns.map(({ step, learningRate }) => [step, learningRate]);
    const all = [
      [0, 1],
      [100, 0.5],
      [200, 0.25],
    ];
    expect(turns()).toEqual(all);
    // A speed is no setting of a step: the run stays as it is.
    await look(150);
    await adjust({ learningRate: 0.5, speed: 1000 });
    expect(latest().frame.end).toBe(300);
    expect(turns()).toEqual(all);
    // The change comes before the step is there.
    runner.handle({ type: 'look', step: 130 });
    await adjust({ learningRate: 0.5, l2: 0.1 });
    expect(latest().frame.latest.step).toBe(130);
    expect(latest().frame.end).toBeUndefined();
    expect(turns()).toEqual([...all.slice(0, 2), [130, 0.5]]);
  });

  it('a rewind begins with the settings that are shown', async () => {
    const { runner, look, latest, settings } = await trained({}, 100);
    runner.handle({ type: 'adjust', settings: { ...settings, learningRate: 0.5 } });
    runner.handle({ type: 'step', steps: 100 });
    await runner.idle;
    await look(50);
    runner.handle({ type: 'rewind' });
    await runner.idle;
    expect(latest()).toMatchObject({
      fresh: true,
      status: 'untrained',
      frame: { turns: [{ learningRate: 1 }] },
    });
    expect(latest().frame.turns).toHaveLength(1);
    expect((await look(10)).latest.step).toBe(0);
  });

  it('patience counts from there, and the best loss is the one so far', async () => {
    const { runner, look, latest } = await trained(
      { patience: 50, learningRate: 0, stopStep: 10_000 },
      10_000,
    );
    expect(latest()).toMatchObject({ status: 'finished', stopped: 'patience' });
    const end = latest().frame.latest.step;
    await look(20);
    expect(latest().status).toBe('paused');
    await look(end);
    expect(latest()).toMatchObject({ status: 'finished', stopped: 'patience' });
    await look(20);
    runner.handle({ type: 'train' });
    await runner.idle;
    expect(latest()).toMatchObject({ status: 'finished', stopped: 'patience' });
    expect(latest().frame.latest.step).toBe(100);
  });
});
