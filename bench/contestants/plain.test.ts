import { expect, test } from 'vitest';
import { createTrainer } from '../../src/index.ts';
import { WORKLOADS } from '../workloads/workloads.ts';
import { plainLoops } from './plain.ts';

test.each(['case-study', 'hidden-8'])('plain loops train %s as the CPU twin does', async (name) => {
  const workload = WORKLOADS.find((each) => each.name === name)?.make();
  if (!workload) throw new Error(`there is no workload ${name}`);
  const { data, hidden, learningRate, l2, parameters } = workload;
  const options = { data, hidden, learningRate, l2, parameters };
  const twin = await createTrainer({ ...options, backend: 'cpu', precision: 'double' });
  const plain = await plainLoops.create(workload);
  await Promise.all([twin.train(20), plain.train(20)]);
  // They add in different orders.
  expect(await plain.loss()).toBeCloseTo((await twin.measure()).loss, 12);
  twin.destroy();
});
