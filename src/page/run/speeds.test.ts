import { expect, it, vi } from 'vitest';
import { testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { SMALL_RUN, smallRun } from '../../../tests/helpers/page/small-run.ts';
import { trainerOptions } from '../settings/trainer-options.ts';
import type { Experiment } from './experiment/experiment.ts';
import { studyData } from './experiment/study.ts';
import { PlanCache } from './found-plans.ts';
import { speedsOf } from './side-checks/speeds.ts';

const { signal } = new AbortController();

async function experimentOn(device: GPUDevice | undefined, tell: () => void = () => {}) {
  const { train } = await studyData(SMALL_RUN, undefined);
  if (!train) throw new Error('There are no points.');
  const resources = { device, cache: new PlanCache(tell), another: vi.fn() };
  return {
    trainerOptions: trainerOptions(SMALL_RUN, train),
    settings: SMALL_RUN,
    resources,
  } as unknown as Experiment;
}

it('a step takes some time on both, and the plan that was found is not kept', async () => {
  const tell = vi.fn();
  const speeds = await speedsOf(await experimentOn(await testDevice(), tell), signal);
  expect(speeds).toMatchObject({ what: 'speeds' });
  expect(speeds?.gpu).toBeGreaterThan(0);
  expect(speeds?.cpu).toBeGreaterThan(0);
  expect(tell).not.toHaveBeenCalled();
});

it('without a GPU there is nothing to compare', async () => {
  expect(await speedsOf(await experimentOn(undefined), signal)).toBeUndefined();
});

it('the comparison ends with its signal', async () => {
  const reason = new Error('another command');
  await expect(speedsOf(await experimentOn(await testDevice()), AbortSignal.abort(reason))).rejects.toBe(
    reason,
  );
});

it('the next command ends a long answer, also of a run that was paused', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {});
  const asked: AbortSignal[] = [];
  vi.doMock('./side-checks/answers.ts', () => ({
    answerTo: (_: unknown, __: unknown, signal: AbortSignal) => {
      asked.push(signal);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  }));
  const { runner, open, reports } = smallRun();
  await open();
  runner.handle({ type: 'pause' });
  runner.handle({ type: 'ask', number: 7, question: { what: 'speeds' } });
  await vi.waitUntil(() => asked.length > 0, { timeout: 60_000 });
  expect(asked[0].aborted).toBe(false);
  runner.handle({ type: 'step', steps: 1 });
  expect(asked[0].aborted).toBe(true);
  await runner.idle;
  await vi.waitUntil(() => reports.some(({ type }) => type === 'answer'), { timeout: 60_000 });
  expect(reports).toContainEqual({ type: 'answer', number: 7, answer: undefined });
  vi.doUnmock('./side-checks/answers.ts');
  vi.restoreAllMocks();
});
