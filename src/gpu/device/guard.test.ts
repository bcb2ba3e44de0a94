import { describe, expect, test } from 'vitest';
import { rejection } from '../../../tests/helpers/trainers/training.ts';
import { LimitError } from '../../errors.ts';
import { DeviceLostError } from '../../training-errors.ts';
import { destroyDevice, guard } from './guard.ts';

/** Memory on a device that is lost when a test says so. */
function memoryOf() {
  let lose = (_info: { message: string }) => {};
  const lost = new Promise<{ message: string }>((resolve) => {
    lose = resolve;
  });
  const device = { lost, destroy: () => lose({ message: 'destroyed' }) } as unknown as GPUDevice;
  return { memory: { device, freed: false }, lose: () => lose({ message: 'gone' }) };
}

const never = new Promise<never>(() => {});
const failing = (error: Error) => Promise.reject(error);

describe('work that races with the loss of its device', () => {
  test('ends as it does while the device is there, whatever happens later', async () => {
    const { memory, lose } = memoryOf();
    const result = guard(memory, Promise.resolve(3));
    expect(await result).toBe(3);
    const before = guard(memory, Promise.resolve(4));
    lose();
    expect(await before).toBe(4);
  });

  test('ends with the loss, though it never ends itself', async () => {
    const { memory, lose } = memoryOf();
    const ended = rejection(guard(memory, never));
    lose();
    const error = await ended;
    expect(error).toBeInstanceOf(DeviceLostError);
    expect((error as DeviceLostError).reason).toBe('gone');
  });

  test('is not believed on a device that is known to be lost', async () => {
    const { memory, lose } = memoryOf();
    lose();
    await rejection(guard(memory, never));
    expect(await rejection(guard(memory, Promise.resolve(3)))).toBeInstanceOf(DeviceLostError);
  });

  test('waits for the notice of a loss when it fails, unless the error explains itself', async () => {
    const { memory, lose } = memoryOf();
    const limit = new LimitError('it', 'maxBufferSize', 2, 1, '');
    expect(await rejection(guard(memory, failing(limit)))).toBe(limit);
    const ended = rejection(guard(memory, failing(new Error('odd'))));
    setTimeout(lose, 20);
    expect(await ended).toBeInstanceOf(DeviceLostError);
  });

  test('fails with its own error where no notice comes, and at once where its memory was freed', async () => {
    const { memory } = memoryOf();
    const odd = new Error('odd');
    expect(await rejection(guard(memory, failing(odd)))).toBe(odd);
    const start = performance.now();
    expect(await rejection(guard({ ...memory, freed: true }, failing(odd)))).toBe(odd);
    expect(performance.now() - start).toBeLessThan(150);
  });

  test('is no loss where the library destroys its own device', async () => {
    const { memory } = memoryOf();
    const ended = rejection(guard(memory, never));
    destroyDevice(memory.device);
    expect(await ended).not.toBeInstanceOf(DeviceLostError);
  });
});
