import { columnSums, STRIP } from '../../../shaders/column-sums.wgsl.ts';
import { gather } from '../../../shaders/gather.wgsl.ts';
import { WORKGROUP } from '../../../shaders/lib/kernel.ts';
import type { Arithmetic } from '../../../shaders/lib/real.ts';
import { reluMask } from '../../../shaders/relu-mask.wgsl.ts';
import { softmax } from '../../../shaders/softmax.wgsl.ts';
import { sum } from '../../../shaders/sum.wgsl.ts';
import { update } from '../../../shaders/update.wgsl.ts';
import { checkIterations } from '../device/adapter.ts';
import { queueOf } from '../device/queue.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import { createDispatch, type Dispatch, weighted } from './dispatch.ts';
import { bindEpilogue, type StoreBuffers, type UpdateBuffers } from './epilogue.ts';
import { createMatmul, type MatmulShape, matmulCandidates } from './matmul.ts';

/**
 * The operations a plan is made of: what each reads and writes, by name, and in which shapes. All of them make
 * buffers: within {@link allocating}.
 */
export class Operations {
  readonly #memory: GpuMemory;
  readonly #steps: GPUBuffer;

  /** @param steps holds one step struct every {@link STEP_STRIDE} bytes */
  constructor(memory: GpuMemory, steps: GPUBuffer) {
    this.#memory = memory;
    this.#steps = steps;
  }

  /** The same on other memory. */
  on(memory: GpuMemory): Operations {
    return new Operations(memory, this.#steps);
  }

  get #arithmetic(): Arithmetic {
    return this.#memory.format.arithmetic;
  }

  /** A·B, Aᵀ·B or A·Bᵀ (m×n), stored or taken for a gradient: one dispatch, or two. */
  matmul(
    label: string,
    shape: MatmulShape,
    operands: { a: GpuTensor; b: GpuTensor },
    result: StoreBuffers | UpdateBuffers,
  ): Dispatch[] {
    const finish = bindEpilogue(result, this.#steps);
    const [candidate] = matmulCandidates(shape, this.#memory.device, this.#arithmetic);
    return createMatmul(this.#memory, label, shape, candidate, operands, finish);
  }

  /** gradient[i] = 0 where outputs[i] ≤ 0. */
  reluMask(label: string, count: number, outputs: GpuTensor, gradient: GpuTensor): Dispatch {
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
      logits: GpuTensor;
      labels: GpuTensor;
      losses: GpuTensor;
      correct: GpuTensor;
      gradient: GpuTensor;
    },
  ): Dispatch {
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
    buffers: { logits: GpuTensor; probabilities: GpuTensor; predicted: GpuTensor },
  ): Dispatch {
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
  columnSums(
    label: string,
    shape: { rows: number; columns: number },
    values: GpuTensor,
    result: Pick<StoreBuffers, 'target'> | UpdateBuffers,
  ): Dispatch[] {
    const { rows, columns } = shape;
    const strips = Math.ceil(rows / STRIP);
    const partial = strips > 1 ? this.#memory.reals(`strips of ${label}`, strips * columns) : undefined;
    const finish = bindEpilogue(partial ? { target: partial } : result, this.#steps);
    const dispatch = createDispatch(this.#memory, {
      label: `column sums ${label}${finish.suffix}`,
      kernel: columnSums(finish.epilogue, this.#arithmetic),
      buffers: [values, ...finish.buffers],
      uniform: [...finish.uniform, rows, columns],
      extent: { x: columns, y: strips },
      work: rows * columns,
      steps: finish.steps,
    });
    if (!partial) return [dispatch];
    return [dispatch, ...this.columnSums(label, { rows: strips, columns }, partial, result)];
  }

  /** results[at] = scale·Σ values, or scale·Σ values²: one dispatch for short vectors, two for long ones. */
  sum(
    label: string,
    count: number,
    values: GpuTensor,
    results: GpuTensor,
    { at, square = false, scale = 1 }: { at: number; square?: boolean; scale?: number },
  ): Dispatch[] {
    const { format } = this.#memory;
    const stage = (name: string, from: GpuTensor, to: GpuTensor, options: SumStage) =>
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
      return [stage('', values, results, { count, workgroups, square, scale, at })];
    }
    const partial = this.#memory.reals(`partial sums ${label}`, workgroups);
    return [
      stage(' first', values, partial, { count, workgroups, square, scale: 1, at: 0 }),
      stage(' second', partial, results, { count: workgroups, workgroups: 1, square: false, scale, at }),
    ];
  }

  /** The step's rows of the training data, inputs and labels. */
  gather(
    shape: { rows: number; features: number },
    from: { inputs: GpuTensor; labels: GpuTensor; order: GpuTensor },
    to: { inputs: GpuTensor; labels: GpuTensor },
  ): Dispatch {
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
  update(label: string, count: number, gradient: GpuTensor, updated: UpdateBuffers): Dispatch {
    const { buffers, uniform, steps } = bindEpilogue(updated, this.#steps);
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
