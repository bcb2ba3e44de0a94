import { requestDevice } from '../../src/gpu/device/device.ts';
import { compiled } from '../../src/gpu/kernels/dispatch.ts';
import { matmul } from '../../src/gpu/kernels/multiply.ts';
import { allocating, GpuMemory } from '../../src/gpu/memory/memory.ts';
import { measurePeak } from '../../src/gpu/profile/peak.ts';
import { timeDispatches } from '../../src/gpu/profile/time-dispatches.ts';
import { Commands } from '../../src/gpu/submission/commands.ts';
import { Readback } from '../../src/gpu/submission/readback.ts';
import { RandomState } from '../../src/index.ts';
import { repeatFor } from '../../src/measure/repeat.ts';
import { spread } from '../../src/page/measure/statistics.ts';
import { digits, type Table } from '../report/table.ts';
import type { Settings } from '../workloads/measure.ts';

const FORMS = ['nn', 'tn', 'nt'] as const;
const SIZES = [128, 256, 512, 1024, 2048, 4096];
/**
 * Milliseconds; a dispatch that is expected to take longer is left out, before the system ends it.
 */
const LONGEST = 5000;
const CHECKED_CELLS = 16;

/**
 * Speed of the library's products of square matrices, and its share of the adapter's measured peak.
 * @throws {UnsupportedError} if there is no GPU
 */
export async function measureKernels(
  gpu: GPU | undefined,
  settings: Settings,
  say: (line: string) => void,
): Promise<Table> {
  const device = await requestDevice(gpu);
  try {
    const peak = (await measurePeak(device)) / 1e9;
    say(`kernels: ${digits(peak)} GFLOP/s at most`);
    const rows = FORMS.map((form) => [`matmul ${form}`]);
    // The next size has 8 times as many terms.
    for (let i = 0, last = 0; i < SIZES.length && 8 * last <= LONGEST; i++) {
      for (const [row, form] of FORMS.entries()) {
        const took = await measureProduct(device, form, SIZES[i], settings);
        const speed = (2 * SIZES[i] ** 3) / took / 1e6;
        rows[row].push(`${digits(speed)} (${Math.round((100 * speed) / peak)} %)`);
        say(`kernels: matmul ${form} ${SIZES[i]}³: ${rows[row].at(-1)}`);
        last = took;
      }
    }
    const header = ['', ...SIZES.slice(0, rows[0].length - 1).map((size) => `${size}³`)];
    const notes = [`Measured peak: ${digits(peak)} GFLOP/s, multiplying and adding in registers.`];
    return { title: 'Products of square matrices, GFLOP/s and share of the peak', header, rows, notes };
  } finally {
    device.destroy();
  }
}

/** Milliseconds that a product of n×n matrices takes. @throws {Error} if the product is wrong */
async function measureProduct(
  device: GPUDevice,
  form: (typeof FORMS)[number],
  n: number,
  { timing, rounds }: Settings,
): Promise<number> {
  const memory = new GpuMemory(device, 'single');
  try {
    const random = new RandomState(0);
    const [a, b] = [random.randomSample(n * n), random.randomSample(n * n)];
    const operands = {
      a: memory.upload('a', a),
      b: memory.upload('b', b),
    };
    const target = memory.reals('product', n * n);
    const dispatches = await allocating(device, 'the product', () =>
      matmul(memory, `bench ${form}`, { form, m: n, k: n, n }, operands, { target }),
    );
    await compiled(dispatches);
    const time = (times: number) => timeDispatches(memory, dispatches, times, target);
    const { times, milliseconds } = await repeatFor(timing, time);
    const timings = [milliseconds / times];
    const most = milliseconds > timing * 10 ? 2 : rounds;
    while (timings.length < most) timings.push((await time(times)) / times);
    const { median } = spread(timings);
    await checkProduct(memory, target, n, (row, column) => {
      let sum = 0;
      for (let p = 0; p < n; p++) {
        sum +=
          a[form === 'tn' ? p * n + row : row * n + p] * b[form === 'nt' ? column * n + p : p * n + column];
      }
      return sum;
    });
    return median;
  } finally {
    memory.destroy();
  }
}

/** Compares a few cells of the product with their definition. */
async function checkProduct(
  memory: GpuMemory,
  product: GPUBuffer,
  n: number,
  define: (row: number, column: number) => number,
): Promise<void> {
  const commands = new Commands(memory, 'check');
  const readback = await Readback.create(memory, n * n);
  readback.copy(commands, product, n * n);
  await commands.submit();
  const values = new Float32Array((await readback.read())[0]);
  for (let i = 0; i < CHECKED_CELLS; i++) {
    const [row, column] = [(i * 1031) % n, n - 1 - ((i * 523) % n)];
    const expected = define(row, column);
    // Terms are from 0 to 1: n sums in float32 are off by far less than n roundings.
    if (!(Math.abs(values[row * n + column] - expected) <= expected * n * 2 ** -24)) {
      throw new Error(`product[${row}, ${column}] is ${values[row * n + column]}, expected ${expected}`);
    }
  }
}
