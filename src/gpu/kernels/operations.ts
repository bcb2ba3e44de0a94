import { WORKGROUP } from '../../../shaders/lib/kernel.ts';
import type { Arithmetic } from '../../../shaders/lib/real.ts';
import { softmax } from '../../../shaders/softmax.wgsl.ts';
import { sum } from '../../../shaders/sum.wgsl.ts';
import { checkIterations } from '../device/adapter.ts';
import { queueOf } from '../device/queue.ts';
import { allocating, type GpuMemory, type Tensor } from '../memory/memory.ts';
import { createDispatch, type Dispatch, weighted } from './dispatch.ts';
import { finishOf, type Stored, type Updated } from './epilogue.ts';
import type { MatmulShape } from './matmul.ts';
import { type KernelChoice, productKey } from './products.ts';

/**
 * The operations a plan is made of: what each reads and writes, by name, and in which shapes. The kernels that only networks of many
 * layers or features need are loaded with the first that does.
 */
export class Operations {
  readonly #memory: GpuMemory;
  readonly #steps: GPUBuffer;
  readonly #kernels: KernelChoice;

  /**
   * @param steps holds one step struct every {@link STEP_STRIDE} bytes
   * @param kernels how to compute some products
   */
  constructor(memory: GpuMemory, steps: GPUBuffer, kernels: KernelChoice = new Map()) {
    this.#memory = memory;
    this.#steps = steps;
    this.#kernels = kernels;
  }

  /** The same with other kernels for products. */
  choosing(kernels: KernelChoice): Operations {
    return new Operations(this.#memory, this.#steps, kernels);
  }

  /** The same on other memory. */
  on(memory: GpuMemory): Operations {
    return new Operations(memory, this.#steps, this.#kernels);
  }

  get #arithmetic(): Arithmetic {
    return this.#memory.format.arithmetic;
  }

  /** A·B, Aᵀ·B or A·Bᵀ (m×n), stored or taken for a gradient: one dispatch, or two. */
  async matmul(
    label: string,
    shape: MatmulShape,
    operands: { a: Tensor; b: Tensor },
    result: Stored | Updated,
  ): Promise<Dispatch[]> {
    const { createMatmul, matmulCandidates } = await import('./matmul.ts');
    const finish = finishOf(this.#memory, result, this.#steps);
    const candidate =
      this.#kernels.get(productKey(shape, finish.epilogue)) ??
      matmulCandidates(shape, this.#memory.device, this.#arithmetic)[0];
    return createMatmul(this.#memory, label, shape, candidate, operands, finish);
  }

  /** gradient[i] = 0 where outputs[i] ≤ 0. */
  async reluMask(label: string, count: number, outputs: Tensor, gradient: Tensor): Promise<Dispatch> {
    const { reluMask } = await import('../../../shaders/relu-mask.wgsl.ts');
    const vectors = Math.ceil((count * this.#memory.format.words) / 4);
    return createDispatch(this.#memory, {
      label: `relu mask ${label}`,
      kernel: reluMask(this.#arithmetic),
      buffers: [outputs, gradient],
      uniform: [vectors],
      extent: { x: vectors },
    });
  }

  /** Losses (rows), correct (rows) and gradient (rows×classes) from logits (rows×classes) and labels (rows). */
  softmaxLoss(
    shape: { rows: number; classes: number },
    buffers: {
      logits: Tensor;
      labels: Tensor;
      losses: Tensor;
      correct: Tensor;
      gradient: Tensor;
    },
  ): Promise<Dispatch> {
    const { logits, labels, losses, correct, gradient } = buffers;
    this.#checkClasses(shape.classes);
    return createDispatch(this.#memory, {
      label: 'softmax loss',
      kernel: softmax({ output: 'loss', ...this.#softmaxOf(shape.classes) }),
      work: SOFTMAX * shape.rows * shape.classes,
      buffers: [logits, labels, losses, correct, gradient],
      uniform: [shape.rows, shape.classes],
      extent: { x: shape.rows },
    });
  }

  /** Probabilities (rows×classes) and predicted classes (rows) from logits (rows×classes). */
  softmaxProbabilities(
    shape: { rows: number; classes: number },
    buffers: { logits: Tensor; probabilities: Tensor; predicted: Tensor },
  ): Promise<Dispatch> {
    const { logits, probabilities, predicted } = buffers;
    this.#checkClasses(shape.classes);
    return createDispatch(this.#memory, {
      label: 'softmax probabilities',
      kernel: softmax({ output: 'probabilities', ...this.#softmaxOf(shape.classes) }),
      work: SOFTMAX * shape.rows * shape.classes,
      buffers: [logits, probabilities, predicted],
      uniform: [shape.rows, shape.classes],
      extent: { x: shape.rows },
    });
  }

  /** With as many rows in a workgroup, at most 64, as take no longer than what nothing can cut may. */
  #softmaxOf(classes: number): { workgroup: number; arithmetic: Arithmetic } {
    const { mostUncut } = queueOf(this.#memory.device).speed;
    const fitting = mostUncut / weighted(this.#memory, SOFTMAX * classes);
    const workgroup = 2 ** Math.max(0, Math.floor(Math.log2(Math.min(WORKGROUP, fitting))));
    return { workgroup, arithmetic: this.#arithmetic };
  }

  /** The kernel goes over a row's classes three times. */
  #checkClasses(classes: number): void {
    checkIterations(this.#memory.device.adapterInfo, `A softmax of ${classes} classes`, 3 * classes);
  }

  /**
   * The sums of the columns (columns) of values (rows×columns), stored or taken for a gradient: a dispatch for every `STRIP`-fold of
   * rows.
   */
  async columnSums(
    label: string,
    shape: { rows: number; columns: number },
    values: Tensor,
    result: Pick<Stored, 'target'> | Updated,
  ): Promise<Dispatch[]> {
    const { columnSums, STRIP } = await import('../../../shaders/column-sums.wgsl.ts');
    const { rows, columns } = shape;
    const strips = Math.ceil(rows / STRIP);
    const partial = strips > 1 ? await this.#scratch(`strips of ${label}`, strips * columns) : undefined;
    const finish = finishOf(this.#memory, partial ? { target: partial } : result, this.#steps);
    const dispatch = await createDispatch(this.#memory, {
      label: `column sums ${label}${finish.suffix}`,
      kernel: columnSums(finish.epilogue, this.#arithmetic),
      buffers: [values, ...finish.buffers],
      uniform: [...finish.uniform, rows, columns],
      extent: { x: columns, y: strips },
      work: rows * columns,
      steps: finish.steps,
    });
    if (!partial) return [dispatch];
    return [dispatch, ...(await this.columnSums(label, { rows: strips, columns }, partial, result))];
  }

  /** results[at] = scale·Σ values, or scale·Σ values²: one dispatch for short vectors, two for long ones. */
  async sum(
    label: string,
    count: number,
    values: Tensor,
    results: Tensor,
    { at, square = false, scale = 1 }: { at: number; square?: boolean; scale?: number },
  ): Promise<Dispatch[]> {
    const { format } = this.#memory;
    const stage = (name: string, from: Tensor, to: Tensor, options: SumStage) =>
      createDispatch(this.#memory, {
        label: `sum ${label}${name}`,
        kernel: sum({ square: options.square, arithmetic: this.#arithmetic }),
        buffers: [from, to],
        uniform: [...format.uniform(options.scale), options.count, options.at],
        extent: { x: options.workgroups * WORKGROUP },
        work: options.count,
      });
    const workgroups = Math.min(WORKGROUP, Math.ceil(count / (WORKGROUP * TERMS_PER_LANE)));
    if (workgroups === 1) {
      return [await stage('', values, results, { count, workgroups, square, scale, at })];
    }
    const partial = await this.#scratch(`partial sums ${label}`, workgroups);
    return Promise.all([
      stage(' first', values, partial, { count, workgroups, square, scale: 1, at: 0 }),
      stage(' second', partial, results, { count: workgroups, workgroups: 1, square: false, scale, at }),
    ]);
  }

  #scratch(label: string, length: number): Promise<GPUBuffer> {
    return allocating(this.#memory.device, label, () => this.#memory.reals(label, length));
  }

  /** The step's rows of the training data, inputs and labels. */
  async gather(
    shape: { rows: number; features: number },
    from: { inputs: Tensor; labels: Tensor; order: Tensor },
    to: { inputs: Tensor; labels: Tensor },
  ): Promise<Dispatch> {
    const { gather } = await import('../../../shaders/gather.wgsl.ts');
    return createDispatch(this.#memory, {
      label: 'gather batch',
      kernel: gather(this.#arithmetic),
      buffers: [from.inputs, from.labels, from.order, to.inputs, to.labels],
      uniform: [shape.rows, shape.features],
      extent: { x: shape.rows * shape.features },
      steps: this.#steps,
    });
  }

  /** One update of parameters (count) from their gradient (count). */
  async update(label: string, count: number, gradient: Tensor, updated: Updated): Promise<Dispatch> {
    const { update } = await import('../../../shaders/update.wgsl.ts');
    const { buffers, uniform, steps } = finishOf(this.#memory, updated, this.#steps);
    return createDispatch(this.#memory, {
      label: `update ${label}`,
      kernel: update({ rule: updated.rule, arithmetic: this.#arithmetic }),
      buffers: [gradient, ...buffers],
      uniform: [...uniform, count],
      extent: { x: count },
      steps,
    });
  }
}

/** Work on a logit: an exponential and several passes. */
const SOFTMAX = 24;

interface SumStage {
  count: number;
  workgroups: number;
  square: boolean;
  scale: number;
  at: number;
}

/** Terms that one invocation of the sum kernel adds before more workgroups are used. */
const TERMS_PER_LANE = 64;
