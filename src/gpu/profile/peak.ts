import { multiplyAdd } from '../../../shaders/multiply-add.wgsl.ts';
import { repeatFor } from '../../measure/repeat.ts';
import { gpuDevice } from '../../options/backend.ts';
import { guard } from '../device/guard.ts';
import { queueOf } from '../device/queue.ts';
import { compiled, createDispatch } from '../kernels/dispatch.ts';
import { allocating, GpuMemory } from '../memory/memory.ts';
import { RealFormat } from '../memory/real-format.ts';
import { stillness, timeDispatches } from './time-dispatches.ts';

/**
 * Vectors of four independent numbers in an invocation. More vectors hide more latency, until the
 * registers run out.
 */
const VECTORS = [4, 8, 16];
const ITERATIONS = 1024;
/**
 * Invocations of the smallest attempt, the largest factor by which an attempt is larger, and the
 * most invocations of a dispatch.
 */
const FEWEST = 1 << 12;
const MOST_TIMES = 1 << 16;
const MOST = 1 << 20;
/**
 * Milliseconds of a measurement: far above the round trip, far below the time limits of browsers.
 */
const MEASUREMENT = 20;
/** Further measurements with the number of repetitions that takes long enough. */
const REPETITIONS = 2;

/**
 * Measures the peak of a device in floating-point operations a second: multiplications and
 * additions of single precision in registers, two operations each. The best of several measurements
 * counts, because other work only makes them longer. The call takes about half a second.
 * @throws {OptionError} without a device
 * @throws {UnsupportedError} if the clock stands still, or is too coarse for the device
 */
export async function measurePeak(device: GPUDevice): Promise<number> {
  const memory = new GpuMemory(gpuDevice(device, 'device'), 'single');
  try {
    return await guard(memory, bestRate(memory));
  } finally {
    memory.destroy();
  }
}

async function bestRate(memory: GpuMemory): Promise<number> {
  const results = await allocating(memory.device, 'peak results', () => memory.reals('peak results', MOST));
  let best = 0;
  for (const vectors of VECTORS) best = Math.max(best, await rate(memory, results, vectors));
  return best;
}

async function rate(memory: GpuMemory, results: GPUBuffer, vectors: number): Promise<number> {
  const kernel = multiplyAdd(vectors);
  const [factor, term] = new RealFormat('single').uniform(0.5, 1);
  const workOf = (invocations: number) => invocations * ITERATIONS * vectors * 4;
  const measure = async (times: number) => {
    const dispatches = Math.ceil((times * FEWEST) / MOST);
    const count = Math.round((times * FEWEST) / dispatches);
    const dispatch = await allocating(memory.device, 'measuring', () =>
      createDispatch(memory, {
        label: 'peak',
        kernel,
        buffers: [results],
        uniform: [count, ITERATIONS, factor, term],
        extent: { x: count },
        work: workOf(count),
      }),
    );
    await compiled([dispatch]);
    return timeDispatches(memory, [dispatch], dispatches, results);
  };
  const { times, milliseconds } = await repeatFor(MEASUREMENT, measure, { most: MOST_TIMES });
  const readings = [milliseconds];
  for (let i = 0; i < REPETITIONS; i++) readings.push(await measure(times));
  // A coarse clock may not move during a measurement, which then says nothing.
  const least = Math.min(...readings.filter((reading) => reading > 0));
  if (least === Number.POSITIVE_INFINITY) throw stillness(queueOf(memory.device).clock());
  return (workOf(times * FEWEST) * 2 * 1000) / least;
}
