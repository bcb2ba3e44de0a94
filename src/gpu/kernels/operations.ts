import { WORKGROUP } from '../../../shaders/lib/kernel.ts';
import { softmax as softmaxKernel } from '../../../shaders/softmax.wgsl.ts';
import { sum as sumKernel } from '../../../shaders/sum.wgsl.ts';
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

/**
 * The softmax of logits (rows×classes). With labels (rows) it gives the losses (rows), correct
 * (rows) and the gradient (rows×classes); without labels the probabilities (rows×classes) and the
 * predicted classes (rows).
 */
export function softmax(
  memory: GpuMemory,
  { rows, classes }: { rows: number; classes: number },
  tensors:
    | { logits: GpuTensor; labels: GpuTensor; losses: GpuTensor; correct: GpuTensor; gradient: GpuTensor }
    | { logits: GpuTensor; probabilities: GpuTensor; predicted: GpuTensor },
): Dispatch {
  const { device, format } = memory;
  // The kernel's loops go over the classes of a row three times.
  checkIterations(device.adapterInfo, `A softmax of ${classes} classes`, 3 * classes);
  const output = 'labels' in tensors ? 'loss' : 'probabilities';
  // A workgroup takes at most 64 rows, and no more than fit into the largest work that is not cut.
  const fitting = queueOf(device).speed.mostUncut / weighted(memory, SOFTMAX * classes);
  const workgroup = 2 ** Math.max(0, Math.floor(Math.log2(Math.min(WORKGROUP, fitting))));
  return createDispatch(memory, {
    label: `softmax ${output}`,
    kernel: softmaxKernel({ output, workgroup, arithmetic: format.arithmetic }),
    buffers:
      'labels' in tensors
        ? [tensors.logits, tensors.labels, tensors.losses, tensors.correct, tensors.gradient]
        : [tensors.logits, tensors.probabilities, tensors.predicted],
    uniform: [rows, classes],
    extent: { x: rows },
    work: SOFTMAX * rows * classes,
  });
}

/** Terms that one invocation of the sum kernel adds before more workgroups are used. */
const TERMS_PER_LANE = 64;

/**
 * results[at] = scale·Σ values, or scale·Σ values²: a dispatch, or two for long vectors.
 * @param parts with more than one, the sums of so many parts, from `at` on, each of about equally
 * many values
 */
export function sum(
  memory: GpuMemory,
  label: string,
  count: number,
  values: GpuTensor,
  results: GpuTensor,
  {
    at,
    square = false,
    scale = 1,
    parts = 1,
  }: { at: number; square?: boolean; scale?: number; parts?: number },
): Dispatch[] {
  const { format } = memory;
  const stage = (name: string, from: GpuTensor, to: GpuTensor, options: SumStage) =>
    createDispatch(memory, {
      label: `sum ${label}${name}`,
      kernel: sumKernel({ square: options.square, arithmetic: format.arithmetic }),
      buffers: [from, to],
      uniform: [...format.uniform(options.scale), options.count, options.at],
      extent: { x: options.workgroups * WORKGROUP },
      work: options.count,
    });
  const few = Math.min(WORKGROUP, Math.ceil(count / (WORKGROUP * TERMS_PER_LANE)));
  // Each workgroup writes a sum.
  const workgroups = Math.max(parts, few);
  if (workgroups === parts) {
    return [stage('', values, results, { count, workgroups, square, scale, at })];
  }
  const partial = memory.reals(`partial sums ${label}`, workgroups);
  return [
    stage(' first', values, partial, { count, workgroups, square, scale: 1, at: 0 }),
    stage(' second', partial, results, { count: workgroups, workgroups: 1, square: false, scale, at }),
  ];
}

interface SumStage {
  count: number;
  workgroups: number;
  square: boolean;
  scale: number;
  at: number;
}
