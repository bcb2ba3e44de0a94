import { type Kernel, linearIndex, STEP_STRIDE } from '../shaders/lib/kernel.ts';
import { requestDevice } from '../src/gpu/device/device.ts';
import { createDispatch, type Dispatch } from '../src/gpu/kernels/dispatch.ts';
import { Operations } from '../src/gpu/kernels/operations.ts';
import { GpuMemory } from '../src/gpu/memory/memory.ts';
import { Commands } from '../src/gpu/submission/commands.ts';
import { Readback } from '../src/gpu/submission/readback.ts';
import { RandomState } from '../src/index.ts';
import type { Settings } from './measure.ts';
import { type Spread, spread } from './statistics.ts';
import { digits, type Table } from './table.ts';

const FORMS = ['nn', 'tn', 'nt'] as const;
const SIZES = [128, 256, 512, 1024, 2048, 4096];
/** Milliseconds; a dispatch that is expected to take longer is left out, before the system ends it. */
const LONGEST = 5000;
const CHECKED_CELLS = 16;

/** Widths of the vectors that the peak is measured with, and how many of them an invocation works on. */
const CHAINS = [
  [1, 12],
  [4, 4],
  [4, 8],
];

/** Milliseconds that a dispatch takes, warm. */
type Clock = (...dispatches: Dispatch[]) => Promise<Spread>;

/**
 * Speed of the products of square matrices as the library computes them, and its share of what the adapter reaches at
 * multiplying and adding numbers in registers.
 * @throws {UnsupportedError} if there is no GPU
 */
export async function measureKernels(
  gpu: GPU | undefined,
  settings: Settings,
  say: (line: string) => void,
): Promise<Table> {
  const device = await requestDevice(gpu);
  try {
    const clock: Clock = (...dispatches) => milliseconds(device, dispatches, settings);
    const peak = await measurePeak(device, clock);
    say(`kernels: ${digits(peak)} GFLOP/s at most`);
    const rows = FORMS.map((form) => [`matmul ${form}`]);
    // From one size to the next there are 8 times as many terms.
    for (let i = 0, last = 0; i < SIZES.length && 8 * last <= LONGEST; i++) {
      for (const [row, form] of FORMS.entries()) {
        const took = await measureProduct(device, form, SIZES[i], clock);
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

/** The best of several ways to multiply and add, in GFLOP/s; adapters differ in what they like. */
async function measurePeak(device: GPUDevice, clock: Clock): Promise<number> {
  const [rounds, invocations] = [512, 1 << 16];
  const speeds: number[] = [];
  const memory = new GpuMemory(device, 'single');
  for (const [width, chains] of CHAINS) {
    for (const fused of [true, false]) {
      const dispatch = await createDispatch(memory, {
        label: 'peak',
        kernel: multiplyAdds(width, chains, fused),
        buffers: [memory.reals('peak', invocations)],
        uniform: [rounds],
        extent: { x: invocations },
        work: width * chains * rounds * invocations,
      });
      speeds.push((2 * width * chains * rounds * invocations) / (await clock(dispatch)).min / 1e6);
    }
  }
  memory.destroy();
  return Math.max(...speeds);
}

/** Independent chains of multiply-adds in each invocation, so that none waits for the one before. */
function multiplyAdds(width: number, chains: number, fused: boolean): Kernel {
  const real = width === 1 ? 'f32' : `vec${width}f`;
  const lines = (text: (chain: number) => string) =>
    Array.from({ length: chains }, (_, chain) => text(chain)).join('\n');
  const code = `
@group(0) @binding(0) var<storage, read_write> results: array<f32>;
@group(0) @binding(1) var<uniform> rounds: u32;

${linearIndex}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = linear_index(id, workgroups);
  let factor = ${real}(1.0 - f32(index) * 1e-9);
  let term = ${real}(f32(index) * 1e-9);
  let end = rounds;
${lines((chain) => `  var sum_${chain} = ${real}(${chain}.0);`)}
  for (var i = 0u; i < end; i++) {
${lines((chain) => `    sum_${chain} = ${fused ? `fma(sum_${chain}, factor, term)` : `sum_${chain} * factor + term`};`)}
  }
  var sum = ${real}();
${lines((chain) => `  sum += sum_${chain};`)}
  if (index < arrayLength(&results)) { results[index] = ${width === 1 ? 'sum' : `dot(sum, ${real}(1.0))`}; }
}
`;
  return { code, bindings: ['read_write', 'uniform'], covers: { x: 64, y: 1 } };
}

/** Milliseconds that a product of n×n matrices takes. @throws {Error} if the product is wrong */
async function measureProduct(
  device: GPUDevice,
  form: (typeof FORMS)[number],
  n: number,
  clock: Clock,
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
    const operations = new Operations(memory, memory.uniforms('steps', STEP_STRIDE));
    const dispatches = await operations.matmul(`bench ${form}`, { form, m: n, k: n, n }, operands, {
      target,
    });
    const { median } = await clock(...dispatches);
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

/** Compares a few cells all over the product with their definition. */
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

/** Timings of as many runs in one submission as make it long enough. */
async function milliseconds(
  device: GPUDevice,
  dispatches: Dispatch[],
  { timing, rounds }: Settings,
): Promise<Spread> {
  const memory = new GpuMemory(device, 'single');
  const time = async (count: number) => {
    const commands = new Commands(memory, 'bench');
    for (let i = 0; i < count; i++) commands.dispatch(dispatches);
    const start = performance.now();
    await commands.submit();
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  await time(1);
  let count = 1;
  let took = await time(count);
  while (took < timing / 2) {
    count = Math.ceil((count * timing) / Math.max(took, timing / 10));
    took = await time(count);
  }
  const timings = [took / count];
  const most = took > timing * 10 ? 2 : rounds;
  while (timings.length < most) timings.push((await time(count)) / count);
  return spread(timings);
}
