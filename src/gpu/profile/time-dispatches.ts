import { queueOf } from '../device/queue.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/**
 * The milliseconds of `times` repetitions of dispatches, until the first word of `result` has come
 * back.
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
  return clock() - start;
}
