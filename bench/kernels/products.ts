import { relu } from '../../shaders/lib/activation.ts';
import type { Epilogue } from '../../shaders/lib/epilogue.ts';
import { requestDevice } from '../../src/gpu/device/device.ts';
import { compiled, type Dispatch } from '../../src/gpu/kernels/dispatch.ts';
import { type BoundEpilogue, bindEpilogue } from '../../src/gpu/kernels/epilogue.ts';
import type { MatmulShape } from '../../src/gpu/kernels/matmul.ts';
import { createMatmul } from '../../src/gpu/kernels/multiply.ts';
import { layerProducts } from '../../src/gpu/kernels/products.ts';
import { allocating, GpuMemory } from '../../src/gpu/memory/memory.ts';
import { NOT_DIVERGED } from '../../src/gpu/network/parameters.ts';
import { Schedule } from '../../src/gpu/network/schedule.ts';
import { timeDispatches } from '../../src/gpu/profile/time-dispatches.ts';
import { Commands } from '../../src/gpu/submission/commands.ts';
import { Readback } from '../../src/gpu/submission/readback.ts';
import { RandomState, spiral } from '../../src/index.ts';
import { repeatFor } from '../../src/measure/repeat.ts';
import { resolveOptions } from '../../src/options/trainer.ts';
import { takeTurns } from '../../src/page/measure/contestant.ts';
import { spread } from '../../src/page/measure/statistics.ts';
import { digits, type Table } from '../report/table.ts';
import type { Settings } from '../workloads/measure.ts';
import { sensibleCandidates } from './candidates.ts';

/** The factor by which a kernel may be slower than the fastest so far and still be timed. */
const FAR_SLOWER = 4;

/** A network, and the rows of a step. */
interface ProductsOf {
  rows: number;
  /** Features, hidden…, classes. */
  sizes: number[];
}

/** A matrix product of a step with what is done with its numbers. */
interface Product {
  label: string;
  shape: MatmulShape;
  epilogue: Epilogue;
}

/**
 * A network as the command line says it: `300x2-100-3`.
 * @throws {Error} if it is none
 */
export function parseProducts(text: string): ProductsOf {
  const [, rows, sizes] = text.match(/^(\d+)[x×](\d+(?:-\d+)+)$/) ?? [];
  if (!sizes) throw new Error(`${text} is no network: say rows and sizes, such as 300x2-100-3.`);
  return { rows: Number(rows), sizes: sizes.split('-').map(Number) };
}

/**
 * Times every kernel for each product of a network's step by the plan `fused`, in turns. The first
 * of a table is the rules' choice (`src/gpu/kernels/matmul.ts`): where another one is faster, the
 * rules can be improved.
 * @throws {UnsupportedError} if there is no GPU
 */
export async function measureProducts(
  gpu: GPU | undefined,
  network: ProductsOf,
  settings: Settings,
  say: (line: string) => void,
): Promise<Table[]> {
  const device = await requestDevice(gpu);
  try {
    const tables: Table[] = [];
    for (const product of productsOf(network)) {
      const memory = new GpuMemory(device, 'single');
      try {
        tables.push(await measureProduct(memory, product, settings));
      } finally {
        memory.destroy();
      }
      say(`products: ${tables[tables.length - 1].title}`);
    }
    return tables;
  } finally {
    device.destroy();
  }
}

/** The products of a step, one of each shape. */
function productsOf({ rows, sizes }: ProductsOf): Product[] {
  const last = sizes.length - 2;
  const all = sizes.slice(1).flatMap((_, layer): Product[] => {
    const { outputs, dWeights, dInputs } = layerProducts(sizes, layer, rows);
    return [
      { ...outputs, epilogue: { bias: true, ...(layer < last && { activation: relu }) } },
      { ...dWeights, epilogue: { update: { rule: 'sgd' } } },
      // The inputs need no gradient.
      ...(layer > 0 ? [{ ...dInputs, epilogue: { derivative: relu } }] : []),
    ];
  });
  const keys = all.map(({ shape, epilogue }) => JSON.stringify([shape, epilogue]));
  return all.filter((_, i) => keys.indexOf(keys[i]) === i);
}

/** A kernel for the product, under the clock. */
interface Entrant {
  name: string;
  /** Milliseconds to compile it. */
  compile: number;
  dispatches: Dispatch[];
  times: number;
  timings: number[];
}

async function measureProduct(memory: GpuMemory, product: Product, settings: Settings): Promise<Table> {
  const { label, shape } = product;
  const { m, k, n, form } = shape;
  const { operands, epilogue, reset, written } = await createTensors(memory, product);
  const run = (dispatches: Dispatch[], times: number) => timeDispatches(memory, dispatches, times, written);
  const entrants: Entrant[] = [];
  const notes: string[] = [];
  let expected: Uint32Array | undefined;
  let fastest = Number.POSITIVE_INFINITY;
  for (const candidate of sensibleCandidates(shape, memory.device, 'single')) {
    const start = performance.now();
    const dispatches = await allocating(memory.device, 'the product', () =>
      createMatmul(memory, label, shape, candidate, operands, epilogue),
    );
    await compiled(dispatches);
    const compile = performance.now() - start;
    reset();
    const bits = await carryOut(memory, dispatches, written, m * n);
    expected ??= bits;
    if (!bits.every((word, i) => word === expected?.[i])) throw new Error(`${candidate.name} has other bits`);
    const once = await run(dispatches, 1);
    if (once > FAR_SLOWER * fastest && once > settings.timing) {
      notes.push(`${candidate.name}: far slower, ${digits(once)} ms`);
      continue;
    }
    const { times, milliseconds } = await repeatFor(settings.timing, (times) => run(dispatches, times));
    fastest = Math.min(fastest, milliseconds / times);
    entrants.push({ name: candidate.name, compile, dispatches, times, timings: [] });
  }
  await takeTurns(entrants, settings.rounds, async ({ dispatches, times, timings }) => {
    timings.push((await run(dispatches, times)) / times);
  });
  const spreads = entrants.map(({ timings }) => spread(timings));
  const rows = entrants.map(({ name, compile }, i) => [
    name,
    digits(spreads[i].median),
    `${digits(spreads[i].lower)} … ${digits(spreads[i].upper)}`,
    digits(spreads[i].median / spreads[0].median),
    digits(spreads[i].min / spreads[0].min),
    digits((2 * m * k * n) / spreads[i].min / 1e6),
    digits(compile),
  ]);
  const header = ['', 'median', 'quartiles', '× rules', 'least × rules', 'GFLOP/s', 'to compile'];
  return { title: `${label}: ${form} ${m}×${k}×${n}, milliseconds`, header, rows, notes };
}

/** Tensors for a product, full of numbers; `reset` writes those anew that a kernel changes. */
async function createTensors(memory: GpuMemory, { shape: { m, k, n }, epilogue }: Product) {
  const random = new RandomState(0);
  const values = random.randn(m * n);
  return allocating(memory.device, 'the product', () => {
    const upload = (name: string, length: number) => memory.upload(name, random.randn(length));
    const operands = { a: upload('a', m * k), b: upload('b', k * n) };
    const written = memory.reals('written', m * n);
    const reset = () => memory.write(written, values);
    // The struct of a step is the same whatever is trained.
    const { setup } = resolveOptions({ data: spiral({ perClass: 1 }), learningRate: 0.1 });
    const schedule = new Schedule(memory, setup);
    schedule.write(0, 1);
    const diverged = memory.upload('diverged', Uint32Array.of(NOT_DIVERGED));
    const { update, bias, activation, derivative } = epilogue;
    const result = update
      ? { update, parameters: written, moments: [], diverged, steps: schedule.steps, penalized: true }
      : {
          target: written,
          activation,
          ...(bias && { bias: upload('bias', n) }),
          ...(derivative && { derivative: { activation: derivative, outputs: upload('outputs', m * n) } }),
        };
    const bound: BoundEpilogue = bindEpilogue(result);
    return { operands, epilogue: bound, reset, written };
  });
}

async function carryOut(memory: GpuMemory, dispatches: Dispatch[], result: GPUBuffer, words: number) {
  const commands = new Commands(memory, 'bits');
  commands.dispatch(dispatches);
  const readback = await Readback.create(memory, words);
  readback.copy(commands, result, words);
  await commands.submit();
  const [bytes] = await readback.read();
  return new Uint32Array(bytes);
}
