import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { expectClose } from '../../../tests/helpers/compare.ts';
import { testDevice } from '../../../tests/helpers/gpu.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { expectParameters } from '../../../tests/helpers/training.ts';
import type { TrainerOptions } from '../../index.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => {
  vi.doUnmock('./rate.ts');
  vi.resetModules();
});

/** The library as it is, or without parts. */
async function load(inParts: boolean) {
  vi.resetModules();
  vi.doUnmock('./rate.ts');
  if (!inParts) {
    vi.doMock('../device/rate.ts', async (original) => ({
      ...(await original<typeof import('../device/rate.ts')>()),
      LONG: Number.POSITIVE_INFINITY,
    }));
  }
  return import('../../index.ts');
}

/** What a few steps of a trainer leave, and whether anything was done in parts. */
async function train(options: TrainerOptions, allowed: boolean) {
  const { createTrainer } = await load(allowed);
  const trainer = await createTrainer({ ...options, seed: 2, tuning: false });
  const createBindGroup = vi.spyOn(device, 'createBindGroup');
  await trainer.train(3);
  const measured = await trainer.measure();
  const predicted = await trainer.predict(options.data.inputs);
  const inParts = createBindGroup.mock.calls.some(([{ label }]) => label?.startsWith('parts of'));
  createBindGroup.mockRestore();
  const parameters = await trainer.parameters();
  trainer.destroy();
  return { found: { measured, predicted, parameters }, inParts };
}

const wide = { data: new TestRandom(1).dataset(300, 256, 10), hidden: [80] };
const tall = { data: new TestRandom(2).dataset(2000, 5, 3), hidden: [400] };
/** Short steps; but all rows are evaluated, which takes longer. */
const long = { data: new TestRandom(3).dataset(4096, 2, 3), hidden: [300], batchSize: 100 };

test.each<[string, Partial<TrainerOptions> & Pick<TrainerOptions, 'data'>]>([
  ['layered', { ...wide, plan: 'layered' }],
  ['fused, layer by layer', { ...wide, plan: 'fused', optimizer: { name: 'adam' } }],
  ['fused, narrow', { ...tall, plan: 'fused' }],
  ['resident', { ...long, plan: 'resident' }],
])(
  'a network with long dispatches trains to the oracle’s numbers and the bits without parts: %s',
  async (_, some) => {
    const options = { learningRate: 0.01, l2: 0.01, ...some };
    const parts = await train({ ...options, device }, true);
    const whole = await train({ ...options, device }, false);
    expect(parts.found).toEqual(whole.found);
    expect([parts.inParts, whole.inParts]).toEqual([true, false]);
    const oracle = await train({ ...options, backend: 'cpu', precision: 'double' }, true);
    // Single precision, a few steps.
    expectParameters(parts.found.parameters, oracle.found.parameters, 1e-4);
    expectClose([parts.found.measured.loss], [oracle.found.measured.loss], 1e-4);
    expectClose(parts.found.predicted.probabilities, oracle.found.predicted.probabilities, 1e-4);
  },
);
