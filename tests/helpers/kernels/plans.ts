import { GpuMemory } from '../../../src/gpu/memory/memory.ts';
import { writeLayers } from '../../../src/gpu/network/parameters.ts';
import { createContext, type Plan, type PlanContext } from '../../../src/gpu/plans/plan.ts';
import { arithmeticOf } from '../../../src/gpu/profile/arithmetic.ts';
import { Commands } from '../../../src/gpu/submission/commands.ts';
import { Readback } from '../../../src/gpu/submission/readback.ts';
import type { TrainerOptions } from '../../../src/index.ts';
import { resolveOptions } from '../../../src/options/trainer.ts';

/** The bits of the parameters and of each moment after some steps of a plan. */
export async function bitsAfter(
  device: GPUDevice,
  options: TrainerOptions,
  steps: number,
  create: (context: PlanContext) => Promise<Plan>,
): Promise<Uint32Array[]> {
  const { setup } = resolveOptions(options);
  const memory = new GpuMemory(device, await arithmeticOf(device, setup.precision));
  const context = await createContext(memory, setup);
  const { network, schedule } = context;
  writeLayers(memory, network.parameters, setup.start());
  const plan = await create(context);
  const commands = new Commands(memory, 'steps');
  plan.encode(commands, 0, 0, steps, false);
  schedule.write(0, steps);
  const buffers = [network.parameters, ...network.moments].map(([{ weights }]) => weights.buffer);
  const words = buffers.map(({ size }) => size / 4);
  const readback = await Readback.create(
    memory,
    words.reduce((sum, count) => sum + count),
  );
  buffers.forEach((buffer, i) => void readback.copy(commands, buffer, words[i]));
  await commands.submit();
  const bits = (await readback.read()).map((bytes) => new Uint32Array(bytes));
  memory.destroy();
  return bits;
}
