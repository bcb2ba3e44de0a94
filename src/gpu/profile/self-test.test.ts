import { afterEach, expect, test } from 'vitest';
import { double, guardedDouble } from '../../../shaders/lib/real-double.ts';
import { endingDevice } from '../../../tests/helpers/devices/gpu.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { rejection } from '../../../tests/helpers/trainers/training.ts';
import { createTrainer, UnsupportedError } from '../../index.ts';
import { compute, doubleArithmetic } from './self-test.ts';

const devices: GPUDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

const PLAIN = 'fn keep(x: f32) -> f32 { return x; }';
const KEEP = /fn keep\(.*/;

/** A device whose compiler simplifies some shaders: it finds every error of a sum to be zero. */
async function simplifyingDevice(simplifies: (code: string) => boolean): Promise<GPUDevice> {
  const device = await endingDevice();
  devices.push(device);
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const { code } = descriptor;
    const simpler = code.replace('keep(a - a_part) + keep(b - b_part)', '0.0');
    return create({ ...descriptor, code: simplifies(code) ? simpler : code });
  };
  return device;
}

test('a device that computes as written gets the plain form, another the guarded one', async () => {
  const device = await simplifyingDevice(() => false);
  const { 0: sum } = await compute(device, 'add', double, Float64Array.of(1), Float64Array.of(2 ** -40));
  expect(await doubleArithmetic(device)).toBe(sum === 1 + 2 ** -40 ? double : guardedDouble);
});

test('a compiler that simplifies the plain form gets the guarded one, and trains with it', async () => {
  const device = await simplifyingDevice((code) => code.includes(PLAIN));
  expect(await doubleArithmetic(device)).toBe(guardedDouble);
  const options = {
    data: new TestRandom(1).dataset(20, 3, 3),
    hidden: [5],
    learningRate: 0.1,
    precision: 'double' as const,
  };
  const trainer = await createTrainer({ ...options, device });
  const oracle = await createTrainer({ ...options, backend: 'cpu' });
  for (const each of [trainer, oracle]) await each.train(20);
  expect((await trainer.measure()).loss).toBeCloseTo((await oracle.measure()).loss, 11);
  trainer.destroy();
});

test('a compiler that simplifies both forms is refused, with a case and with what to do', async () => {
  const device = await simplifyingDevice((code) => KEEP.test(code));
  const data = new TestRandom(1).dataset(5, 2, 2);
  const options = { data, learningRate: 0.1, device, backend: 'webgpu' as const };
  const error = await rejection(createTrainer({ ...options, precision: 'double' }));
  expect(error).toBeInstanceOf(UnsupportedError);
  expect((error as Error).message).toMatch(
    /should give .*, and gave .*precision: 'single', or backend: 'cpu'/,
  );
  const onCpu = await createTrainer({ ...options, precision: 'double', backend: 'auto' });
  expect([onCpu.backend, onCpu.fallback]).toEqual(['cpu', (error as Error).message]);
  onCpu.destroy();
  const single = await createTrainer({ ...options, precision: 'single' });
  expect(single.precision).toBe('single');
  single.destroy();
});
