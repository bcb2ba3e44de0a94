import { onAbort } from '../../abort.ts';
import { seed as checkSeed, size } from '../../checks/numbers.ts';
import { optional, readOptions } from '../../checks/schema.ts';
import { RandomState } from '../../data/random-state.ts';
import { OptionError } from '../../errors.ts';
import type { FloatArray, NetworkTrainer } from '../../types.ts';
import { EngineTrainer } from '../trainer.ts';
import type { DifferentiableLoss } from './differentiable-loss.ts';

export interface GradientCheckOptions {
  /** The number of entries to check in each tensor, drawn with `seed`; default: all entries. */
  sample?: number;
  /** Seed of the draw; default 0. */
  seed?: number;
}

/** One entry of a tensor. A tensor of biases has one row. */
export interface GradientEntry {
  row: number;
  column: number;
  /** The gradient that the trainer's backward pass computes. */
  analytic: number;
  /** The central difference of the loss; see {@link checkGradients} for rows at a kink. */
  numeric: number;
  /**
   * |analytic − numeric| / max(|analytic|, |numeric|), see {@link checkGradients} for small
   * entries.
   */
  relativeError: number;
}

export interface TensorGradientCheck {
  layer: number;
  tensor: 'weights' | 'biases';
  rows: number;
  columns: number;
  /** The number of compared entries, without the entries at a kink. */
  checked: number;
  /** 0 if nothing was compared, which says nothing about the tensor. */
  largestRelativeError: number;
  /** The entry with the largest relative error. */
  worst?: GradientEntry;
  /**
   * Entries that cannot be compared: in every row with a share in the difference, a unit or a margin is
   * active on only one side, or an L1 term counts a weight near 0, and the loss has no derivative in
   * between.
   */
  kinks: GradientEntry[];
}

export interface GradientCheck {
  tensors: TensorGradientCheck[];
  largestRelativeError: number;
}

/**
 * Smaller entries, relative to the largest entry of their tensor, are compared with this share of
 * the largest entry.
 */
const SMALLEST = 1e-3;
/**
 * Smaller entries, relative to the mean size of the rows' shares in them, are compared with this
 * part of that size: the shares cancel, and the rounding of their sum in 32 bits does not.
 */
const CANCELLED = 1e-2;

/**
 * Compares a trainer's gradients at its present parameters with central differences of the loss.
 * The CPU computes this loss in float64 for every backend, so the comparison tests both the forward
 * and the backward pass.
 *
 * The check carries a change of the parameter forward, from the change of each sum to the change of
 * the unit's output, to the change d of each row's logits z. The row's share in the derivative is the
 * slope of its loss along d, a difference of fourth order: (8·(L(h) − L(−h)) − (L(2h) − L(−2h))) / 12h
 * with L(t) the loss of z + d(t). Each L(h) − L(−h) comes from z and d, and not from two losses, so
 * that features, weights and logits of any size lose nothing to rounding. Between the kinks of ReLU,
 * d(t) is t·d.
 *
 * A row is at a kink of ReLU or leaky ReLU if the change of the parameter, up or down, switches a
 * unit, and at a kink of the loss `'hinge'` if it switches a margin. The change moves the sum to which
 * the parameter belongs by at most 2⁻¹³ of its largest size in the rows. In a row at a kink each unit
 * and margin stays as it is, with the derivative below 0 also at 0. An entry cannot be compared if all
 * rows with a share are at a kink; its `numeric` has half of a switched unit's change. With an L1 term,
 * neither can a weight that the change moves across 0.
 *
 * Entries smaller than a thousandth of their tensor's largest entry are compared with that
 * thousandth, because rounding hides their error; entries smaller than a hundredth of the mean size
 * of the rows' shares in them, because these cancel, with that hundredth. Derivatives of tanh, sigmoid,
 * ELU and softplus below 2⁻¹³, in double precision 2⁻²⁸, may be the rounding of outputs near a limit:
 * entries are compared with what they would be with derivatives of that size, if that is larger.
 *
 * In double precision expect errors below 1e-7 on the CPU and 1e-6 on WebGPU; in single precision
 * 1e-3.
 * @param trainer a trainer that `createTrainer` returned
 * @throws {OptionError} if an option cannot be used
 * @throws {DestroyedError} if the trainer is destroyed meanwhile
 */
export async function checkGradients(
  trainer: NetworkTrainer,
  options: GradientCheckOptions = {},
): Promise<GradientCheck> {
  if (!(trainer instanceof EngineTrainer)) {
    throw new OptionError('trainer', 'a trainer that createTrainer() returned', trainer);
  }
  const checked = readOptions(options, { sample: optional(size), seed: optional(checkSeed, 0) });
  const { sample, seed } = checked;
  const { setup } = trainer;
  const { gradients, ...at } = await trainer.gradientsAt();
  const part = await import('./differentiable-loss.ts');
  const loss = new part.DifferentiableLoss(setup, at);
  const random = new RandomState(seed);
  const tensors: TensorGradientCheck[] = [];
  const leave = onAbort(trainer.ended, () => loss.end());
  try {
    for (let layer = 0; layer < gradients.length; layer++) {
      for (const tensor of ['weights', 'biases'] as const) {
        tensors.push(await checkTensor(loss, gradients[layer][tensor], layer, tensor, sample, random));
      }
    }
  } catch (error) {
    trainer.checkAlive('checkGradients');
    throw error;
  } finally {
    leave();
  }
  return { tensors, largestRelativeError: Math.max(...tensors.map((t) => t.largestRelativeError)) };
}

async function checkTensor(
  loss: DifferentiableLoss,
  gradient: FloatArray,
  layer: number,
  tensor: 'weights' | 'biases',
  sample: number | undefined,
  random: RandomState,
): Promise<TensorGradientCheck> {
  const columns = loss.setup.sizes[layer + 1];
  const check: TensorGradientCheck = {
    layer,
    tensor,
    rows: gradient.length / columns,
    columns,
    checked: 0,
    largestRelativeError: 0,
    kinks: [],
  };
  let largest = 0;
  for (const value of gradient) largest = Math.max(largest, Math.abs(value));
  const least = SMALLEST * largest;
  const indices = choose(gradient.length, sample, random);
  const differences = await loss.differences(layer, tensor, indices);
  differences.forEach(({ numeric, shares, saturated, kink }, i) => {
    const index = indices[i];
    const analytic = gradient[index];
    const size = Math.max(Math.abs(analytic), Math.abs(numeric), least, CANCELLED * shares, saturated);
    const relativeError = size === 0 ? 0 : Math.abs(analytic - numeric) / size;
    const [row, column] = [Math.floor(index / columns), index % columns];
    const entry = { row, column, analytic, numeric, relativeError };
    if (kink) {
      check.kinks.push(entry);
      return;
    }
    check.checked++;
    // NaN is the largest error.
    const larger = !(relativeError <= check.largestRelativeError);
    if (!check.worst || (larger && !Number.isNaN(check.largestRelativeError))) {
      check.largestRelativeError = relativeError;
      check.worst = entry;
    }
  });
  return check;
}

/** All indices below `length`, or a sample without repetition, in ascending order. */
function choose(length: number, sample: number | undefined, random: RandomState): number[] {
  const all = Array.from({ length }, (_, i) => i);
  if (sample === undefined || sample >= length) return all;
  const keys = random.randomSample(length);
  return all
    .sort((a, b) => keys[a] - keys[b])
    .slice(0, sample)
    .sort((a, b) => a - b);
}
