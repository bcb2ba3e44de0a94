import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createTrainer,
  ShaderError,
  spiral,
  type Trainer,
  type TrainerOptions,
  type TuningOptions,
  UnsupportedError,
} from '../../../src/index.ts';
import { compiling } from '../../helpers/devices/compiling.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { losableGpu } from '../../helpers/devices/losses.ts';
import { inTurn } from '../../helpers/tier.ts';
import { rejection } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

const options: TrainerOptions = { data: spiral(), hidden: [6], learningRate: 0.5, tuning: false };

async function create(more: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await createTrainer({ ...options, ...more });
  onTestFinished(() => trainer.destroy());
  return trainer;
}

beforeEach(async () => void (await testDevice()));
afterEach(() => void vi.unstubAllGlobals());

const BROKEN = 'fn main( {';

describe('a driver that refuses a kernel', () => {
  const networks: [string, Partial<TrainerOptions>, RegExp][] = [
    ['a narrow network', {}, /./],
    ['a deep network', { hidden: [6, 5] }, /, update/],
    ['a batch', { batchSize: 32, optimizer: { name: 'adam' } }, /./],
  ];

  test.each(networks)('trains %s with another plan', async (_, network, kernel) => {
    const expected = await create({ ...network, device: await testDevice() });
    await expected.train(5);
    const refused = new Set<string>();
    const device = await compiling((code, label) => {
      if (refused.size === 0 && kernel.test(label)) refused.add(label);
      return refused.has(label) ? BROKEN : code;
    });
    const trainer = await create({ ...network, device, backend: 'webgpu' });
    await trainer.train(5);
    expect(refused.size).toBe(1);
    expect([trainer.backend, await trainer.save()]).toEqual(['webgpu', await expected.save()]);
  });

  test.each(networks)('leaves %s to the CPU if no plan compiles, or it is an error', async (_, network) => {
    const device = await compiling(() => BROKEN);
    const trainer = await create({ ...network, device });
    expect(trainer.backend).toBe('cpu');
    expect(trainer.fallback).toMatch(/driver does not take the kernels/);
    const error = await rejection(create({ ...network, device, backend: 'webgpu' }));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).cause).toBeInstanceOf(ShaderError);
  });

  test('of a read leaves training to the CPU, or that read is an error', async () => {
    let refuse = false;
    const device = await compiling((code) => (refuse ? BROKEN : code));
    const [any, wanted] = [await create({ device }), await create({ device, backend: 'webgpu' })];
    await Promise.all([any.train(3), wanted.train(3)]);
    const before = await any.measure();
    refuse = true;
    expect(await any.gradients()).toHaveLength(2);
    expect([any.backend, any.step]).toEqual(['cpu', 3]);
    expect((await any.measure()).loss).toBeCloseTo(before.loss, 5);
    expect(await rejection(wanted.gradients())).toBeInstanceOf(UnsupportedError);
    await wanted.train(1);
    expect([wanted.backend, wanted.step]).toEqual(['webgpu', 4]);
  });
});

type IsKernel = (label: string, code: string) => boolean;

const isResident: IsKernel = (label) => label === 'resident steps';

/** Whether a kernel has the text that the first kernel of this name has. */
function firstOf(name: RegExp): IsKernel {
  let first: string | undefined;
  return (label, code) => {
    if (!name.test(label)) return false;
    first ??= code;
    return code === first;
  };
}

/** A cache in which the plan `resident` was found before, for every network that it takes. */
function residentFound(): NonNullable<TuningOptions['cache']> {
  const kept = new Map<string, string>();
  const found = (key: string) => /\{"plan":"resident"[^[]*(?=\]$)/.exec(key)?.[0];
  return { get: (key) => kept.get(key) ?? found(key), set: (key, choice) => kept.set(key, choice) };
}

describe('a choice that ends the device', () => {
  type Ending = [string, IsKernel, TuningOptions['cache'], number[]];
  const endings = (): Ending[] => [
    ['a candidate', isResident, new Map(), [6]],
    ['one that was found before', isResident, residentFound(), [6]],
    ['the first', firstOf(/^fused forward/), new Map(), [6]],
    ['the first, layer by layer', firstOf(/update$/), new Map(), [6, 5]],
  ];
  const all = (['compile', 'run'] as const).flatMap((event) =>
    endings().map((ending) => [event, ...ending] as const),
  );

  test.each(all)(
    'at its first %s does so once, whatever the width: %s',
    async (event, _, isKernel, cache, hidden) => {
      const gpu = await losableGpu();
      gpu.loseWith(event, isKernel);
      const network: Partial<TrainerOptions> = { backend: 'webgpu', hidden, tuning: { budget: 1e5, cache } };
      const trainer = await create(network);
      await trainer.train(5);
      await trainer.gradients();
      await trainer.inspect();
      await trainer.tune();
      expect([trainer.recoveries.length, trainer.backend]).toEqual([1, 'webgpu']);
      const calm = await create({ hidden, device: await testDevice() });
      await calm.train(5);
      expect(await trainer.save()).toEqual(await calm.save());
      const wider = { ...network, hidden: hidden.map((units) => units + 1) };
      for (const later of [network, wider, { ...wider, optimizer: { name: 'adam' } as const }]) {
        const trainer = await create(later);
        await trainer.tune();
        expect(trainer.recoveries).toEqual([]);
      }
    },
  );
});

const NESTEROV = { name: 'sgd', momentum: 0.9, nesterov: true } as const;

/** Replaces a part of a text. */
const forget = (part: RegExp, other: string) => (code: string) => code.replace(part, other);

describe('a driver that computes wrongly without an error', () => {
  const faults: [string, (code: string) => string, Partial<TrainerOptions>][] = [
    ['exp of the loss', (code) => code.replace(/\bexp\(/g, '1.01 * exp('), {}],
    ['exp of what is not 0', (code) => code.replace(/\bexp\(/g, 'exp(0.99 * '), {}],
    ['exp, layer by layer', (code) => code.replace(/\bexp\(/g, 'exp(0.99 * '), { plan: 'layered' }],
    ['what is not finite', (code) => code.replace(/\bexp\(/g, 'exp(1e6 + '), { hidden: [] }],
    ['log', (code) => code.replace(/\blog\(/g, '1.01 * log('), { hidden: [] }],
    ['ReLU', (code) => code.replace(/select\(total, .*\);/g, 'total;'), { plan: 'resident' }],
    ['leaky ReLU', forget(/0\.01f/g, '0.02f'), { activation: 'leaky-relu', plan: 'resident' }],
    ['the series of ELU', forget(/x \+ x \* x/g, 'x + 0.9 * x * x'), { activation: 'elu' }],
    [
      'the derivative of tanh',
      forget(/add\(one\(\), h_0\)/g, 'one()'),
      { activation: 'tanh', plan: 'fused' },
    ],
    [
      'the derivative of softplus, layer by layer',
      forget(/-exponential_minus_one\(-h\)/g, 'one()'),
      { activation: 'softplus', plan: 'layered' },
    ],
    [
      'the derivative of the sigmoid of one layer',
      forget(/subtract\(one\(\), outputs\[at\]\)/g, 'one()'),
      { activation: ['relu', 'sigmoid'], hidden: [64, 64], plan: 'fused' },
    ],
    ['products', (code) => code.replace(/\bfma\(/g, 'fma(0.99 * '), { hidden: [64, 64], plan: 'layered' }],
    ['sqrt', (code) => code.replace(/\bsqrt\(/g, '1.01 * sqrt('), { optimizer: { name: 'adam' } }],
    [
      'the root of RMSProp',
      (code) => code.replace(/\bsqrt\(/g, '1.01 * sqrt('),
      { optimizer: { name: 'rmsprop' } },
    ],
    [
      'the root of Adagrad',
      (code) => code.replace(/\bsqrt\(/g, '1.01 * sqrt('),
      { optimizer: { name: 'adagrad' } },
    ],
    [
      'Nesterov’s second momentum',
      forget(/step\.decay_1, velocity/g, 'step.rest_1, velocity'),
      { optimizer: NESTEROV },
    ],
    ['L1', forget(/l1 \* sign\(/g, '0.9 * l1 * sign('), { l1: 1e-4 }],
    [
      'weight decay',
      forget(/multiply\(parameter, step\.weight_share\)/g, 'parameter'),
      { weightDecay: 1e-4, plan: 'layered' },
    ],
  ];

  test.each(faults)('is noticed: %s', async (_, change, network) => {
    let changed = 0;
    const device = await compiling((code) => {
      const wrong = change(code);
      if (wrong !== code) changed++;
      return wrong;
    });
    const trainer = await create({ ...network, device });
    expect(changed).toBeGreaterThan(0);
    expect(trainer.backend).toBe('cpu');
    expect(trainer.fallback).toMatch(/^The GPU computes wrong results here: .* differs /);
    const error = await rejection(create({ ...network, device, backend: 'webgpu' }));
    expect(error).toBeInstanceOf(UnsupportedError);
  });

  /** A kernel that forgets a tenth of an earlier moment. */
  const forgetting = (moment: string) => (code: string) =>
    code.replace(new RegExp(`${moment}\\[i\\](?=[,)])`), `multiply(to_real(0.9), ${moment}[i])`);
  const decays = [
    { decay: 'momentum', optimizer: { name: 'sgd', momentum: 0.9 }, moment: 'first_moment' },
    { decay: "Adam's mean", optimizer: { name: 'adam' }, moment: 'first_moment' },
    { decay: "Adam's mean of squares", optimizer: { name: 'adam' }, moment: 'second_moment' },
    { decay: 'Nesterov', optimizer: NESTEROV, moment: 'first_moment' },
    { decay: 'RMSProp', optimizer: { name: 'rmsprop' }, moment: 'first_moment' },
    { decay: 'Adagrad', optimizer: { name: 'adagrad' }, moment: 'first_moment' },
  ] as const;
  const plans = inTurn(['layered', 'fused', 'resident'] as const, ['single', 'double'] as const);
  const forgetful = inTurn(decays, plans).map(([decay, [plan, precision]]) => ({
    plan,
    precision,
    ...decay,
  }));

  test.each(forgetful)('is noticed: the decay of $decay, $plan, $precision', async (network) => {
    const { plan, precision, optimizer, moment } = network;
    const device = await compiling(forgetting(moment));
    const trainer = await create({ plan, precision, optimizer, device, tuning: SMALL });
    expect([trainer.backend, trainer.fallback]).toEqual(['cpu', expect.stringMatching(/wrong results/)]);
  });

  describe('in some kernels only is noticed, though others have been compared:', () => {
    const faulty: [string, IsKernel, Partial<TrainerOptions>[]][] = [
      ['another plan', (label) => label.startsWith('matmul'), [{ plan: 'resident' }, { plan: 'layered' }]],
      [
        'another division of the work',
        (_, code) => code.includes('z_8_0'),
        [{ tuning: { cache: new Map() } }, { tuning: false }],
      ],
      ['another activation', (_, code) => code.includes('fn logistic'), [{}, { activation: 'sigmoid' }]],
    ];

    test.each(faulty)('%s', async (_, isWrong, [right, wrong]) => {
      const device = await compiling((code, label) =>
        isWrong(label, code) ? code.replaceAll('fma(', 'fma(0.99 * ') : code,
      );
      expect((await create({ ...right, device })).backend).toBe('webgpu');
      expect((await create({ ...wrong, device })).backend).toBe('cpu');
    });
  });

  test('is looked for once, though another creation is aborted meanwhile', async () => {
    const device = await testDevice();
    const controller = new AbortController();
    const createBuffer = device.createBuffer.bind(device);
    let uploads = 0;
    device.createBuffer = (descriptor) => {
      // The third data set on the device is that of the check.
      if (descriptor.label === 'inputs' && ++uploads === 3) controller.abort();
      return createBuffer(descriptor);
    };
    const [aborted, kept] = [create({ device, signal: controller.signal }), create({ device })];
    const failed = rejection(aborted);
    expect(await failed).toBe(controller.signal.reason);
    expect((await kept).backend).toBe('webgpu');
    expect(uploads).toBe(4);
  });

  test('is looked for once in each plan', async () => {
    const device = await testDevice();
    const createBuffer = device.createBuffer.bind(device);
    let uploads = 0;
    device.createBuffer = (descriptor) => {
      if (descriptor.label === 'inputs') uploads++;
      return createBuffer(descriptor);
    };
    for (const network of [{}, { plan: 'layered' }, { plan: 'resident' }] as const) {
      for (const [settings, expected] of [[{}, 2] as const, [{ seed: 1, learningRate: 0.1 }, 1] as const]) {
        uploads = 0;
        await create({ ...network, ...settings, device });
        expect(uploads).toBe(expected);
      }
    }
  });

  const networks: [string, Partial<TrainerOptions>][] = [
    ['many layers', { hidden: Array(12).fill(20) }],
    ['wide layers', { hidden: [300, 200], batchSize: 50 }],
    ['momentum', { hidden: [], optimizer: { name: 'sgd', momentum: 0.9 } }],
    ['Adam and batches', { batchSize: 7, optimizer: { name: 'adam' } }],
    ['double precision', { precision: 'double', hidden: [5, 4], optimizer: { name: 'adam' } }],
    ['one row a batch', { batchSize: 1 }],
    ['Nesterov and L1', { optimizer: NESTEROV, l1: 0.01 }],
    ['RMSProp and weight decay', { optimizer: { name: 'rmsprop' }, weightDecay: 0.1, batchSize: 7 }],
    [
      'Adagrad and all terms',
      { optimizer: { name: 'adagrad' }, l2: 0.1, l1: 0.01, weightDecay: 0.1, hidden: [5, 4] },
    ],
  ];

  test.each(networks)('is told from one that rounds: %s', async (_, network) => {
    const trainer = await create({ ...network, device: await testDevice() });
    expect([trainer.backend, trainer.fallback]).toEqual(['webgpu', undefined]);
  });
});
