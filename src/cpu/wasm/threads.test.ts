import { expect, test } from 'vitest';
import { Machine } from './machine.ts';
import { ACTIVATIONS } from './operations.ts';

test('threads take each part of a round once, over many rounds of many parts', async () => {
  const machine = await Machine.create('double', 3);
  expect(machine.reason).toBeUndefined();
  expect(machine.threads).toBe(3);
  const count = 40_000;
  const { heap } = machine;
  const [gradients, outputs] = [0, 1].map(() => {
    const at = heap.take(8 * count, false);
    return new Float64Array(heap.buffer, at, count);
  });
  outputs.fill(-1);
  for (let round = 0; round < 100; round++) {
    // A part that is done twice, or not at all, shows: the derivative is 0.01.
    gradients.fill(1);
    const wholes = [gradients.byteOffset, outputs.byteOffset, ACTIVATIONS['leaky-relu']];
    machine.run('chain', wholes, [1], 0, count, 2);
    expect(gradients.every((gradient) => gradient === 0.01)).toBe(true);
  }
  machine.end();
  // Threads that are being ended take no part, which they might never do: there is no other round.
  const round = new Int32Array(heap.buffer, 4, 1);
  const [last] = round;
  gradients.fill(1);
  const wholes = [gradients.byteOffset, outputs.byteOffset, ACTIVATIONS['leaky-relu']];
  machine.run('chain', wholes, [1], 0, count, 2);
  expect(gradients.every((gradient) => gradient === 0.01)).toBe(true);
  expect(round[0]).toBe(last);
});
