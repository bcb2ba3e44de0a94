import { resolveOptions } from '../options.ts';
import type { TrainerOptions } from '../types.ts';
import { type Dispatch, encode } from './dispatch.ts';
import { GpuMemory } from './memory.ts';
import { writeLayers } from './parameters.ts';
import { createContext, type PlanContext } from './plan.ts';
import { Readback } from './readback.ts';
import { doubleArithmetic } from './self-test.ts';
import { Tuner } from './tuner.ts';

/** How long one of the dispatches of a step takes. */
export interface KernelTimes {
  /** Operation and operand, such as `matmul hidden 0`. */
  label: string;
  /** Milliseconds of each repetition; of a step, where a dispatch makes many. */
  milliseconds: number[];
}

export interface KernelTimesOptions {
  /** Measurements of each dispatch, default 10. */
  repetitions?: number;
  signal?: AbortSignal;
}

/** Milliseconds of a measurement: timestamp queries are no finer than 0.1 ms in browsers, and kernels are faster. */
const MEASUREMENT = 10;
/** The same dispatch one after the other in a measurement, at the most. */
const MOST = 4096;

/**
 * Times each dispatch that a training step is made of, by repeating it alone back to back until it takes long enough for
 * the clock. Dispatches take turns. What it takes to begin a dispatch is part of the figures.
 * @param options as for a trainer on WebGPU, with a device and a plan that takes the network
 * @throws as createTrainer, and the signal's reason after an abort
 */
export async function timeKernels(
  options: TrainerOptions & { device: GPUDevice },
  { repetitions = 10, signal }: KernelTimesOptions = {},
): Promise<KernelTimes[]> {
  const { setup, choice } = resolveOptions(options);
  const { device } = options;
  const single = setup.precision === 'single';
  const memory = new GpuMemory(device, single ? 'single' : await doubleArithmetic(device));
  let tuner: Tuner | undefined;
  try {
    const context = await createContext(memory, setup);
    writeLayers(memory, context.network.parameters, setup.start());
    // What was found before, else the safe choice: there is no training to tune in.
    const tuning = choice.tuning && { ...choice.tuning, budget: 0 };
    tuner = await Tuner.begin(context, choice.plan, tuning);
    const { dispatches, stepsPerDispatch } = tuner.plan;
    const steps = Math.min(stepsPerDispatch, context.schedule.capacity);
    context.schedule.setRun(0, steps);
    context.schedule.write(0, steps);
    const timed = dispatches.map((dispatch) => ({ dispatch, repeat: 1, milliseconds: [] as number[] }));
    for (const one of timed) {
      const time = () => duration(context, one.dispatch, one.repeat);
      // The shorter of two: one alone may have been held up by something else, such as its pipeline's first use.
      while (Math.min(await time(), await time()) < MEASUREMENT && one.repeat < MOST) {
        signal?.throwIfAborted();
        one.repeat *= 2;
      }
    }
    for (let i = 0; i < repetitions; i++) {
      for (const { dispatch, repeat, milliseconds } of timed) {
        signal?.throwIfAborted();
        milliseconds.push((await duration(context, dispatch, repeat)) / (repeat * steps));
      }
    }
    return timed.map(({ dispatch: { label }, milliseconds }) => ({ label, milliseconds }));
  } finally {
    tuner?.destroy();
    memory.destroy();
  }
}

async function duration(
  { memory, network }: PlanContext,
  dispatch: Dispatch,
  repeat: number,
): Promise<number> {
  const encoder = memory.device.createCommandEncoder({ label: 'kernel times' });
  const pass = encoder.beginComputePass({ label: 'kernel times' });
  encode(pass, new Array(repeat).fill(dispatch));
  pass.end();
  const readback = new Readback(memory, 1);
  readback.copy(encoder, network.diverged, 1);
  const start = performance.now();
  memory.submit(encoder);
  await readback.read();
  return performance.now() - start;
}
