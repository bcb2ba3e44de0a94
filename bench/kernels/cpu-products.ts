import { WasmKernels } from '../../src/cpu/wasm/kernels.ts';
import { Machine } from '../../src/cpu/wasm/machine.ts';
import { type Precision, RandomState } from '../../src/index.ts';
import { repeatFor } from '../../src/measure/repeat.ts';
import { spread } from '../../src/page/measure/statistics.ts';
import { digits, type Table } from '../report/table.ts';
import type { Settings } from '../workloads/measure.ts';

const SIZES = [128, 256, 512, 1024];
const CHECKED_CELLS = 16;
/** Rounds of a call that measures the peak. */
const ROUNDS = 1000;

/**
 * Speed of the CPU's products of square matrices on one thread, and their share of what the core
 * multiplies and adds in registers with the same instructions.
 * @throws {Error} if a product is wrong, and where there is no WebAssembly with SIMD
 */
export async function measureCpuProducts(settings: Settings, say: (line: string) => void): Promise<Table> {
  const rows: string[][] = [];
  for (const precision of ['single', 'double'] as const) {
    const machine = await Machine.create(precision, 1);
    try {
      const peak = await measurePeak(precision, settings);
      const cells: string[] = [];
      for (const size of SIZES) {
        const speed = await measureProduct(new WasmKernels(machine), precision, size, settings);
        cells.push(`${digits(speed)} (${Math.round((100 * speed) / peak)} %)`);
      }
      rows.push([`${precision}: ${machine.name}`, digits(peak), ...cells]);
      say(`CPU products: ${rows[rows.length - 1].join(', ')}`);
    } finally {
      machine.end();
    }
  }
  return {
    title: 'Products of square matrices on one thread, GFLOP/s and share of the peak',
    header: ['', 'peak', ...SIZES.map((size) => `${size}³`)],
    rows,
    notes: ['The peak: multiplying and adding in registers, with the instructions of the products.'],
  };
}

/** GFLOP/s of multiplying and adding in registers; the best counts, as other work only takes from it. */
async function measurePeak(precision: Precision, { timing, rounds }: Settings): Promise<number> {
  const { default: variants } = await import('./cpu-peak.as.ts?variants');
  const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const relaxed = bytes(variants.relaxed);
  const fitting = WebAssembly.validate(relaxed) ? relaxed : bytes(variants.single);
  const binary = precision === 'double' ? bytes(variants.double) : fitting;
  const { instance } = await WebAssembly.instantiate(binary);
  const { multiplyAndAdd, OPERATIONS } = instance.exports as unknown as {
    multiplyAndAdd(times: number, factor: number, term: number): number;
    OPERATIONS: WebAssembly.Global;
  };
  const time = async (times: number) => {
    const start = performance.now();
    // Many calls: an engine optimises a function between two of them.
    for (let i = 0; i < times; i++) multiplyAndAdd(ROUNDS, 0.5, 0.25);
    return performance.now() - start;
  };
  const { times } = await repeatFor(timing, time);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) least = Math.min(least, await time(times));
  return (OPERATIONS.value * ROUNDS * times) / least / 1e6;
}

/** GFLOP/s of a product of n×n matrices. @throws {Error} if it is wrong */
async function measureProduct(
  kernels: WasmKernels,
  precision: Precision,
  n: number,
  { timing, rounds }: Settings,
): Promise<number> {
  const random = new RandomState(0);
  const placed = (values: Float64Array) => {
    const array = kernels.floats(values.length);
    array.set(values);
    return array;
  };
  const [a, b] = [placed(random.randomSample(n * n)), placed(random.randomSample(n * n))];
  const parameters = { weights: b, biases: kernels.floats(n) };
  const product = kernels.floats(n * n);
  const time = async (times: number) => {
    const start = performance.now();
    for (let i = 0; i < times; i++) for (const _ of kernels.outputs(a, parameters, product, n, 'identity'));
    return performance.now() - start;
  };
  const { times } = await repeatFor(timing, time);
  const timings: number[] = [];
  while (timings.length < rounds) timings.push((await time(times)) / times);
  for (let cell = 0; cell < CHECKED_CELLS; cell++) {
    const [row, column] = [(cell * 37) % n, (cell * 101) % n];
    let sum = 0;
    for (let p = 0; p < n; p++) sum += a[row * n + p] * b[p * n + column];
    const difference = Math.abs(product[row * n + column] - sum) / sum;
    if (!(difference < (precision === 'single' ? 1e-5 : 1e-13)))
      throw new Error(`Cell ${row}, ${column} of a product of ${n}×${n} matrices is wrong.`);
  }
  return (2 * n ** 3) / spread(timings).median / 1e6;
}
