import { plainLoops } from '../contestants/plain.ts';
import type { Result, WorkloadResult } from '../workloads/measure.ts';

/** The goals of the plans, as ratios to other contestants in the same run on a software adapter. */
const GOALS = [
  { workload: 'case-study', than: 'jax-js webgpu', atLeast: 25 },
  { workload: 'case-study', than: 'TensorFlow.js webgpu', atLeast: 250 },
  { workload: 'case-study', than: plainLoops.name, atLeast: 1 / 0.65 },
  { workload: '784-256-10', than: 'jax-js webgpu', atLeast: 2 },
  { workload: '784-512-512-10', than: 'jax-js webgpu', atLeast: 2 },
];

/** Milliseconds a step of a contestant that computed the right thing. */
export function rightStep(result: Result | undefined): number | undefined {
  if (!result || result.failure !== undefined || !result.check || result.check.wrong) return undefined;
  return result.step?.median;
}

/** The fastest of spiralnet's plans in single precision whose losses are right. */
export function bestPlan(results: readonly Result[]): Result | undefined {
  const right = results.filter((result) => result.plan && rightStep(result) !== undefined);
  return right.sort((a, b) => Number(rightStep(a)) - Number(rightStep(b)))[0];
}

/**
 * Each contestant's time as a multiple of plain loops, and of spiralnet's best plan; absent if
 * unknown.
 */
export function ratios(
  results: readonly Result[],
): { contestant: string; toPlain?: number; toBest?: number }[] {
  const plain = rightStep(results.find(({ contestant }) => contestant === plainLoops.name));
  const best = rightStep(bestPlan(results));
  return results.map(({ contestant, step, failure }) => {
    if (!step || failure !== undefined) return { contestant };
    return {
      contestant,
      ...(plain !== undefined && { toPlain: step.median / plain }),
      ...(best !== undefined && { toBest: step.median / best }),
    };
  });
}

export interface GoalResult {
  workload: string;
  than: string;
  /** The factor by which a contestant is faster than the other contestant. */
  wanted: number;
  reached: number;
  /** The plan that reached the goal. */
  plan: string;
}

/** The goals whose two sides have been measured and are right. */
export function goals(workloads: readonly WorkloadResult[]): GoalResult[] {
  return GOALS.flatMap(({ workload, than, atLeast }) => {
    const { title, results } = workloads.find(({ name }) => name === workload) ?? { title: '', results: [] };
    const best = bestPlan(results);
    const own = rightStep(best);
    const other = rightStep(results.find(({ contestant }) => contestant === than));
    if (!best || own === undefined || other === undefined) return [];
    return [{ workload: title, than, wanted: atLeast, reached: other / own, plan: best.contestant }];
  });
}
