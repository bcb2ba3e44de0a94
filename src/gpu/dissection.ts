import type { EngineDissection } from '../engine.ts';
import { stepOperations, stepTensors } from '../step-operations.ts';
import type { KernelCall, Operation, Tensor, TensorShape } from '../types.ts';
import { type Dispatch, encode } from './dispatch.ts';
import { createLayeredPlan } from './layered-plan.ts';
import { allocating, type GpuMemory } from './memory.ts';
import { Operations } from './operations.ts';
import { checkDiverged } from './parameters.ts';
import { createContext, type Plan, type PlanContext } from './plan.ts';
import { Readback } from './readback.ts';

/** The operations of a step over a whole batch, in the order in which a plan's dispatches compute them. */
export function operationsOf(
  { dispatches }: Pick<Plan, 'dispatches'>,
  setup: PlanContext['setup'],
): Operation[] {
  const first = (name: string) => dispatches.findIndex(({ computes }) => computes.includes(name));
  return stepOperations(setup)
    .map((operation) => ({
      ...operation,
      kernels: dispatches.filter(({ computes }) => computes.includes(operation.name)).map(kernelCall),
    }))
    .sort((a, b) => first(a.name) - first(b.name));
}

function kernelCall({ label, code, workgroups }: Dispatch): KernelCall {
  const size = /@workgroup_size\(([^)]*)\)/.exec(code)?.[1] ?? '1';
  return { label, code, workgroups: [...workgroups], workgroupSize: size.split(',').map(Number) };
}

/** Probabilities are what no training kernel stores: a kernel of their own computes them from the scores in memory. */
const PROBABILITIES = 'probabilities';

/** One step of a plan, dispatch by dispatch, on the buffers of the run. */
export class GpuDissection implements EngineDissection {
  readonly operations: readonly Operation[];
  readonly tensors: readonly TensorShape[];
  readonly #context: PlanContext;
  readonly #plan: Plan;
  readonly #step: number;
  readonly #dispatches: readonly Dispatch[];
  readonly #count: () => void;
  /** Dispatches carried out. */
  #done = 0;

  /**
   * @param step updates before this one
   * @param count counts the step as applied
   */
  constructor(context: PlanContext, plan: Plan, step: number, count: () => void) {
    const { schedule, setup } = context;
    this.#context = context;
    this.#plan = plan;
    this.#step = step;
    this.#count = count;
    const rows = schedule.rows(step);
    this.#dispatches = plan.dispatchesOf(rows);
    const kept = new Set(plan.tensors.keys());
    if (kept.has('scores')) kept.add(PROBABILITIES);
    this.tensors = [...stepTensors({ ...setup, batchSize: rows }).values()].filter(({ name }) =>
      kept.has(name),
    );
    this.operations = operationsOf({ dispatches: this.#dispatches }, setup);
  }

  async advance(position: number): Promise<number> {
    const { memory, schedule, network } = this.#context;
    const wanted = this.operations.slice(0, position).map(({ name }) => name);
    const end =
      1 + this.#dispatches.findLastIndex(({ computes }) => computes.some((name) => wanted.includes(name)));
    const encoder = memory.device.createCommandEncoder({ label: 'dissection' });
    const pass = encoder.beginComputePass({ label: 'dissection' });
    encode(pass, this.#dispatches.slice(this.#done, end));
    pass.end();
    schedule.setRun(0, 1);
    schedule.write(this.#step, 1);
    const readback = new Readback(memory, 1);
    readback.copy(encoder, network.diverged, 1);
    memory.submit(encoder);
    this.#done = Math.max(this.#done, end);
    const [flag] = await readback.read();
    checkDiverged(flag);
    return this.#position;
  }

  restart(): void {
    this.#done = 0;
  }

  async complete(): Promise<void> {
    this.#count();
  }

  async read(name: string): Promise<Tensor> {
    const { memory } = this.#context;
    const shape = this.tensors.find((tensor) => tensor.name === name) as TensorShape;
    if (name === PROBABILITIES) return { ...shape, values: await this.#probabilities(shape) };
    const tensor = this.#plan.tensors.get(name);
    if (!tensor) throw new Error(`${name} is not kept.`);
    const encoder = memory.device.createCommandEncoder({ label: `read ${name}` });
    const count = shape.shape.reduce((product, size) => product * size, 1);
    const words = name === 'labels' ? count : count * memory.format.words;
    const readback = new Readback(memory, words);
    readback.copy(encoder, tensor, words);
    memory.submit(encoder);
    const [bytes] = await readback.read();
    return { ...shape, values: name === 'labels' ? new Uint32Array(bytes) : memory.format.decode(bytes) };
  }

  /** Operations of which every dispatch has been carried out. */
  get #position(): number {
    const left = new Set(this.#dispatches.slice(this.#done).flatMap(({ computes }) => computes));
    const next = this.operations.findIndex(({ name }) => left.has(name));
    return next < 0 ? this.operations.length : next;
  }

  async #probabilities({ shape: [rows, classes] }: TensorShape) {
    const memory = this.#context.memory.apart();
    try {
      const operations = new Operations(memory, this.#context.schedule.steps);
      const { probabilities, predicted } = await allocating(memory.device, 'the probabilities', () => ({
        probabilities: memory.reals('probabilities', rows * classes),
        predicted: memory.words('predicted', rows),
      }));
      const logits = this.#plan.tensors.get('scores');
      if (!logits) throw new Error('The scores are not kept.');
      const dispatch = await operations.softmaxProbabilities(
        { rows, classes },
        { logits, probabilities, predicted },
      );
      const encoder = memory.device.createCommandEncoder({ label: 'probabilities' });
      const pass = encoder.beginComputePass({ label: 'probabilities' });
      encode(pass, [dispatch]);
      pass.end();
      const readback = new Readback(memory, rows * classes * memory.format.words);
      readback.copy(encoder, probabilities, rows * classes * memory.format.words);
      memory.submit(encoder);
      const [bytes] = await readback.read();
      return memory.format.decode(bytes);
    } finally {
      memory.destroy();
    }
  }
}

/**
 * All tensors of step `step + 1` before its update, by the plan `layered` on memory apart and a copy of the parameters.
 * @param seed of the order of mini-batches
 */
export async function inspect(
  memory: GpuMemory,
  { setup, network, source }: PlanContext,
  step: number,
  seed: number,
): Promise<Tensor[]> {
  const context = await createContext(memory, setup, { source });
  context.schedule.reseed(seed);
  const plan = await createLayeredPlan(context, 'layered');
  const encoder = memory.device.createCommandEncoder({ label: 'inspect' });
  const copies = [network, context.network].map(({ parameters, moments }) => [parameters, ...moments]);
  copies[0].forEach((layers, set) => {
    const [from, to] = [layers[0].weights.buffer, copies[1][set][0].weights.buffer];
    encoder.copyBufferToBuffer(from, 0, to, 0, from.size);
  });
  encoder.copyBufferToBuffer(network.diverged, 0, context.network.diverged, 0, 4);
  memory.submit(encoder);
  const dissection = new GpuDissection(context, plan, step, () => {});
  await dissection.advance(dissection.operations.findIndex(({ phase }) => phase === 'update'));
  return Promise.all(dissection.tensors.map(({ name }) => dissection.read(name)));
}
