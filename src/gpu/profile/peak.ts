import { multiplyAdd } from '../../../shaders/multiply-add.wgsl.ts';
import { compiled, createDispatch } from '../kernels/dispatch.ts';
import { allocating, GpuMemory } from '../memory/memory.ts';
import { RealFormat } from '../memory/real-format.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/** Independent vectors of four numbers an invocation: the more, the more hides latency, until registers run out. */
const VECTORS = [4, 8, 16];
const ITERATIONS = 1024;
/** Invocations of the smallest attempt, and of a dispatch at the most. */
const FEWEST = 1 << 12;
const MOST = 1 << 20;
/** Milliseconds of a measurement: far above the round trip, far below what a browser would end. */
const MEASUREMENT = 20;
const REPETITIONS = 4;

/**
 * Floating-point operations a second that a device makes at the most, as measured: multiplications and additions of
 * single precision in registers, two operations each. The best of several measurements, as all that disturbs makes
 * them longer; about half a second.
 */
export async function measurePeak(device: GPUDevice): Promise<number> {
  const memory = new GpuMemory(device, 'single');
  try {
    const results = await allocating(device, 'peak results', () => memory.reals('peak results', MOST));
    let best = 0;
    for (const vectors of VECTORS) best = Math.max(best, await rate(memory, results, vectors));
    return best;
  } finally {
    memory.destroy();
  }
}

async function rate(memory: GpuMemory, results: GPUBuffer, vectors: number): Promise<number> {
  const kernel = multiplyAdd(vectors);
  const [factor, term] = new RealFormat('single').uniform(0.5, 1);
  const measure = async (invocations: number) => {
    const count = Math.min(invocations, MOST);
    const dispatch = await allocating(memory.device, 'measuring', () =>
      createDispatch(memory, {
        label: 'peak',
        kernel,
        buffers: [results],
        uniform: [count, ITERATIONS, factor, term],
        extent: { x: count },
        work: count * ITERATIONS * vectors * 4,
      }),
    );
    await compiled([dispatch]);
    const commands = new Commands(memory, 'peak');
    commands.dispatch(new Array(invocations / count).fill(dispatch));
    const readback = await Readback.create(memory, 1);
    readback.copy(commands, results, 1);
    const start = performance.now();
    await commands.submit();
    await readback.read();
    return performance.now() - start;
  };
  let invocations = FEWEST;
  // The shorter of two: one alone may have been held up by something else, such as its pipeline's first use.
  const least = async () => Math.min(await measure(invocations), await measure(invocations));
  let duration = await least();
  while (duration < MEASUREMENT) {
    invocations *= 2;
    duration = await least();
  }
  for (let i = 2; i < REPETITIONS; i++) duration = Math.min(duration, await measure(invocations));
  return (invocations * ITERATIONS * vectors * 4 * 2 * 1000) / duration;
}
