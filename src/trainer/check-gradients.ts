import { seed as checkSeed, size } from '../checks/numbers.ts';
import { optional, readOptions } from '../checks/schema.ts';
import { CpuNetwork } from '../cpu/network.ts';
import { complete, TimeSlices } from '../cpu/time-slices.ts';
import { RandomState } from '../data/random-state.ts';
import { OptionError } from '../errors.ts';
import type { TrainingSetup } from '../options/setup.ts';
import type { FloatArray, LayerParameters, Trainer } from '../types.ts';
import { EngineTrainer } from './trainer.ts';

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
  /** The central difference of the loss. */
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
  /** 0 if nothing was compared. */
  largestRelativeError: number;
  /** The entry with the largest relative error. */
  worst?: GradientEntry;
  /**
   * Entries at which a unit is active on only one side of the difference, in some row: the loss has
   * no derivative in between.
   */
  kinks: GradientEntry[];
}

export interface GradientCheck {
  tensors: TensorGradientCheck[];
  largestRelativeError: number;
}

/**
 * The step h of the differences: small against the distance to most kinks, large against rounding.
 */
const H = 2 ** -18;
/**
 * Smaller entries, relative to the largest entry of their tensor, are compared with this share of
 * the largest entry.
 */
const SMALLEST = 1e-3;

/**
 * Compares a trainer's gradients at its present parameters with central differences of the loss.
 * The CPU computes this loss in float64 for every backend, so the comparison tests both the forward
 * and the backward pass.
 *
 * The difference has fourth order: (8·(L(+h) − L(−h)) − (L(+2h) − L(−2h))) / 12h. Each row's share
 * comes from the differences of its logits and not from losses near ln K, so that little is lost to
 * rounding. Entries smaller than a thousandth of their tensor's largest entry are compared with
 * that thousandth, because rounding hides their error.
 *
 * In double precision expect errors below 1e-7 on the CPU and 1e-6 on WebGPU; in single precision
 * 1e-3.
 * @param trainer a trainer that `createTrainer` returned
 * @throws {OptionError} if an option cannot be used
 */
export async function checkGradients(
  trainer: Trainer,
  options: GradientCheckOptions = {},
): Promise<GradientCheck> {
  if (!(trainer instanceof EngineTrainer)) {
    throw new OptionError('trainer', 'a trainer that createTrainer() returned', trainer);
  }
  const checked = readOptions(options, { sample: optional(size), seed: optional(checkSeed, 0) });
  const { sample, seed } = checked;
  const { setup } = trainer;
  const { gradients, parameters, l2 } = await trainer.gradientsAt();
  const loss = new DifferentiableLoss(setup, parameters, l2);
  const random = new RandomState(seed);
  const tensors: TensorGradientCheck[] = [];
  for (let layer = 0; layer < gradients.length; layer++) {
    for (const tensor of ['weights', 'biases'] as const) {
      tensors.push(await checkTensor(loss, gradients[layer][tensor], layer, tensor, sample, random));
    }
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
  for (const index of choose(gradient.length, sample, random)) {
    const { numeric, kink } = await loss.difference(layer, tensor, index);
    const analytic = gradient[index];
    const size = Math.max(Math.abs(analytic), Math.abs(numeric), least);
    const relativeError = size === 0 ? 0 : Math.abs(analytic - numeric) / size;
    const [row, column] = [Math.floor(index / columns), index % columns];
    const entry = { row, column, analytic, numeric, relativeError };
    if (kink) {
      check.kinks.push(entry);
      continue;
    }
    check.checked++;
    // The negation makes NaN the largest error.
    if (!check.worst || !(relativeError <= check.largestRelativeError)) {
      check.largestRelativeError = relativeError;
      check.worst = entry;
    }
  }
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

/** The loss over the training data in float64, as a function of one parameter at a time. */
class DifferentiableLoss {
  readonly setup: TrainingSetup;
  readonly #l2: number;
  readonly #network: CpuNetwork;
  readonly #parameters: LayerParameters[];
  readonly #inputs: Float64Array;
  readonly #slices = new TimeSlices();

  constructor(setup: TrainingSetup, parameters: LayerParameters[], l2: number) {
    this.setup = setup;
    this.#l2 = l2;
    this.#slices.begin();
    this.#network = new CpuNetwork(setup.sizes, setup.data.count, Float64Array);
    this.#parameters = parameters.map(({ weights, biases }) => ({
      weights: Float64Array.from(weights),
      biases: Float64Array.from(biases),
    }));
    this.#inputs = Float64Array.from(setup.data.inputs);
  }

  /**
   * The derivative with respect to one parameter, and whether a unit switches between −2h and +2h.
   */
  async difference(
    layer: number,
    tensor: 'weights' | 'biases',
    index: number,
  ): Promise<{ numeric: number; kink: boolean }> {
    await this.#slices.pause();
    const values = this.#parameters[layer][tensor];
    const before = values[index];
    const at = (offset: number) => {
      values[index] = before + offset;
      return this.#evaluate();
    };
    const [farLeft, left, right, farRight] = [-2, -1, 1, 2].map((times) => at(times * H));
    values[index] = before;
    let sum = 0;
    const { labels, count, classes } = this.setup.data;
    for (let row = 0, start = 0; row < count; row++, start += classes) {
      const label = labels[row];
      sum += 8 * lossDifference(left.logits, right.logits, start, classes, label);
      sum -= lossDifference(farLeft.logits, farRight.logits, start, classes, label);
    }
    const kink = farLeft.hidden.some((outputs, l) => switched(outputs, farRight.hidden[l]));
    // The central difference of the quadratic L2 term is exactly its derivative.
    const l2 = tensor === 'weights' ? this.#l2 * before : 0;
    return { numeric: sum / (12 * H * count) + l2, kink };
  }

  #evaluate(): { logits: FloatArray; hidden: FloatArray[] } {
    complete(this.#network.forward(this.#parameters, this.#inputs, this.setup.data.count));
    const outputs = this.#network.outputs.map((values) => values.slice());
    return { logits: outputs[outputs.length - 1], hidden: outputs.slice(0, -1) };
  }
}

/**
 * The cross-entropy of the row `to` of logits minus that of the row `from`: ln Σ p·e^δ − δ_y with δ
 * = to − from and p = softmax(from). Its rounding error is relative to δ.
 */
function lossDifference(
  from: FloatArray,
  to: FloatArray,
  start: number,
  classes: number,
  label: number,
): number {
  let maximum = from[start];
  for (let k = 1; k < classes; k++) maximum = Math.max(maximum, from[start + k]);
  let [sum, change] = [0, 0];
  for (let k = start; k < start + classes; k++) {
    const exponential = Math.exp(from[k] - maximum);
    sum += exponential;
    change += exponential * Math.expm1(to[k] - from[k]);
  }
  return Math.log1p(change / sum) - (to[start + label] - from[start + label]);
}

/** Whether a unit is active in only one of two outputs of a layer. */
function switched(left: FloatArray, right: FloatArray): boolean {
  for (let i = 0; i < left.length; i++) if (left[i] > 0 !== right[i] > 0) return true;
  return false;
}
