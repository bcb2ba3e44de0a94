import type { EngineDissection } from '../../engine.ts';
import { stepTensors } from '../../step-operations.ts';
import type { Operation, Tensor, TensorShape } from '../../types.ts';
import { compiled, type Dispatch } from '../kernels/dispatch.ts';
import { Operations } from '../kernels/operations.ts';
import { allocating, type GpuMemory } from '../memory/memory.ts';
import { checkDiverged, copyParameters } from '../network/parameters.ts';
import { createLayeredPlan } from '../plans/layered.ts';
import { createContext, operationsOf, type Plan, type PlanContext } from '../plans/plan.ts';
import { Commands } from '../submission/commands.ts';
import { Readback } from '../submission/readback.ts';

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
    schedule.setRun(0, 1);
    await allocating(memory.device, 'the rows of a step', () => schedule.write(this.#step, 1));
    const readback = await Readback.create(memory, 1);
    const commands = new Commands(memory, 'dissection');
    commands.dispatch(this.#dispatches.slice(this.#done, end));
    readback.copy(commands, network.diverged, 1);
    const submitted = commands.submit();
    this.#done = Math.max(this.#done, end);
    await submitted;
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
    const count = shape.shape.reduce((product, size) => product * size, 1);
    const words = name === 'labels' ? count : count * memory.format.words;
    const readback = await Readback.create(memory, words);
    const commands = new Commands(memory, `read ${name}`);
    readback.copy(commands, tensor, words);
    await commands.submit();
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
      const logits = this.#plan.tensors.get('scores');
      if (!logits) throw new Error('The scores are not kept.');
      const { probabilities, dispatch } = await allocating(memory.device, 'the probabilities', () => {
        const probabilities = memory.reals('probabilities', rows * classes);
        const predicted = memory.words('predicted', rows);
        const tensors = { logits, probabilities, predicted };
        return { probabilities, dispatch: operations.softmaxProbabilities({ rows, classes }, tensors) };
      });
      await compiled([dispatch]);
      const readback = await Readback.create(memory, rows * classes * memory.format.words);
      const commands = new Commands(memory, 'probabilities');
      commands.dispatch([dispatch]);
      readback.copy(commands, probabilities, rows * classes * memory.format.words);
      await commands.submit();
      const [bytes] = await readback.read();
      return memory.format.decode(bytes);
    } finally {
      memory.destroy();
    }
  }
}

/** A dissection that says so where its device is lost. */
export function guarded(
  dissection: EngineDissection,
  guard: <T>(work: Promise<T>) => Promise<T>,
): EngineDissection {
  const { operations, tensors } = dissection;
  return {
    operations,
    tensors,
    advance: (position) => guard(dissection.advance(position)),
    restart: () => dissection.restart(),
    read: (name) => guard(dissection.read(name)),
    complete: () => guard(dissection.complete()),
  };
}

/**
 * All tensors of step `step + 1` before its update, by the plan `layered` on memory apart and a copy of the parameters.
 * @param now how many steps have been made when the parameters are copied, and the seed of the order of mini-batches
 */
export async function inspect(
  memory: GpuMemory,
  { setup, network, source }: PlanContext,
  now: () => [step: number, seed: number],
): Promise<Tensor[]> {
  const context = await createContext(memory, setup, { source, steps: 1 });
  const plan = await createLayeredPlan(context, 'layered');
  const [step, seed] = now();
  context.schedule.reseed(seed);
  const commands = new Commands(memory, 'inspect');
  copyParameters(commands, network, context.network);
  await commands.submit();
  const dissection = new GpuDissection(context, plan, step, () => {});
  await dissection.advance(dissection.operations.findIndex(({ phase }) => phase === 'update'));
  return Promise.all(dissection.tensors.map(({ name }) => dissection.read(name)));
}
