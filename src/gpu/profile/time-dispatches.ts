import { UnsupportedError } from '../../training-errors.ts';
import type { Clock } from '../device/answers.ts';
import { queueOf } from '../device/queue.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/**
 * Milliseconds to wait for a clock that has not moved. The coarsest clock of a browser moves every
 * 100 ms.
 */
const WAITS = [1, 10, 240];

/**
 * The milliseconds of `times` repetitions of dispatches, until the first word of `result` has come
 * back.
 * @throws {UnsupportedError} if the clock stands still
 */
export async function timeDispatches(
  memory: GpuMemory,
  dispatches: readonly Dispatch[],
  times: number,
  result: GpuTensor,
): Promise<number> {
  const commands = new Commands(memory, 'timing');
  for (let i = 0; i < times; i++) commands.dispatch(dispatches);
  const readback = await Readback.create(memory, 1);
  readback.copy(commands, result, 1);
  const { clock } = queueOf(memory.device);
  const start = clock();
  await commands.submit();
  await readback.read();
  const milliseconds = clock() - start;
  // By a clock that stands still, more and more work would take no time.
  if (milliseconds === 0) await checkClock(clock);
  return milliseconds;
}

/** Waits until a clock moves. @throws {UnsupportedError} if it stands still */
async function checkClock(clock: Clock): Promise<void> {
  const start = clock();
  for (const wait of WAITS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (clock() !== start) return;
  }
  throw stillness(start);
}

/** The error of a clock with the same `reading` before and after. */
export function stillness(reading: number): UnsupportedError {
  return new UnsupportedError(
    `performance.now(): expected a clock that goes on, but got ${reading} ms again and again. ` +
      'Measure where the clock is real and fine.',
  );
}
