import type { Kernel } from '../../../shaders/lib/kernel.ts';
import { WORKGROUP } from '../../../shaders/lib/kernel.ts';
import { type LossOptions, type LossText, lossKernel } from '../../../shaders/lib/loss.ts';
import { softmaxProbabilities } from '../../../shaders/softmax.wgsl.ts';
import { type Summed, sum as sumKernel } from '../../../shaders/sum.wgsl.ts';
import { lossName } from '../../step-formulas.ts';
import { checkIterations } from '../device/adapter.ts';
import { queueOf } from '../device/queue.ts';
import type { GpuMemory, GpuTensor } from '../memory/memory.ts';
import { createDispatch, type Dispatch, weighted } from './dispatch.ts';

/*
 * The operations that several passes share: the tensors that each reads and writes, with their
 * shapes. All functions allocate: call them within `allocating`.
 */

/** The work on a logit: an exponential and several passes. */
const SOFTMAX = 24;

/** Class weights on the device, and their sum over the rows of a mean: a number, or that of the step. */
export interface Weighting {
  weights: GpuTensor;
  total: number | { steps: GPUBuffer };
}

interface LossTensors {
  logits: GpuTensor;
  /** Labels (rows), or targets (rows×classes). */
  answers: GpuTensor;
  losses: GpuTensor;
  correct: GpuTensor;
  gradient: GpuTensor;
}

/**
 * The losses (rows) of logits (rows×classes), correct (rows) and the gradient (rows×classes) of the
 * mean loss.
 */
export function loss(
  memory: GpuMemory,
  kind: LossText,
  shape: RowShape,
  { logits, answers, losses, correct, gradient }: LossTensors,
  weighting?: Weighting,
): Dispatch {
  const { weights, total } = weighting ?? {};
  const steps = typeof total === 'object' ? total.steps : undefined;
  const weighted = weighting && (steps ? 'batch' : 'all rows');
  return overRows(memory, shape, {
    label: `${lossName(kind.name)} loss`,
    kernel: (options) => lossKernel(kind, { weighted, ...options }),
    buffers: [logits, answers, losses, correct, gradient, ...(weights ? [weights] : [])],
    more: typeof total === 'number' ? memory.format.uniform(total) : [],
    steps,
  });
}

/** The probabilities (rows×classes) and the predicted classes (rows) of logits (rows×classes). */
export function softmax(
  memory: GpuMemory,
  shape: RowShape,
  { logits, probabilities, predicted }: Record<'logits' | 'probabilities' | 'predicted', GpuTensor>,
): Dispatch {
  return overRows(memory, shape, {
    label: 'softmax probabilities',
    kernel: softmaxProbabilities,
    buffers: [logits, probabilities, predicted],
    more: [],
  });
}

/** Rows of logits; `classes` is the number of logits in a row, also of a regression. */
interface RowShape {
  rows: number;
  classes: number;
}

interface RowKernel {
  label: string;
  kernel: (options: LossOptions) => Kernel;
  buffers: GpuTensor[];
  /** Words of the uniform behind the shape. */
  more: number[];
  steps?: GPUBuffer;
}

/** The dispatch of a kernel with an invocation for each row of logits. */
function overRows(memory: GpuMemory, { rows, classes }: RowShape, row: RowKernel): Dispatch {
  const { device, format } = memory;
  const { label, kernel, buffers, more, steps } = row;
  // The kernel's loops go over the classes of a row three times.
  checkIterations(device.adapterInfo, `The ${label} of ${classes} classes`, 3 * classes);
  // A workgroup takes at most 64 rows, and no more than fit into the largest work that is not cut.
  const fitting = queueOf(device).speed.mostUncut / weighted(memory, SOFTMAX * classes);
  const workgroup = 2 ** Math.max(0, Math.floor(Math.log2(Math.min(WORKGROUP, fitting))));
  return createDispatch(memory, {
    label,
    kernel: kernel({ workgroup, arithmetic: format.arithmetic }),
    buffers,
    uniform: [rows, classes, ...more],
    extent: { x: rows },
    work: SOFTMAX * rows * classes,
    steps,
  });
}

/** Terms that one invocation of the sum kernel adds before more workgroups are used. */
const TERMS_PER_LANE = 64;

/**
 * results[at] = scale·Σ values, or of their squares or sizes: a dispatch, or two for long vectors.
 * @param parts with more than one, the sums of so many parts, from `at` on, each of about equally
 * many values
 */
export function sum(
  memory: GpuMemory,
  label: string,
  count: number,
  values: GpuTensor,
  results: GpuTensor,
  { at, of = 'values', scale = 1, parts = 1 }: { at: number; of?: Summed; scale?: number; parts?: number },
): Dispatch[] {
  const { format } = memory;
  const stage = (name: string, from: GpuTensor, to: GpuTensor, options: SumStage) =>
    createDispatch(memory, {
      label: `sum ${label}${name}`,
      kernel: sumKernel({ of: options.of, arithmetic: format.arithmetic }),
      buffers: [from, to],
      uniform: [...format.uniform(options.scale), options.count, options.at],
      extent: { x: options.workgroups * WORKGROUP },
      work: options.count,
    });
  const few = Math.min(WORKGROUP, Math.ceil(count / (WORKGROUP * TERMS_PER_LANE)));
  // Each workgroup writes a sum.
  const workgroups = Math.max(parts, few);
  if (workgroups === parts) {
    return [stage('', values, results, { count, workgroups, of, scale, at })];
  }
  const partial = memory.reals(`partial sums ${label}`, workgroups);
  return [
    stage(' first', values, partial, { count, workgroups, of, scale: 1, at: 0 }),
    stage(' second', partial, results, { count: workgroups, workgroups: 1, of: 'values', scale, at }),
  ];
}

interface SumStage {
  count: number;
  workgroups: number;
  of: Summed;
  scale: number;
  at: number;
}
