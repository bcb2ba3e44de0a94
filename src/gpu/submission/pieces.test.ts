import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyCandidate } from '../../../bench/kernels/candidates.ts';
import { onDispatch, testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { operands, runMatmul } from '../../../tests/helpers/kernels/matmul.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { ALL } from '../../../tests/helpers/tier.ts';
import { SMALL } from '../../../tests/helpers/trainers/tuning.ts';
import { createTrainer, type TrainerOptions } from '../../index.ts';
import { queueOf, Speed, TARGET } from '../device/queue.ts';
import type { MatmulShape } from '../kernels/matmul.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => {
  queueOf(device).speed = new Speed();
});

/** Makes every dispatch run in pieces of a given number of workgroups. */
class Pieces extends Speed {
  readonly #workgroups: number;

  constructor(workgroups: number) {
    super();
    this.#workgroups = workgroups;
  }

  override milliseconds(): number {
    return TARGET / 20;
  }

  override times(): number {
    return this.#workgroups;
  }
}

function cutInto(workgroups: number): void {
  queueOf(device).speed = new Pieces(workgroups);
}

/** Everything that a trainer computes, bit for bit. */
async function everything(options: TrainerOptions, workgroups = Number.POSITIVE_INFINITY) {
  cutInto(workgroups);
  let dispatches = 0;
  const end = onDispatch(device, () => void dispatches++);
  const trainer = await createTrainer({ ...options, device, tuning: SMALL, seed: 3 });
  const { features, classes } = options.data;
  const other = new TestRandom(9).dataset(200, features, classes);
  const before = await trainer.measure();
  const gradients = await trainer.gradients();
  await trainer.train(4);
  const saved = await trainer.save();
  const found = {
    before,
    gradients,
    saved,
    measured: await trainer.measure(other),
    predicted: await trainer.predict(other.inputs),
    activations: await trainer.activations(other.inputs),
    inspected: await trainer.inspect(),
  };
  trainer.destroy();
  end();
  return { found, dispatches };
}

const data = new TestRandom(1).dataset(300, 3, 4);
const momentum = { name: 'sgd', momentum: 0.9 } as const;

describe.each<[string, Partial<TrainerOptions>]>([
  ['layered', { plan: 'layered', hidden: [40], optimizer: momentum }],
  ['fused, layer by layer, with batches', { hidden: [40, 30], batchSize: 140, optimizer: { name: 'adam' } }],
  ['layered, double', { plan: 'layered', hidden: [20], precision: 'double', batchSize: 150 }],
  ['fused, narrow', { plan: 'fused', hidden: [260], optimizer: { name: 'adam' }, batchSize: 250 }],
  ['fused, narrow, double', { plan: 'fused', hidden: [160], precision: 'double' }],
  ['resident', { plan: 'resident', hidden: [40] }],
])('%s', (_, some) => {
  const options: TrainerOptions = { data, learningRate: 0.1, l2: 0.01, ...some };

  test('has the same bits in pieces of any size as whole', async () => {
    const whole = await everything(options);
    for (const workgroups of [1, 3]) {
      const pieces = await everything(options, workgroups);
      expect(pieces.found, `pieces of ${workgroups}`).toEqual(whole.found);
      expect(pieces.dispatches).toBeGreaterThan(whole.dispatches);
    }
  });
});

test('the same where long rows of workgroups are folded, whole and in pieces', async () => {
  const limits = device.limits;
  const options: TrainerOptions = { data, learningRate: 0.1, hidden: [40, 30], batchSize: 140 };
  const whole = await everything(options);
  const most = 12;
  Object.defineProperty(device, 'limits', {
    configurable: true,
    value: new Proxy(limits, {
      get: (target, name) =>
        name === 'maxComputeWorkgroupsPerDimension' ? most : Reflect.get(target, name, target),
    }),
  });
  try {
    expect((await everything(options)).found).toEqual(whole.found);
    // 19 workgroups are more than a row of 12.
    for (const workgroups of [5, 19]) {
      expect((await everything(options, workgroups)).found).toEqual(whole.found);
    }
  } finally {
    Object.defineProperty(device, 'limits', { configurable: true, value: limits });
  }
});

describe.each([
  ['single', 'nn'],
  ['single', 'tn'],
  ['single', 'nt'],
  ['double', 'tn'],
] as const)('products in %s precision', (arithmetic, form) => {
  const names = ALL
    ? /^(split 2 × )?(register 4×4|quad 4×4|quad 8×4|shared 64×64)/
    : /^(split 2 × )?(register 4×4|quad 8×4|shared 64×64)/;

  test(`${form}, by every kind of kernel`, async () => {
    const shape: MatmulShape = { form, m: 151, k: 301, n: 71 };
    const tensors = operands(shape, arithmetic);
    const candidates = everyCandidate(shape, device, arithmetic).filter(({ name }) => names.test(name));
    // Quads are kernels with subgroups.
    expect(candidates.length).toBeGreaterThanOrEqual(device.features.has('subgroups') ? 6 : 4);
    const products = async (workgroups = Number.POSITIVE_INFINITY) => {
      cutInto(workgroups);
      const found = [];
      for (const candidate of candidates) {
        found.push(await runMatmul(device, shape, candidate, tensors, { precision: arithmetic }));
      }
      return found;
    };
    const whole = await products();
    for (const workgroups of [1, 5]) {
      const pieces = await products(workgroups);
      candidates.forEach(({ name }, i) => void expect(pieces[i], name).toEqual(whole[i]));
    }
  });
});
