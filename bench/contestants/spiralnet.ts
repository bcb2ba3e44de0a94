import type { PlanName, TrainerOptions } from '../../src/index.ts';
import { trainerSession } from '../../src/page/measure/contestant.ts';
import type { Entrant } from './entrant.ts';

const PLANS: ('auto' | PlanName)[] = ['auto', 'layered', 'fused', 'resident'];
const PRECISIONS = ['single', 'double'] as const;

/** The library itself: every plan on the GPU and the CPU twin, in both precisions. */
export const spiralnet: Entrant[] = PRECISIONS.flatMap((precision) => [
  ...PLANS.map((plan) => contestant(`webgpu ${plan}`, { backend: 'webgpu', plan, precision })),
  contestant('cpu', { backend: 'cpu', precision }),
]);

function contestant(
  name: string,
  options: Pick<TrainerOptions, 'backend' | 'plan'> & { precision: Entrant['precision'] },
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
