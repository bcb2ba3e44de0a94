import { columnSums, STRIP } from '../../shaders/column-sums.wgsl.ts';
import { gather } from '../../shaders/gather.wgsl.ts';
import { WORKGROUP } from '../../shaders/kernel.ts';
import type { Arithmetic } from '../../shaders/real.ts';
import { reluMask } from '../../shaders/relu-mask.wgsl.ts';
import { softmax } from '../../shaders/softmax.wgsl.ts';
import { sum } from '../../shaders/sum.wgsl.ts';
import { update } from '../../shaders/update.wgsl.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { finishOf, type Stored, type Updated } from './finish.ts';
import { createMatmul, type MatmulShape, matmulCandidates } from './matmul.ts';
import type { GpuMemory, Tensor } from './memory.ts';

/** The operations a plan is made of: what each reads and writes, by name, and in which shapes. */
export class Operations {
  readonly #memory: GpuMemory;
  readonly #steps: GPUBuffer;

  /** @param steps holds one step struct every {@link STEP_STRIDE} bytes */
  constructor(memory: GpuMemory, steps: GPUBuffer) {
    this.#memory = memory;
    this.#steps = steps;
  }

  get #arithmetic(): Arithmetic {
    return this.#memory.format.arithmetic;
  }

  /** A·B, Aᵀ·B or A·Bᵀ (m×n), stored or taken for a gradient: one dispatch, or two. */
  matmul(
    label: string,
    shape: MatmulShape,
    operands: { a: Tensor; b: Tensor },
    result: Stored | Updated,
  ): Promise<Dispatch[]> {
    const [candidate] = matmulCandidates(shape, this.#memory.device, this.#arithmetic);
    const finish = finishOf(this.#memory, result, this.#steps);
    return createMatmul(this.#memory, label, shape, candidate, operands, finish);
  }

  /** gradient[i] = 0 where outputs[i] ≤ 0. */
  reluMask(label: string, count: number, outputs: Tensor, gradient: Tensor): Promise<Dispatch> {
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
    return createDispatch(this.#memory, {
      label: 'softmax loss',
      kernel: softmax({ output: 'loss', arithmetic: this.#arithmetic }),
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
    return createDispatch(this.#memory, {
      label: 'softmax probabilities',
      kernel: softmax({ output: 'probabilities', arithmetic: this.#arithmetic }),
      buffers: [logits, probabilities, predicted],
      uniform: [shape.rows, shape.classes],
      extent: { x: shape.rows },
    });
  }

  /**
   * The sums of the columns (columns) of values (rows×columns), stored or taken for a gradient: a dispatch for every
   * {@link STRIP}-fold of rows.
   */
  async columnSums(
    label: string,
    shape: { rows: number; columns: number },
    values: Tensor,
    result: Pick<Stored, 'target'> | Updated,
  ): Promise<Dispatch[]> {
    const { rows, columns } = shape;
    const strips = Math.ceil(rows / STRIP);
    const partial = strips > 1 ? this.#memory.reals(`strips of ${label}`, strips * columns) : undefined;
    const finish = finishOf(this.#memory, partial ? { target: partial } : result, this.#steps);
    const dispatch = await createDispatch(this.#memory, {
      label: `column sums ${label}${finish.suffix}`,
      kernel: columnSums(finish.epilogue, this.#arithmetic),
      buffers: [values, ...finish.buffers],
      uniform: [...finish.uniform, rows, columns],
      extent: { x: columns, y: strips },
      steps: finish.steps,
    });
    if (!partial) return [dispatch];
    return [dispatch, ...(await this.columnSums(label, { rows: strips, columns }, partial, result))];
  }

  /** results[at] = scale·Σ values, or scale·Σ values²: one dispatch for short vectors, two for long ones. */
  sum(
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
      });
    const workgroups = Math.min(WORKGROUP, Math.ceil(count / (WORKGROUP * TERMS_PER_LANE)));
    if (workgroups === 1) {
      return Promise.all([stage('', values, results, { count, workgroups, square, scale, at })]);
    }
    const partial = this.#memory.reals(`partial sums ${label}`, workgroups);
    return Promise.all([
      stage(' first', values, partial, { count, workgroups, square, scale: 1, at: 0 }),
      stage(' second', partial, results, { count: workgroups, workgroups: 1, square: false, scale, at }),
    ]);
  }

  /** The step's rows of the training data, inputs and labels. */
  gather(
    shape: { rows: number; features: number },
    from: { inputs: Tensor; labels: Tensor; order: Tensor },
    to: { inputs: Tensor; labels: Tensor },
  ): Promise<Dispatch> {
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
  update(label: string, count: number, gradient: Tensor, updated: Updated): Promise<Dispatch> {
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

interface SumStage {
  count: number;
  workgroups: number;
  square: boolean;
  scale: number;
  at: number;
}

/** Terms that one invocation of the sum kernel adds before more workgroups are used. */
const TERMS_PER_LANE = 64;
