import { matrix, pausableMatmul } from '../cpu/matmul.ts';
import { addBiases } from '../cpu/relu.ts';
import { TimeSlices } from '../cpu/time-slices.ts';
import { type Chunk, chunks } from '../data/chunks.ts';
import { allocatingArrays } from '../limits.ts';
import type { TrainingSetup } from '../options/setup.ts';
import type { FloatArray, LayerParameters } from '../types.ts';

/** Rows whose outputs are kept at a time, so that a large data set needs little memory. */
const CHUNK_ROWS = 256;
/**
 * The largest change of a unit's sum, relative to the largest of its sums: large against rounding,
 * small against the distance to most kinks.
 */
const SHARE = 2 ** -13;
/** The largest change of a logit, against the label's, between two neighbours in a difference. */
const STEP = 2 ** -12;

/** A derivative by differences. */
interface Difference {
  numeric: number;
  /** The mean size of the shares in the derivative, without the rows at a kink. */
  shares: number;
  /** Whether all rows with a share are at a kink. */
  kink: boolean;
}

/** An entry of a layer's weights or biases. */
interface Parameter {
  layer: number;
  /** The unit to whose sum the parameter belongs. */
  unit: number;
  /** The input of the layer that a weight multiplies; undefined for a bias. */
  input: number | undefined;
}

/** Sums over rows. */
interface Totals {
  slope: number;
  /** The sizes of the slopes of the rows that are at no kink. */
  sizes: number;
  /** The slopes of the rows at a kink, with half the change of each unit at its kink. */
  atKinks: number;
  hasKinks: boolean;
}

/**
 * The loss over the training data in float64, as a function of one parameter at a time.
 *
 * Between the kinks of ReLU every sum of a network is linear in one parameter, so that a change of
 * the parameter is carried forward to a change of the logits. Two forward passes would lose the
 * change of large logits to rounding.
 */
export class DifferentiableLoss {
  readonly setup: TrainingSetup;
  readonly #l2: number;
  readonly #parameters: LayerParameters[];
  readonly #slices = new TimeSlices();
  /** `#sums[l]`: rows × sizes[l + 1], before ReLU; the last entry holds the logits. */
  readonly #sums: Float64Array[];
  /** `#outputs[l]`: rows × sizes[l + 1], after ReLU. */
  readonly #outputs: Float64Array[];
  /** `#changes[l]`: rows × sizes[l + 1], the changes of the outputs; the last entry is of the logits. */
  readonly #changes: Float64Array[];

  /** @throws {OutOfMemoryError} if there is no memory for a chunk of rows */
  constructor(setup: TrainingSetup, parameters: LayerParameters[], l2: number) {
    this.setup = setup;
    this.#l2 = l2;
    this.#slices.begin();
    const rows = Math.min(CHUNK_ROWS, setup.data.count);
    const [, ...widths] = setup.sizes;
    const arrays = (of: number[]) => of.map((width) => new Float64Array(rows * width));
    this.#parameters = parameters;
    [this.#sums, this.#outputs, this.#changes] = allocatingArrays('the differences', () => [
      arrays(widths),
      arrays(widths.slice(0, -1)),
      arrays(widths),
    ]);
  }

  /** Ends the work under way at its next pause. */
  end(): void {
    this.#slices.end();
  }

  /** The derivatives with respect to some entries of a tensor. */
  async differences(
    layer: number,
    tensor: 'weights' | 'biases',
    indices: readonly number[],
  ): Promise<Difference[]> {
    const { sizes, data } = this.setup;
    const fanOut = sizes[layer + 1];
    const totals = indices.map((): Totals => ({ slope: 0, sizes: 0, atKinks: 0, hasKinks: false }));
    for (const chunk of chunks(data.count, CHUNK_ROWS)) {
      await this.#forward(chunk);
      for (const [i, index] of indices.entries()) {
        await this.#slices.pause();
        const input = tensor === 'weights' ? Math.floor(index / fanOut) : undefined;
        await this.#add({ layer, unit: index % fanOut, input }, chunk, totals[i]);
      }
    }
    return totals.map(({ slope, sizes, atKinks, hasKinks }, i) => {
      // The central difference of the quadratic L2 term is exactly its derivative.
      const l2 = tensor === 'weights' ? this.#l2 * this.#parameters[layer].weights[indices[i]] : 0;
      const kink = hasKinks && sizes === 0;
      return { numeric: (kink ? atKinks : slope) / data.count + l2, shares: sizes / data.count, kink };
    });
  }

  /** Computes all sums and outputs of a chunk of rows. */
  async #forward(chunk: Chunk): Promise<void> {
    for (const [layer, { weights, biases }] of this.#parameters.entries()) {
      const [sums, outputs] = [this.#sums[layer], this.#outputs[layer]];
      await this.#multiply(this.#inputsOf(layer, chunk), weights, sums, layer, chunk.count);
      addBiases(sums, biases, chunk.count, false);
      for (let i = 0; i < outputs?.length; i++) outputs[i] = Math.max(0, sums[i]);
    }
  }

  /** Adds the slopes of the loss of each row of a chunk, after {@link #forward}. */
  async #add(parameter: Parameter, chunk: Chunk, totals: Totals): Promise<void> {
    const width = this.#width(parameter, chunk);
    if (width === 0) return;
    const kinks = await this.#change(parameter, width, chunk);
    for (let row = 0; row < chunk.count; row++) {
      const slope = this.#slope(row, chunk) / width;
      totals.slope += slope;
      if (!kinks.has(row)) totals.sizes += Math.abs(slope);
    }
    if (kinks.size === 0) return;
    totals.hasKinks = true;
    await this.#change(parameter, width, chunk, 0.5);
    for (const row of kinks) totals.atKinks += this.#slope(row, chunk) / width;
  }

  /**
   * The change of a parameter that changes its unit's sums by at most {@link SHARE} of the largest, a
   * power of two; 0 if the parameter has no effect.
   */
  #width({ layer, unit, input }: Parameter, chunk: Chunk): number {
    const [fanIn, fanOut] = this.setup.sizes.slice(layer);
    const inputs = this.#inputsOf(layer, chunk);
    const reach = input === undefined ? 1 : largest(inputs, input, fanIn, chunk.count);
    const sum = largest(this.#sums[layer], unit, fanOut, chunk.count) || 1;
    return reach === 0 ? 0 : powerBelow((SHARE * sum) / reach);
  }

  /**
   * Computes the change of each output and logit of a chunk by a change of a parameter.
   * @param atKink ReLU's slope for units at a kink; by default these units stay as they are
   * @returns the rows at a kink
   */
  async #change(
    { layer: first, unit, input }: Parameter,
    width: number,
    chunk: Chunk,
    atKink?: number,
  ): Promise<Set<number>> {
    const { sizes } = this.setup;
    const kinks = new Set<number>();
    const inputs = this.#inputsOf(first, chunk);
    this.#changes[first].fill(0);
    for (let row = 0; row < chunk.count; row++) {
      const reach = input === undefined ? 1 : inputs[row * sizes[first] + input];
      this.#changes[first][row * sizes[first + 1] + unit] = width * reach;
    }
    for (let layer = first; layer < this.#outputs.length; layer++) {
      const [sums, changes] = [this.#sums[layer], this.#changes[layer]];
      for (let i = 0; i < chunk.count * sizes[layer + 1]; i++) {
        let slope = sums[i] > 0 ? 1 : 0;
        // On only one side of its change the unit is active.
        if (changes[i] !== 0 && Math.abs(sums[i]) <= Math.abs(changes[i])) {
          kinks.add(Math.floor(i / sizes[layer + 1]));
          slope = atKink ?? slope;
        }
        changes[i] *= slope;
      }
      const { weights } = this.#parameters[layer + 1];
      await this.#multiply(changes, weights, this.#changes[layer + 1], layer + 1, chunk.count);
    }
    return kinks;
  }

  /** The slope of the loss of a row of a chunk along the changes of its logits. */
  #slope(row: number, { start }: Chunk): number {
    const { labels, classes } = this.setup.data;
    const last = this.#sums.length - 1;
    return lossSlope(this.#sums[last], this.#changes[last], row * classes, classes, labels[start + row]);
  }

  /** X·W of a layer, for some rows. */
  async #multiply(x: FloatArray, weights: FloatArray, out: FloatArray, layer: number, rows: number) {
    const [fanIn, fanOut] = this.setup.sizes.slice(layer);
    await this.#slices.take(
      pausableMatmul(matrix(x, fanIn), matrix(weights, fanOut), matrix(out, fanOut), rows, fanIn, fanOut),
    );
  }

  /** A layer's inputs of a chunk of rows, after {@link #forward} of the layers before it. */
  #inputsOf(layer: number, { start }: Chunk): FloatArray {
    const { inputs, features } = this.setup.data;
    return layer === 0 ? inputs.subarray(start * features) : this.#outputs[layer - 1];
  }
}

/**
 * The slope of the cross-entropy of a row of logits z along their change d, by a difference of
 * fourth order: (8·(L(h) − L(−h)) − (L(2h) − L(−2h))) / 12h with L(t) the loss of z + t·d, and with
 * h such that no logit changes by more than {@link STEP} against the label's.
 */
function lossSlope(
  logits: FloatArray,
  changes: FloatArray,
  start: number,
  classes: number,
  label: number,
): number {
  const z = logits.subarray(start, start + classes);
  const d = changes.subarray(start, start + classes).map((change) => change - changes[start + label]);
  const size = largest(d, 0, 1, classes);
  if (size === 0) return 0;
  const h = powerBelow(STEP / size);
  return (8 * lossDifference(z, d, h, label) - lossDifference(z, d, 2 * h, label)) / (12 * h);
}

/**
 * L(h) − L(−h) = ln(1 + Σ p_k·(e^(2h·d_k) − 1)) over all classes but the label, with p = softmax(z −
 * h·d) and d of the label 0. Its rounding error is relative to the change of the label's probability.
 */
function lossDifference(z: FloatArray, d: FloatArray, h: number, label: number): number {
  let [maximum, sum, change] = [z[0], 0, 0];
  for (const logit of z) maximum = Math.max(maximum, logit);
  for (let k = 0; k < z.length; k++) {
    const exponential = Math.exp(z[k] - maximum - h * d[k]);
    sum += exponential;
    if (k !== label) change += exponential * Math.expm1(2 * h * d[k]);
  }
  return Math.log1p(change / sum);
}

/** The size of the largest of `rows` values of a column. */
function largest(values: FloatArray, column: number, columns: number, rows: number): number {
  let size = 0;
  for (let row = 0; row < rows; row++) size = Math.max(size, Math.abs(values[row * columns + column]));
  return size;
}

/** A power of two of at most x, or twice as much where the logarithm is rounded. */
const powerBelow = (x: number) => 2 ** Math.floor(Math.log2(x));
