import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createTrainer,
  OptionError,
  requestDevice,
  spiral,
  type TrainerOptions,
  timeKernels,
} from '../../../src/index.ts';
import { countBuffers, testDevice } from '../../helpers/devices/gpu.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { rejection } from '../../helpers/trainers/training.ts';

const trainers = testTrainers();
const options: TrainerOptions = { data: spiral(), learningRate: 0.5, backend: 'cpu' };

afterEach(() => void vi.useRealTimers());

/** All that the library uses of a signal, in an object of a program's own. */
const parts = {
  aborted: false,
  reason: undefined,
  throwIfAborted: () => {},
  addEventListener: () => {},
  removeEventListener: () => {},
};
const signalOf = (parts: object) => parts as AbortSignal;

type Call = (signal: AbortSignal) => Promise<unknown>;

describe.each(Object.keys(parts))('a signal without %s', (part) => {
  const signal = signalOf({ ...parts, [part]: undefined });
  if (part === 'reason') Reflect.deleteProperty(signal, part);

  test('is refused before anything starts', async () => {
    const device = await testDevice();
    const trainer = await trainers.create(options);
    const buffers = countBuffers(device);
    const requestAdapter = vi.fn();
    const calls: [string, Call][] = [
      ['signal', (signal) => trainer.train(5, { signal })],
      ['signal', (signal) => trainer.run({ steps: 5, every: 1, signal }).next()],
      ['signal', (signal) => createTrainer({ ...options, backend: 'webgpu', device, signal })],
      ['signal', (signal) => timeKernels({ ...options, backend: 'webgpu', device }, { signal })],
      ['signal', (signal) => requestDevice({ requestAdapter } as object as GPU, { signal })],
    ];
    for (const [option, call] of calls) {
      const error = await rejection(call(signal));
      expect(error, call.toString()).toBeInstanceOf(OptionError);
      expect((error as OptionError).option).toBe(option);
    }
    expect(requestAdapter).not.toHaveBeenCalled();
    expect(buffers.alive).toBe(0);
    await trainer.train(1);
    expect(trainer.step).toBe(1);
  });
});

test('a signal of a program’s own with all parts serves every call', async () => {
  const listeners = new Set<() => void>();
  const signal = {
    ...parts,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  };
  const trainer = await trainers.create({ ...options, signal: signalOf(signal) });
  await trainer.train(2, { signal: signalOf(signal) });
  expect(listeners.size).toBe(0);
  const reason = new Error('enough');
  const calls: Call[] = [
    (signal) => trainer.train(1e9, { signal }),
    (signal) => requestDevice({ requestAdapter: () => new Promise(() => {}) } as object as GPU, { signal }),
  ];
  for (const call of calls) {
    const ended = rejection(call(signalOf(signal)));
    expect(listeners.size).toBe(1);
    Object.assign(signal, { aborted: true, reason });
    for (const listener of listeners) listener();
    expect(await ended).toBe(reason);
    Object.assign(signal, { aborted: false });
    expect(listeners.size).toBe(0);
  }
});

test.each(['addEventListener', 'removeEventListener', 'throwIfAborted'])(
  'a trainer stays usable after a signal whose %s fails',
  async (part) => {
    const failure = new Error('the program’s own');
    const fail = () => {
      throw failure;
    };
    const signal = signalOf({ ...parts, [part]: fail });
    const trainer = await trainers.create(options);
    expect(await rejection(trainer.train(2, { signal }))).toBe(failure);
    expect(await rejection(createTrainer({ ...options, signal }))).toBe(failure);
    await trainer.train(1);
  },
);

test('a run that a destroyed trainer leaves unfinished has no timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const trainer = await trainers.create(options);
  const run = trainer.run({ steps: 100, every: 1 });
  await run.next();
  trainer.destroy();
  expect(vi.getTimerCount()).toBe(0);
});
