import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createTrainer,
  DeviceLostError,
  LimitError,
  OptionError,
  OutOfMemoryError,
  PlanError,
  ShaderError,
  type TrainerOptions,
  UnsupportedError,
} from '../../../src/index.ts';
import { countBuffers, endingDevice, testDevice } from '../../helpers/devices/gpu.ts';
import { TestRandom } from '../../helpers/random.ts';
import { readsOf, rejection, WITHOUT_SNAPSHOTS } from '../../helpers/trainers/training.ts';

const data = new TestRandom(2).dataset(20, 3, 3);
const options: TrainerOptions = { data, hidden: [5], learningRate: 0.1, batchSize: 6 };

describe('a trainer that cannot be created leaves no buffer', () => {
  const failures: [
    string,
    new (...args: never[]) => Error,
    (device: GPUDevice, n: number) => Partial<TrainerOptions>,
  ][] = [
    ['an option that cannot be used', OptionError, () => ({ learningRate: -1 })],
    ['a plan that does not take the network', PlanError, () => ({ plan: 'resident', hidden: [4, 4] })],
    ['a network beyond the limits', LimitError, () => ({ hidden: [1e9] })],
    [
      'the n-th kernel of a plan that does not compile',
      UnsupportedError,
      (device, n) => {
        compilesAllBut(device, n);
        return { plan: 'layered', tuning: false, backend: 'webgpu' };
      },
    ],
    [
      'arithmetic that is not exact',
      UnsupportedError,
      (device) => {
        inexact(device);
        return { precision: 'double', backend: 'webgpu' };
      },
    ],
    [
      'a device that is lost on the way',
      DeviceLostError,
      (device, n) => {
        const create = device.createBuffer.bind(device);
        let left = 3 * n;
        device.createBuffer = (descriptor) => {
          if (left-- === 0) device.destroy();
          return create(descriptor);
        };
        // With a GPU of the runtime, as under Deno, the trainer would request another device.
        return { recovery: false };
      },
    ],
  ];

  test.each(failures)('%s', async (_, kind, prepare) => {
    for (const n of [1, 2, 4]) {
      const device = await (kind === DeviceLostError ? endingDevice() : testDevice());
      const count = countBuffers(device);
      const error = (await rejection(createTrainer({ ...options, device, ...prepare(device, n) }))) as Error;
      expect(error).toBeInstanceOf(kind);
      expect(count.alive).toBe(0);
      if (kind === UnsupportedError && error.cause instanceof ShaderError) {
        const trainer = await createTrainer({ ...options, device });
        await trainer.train(1);
        trainer.destroy();
      }
    }
  });
});

/** Makes the device refuse the n-th kernel from now on. */
function compilesAllBut(device: GPUDevice, n: number): void {
  const create = device.createShaderModule.bind(device);
  let left = n;
  device.createShaderModule = (descriptor) =>
    create(--left === 0 ? { ...descriptor, code: 'fn main( {' } : descriptor);
}

/** Makes the rounding error of every sum 0, in both forms of double-single arithmetic. */
function inexact(device: GPUDevice): void {
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const code = descriptor.code.replace('keep(a - a_part) + keep(b - b_part)', '0.0');
    return create({ ...descriptor, code });
  };
}

test('results that cannot be mapped are an OutOfMemoryError, and the trainer stays usable', async () => {
  const device = await testDevice();
  const count = countBuffers(device);
  const trainer = await createTrainer({ ...options, device, recovery: WITHOUT_SNAPSHOTS });
  await trainer.train(2);
  const before = count.alive;
  const expected = await trainer.measure();
  const mapping = vi.spyOn(GPUBuffer.prototype, 'mapAsync');
  for (const read of [() => trainer.measure(), () => trainer.predict(data.inputs), () => trainer.save()]) {
    mapping.mockRejectedValueOnce(new DOMException('no memory to map it', 'OperationError'));
    const error = await rejection(read());
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect((error as Error).message).toMatch(/no memory to map it/);
    expect(count.alive).toBe(before);
  }
  mapping.mockRestore();
  expect(await trainer.measure()).toEqual(expected);
  trainer.destroy();
  expect(count.alive).toBe(0);
});

describe('arrays for which the machine has no memory', () => {
  afterEach(() => void vi.unstubAllGlobals());

  /**
   * The index of the first failing array, after which all fail, and the count of requested arrays, of
   * three numbers or more.
   */
  const state = { asked: 0, fails: 0 };
  beforeEach(() => {
    for (const name of ['Float32Array', 'Float64Array', 'Uint32Array'] as const) {
      const array = globalThis[name] as unknown as new (...args: unknown[]) => object;
      const construct = (target: typeof array, args: unknown[]) => {
        const [first] = args;
        const length = typeof first === 'number' ? first : ((first as { length?: number })?.length ?? 0);
        if (length >= 3 && ++state.asked >= state.fails && state.fails > 0)
          throw new RangeError('Array buffer allocation failed');
        return new target(...args);
      };
      vi.stubGlobal(name, new Proxy(array, { construct }));
    }
  });

  async function everyFailure(work: () => Promise<unknown>, after: () => Promise<void>): Promise<number> {
    for (let n = 1; ; n++) {
      Object.assign(state, { asked: 0, fails: n });
      const outcome = await work().then(
        () => undefined,
        (error) => error,
      );
      state.fails = 0;
      if (state.asked < n) {
        expect(outcome).toBeUndefined();
        return n - 1;
      }
      expect(outcome, `array ${n}`).toBeInstanceOf(OutOfMemoryError);
      await after();
    }
  }

  test.each([
    ['single', 'WebAssembly', 5],
    ['double', 'WebAssembly', 5],
    ['single', 'plain loops', 10],
    ['double', 'plain loops', 10],
  ] as const)('on the CPU, in %s precision, in %s', async (precision, kernels, least) => {
    if (kernels === 'plain loops') vi.stubGlobal('WebAssembly', undefined);
    const create = () =>
      createTrainer({ ...options, optimizer: { name: 'adam' }, backend: 'cpu', precision });
    const made = await everyFailure(create, async () => {});
    expect(made).toBeGreaterThan(least);
    const trainer = await create();
    expect(trainer.tuning.chosen).toContain(kernels);
    await trainer.train(3);
    const checkpoint = await trainer.save();
    const calls: ReturnType<typeof readsOf> = [
      ...readsOf(data),
      ['restore', () => trainer.restore(checkpoint)],
    ];
    for (const [name, call] of calls) {
      const failed = await everyFailure(
        () => call(trainer),
        async () => expect(await trainer.save(), name).toEqual(checkpoint),
      );
      expect(failed, name).toBeGreaterThan(0);
    }
    trainer.destroy();
  });

  test('on the CPU, training over a new order of rows stops before the step', async () => {
    const trainer = await createTrainer({ ...options, backend: 'cpu' });
    await trainer.train(3);
    const reference = await createTrainer({ ...options, backend: 'cpu' });
    await reference.train(12);
    await everyFailure(
      () => trainer.train(12 - trainer.step),
      async () => {},
    );
    expect(await trainer.save()).toEqual(await reference.save());
  });
});
