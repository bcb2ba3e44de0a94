import { expect, test } from 'vitest';
import { spiral } from '../../src/index.ts';
import type { TrainingSession } from '../../src/page/measure/contestant.ts';
import type { Entrant } from '../contestants/entrant.ts';
import { plainLoops } from '../contestants/plain.ts';
import { runWorkload } from './measure.ts';
import type { Workload } from './workloads.ts';

const WORKLOAD: Workload = {
  name: 'tiny',
  title: 'tiny',
  data: spiral({ perClass: 5 }),
  hidden: [],
  learningRate: 0.1,
  l2: 1e-3,
  parameters: [{ weights: Float64Array.of(0.1, 0.2, 0.3, -0.1, -0.2, -0.3), biases: new Float64Array(3) }],
  checkSteps: 5,
  budget: 2,
};
const SETTINGS = { timing: 1, rounds: 4 };

/** Plain loops with one change. */
function variant(name: string, change: (session: TrainingSession) => Partial<TrainingSession>): Entrant {
  return {
    ...plainLoops,
    name,
    create: async (workload) => {
      const session = await plainLoops.create(workload);
      const { train, loss, destroy } = session;
      return {
        train: train.bind(session),
        loss: loss.bind(session),
        destroy: destroy.bind(session),
        ...change(session),
      };
    },
  };
}

async function run(contestants: Entrant[], budgetScale = 1) {
  return (await runWorkload(WORKLOAD, contestants, { ...SETTINGS, budgetScale }, () => {})).results;
}

test('a right contestant is timed in every round', async () => {
  const [result] = await run([plainLoops]);
  expect(result).toMatchObject({
    contestant: 'plain loops',
    check: { steps: 5, wrong: false },
    step: { count: 4 },
  });
  expect(result.failure).toBeUndefined();
});

test('a contestant that does not train is wrong', async () => {
  const [result] = await run([variant('idle', () => ({ train: async () => {} }))]);
  expect(result.check?.wrong).toBe(true);
});

test('a contestant that goes wrong after the check is wrong', async () => {
  const [result] = await run([
    variant('astray', (session) => {
      let checked = false;
      return {
        loss: async () => {
          const loss = checked ? Number.NaN : await session.loss();
          checked = true;
          return loss;
        },
      };
    }),
  ]);
  expect(result.failure).toContain('WRONG: the loss is NaN');
});

test('a contestant that fails, at the start or later, says why, and the others go on', async () => {
  const refusing: Entrant = { ...plainLoops, create: async () => Promise.reject(new Error('not here')) };
  let calls = 0;
  const failing = variant('failing', (session) => ({
    train: async (steps) => {
      if (++calls > 3) throw new Error('lost');
      return session.train(steps);
    },
  }));
  const [first, second, third] = await run([refusing, failing, plainLoops]);
  expect(first.failure).toBe('not here');
  expect(second.failure).toBe('lost');
  expect(third.step?.count).toBe(4);
});

test('a slow contestant is still checked and timed, within its budget', async () => {
  const slow = variant('slow', (session) => ({
    train: async (steps) => {
      await new Promise((resolve) => setTimeout(resolve, 60 * steps));
      return session.train(steps);
    },
  }));
  const [result] = await run([slow], 0.05);
  expect(result).toMatchObject({ check: { steps: 2, wrong: false }, step: { count: 3 }, stepsPerTiming: 1 });
});
