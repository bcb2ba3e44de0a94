import type { PlanName, TrainerOptions } from '../../src/index.ts';
import { trainerSession } from '../../src/page/measure/contestant.ts';
import type { Entrant } from './entrant.ts';

const PLANS: ('auto' | PlanName)[] = ['auto', 'layered', 'fused', 'resident'];
const PRECISIONS = ['single', 'double'] as const;

/** The threads on the CPU: the caller's alone, and one for each core. */
const CORES = Math.min(64, globalThis.navigator?.hardwareConcurrency ?? 1);
const THREADS = CORES > 1 ? [1, CORES] : [1];

/** The library itself: every plan on the GPU, and the CPU, in both precisions. */
export const spiralnet: Entrant[] = PRECISIONS.flatMap((precision) => [
  ...PLANS.map((plan) => contestant(`webgpu ${plan}`, { backend: 'webgpu', plan, precision })),
  ...THREADS.map((threads) =>
    contestant(threads === 1 ? 'cpu' : `cpu ${threads} threads`, { backend: 'cpu', threads, precision }),
  ),
]);

function contestant(
  name: string,
  options: Pick<TrainerOptions, 'backend' | 'threads' | 'plan'> & { precision: Entrant['precision'] },
): Entrant {
  const double = options.precision === 'double';
  return {
    name: `spiralnet ${name}${double ? ' double' : ''}`,
    precision: options.precision,
    plan: options.backend === 'webgpu' && !double,
    mainOnly: double,
    create: async ({ data, hidden, learningRate, l2, parameters }) => {
      const given = { data, hidden, learningRate, l2, parameters, ...options };
      // A timing goes on from the present step, as for all contestants.
      const { prepare: _, ...session } = await trainerSession(given);
      return session;
    },
  };
}
