import { GpuMemory } from '../src/gpu/memory.ts';
import { writeLayers } from '../src/gpu/parameters.ts';
import { createContext, type Plan, type PlanContext } from '../src/gpu/plan.ts';
import { Readback } from '../src/gpu/readback.ts';
import type { TrainerOptions } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';

/** The bits of the parameters and of each moment after some steps of a plan. */
export async function bitsAfter(
  device: GPUDevice,
  options: TrainerOptions,
  steps: number,
  create: (context: PlanContext) => Promise<Plan>,
): Promise<Uint32Array[]> {
  const { setup } = resolveOptions(options);
  const memory = new GpuMemory(device, setup.precision);
  const context = await createContext(memory, setup);
  const { network, schedule } = context;
  writeLayers(memory, network.parameters, setup.start());
  const plan = await create(context);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  plan.encode(pass, 0, 0, steps, false);
  pass.end();
  schedule.write(0, steps);
  const buffers = [network.parameters, ...network.moments].map(([{ weights }]) => weights.buffer);
  const words = buffers.map(({ size }) => size / 4);
  const readback = new Readback(
    memory,
    words.reduce((sum, count) => sum + count),
  );
  buffers.forEach((buffer, i) => void readback.copy(encoder, buffer, words[i]));
  memory.submit(encoder);
  const bits = (await readback.read()).map((bytes) => new Uint32Array(bytes));
  memory.destroy();
  return bits;
}
