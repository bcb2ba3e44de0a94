import { CpuNetwork } from '../cpu/network.ts';
import { complete, TimeSlices } from '../cpu/time-slices.ts';
import type { TrainingSetup } from '../options/setup.ts';
import type { FloatArray, LayerParameters } from '../types.ts';

/**
 * The largest change of a layer's outputs between two points of a difference, relative to their
 * largest, and of the logits: large against rounding, small against the distance to most kinks.
 */
const SHARE = 2 ** -14;
/** The largest change of logits that are so large that rounding needs more than {@link SHARE}. */
const MOST = 2 ** -4;

/** A derivative by differences. */
interface Difference {
  numeric: number;
  /** The mean size of the rows' shares in the derivative. */
  shares: number;
  /** Whether all rows with a share are at a kink. */
  kink: boolean;
}

interface Outputs {
  logits: FloatArray;
  hidden: FloatArray[];
}

/** The loss over the training data in float64, as a function of one parameter at a time. */
export class DifferentiableLoss {
  readonly setup: TrainingSetup;
  readonly #l2: number;
  readonly #network: CpuNetwork;
  readonly #parameters: LayerParameters[];
  readonly #inputs: Float64Array;
  readonly #slices = new TimeSlices();
  /** The outputs at the parameters themselves. */
  readonly #start: Outputs;

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
    this.#start = this.#evaluate();
  }

  /** The derivative with respect to one parameter. */
  async difference(layer: number, tensor: 'weights' | 'biases', index: number): Promise<Difference> {
    await this.#slices.pause();
    // The central difference of the quadratic L2 term is exactly its derivative.
    const l2 = tensor === 'weights' ? this.#l2 * this.#parameters[layer][tensor][index] : 0;
    const width = this.#width(layer, tensor, index);
    if (width === 0) return { numeric: l2, shares: 0, kink: false };
    const at = (times: number) => this.#at(layer, tensor, index, times * width);
    const [farLeft, left, right, farRight] = [-2, -1, 1, 2].map(at);
    const { labels, count, classes } = this.setup.data;
    const kinks: number[] = [];
    let [sum, size, sumAtKinks] = [0, 0, 0];
    for (let row = 0, start = 0; row < count; row++, start += classes) {
      const label = labels[row];
      const share =
        8 * lossDifference(left.logits, right.logits, start, classes, label) -
        lossDifference(farLeft.logits, farRight.logits, start, classes, label);
      if (farLeft.hidden.some((outputs, l) => switched(outputs, farRight.hidden[l], row, count))) {
        kinks.push(row);
        sumAtKinks += share;
      } else {
        sum += share;
        size += Math.abs(share);
      }
    }
    const whole = 12 * width * count;
    if (kinks.length === 0) return { numeric: sum / whole + l2, shares: size / whole, kink: false };
    if (size === 0) return { numeric: sumAtKinks / whole + l2, shares: 0, kink: true };
    const numeric = sum / whole + this.#derivative(kinks, layer, tensor, index) + l2;
    return { numeric, shares: size / whole, kink: false };
  }

  /**
   * The width h of a difference, a power of two, so that the parameter ± 2h is exact; 0 if the
   * parameter has no effect.
   */
  #width(layer: number, tensor: 'weights' | 'biases', index: number): number {
    const { sizes, data } = this.setup;
    const { logits, hidden } = this.#start;
    const inputs = layer === 0 ? this.#inputs : hidden[layer - 1];
    const column = Math.floor(index / sizes[layer + 1]);
    let reach = tensor === 'biases' ? 1 : 0;
    for (let row = 0; row < (tensor === 'biases' ? 0 : data.count); row++) {
      reach = Math.max(reach, Math.abs(inputs[row * sizes[layer] + column]));
    }
    if (reach === 0) return 0;
    const most = Math.min(MOST, SHARE * Math.sqrt(Math.max(1, largest(logits))));
    let width = most / reach;
    if (layer < hidden.length) {
      width = (SHARE * (largest(hidden[layer]) || 1)) / reach;
      const change = largestDifference(logits, this.#at(layer, tensor, index, width).logits);
      if (change > most) width *= most / change;
    }
    const before = Math.abs(this.#parameters[layer][tensor][index]);
    const least = before === 0 ? 0 : powerBelow(before) * 2 ** -50;
    return Math.max(powerBelow(width), least);
  }

  /** The outputs with one parameter changed. */
  #at(layer: number, tensor: 'weights' | 'biases', index: number, offset: number): Outputs {
    const values = this.#parameters[layer][tensor];
    const before = values[index];
    values[index] = before + offset;
    const outputs = this.#evaluate();
    values[index] = before;
    return outputs;
  }

  #evaluate(): Outputs {
    complete(this.#network.forward(this.#parameters, this.#inputs, this.setup.data.count));
    const outputs = this.#network.outputs.map((values) => values.slice());
    return { logits: outputs[outputs.length - 1], hidden: outputs.slice(0, -1) };
  }

  /** The share of some rows in the derivative, by the backward pass in float64. */
  #derivative(rows: number[], layer: number, tensor: 'weights' | 'biases', index: number): number {
    const { labels, features, count } = this.setup.data;
    const inputs = new Float64Array(rows.length * features);
    rows.forEach((row, i) => {
      inputs.set(this.#inputs.subarray(row * features, (row + 1) * features), i * features);
    });
    const own = Uint32Array.from(rows, (row) => labels[row]);
    complete(this.#network.forward(this.#parameters, inputs, rows.length));
    complete(this.#network.backward(this.#parameters, inputs, own, rows.length));
    return (this.#network.gradients[layer][tensor][index] * rows.length) / count;
  }
}

/**
 * The cross-entropy of the row `to` of logits minus that of the row `from`: ln(1 + Σ p_k·(e^(δ_k −
 * δ_y) − 1)) over all classes but the label y, with δ = to − from and p = softmax(from). Its
 * rounding error is relative to the change of p_y.
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
  const ofLabel = to[start + label] - from[start + label];
  let [sum, change] = [0, 0];
  for (let k = start; k < start + classes; k++) {
    const exponential = Math.exp(from[k] - maximum);
    sum += exponential;
    if (k !== start + label) change += exponential * Math.expm1(to[k] - from[k] - ofLabel);
  }
  return Math.log1p(change / sum);
}

/** Whether a unit is active in only one of two outputs of a layer, in one of `count` rows. */
function switched(left: FloatArray, right: FloatArray, row: number, count: number): boolean {
  const width = left.length / count;
  for (let i = row * width; i < (row + 1) * width; i++) if (left[i] > 0 !== right[i] > 0) return true;
  return false;
}

function largest(values: FloatArray): number {
  let size = 0;
  for (const value of values) size = Math.max(size, Math.abs(value));
  return size;
}

function largestDifference(a: FloatArray, b: FloatArray): number {
  let size = 0;
  for (let i = 0; i < a.length; i++) size = Math.max(size, Math.abs(a[i] - b[i]));
  return size;
}

/** A power of two of at most x, or twice as much where the logarithm is rounded. */
const powerBelow = (x: number) => 2 ** Math.floor(Math.log2(x));
