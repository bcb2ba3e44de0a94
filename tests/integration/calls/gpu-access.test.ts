import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  adapterInfo,
  createTrainer,
  DeviceLostError,
  deviceDescriptor,
  OptionError,
  OutOfMemoryError,
  requestDevice,
  spiral,
  type Trainer,
  type TrainerOptions,
  UnsupportedError,
} from '../../../src/index.ts';
import { EngineSource } from '../../../src/trainer/engine-source.ts';
import { ownDevices } from '../../helpers/devices/devices.ts';
import { countBuffers, endingDevice, testDevice, testGpu } from '../../helpers/devices/gpu.ts';
import { losableGpu } from '../../helpers/devices/losses.ts';
import { rejection } from '../../helpers/trainers/training.ts';

const data = spiral();
const options: TrainerOptions = { data, hidden: [5], learningRate: 0.5 };

/** Makes this the page's entry point to WebGPU. */
function stub(gpu: Partial<GPU>): void {
  vi.stubGlobal('navigator', { gpu });
}

async function create(more: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await createTrainer({ ...options, ...more });
  onTestFinished(() => trainer.destroy());
  return trainer;
}

beforeEach(async () => void (await testDevice()));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Adapters and devices that do not come. */
const never = () => new Promise<never>(() => {});
const adapter = async () => (await testGpu().requestAdapter()) as GPUAdapter;
const withDevice = async (requestDevice: GPUAdapter['requestDevice']) =>
  Object.assign(await adapter(), { requestDevice });
const withoutLoss = async () =>
  Object.create(await testDevice(), { lost: { value: { reason: 'unknown' } } }) as GPUDevice;
const failing = async () => {
  throw new DOMException('the driver has failed', 'OperationError');
};

describe('an adapter that', () => {
  const cases: [string, GPU['requestAdapter'], RegExp][] = [
    ['is not looked for', failing, /failed to look for a graphics adapter \(.*the driver has failed/],
    ['is absent', async () => null, /found no graphics adapter/],
    ['is no object', async () => 3 as unknown as GPUAdapter, /gave no device/],
    ['gives anything', () => withDevice(async () => ({}) as GPUDevice), /gave no device/],
    ['gives a device whose loss is no promise', () => withDevice(withoutLoss), /gave no device/],
    ['gives no device', () => withDevice(failing), /gave no device \(.*the driver has failed/],
  ];

  test.each(cases)('%s leaves training to the CPU, or is an error', async (_, requestAdapter, reason) => {
    stub({ requestAdapter });
    const trainer = await create();
    expect(trainer.backend).toBe('cpu');
    expect(trainer.fallback).toMatch(reason);
    const error = await rejection(create({ backend: 'webgpu' }));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toMatch(reason);
  });

  test.each([
    ['never comes', never],
    ['never gives a device', () => withDevice(never)],
  ])('%s is waited for ten seconds', async (_, requestAdapter) => {
    stub({ requestAdapter });
    for (const backend of ['auto', 'webgpu'] as const) {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const settled = vi.fn();
      const creating = create({ backend });
      creating.then(settled, settled);
      await vi.advanceTimersByTimeAsync(9990);
      expect(settled).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(20);
      vi.useRealTimers();
      if (backend === 'webgpu') expect(await rejection(creating)).toBeInstanceOf(UnsupportedError);
      else expect((await creating).fallback).toMatch(/not answered within 10 seconds/);
    }
  });

  test('comes too late is given back', async () => {
    const device = await endingDevice();
    let answer = (_device: GPUDevice) => {};
    const late = new Promise<GPUDevice>((resolve) => {
      answer = resolve;
    });
    const fake = await withDevice(() => late);
    stub({ requestAdapter: async () => fake });
    const controller = new AbortController();
    const creating = create({ signal: controller.signal });
    controller.abort();
    await rejection(creating);
    answer(device);
    expect((await device.lost).reason).toBe('destroyed');
  });

  test('is only there for the features of older systems is used', async () => {
    const requested: unknown[] = [];
    const requestAdapter: GPU['requestAdapter'] = async (wanted) => {
      requested.push(wanted?.featureLevel);
      return wanted?.featureLevel === 'compatibility' ? testGpu().requestAdapter() : null;
    };
    stub({ requestAdapter });
    const trainer = await create();
    expect([trainer.backend, trainer.fallback]).toEqual(['webgpu', undefined]);
    expect(requested).toEqual([undefined, 'compatibility']);
  });
});

/** A device with the limits of compatible adapters, which takes no kernel beyond them. */
async function compatibleDevice(): Promise<GPUDevice> {
  // A device has the default limits unless others are requested: but for the invocations, the same.
  const device = await (await adapter()).requestDevice();
  ownDevices.push(device);
  const { limits } = device;
  const get = (real: GPUSupportedLimits, name: string) =>
    /^maxCompute(Invocations|WorkgroupSize[XY])/.test(name) ? 128 : Reflect.get(real, name, real);
  Object.defineProperty(device, 'limits', { value: new Proxy(limits, { get }) });
  // The rules for graphics cards.
  Object.defineProperty(device, 'adapterInfo', { value: { vendor: 'arm', description: 'Mali' } });
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const [, size] = /@workgroup_size\((.*?)\)/.exec(descriptor.code) ?? [];
    const invocations = size.split(',').reduce((product, side) => product * Number(side), 1);
    if (!(invocations <= 128)) throw new Error(`'${descriptor.label}' has ${invocations} invocations.`);
    return createShaderModule(descriptor);
  };
  return device;
}

test.each<[string, Partial<TrainerOptions>]>([
  ['resident', { plan: 'resident', batchSize: 40, optimizer: { name: 'adam' } }],
  ['fused', { plan: 'fused', batchSize: 40, optimizer: { name: 'adam' } }],
  ['large products', { hidden: [256, 256], plan: 'layered' }],
  ['double precision', { precision: 'double', plan: 'layered' }],
])('a device of a compatible adapter trains: %s', async (_, network) => {
  const trainer = await create({
    ...network,
    device: await compatibleDevice(),
    backend: 'webgpu',
    tuning: false,
  });
  const oracle = await create({ ...network, backend: 'cpu' });
  await Promise.all([trainer.train(3), oracle.train(3)]);
  expect((await trainer.measure()).loss).toBeCloseTo((await oracle.measure()).loss, 5);
  await trainer.predict(data.inputs);
  await trainer.gradients();
});

describe('requestDevice', () => {
  test('waits as long as it is told', async () => {
    const gpu = Object.assign(Object.create(testGpu()), { requestAdapter: never }) as GPU;
    const short = rejection(requestDevice(gpu, { patience: 20 }));
    expect(((await short) as Error).message).toMatch(/not answered within 0.02 seconds/);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const settled = vi.fn();
    const controller = new AbortController();
    const waiting = requestDevice(gpu, { patience: Number.POSITIVE_INFINITY, signal: controller.signal });
    waiting.catch(settled);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(settled).not.toHaveBeenCalled();
    vi.useRealTimers();
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('waits longer than a timer can', async () => {
    const gpu = Object.assign(Object.create(testGpu()), { requestAdapter: never }) as GPU;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const settled = vi.fn();
    const patience = 3e9;
    requestDevice(gpu, { patience }).catch(settled);
    await vi.advanceTimersByTimeAsync(patience - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10);
    expect(settled).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each<[string, unknown]>([
    ['options', null],
    ['options', 5],
    ['signal', { signal: 5 }],
    ['patience', { patience: 'x' }],
    ['patience', { patience: Number.NaN }],
    ['patience', { patience: -1 }],
    ['patiense', { patiense: 1 }],
  ])('refuses bad %s', async (option, request) => {
    const error = await rejection(requestDevice(testGpu(), request as object | undefined));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe(option);
  });

  test('tells the browser’s own error as the cause, and asks the page’s GPU by default', async () => {
    stub({ requestAdapter: failing });
    const error = (await rejection(requestDevice())) as Error;
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error.cause as Error).message).toBe('the driver has failed');
    stub({ requestAdapter: async () => null });
    expect(((await rejection(requestDevice())) as Error).cause).toBeUndefined();
  });

  test('gives a device whose adapter adapterInfo describes', async () => {
    const device = await requestDevice(testGpu());
    const info = (await adapter()).info;
    expect(adapterInfo(device)?.vendor).toBe(info.vendor);
    expect(adapterInfo(device)?.architecture).toBe(info.architecture);
    device.destroy();
  });
});

test.each<[string, (value: never) => unknown, string]>([
  ['adapterInfo', adapterInfo, 'device'],
  ['deviceDescriptor', deviceDescriptor, 'adapter'],
])('%s refuses what is no %s', (_, call, option) => {
  for (const value of [undefined, null, 5, 'x', {}]) {
    expect(() => call(value as never)).toThrow(OptionError);
    expect(() => call(value as never)).toThrow(expect.objectContaining({ option }));
  }
});

test('without WebGPU the trainer says why it is on the CPU', async () => {
  vi.stubGlobal('navigator', {});
  const trainer = await create();
  expect(trainer.fallback).toMatch(/WebGPU is not available here/);
  const wanted = await create({ backend: 'cpu' });
  expect(wanted.fallback).toBeUndefined();
});

describe('an abort of createTrainer', () => {
  test('before the call, and while an adapter is waited for', async () => {
    stub({ requestAdapter: never });
    const reason = new Error('enough');
    expect(await rejection(create({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    const controller = new AbortController();
    const creating = create({ signal: controller.signal });
    controller.abort(reason);
    expect(await rejection(creating)).toBe(reason);
  });

  test('frees everything, whenever it comes', async () => {
    const device = await testDevice();
    const count = countBuffers(device);
    const createBuffer = device.createBuffer.bind(device);
    for (const n of [1, 3, 9, 20, 40]) {
      const controller = new AbortController();
      let left = n;
      device.createBuffer = (descriptor) => {
        if (--left === 0) controller.abort();
        return createBuffer(descriptor);
      };
      const error = await rejection(create({ device, signal: controller.signal }));
      expect(error).toBe(controller.signal.reason);
      await vi.waitFor(() => expect(count.alive).toBe(0));
    }
  });

  test('asks for no other device in place of one that was lost meanwhile', async () => {
    for (const backend of ['auto', 'webgpu'] as const) {
      const gpu = await losableGpu();
      gpu.loseAt('createBuffer', 3);
      const controller = new AbortController();
      const requestDevice = vi.fn(async (): Promise<GPUDevice> => {
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
        controller.abort();
        throw new Error('no device');
      });
      const onCpu = vi.spyOn(EngineSource.prototype, 'onCpu');
      const creating = rejection(create({ backend, recovery: { requestDevice }, signal: controller.signal }));
      await vi.waitUntil(() => vi.isFakeTimers());
      await vi.advanceTimersByTimeAsync(20_000);
      vi.useRealTimers();
      expect(await creating).toBe(controller.signal.reason);
      expect(requestDevice).toHaveBeenCalledTimes(1);
      expect(onCpu).not.toHaveBeenCalled();
      onCpu.mockRestore();
    }
  });

  test('frees everything on the device that replaces one lost meanwhile, and makes nothing more', async () => {
    const device = await testDevice();
    const count = countBuffers(device);
    const createBuffer = device.createBuffer.bind(device);
    for (const n of [1, 3, 9, 20, 40]) {
      const gpu = await losableGpu();
      gpu.loseAt('createBuffer', 3);
      const controller = new AbortController();
      let made = 0;
      device.createBuffer = (descriptor) => {
        if (++made === n) controller.abort();
        return createBuffer(descriptor);
      };
      const recovery = { requestDevice: async () => device };
      const error = await rejection(create({ recovery, signal: controller.signal }));
      expect(error).toBe(controller.signal.reason);
      await vi.waitFor(() => expect(count.alive).toBe(0));
      expect(made).toBe(n);
    }
  });

  test.each([
    ['a lost device', new DeviceLostError('of another trainer')],
    ['a GPU that is not there', new UnsupportedError('in another trainer')],
    ['a lack of memory', new OutOfMemoryError('another trainer', 'none left')],
  ])('for %s ends the creation alone', async (_, reason) => {
    const gpu = await losableGpu(0);
    const first = await create({ backend: 'webgpu' });
    const [device] = gpu.devices;
    const createBuffer = device.createBuffer.bind(device);
    for (const n of [1, 3, 9, 20, 40]) {
      const controller = new AbortController();
      let left = n;
      device.createBuffer = (descriptor) => {
        if (--left === 0) controller.abort(reason);
        return createBuffer(descriptor);
      };
      // A shape of its own, which no check of the driver has seen.
      expect(await rejection(create({ hidden: [5 + n], signal: controller.signal }))).toBe(reason);
    }
    device.createBuffer = createBuffer;
    expect((await create({ backend: 'webgpu' })).recoveries).toEqual([]);
    await first.train(1);
    expect(gpu.devices).toHaveLength(1);
  });

  test('has no effect on a trainer that has been created', async () => {
    const controller = new AbortController();
    const trainer = await create({ device: await testDevice(), signal: controller.signal });
    controller.abort();
    await trainer.train(2);
    expect(trainer.step).toBe(2);
  });
});

describe('trainers without a device of the caller', () => {
  test('share one, and give it back after the last', async () => {
    const gpu = await losableGpu();
    const trainers = await Promise.all(Array.from({ length: 5 }, () => create({ backend: 'webgpu' })));
    trainers.push(await create({ backend: 'webgpu' }));
    expect(gpu.devices).toHaveLength(1);
    const [device] = gpu.devices;
    const destroy = vi.spyOn(device, 'destroy');
    for (const trainer of trainers.slice(1)) trainer.destroy();
    expect(destroy).not.toHaveBeenCalled();
    await trainers[0].train(3);
    trainers[0].destroy();
    expect(destroy).toHaveBeenCalledTimes(1);
    await create({ backend: 'webgpu' });
    expect(gpu.devices).toHaveLength(2);
  });

  test('count a loss once, and share the next device', async () => {
    const gpu = await losableGpu(3);
    const trainers = await Promise.all(Array.from({ length: 4 }, () => create({ backend: 'webgpu' })));
    for (const lost of [1, 2]) {
      await Promise.all(trainers.map((trainer) => trainer.train(5)));
      gpu.lose();
      await Promise.all(trainers.map((trainer) => trainer.train(5)));
      expect(gpu.devices).toHaveLength(lost + 1);
    }
    const undisturbed = await create({ device: await testDevice() });
    await undisturbed.train(20);
    for (const trainer of trainers) expect(await trainer.save()).toEqual(await undisturbed.save());
  });

  test('that lose it wait ten seconds for the next one, or until they are destroyed', async () => {
    const gpu = await losableGpu();
    const [any, wanted] = [await create(), await create({ backend: 'webgpu' })];
    await Promise.all([any.train(2), wanted.train(2)]);
    vi.stubGlobal('navigator', { gpu: Object.assign(navigator.gpu, { requestAdapter: never }) });
    gpu.lose();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const [training, failing] = [any.train(2), rejection(wanted.train(2))];
    await vi.advanceTimersByTimeAsync(300);
    wanted.destroy();
    await vi.advanceTimersByTimeAsync(300);
    expect(((await failing) as Error).name).toBe('DeviceLostError');
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    await training;
    expect([any.backend, any.step]).toEqual(['cpu', 4]);
  });

  test('wait ten seconds for a device of recovery.requestDevice, and leave a later one alone', async () => {
    const gpu = await losableGpu();
    let answer = (_device: GPUDevice) => {};
    const late = new Promise<GPUDevice>((resolve) => {
      answer = resolve;
    });
    const recovery = { requestDevice: () => late };
    const [any, wanted] = [await create({ recovery }), await create({ recovery, backend: 'webgpu' })];
    await Promise.all([any.train(2), wanted.train(2)]);
    gpu.lose();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const settled = vi.fn();
    const calls = [any.train(2), rejection(wanted.train(2))] as const;
    for (const call of calls) call.then(settled, settled);
    await vi.advanceTimersByTimeAsync(9990);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(300);
    vi.useRealTimers();
    await calls[0];
    expect([any.backend, any.step]).toEqual(['cpu', 4]);
    const error = (await calls[1]) as Error;
    expect(error.name).toBe('DeviceLostError');
    expect(error.cause).toBeInstanceOf(UnsupportedError);
    expect((error.cause as Error).message).toMatch(
      /recovery\.requestDevice has given no device within 10 seconds/,
    );
    const device = await testDevice();
    const destroy = vi.spyOn(device, 'destroy');
    answer(device);
    await Promise.resolve();
    expect(destroy).not.toHaveBeenCalled();
  });

  test('diverge each by itself', async () => {
    await losableGpu();
    const [wild, calm] = [await create({ learningRate: 1e30 }), await create()];
    const [failed] = await Promise.all([rejection(wild.train(20)), calm.train(20)]);
    expect((failed as Error).name).toBe('NonFiniteError');
    expect((await calm.measure()).step).toBe(20);
  });
});

test('await using destroys a trainer', async () => {
  const trainer = await create({ backend: 'cpu' });
  await trainer[Symbol.asyncDispose]();
  expect(((await rejection(trainer.measure())) as Error).name).toBe('DestroyedError');
});
