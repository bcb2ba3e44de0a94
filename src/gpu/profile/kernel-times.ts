import { size } from '../../checks/numbers.ts';
import { optional, readOptions } from '../../checks/schema.ts';
import { signal as checkSignal } from '../../checks/signal.ts';
import { OptionError } from '../../errors.ts';
import { repeatFor } from '../../measure/repeat.ts';
import { resolveOptions } from '../../options/trainer.ts';
import type { RegressionOptions, TrainerOptions } from '../../types.ts';
import { guard } from '../device/guard.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import { GpuMemory } from '../memory/memory.ts';
import { writeLayers } from '../network/parameters.ts';
import { createContext, type Plan, type PlanContext } from '../plans/plan.ts';
import { Tuner } from '../tuning/tuner.ts';
import { arithmeticOf } from './arithmetic.ts';
import { timeDispatches } from './time-dispatches.ts';

/** The times of one dispatch of a step. */
export interface KernelTimes {
  /** Operation and operand, such as `matmul hidden 0`. */
  label: string;
  /** Milliseconds of each measurement; a step's share if a dispatch makes many steps. */
  milliseconds: number[];
}

export interface KernelTimesOptions {
  /** Measurements of each dispatch, default 10. */
  repetitions?: number;
  signal?: AbortSignal;
}

/**
 * The least milliseconds of a measurement. Timestamp queries in browsers have a grain of 0.1 ms,
 * and kernels are faster, so a measurement repeats its dispatch.
 */
const MEASUREMENT = 10;
/** The most repetitions of a dispatch in a measurement. */
const MOST = 4096;

/**
 * Times each dispatch of a training step, by repeating it alone, back to back, until it takes long
 * enough for the clock. Dispatches take turns. The times include the start of a dispatch.
 * @param options as for a trainer on WebGPU, with a device and a plan that takes the network
 * @throws as createTrainer; an {@link OptionError} without a device; an {@link UnsupportedError} if
 * the clock stands still; the reason of `options.signal` or `times.signal` after an abort
 */
export async function timeKernels(
  options: (TrainerOptions | RegressionOptions) & { device: GPUDevice },
  times: KernelTimesOptions = {},
): Promise<KernelTimes[]> {
  const { repetitions, signal } = readOptions(times, {
    repetitions: optional(size, 10),
    signal: checkSignal,
  });
  const { setup, choice } = resolveOptions(options);
  const { device } = choice;
  if (!device) throw new OptionError('device', 'a GPUDevice', device);
  const checkAborted = () => {
    choice.signal?.throwIfAborted();
    signal?.throwIfAborted();
  };
  checkAborted();
  const arithmetic = await guard({ device, freed: false }, arithmeticOf(device, setup.precision));
  const memory = new GpuMemory(device, arithmetic);
  let tuner: Tuner | undefined;
  try {
    const context = await guard(memory, createContext(memory, setup));
    writeLayers(memory, context.network.parameters, setup.start());
    // Without training there is no time to tune: the plan is a cached choice, else the likely one.
    const tuning = choice.tuning && { ...choice.tuning, budget: 0 };
    tuner = await guard(memory, Tuner.begin(context, choice.plan, tuning));
    while (!tuner.settled) {
      checkAborted();
      await tuner.next();
    }
    const { dispatches } = tuner.plan;
    const steps = await stepsOfDispatch(context, tuner.plan);
    const time = (dispatch: Dispatch, times: number) => {
      checkAborted();
      return guard(memory, timeDispatches(memory, [dispatch], times, context.network.diverged));
    };
    const timed: { dispatch: Dispatch; times: number; milliseconds: number[] }[] = [];
    for (const dispatch of dispatches) {
      const { times } = await repeatFor(MEASUREMENT, (times) => time(dispatch, times), { most: MOST });
      timed.push({ dispatch, times, milliseconds: [] });
    }
    for (let i = 0; i < repetitions; i++) {
      for (const { dispatch, times, milliseconds } of timed)
        milliseconds.push((await time(dispatch, times)) / (times * steps));
    }
    return timed.map(({ dispatch: { label }, milliseconds }) => ({ label, milliseconds }));
  } finally {
    tuner?.destroy();
    memory.destroy();
  }
}

/**
 * Steps of a dispatch while it is timed: as many as it may make, or fewer if they take long enough.
 */
async function stepsOfDispatch(
  { memory, network, schedule }: PlanContext,
  { dispatches, stepsPerDispatch }: Plan,
): Promise<number> {
  const time = (steps: number) => {
    schedule.setStepsInDispatch(0, steps);
    schedule.write(0, steps);
    return guard(memory, timeDispatches(memory, [dispatches[0]], 1, network.diverged));
  };
  const most = Math.min(stepsPerDispatch, schedule.capacity);
  return (await repeatFor(MEASUREMENT, time, { most })).times;
}
