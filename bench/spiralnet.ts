import { createTrainer, type PlanName, type TrainerOptions } from '../src/index.ts';
import type { Contestant } from './contestant.ts';

const PLANS: ('auto' | PlanName)[] = ['auto', 'layered', 'fused', 'resident'];
const PRECISIONS = ['single', 'double'] as const;

/** The library itself: every plan on the GPU and the CPU twin, in both precisions. */
export const spiralnet: Contestant[] = PRECISIONS.flatMap((precision) => [
  ...PLANS.map((plan) => contestant(`webgpu ${plan}`, { backend: 'webgpu', plan, precision })),
  contestant('cpu', { backend: 'cpu', precision }),
]);

function contestant(
  name: string,
  options: Pick<TrainerOptions, 'backend' | 'plan'> & { precision: Contestant['precision'] },
): Contestant {
  const double = options.precision === 'double';
  return {
    name: `spiralnet ${name}${double ? ' double' : ''}`,
    precision: options.precision,
    plan: options.backend === 'webgpu' && !double,
    mainOnly: double,
    create: async ({ data, hidden, learningRate, l2, parameters }) => {
      const given = { data, hidden, learningRate, l2, parameters, ...options };
      // What is measured is this device, and no other.
      const trainer = await createTrainer({ ...given, recovery: false });
      await trainer.tune();
      return {
        // It reads back whether training has diverged.
        train: (steps) => trainer.train(steps),
        loss: async () => (await trainer.measure()).loss,
        destroy: () => trainer.destroy(),
      };
    },
  };
}
