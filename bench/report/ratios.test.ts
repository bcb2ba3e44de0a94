import { expect, test } from 'vitest';
import { spread } from '../../src/page/measure/statistics.ts';
import { checkLoss } from '../workloads/losses.ts';
import type { Result, WorkloadResult } from '../workloads/measure.ts';
import { bestPlan, goals, ratios } from './ratios.ts';

function result(contestant: string, step: number, changes: Partial<Result> = {}): Result {
  const check = checkLoss(2, 1, 1, 'double');
  return {
    contestant,
    plan: contestant.startsWith('spiralnet webgpu'),
    step: spread([step]),
    check,
    ...changes,
  };
}

const WRONG = { check: checkLoss(2, 1.1, 1, 'double') };

const RESULTS = [
  result('spiralnet webgpu layered', 4),
  result('spiralnet webgpu fused', 2),
  result('spiralnet webgpu resident', 1, WRONG),
  result('spiralnet cpu', 0.5),
  result('plain loops', 8),
  result('jax-js webgpu', 50),
];

function caseStudy(results: Result[]): WorkloadResult {
  return { name: 'case-study', title: 'The case study', results };
}

test('the best plan is the fastest right one on the GPU', () => {
  expect(bestPlan(RESULTS)?.contestant).toBe('spiralnet webgpu fused');
  expect(bestPlan([result('spiralnet webgpu layered', 4, { failure: 'lost' })])).toBeUndefined();
});

test('ratios say how many times as long a step takes', () => {
  expect(ratios(RESULTS)[0]).toEqual({ contestant: 'spiralnet webgpu layered', toPlain: 0.5, toBest: 2 });
  expect(ratios(RESULTS)[5]).toEqual({ contestant: 'jax-js webgpu', toPlain: 6.25, toBest: 25 });
});

test('there is no ratio to a wrong, absent or failed contestant', () => {
  const results = [
    result('spiralnet cpu', 1),
    result('plain loops', 2, WRONG),
    { contestant: 'x', plan: false },
  ];
  expect(ratios(results)).toEqual([
    { contestant: 'spiralnet cpu' },
    { contestant: 'plain loops' },
    { contestant: 'x' },
  ]);
});

test('goals compare the best plan with other contestants of the same workload', () => {
  expect(goals([caseStudy(RESULTS)])).toEqual([
    {
      workload: 'The case study',
      than: 'jax-js webgpu',
      wanted: 25,
      reached: 25,
      plan: 'spiralnet webgpu fused',
    },
    {
      workload: 'The case study',
      than: 'plain loops',
      wanted: 1 / 0.65,
      reached: 4,
      plan: 'spiralnet webgpu fused',
    },
  ]);
});

test('a goal is not judged against a contestant that is wrong or did not run', () => {
  const wrong = RESULTS.map((each) => (each.contestant === 'jax-js webgpu' ? { ...each, ...WRONG } : each));
  expect(goals([caseStudy(wrong)]).map(({ than }) => than)).toEqual(['plain loops']);
  expect(goals([])).toEqual([]);
});
