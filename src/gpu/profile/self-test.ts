import { arithmetic, type Primitive } from '../../../shaders/arithmetic.wgsl.ts';
import type { DoubleArithmetic } from '../../../shaders/lib/real.ts';
import { double, guardedDouble } from '../../../shaders/lib/real-double.ts';
import { RandomState } from '../../data/random-state.ts';
import { UnsupportedError } from '../../training-errors.ts';
import { compiled, createDispatch } from '../kernels/dispatch.ts';
import { allocating, GpuMemory } from '../memory/memory.ts';
import { RealFormat } from '../memory/real-format.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

/**
 * The largest relative error of each primitive in double-single arithmetic, and its float64
 * reference.
 */
export const DOUBLE_PRIMITIVES: Record<
  Primitive,
  { tolerance: number; reference: (a: number, b: number) => number }
> = {
  add: { tolerance: 2 ** -44, reference: (a, b) => a + b },
  multiply: { tolerance: 2 ** -44, reference: (a, b) => a * b },
  divide: { tolerance: 2 ** -44, reference: (a, b) => a / b },
  'square root': { tolerance: 2 ** -44, reference: (a) => Math.sqrt(a) },
  exponential: { tolerance: 2 ** -40, reference: (a) => Math.exp(a) },
  logarithm: { tolerance: 2 ** -40, reference: (a) => Math.log(a) },
  'logarithm of one plus': { tolerance: 2 ** -40, reference: (a) => Math.log1p(a) },
};

const chosen = new WeakMap<GPUDevice, Promise<DoubleArithmetic>>();

/**
 * Finds the double-single arithmetic that is right on a device, once a device: the plain form, else
 * the guarded form. Compilers may simplify away the rounding errors that double-single is made of.
 * @throws {UnsupportedError} with a wrong result, if neither form is right
 */
export function doubleArithmetic(device: GPUDevice): Promise<DoubleArithmetic> {
  let choice = chosen.get(device);
  if (!choice) {
    choice = choose(device);
    chosen.set(device, choice);
    // Another error, such as a lack of memory, says nothing about the arithmetic.
    choice.catch((error) => {
      if (!(error instanceof UnsupportedError)) chosen.delete(device);
    });
  }
  return choice;
}

async function choose(device: GPUDevice): Promise<DoubleArithmetic> {
  let failure: string | undefined;
  for (const form of [double, guardedDouble]) {
    failure = await findFailure(device, form);
    if (failure === undefined) return form;
  }
  throw new UnsupportedError(
    `This device cannot compute in double precision: ${failure}. Use precision: 'single', or backend: 'cpu'.`,
  );
}

/** The first wrong result in words; undefined if all results are right. */
async function findFailure(device: GPUDevice, form: DoubleArithmetic): Promise<string | undefined> {
  const primitives = Object.keys(DOUBLE_PRIMITIVES) as Primitive[];
  const tests = await Promise.allSettled(
    primitives.map(async (primitive) => {
      const { tolerance, reference } = DOUBLE_PRIMITIVES[primitive];
      const { a, b } = cases(primitive);
      const results = await compute(device, primitive, form, a, b);
      for (let i = 0; i < a.length; i++) {
        const expected = reference(a[i], b[i]);
        if (!(Math.abs(results[i] - expected) <= tolerance * Math.abs(expected))) {
          return `${primitive} of ${a[i]} and ${b[i]} should give ${expected}, and gave ${results[i]}`;
        }
      }
      return undefined;
    }),
  );
  // Only after all tests have ended is all their memory free.
  const broken = tests.find((test) => test.status === 'rejected');
  if (broken) throw broken.reason;
  return tests.flatMap((test) => (test.status === 'fulfilled' ? test.value : [])).find(Boolean);
}

/** Computes one operation on pairs of numbers, in one arithmetic, on the device. */
export async function compute(
  device: GPUDevice,
  primitive: Primitive,
  form: DoubleArithmetic,
  a: Float64Array,
  b: Float64Array,
): Promise<ArrayLike<number>> {
  const memory = new GpuMemory(device, form);
  try {
    const count = a.length;
    const { result, dispatch } = await allocating(device, 'the self-test', () => {
      const result = memory.reals('result', count);
      const dispatch = createDispatch(memory, {
        label: `arithmetic ${primitive}`,
        kernel: arithmetic(primitive, form),
        buffers: [memory.upload('a', a), memory.upload('b', b), result],
        uniform: [count],
        extent: { x: count },
      });
      return { result, dispatch };
    });
    await compiled([dispatch]);
    const words = count * memory.format.words;
    const readback = await Readback.create(memory, words);
    const commands = new Commands(memory, 'arithmetic');
    commands.dispatch([dispatch]);
    readback.copy(commands, result, words);
    await commands.submit();
    return memory.format.decode((await readback.read())[0]);
  } finally {
    memory.destroy();
  }
}

const RANDOM_CASES = 192;

/** Operands that a double-single holds exactly, chosen to need its second word. */
function cases(primitive: Primitive): { a: Float64Array; b: Float64Array } {
  const random = new RandomState(20).randomSample(3 * RANDOM_CASES);
  const a = [1, 1, 1 + 2 ** -23, 1 - 2 ** -24, 2 ** -12 + 1, 3, 1 + 2 ** -40, 0.1, 8191.5, 1e-6];
  const b = [2 ** -24, 2 ** -40, -1, -1 + 2 ** -30, 2 ** -12 - 1, 1 / 3, -1, -0.1 + 2 ** -30, 4097, 1e6];
  for (let i = 0; i < RANDOM_CASES; i++) {
    const [x, y, z] = random.subarray(3 * i);
    a.push((x - 0.5) * 2 ** (20 * z - 10));
    // A third of the sums nearly cancel.
    b.push(i % 3 === 0 ? -a[a.length - 1] * (1 + y * 2 ** -20) : (y - 0.5) * 2 ** (20 * (1 - z) - 10));
  }
  const positive = primitive.startsWith('logarithm') || primitive === 'square root';
  const operand = { exponential: (x: number) => x % 40, other: (x: number) => (positive ? Math.abs(x) : x) };
  const shape = primitive === 'exponential' ? operand.exponential : operand.other;
  return { a: held(a.map(shape)), b: held(b) };
}

/** Numbers rounded to double-single. */
function held(values: number[]): Float64Array {
  const format = new RealFormat(double);
  return Float64Array.from(format.decode(format.encode(values).buffer as ArrayBuffer));
}
