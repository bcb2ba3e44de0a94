import { columnSums, STRIP } from '../../shaders/column-sums.wgsl.ts';
import { gather } from '../../shaders/gather.wgsl.ts';
import { WORKGROUP } from '../../shaders/kernel.ts';
import type { MatmulForm } from '../../shaders/matmul-epilogue.ts';
import type { Arithmetic } from '../../shaders/real.ts';
import { reluMask } from '../../shaders/relu-mask.wgsl.ts';
import { softmax } from '../../shaders/softmax.wgsl.ts';
import { sum } from '../../shaders/sum.wgsl.ts';
import { update } from '../../shaders/update.wgsl.ts';
import type { UpdateRule } from '../../shaders/update-rule.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { createMatmul, matmulCandidates } from './matmul.ts';
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

  /** product (m×n) = A·B, Aᵀ·B or A·Bᵀ, plus bias (n), through ReLU: one dispatch, or two. */
  matmul(
    label: string,
    { m, k, n }: { m: number; k: number; n: number },
    { a, b, bias, product }: { a: Tensor; b: Tensor; bias?: Tensor; product: Tensor },
    { form, relu }: { form: MatmulForm; relu?: boolean },
  ): Promise<Dispatch[]> {
    const shape = { form, m, k, n };
    const [candidate] = matmulCandidates(shape, this.#memory.device, this.#arithmetic);
    const buffers = { a, b, finished: bias ? [bias, product] : [product] };
    return createMatmul(this.#memory, label, shape, candidate, buffers, { bias: bias !== undefined, relu });
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

  /** sums (columns) of values (rows×columns): a dispatch for every {@link STRIP}-fold of rows. */
  async columnSums(
    label: string,
    shape: { rows: number; columns: number },
    values: Tensor,
    sums: Tensor,
  ): Promise<Dispatch[]> {
    const { rows, columns } = shape;
    const strips = Math.ceil(rows / STRIP);
    const target = strips === 1 ? sums : this.#memory.reals(`strips of ${label}`, strips * columns);
    const dispatch = await createDispatch(this.#memory, {
      label: `column sums ${label}`,
      kernel: columnSums(this.#arithmetic),
      buffers: [values, target],
      uniform: [rows, columns],
      extent: { x: columns, y: strips },
    });
    if (strips === 1) return [dispatch];
    return [dispatch, ...(await this.columnSums(label, { rows: strips, columns }, target, sums))];
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

  /** One update of `parameters` (count), with ½·l2·Σ of their squares in the loss. */
  update(
    label: string,
    shape: { count: number; l2: number },
    rule: UpdateRule,
    buffers: { parameters: Tensor; gradient: Tensor; moments: Tensor[]; diverged: Tensor },
  ): Promise<Dispatch> {
    const { parameters, gradient, moments, diverged } = buffers;
    const { format } = this.#memory;
    return createDispatch(this.#memory, {
      label: `update ${label}`,
      kernel: update({ rule, arithmetic: this.#arithmetic }),
      buffers: [parameters, gradient, ...moments, diverged],
      uniform: [...format.uniform(shape.l2), shape.count],
      extent: { x: shape.count },
      steps: this.#steps,
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
