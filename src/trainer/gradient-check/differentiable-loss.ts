import { TimeSlices } from '../../cpu/time-slices.ts';
import {
  type Answers,
  answerLength,
  answersOf,
  type ClassWeights,
  totalWeight,
  widthOf,
} from '../../data/answers.ts';
import { type Chunk, chunks } from '../../data/chunks.ts';
import type { GradientsAt, Penalties } from '../../engine.ts';
import { allocatingArrays } from '../../limits.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { FloatArray, LayerParameters, Precision } from '../../types.ts';
import { CarriedChanges, type Parameter } from './carried-changes.ts';
import { hasKink, lossSlope, PLACES, powerBelow, relativeChanges, scaleOf } from './loss-slope.ts';
import { OUTPUT_CHANGES, slopeAt, slopeAtKink } from './output-changes.ts';

/** Rows whose outputs are kept at a time, so that a large data set needs little memory. */
const CHUNK_ROWS = 256;
/**
 * The largest change of a unit's sum, relative to the largest of its sums: large against rounding,
 * small against the distance to most kinks.
 */
const SHARE = 2 ** -13;
/**
 * A derivative that is smaller may be nothing but the rounding of the output that it comes from, as
 * 1 − h² where h is near 1.
 */
const LEAST_SLOPE: Record<Precision, number> = { single: 2 ** -13, double: 2 ** -28 };

/** A derivative by differences. */
interface Difference {
  numeric: number;
  /** The mean size of the shares in the derivative, without the rows at a kink. */
  shares: number;
  /**
   * The mean size of the shares if no derivative of an activation were below {@link LEAST_SLOPE}; 0
   * if none is.
   */
  saturated: number;
  /** Whether all rows with a share are at a kink. */
  kink: boolean;
}

/** Sums over rows. */
interface Totals {
  slope: number;
  /** The sizes of the slopes of the rows that are at no kink. */
  sizes: number;
  /** The sizes of the slopes if no unit were saturated. */
  saturated: number;
  /** The largest change of the parameter. */
  width: number;
  /** The slopes of the rows at a kink, with half the change of each unit at its kink. */
  atKinks: number;
  hasKinks: boolean;
}

/** What a change of a parameter does to the rows of a chunk if activations are linear along it. */
interface Effect {
  /** The rows at a kink. */
  kinks: Set<number>;
  /** Whether a unit is saturated. */
  saturated: boolean;
  /** For each row, the largest change of the sum of an activation that is not linear. */
  largest: Float64Array;
}

/** The slopes of a pass: those of units at a kink, and the least one. */
type Slopes = { atKink?: 'mean'; least?: number };

/**
 * The loss over the training data in float64, as a function of one parameter at a time.
 *
 * A change of the parameter is carried forward to a change of the logits, through the change of each
 * activation's output, which keeps its digits however small it is. Two forward passes would lose the
 * change of large logits to rounding. Between the kinks of ReLU every sum of a network is linear in
 * one parameter, and one pass gives all changes.
 */
export class DifferentiableLoss {
  readonly setup: TrainingSetup;
  readonly #penalties: Penalties;
  readonly #weights: ClassWeights;
  readonly #parameters: LayerParameters[];
  readonly #slices = new TimeSlices();
  readonly #carried: CarriedChanges;
  /** The changes of the logits at each of {@link PLACES}. */
  readonly #places: Float64Array[];

  /** @throws {OutOfMemoryError} if there is no memory for a chunk of rows */
  constructor(
    setup: TrainingSetup,
    { parameters, classWeights, ...penalties }: Omit<GradientsAt, 'gradients'>,
  ) {
    this.setup = setup;
    this.#penalties = penalties;
    this.#weights = classWeights;
    const rows = Math.min(CHUNK_ROWS, setup.data.count);
    this.#parameters = parameters;
    [this.#carried, this.#places] = allocatingArrays('the differences', () => [
      new CarriedChanges(setup, parameters, rows, this.#slices),
      PLACES.map(() => new Float64Array(rows * widthOf(setup.data))),
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
    const totals = indices.map(
      (): Totals => ({ slope: 0, sizes: 0, saturated: 0, width: 0, atKinks: 0, hasKinks: false }),
    );
    for (const chunk of chunks(data.count, CHUNK_ROWS)) {
      await this.#carried.forward(chunk);
      for (const [i, index] of indices.entries()) {
        await this.#slices.pause();
        const input = tensor === 'weights' ? Math.floor(index / fanOut) : undefined;
        await this.#add({ layer, unit: index % fanOut, input }, chunk, totals[i]);
      }
    }
    const { l2, l1 } = this.#penalties;
    const total = totalWeight(answersOf(data), data.count, this.#weights) || 1;
    return totals.map(({ slope, sizes, saturated, width, atKinks, hasKinks }, i) => {
      const weight = tensor === 'weights' ? this.#parameters[layer].weights[indices[i]] : 0;
      // The central difference of the quadratic L2 term, and that of |w| far from 0, are exactly their
      // derivatives.
      const penalty = l2 * weight + l1 * Math.sign(weight);
      const atZero = tensor === 'weights' && l1 > 0 && Math.abs(weight) <= width;
      const between = hasKinks && sizes === 0;
      return {
        numeric: (between ? atKinks : slope) / total + penalty,
        shares: sizes / total,
        saturated: saturated / total,
        kink: between || atZero,
      };
    });
  }

  /** Adds the slopes of the loss of each row of a chunk, after {@link CarriedChanges.forward}. */
  async #add(parameter: Parameter, chunk: Chunk, totals: Totals): Promise<void> {
    const width = this.#width(parameter, chunk);
    if (width === 0) return;
    totals.width = Math.max(totals.width, width);
    const effect = await this.#change(parameter, width, chunk);
    const linear = this.setup.activations.slice(parameter.layer).every((name) => OUTPUT_CHANGES[name].linear);
    const scales = this.#scales(effect, chunk);
    if (linear) this.#placeLinearly(scales, chunk);
    else await this.#place(parameter, width, scales, chunk);
    for (let row = 0; row < chunk.count; row++) {
      const slope = this.#slope(row, scales[row], chunk) / width;
      totals.slope += slope;
      if (this.#hasKink(row, scales[row], chunk)) effect.kinks.add(row);
      if (!effect.kinks.has(row)) totals.sizes += Math.abs(slope);
    }
    const along = async (slopes: Slopes, add: (slope: number, row: number) => void) => {
      const changed = this.#scales(await this.#change(parameter, width, chunk, slopes), chunk);
      this.#placeLinearly(changed, chunk);
      for (let row = 0; row < chunk.count; row++)
        add(this.#slope(row, changed[row], chunk, slopes.atKink) / width, row);
    };
    if (effect.saturated) {
      await along({ least: LEAST_SLOPE[this.setup.precision] }, (slope) => {
        totals.saturated += Math.abs(slope);
      });
    }
    if (effect.kinks.size === 0) return;
    totals.hasKinks = true;
    await along({ atKink: 'mean' }, (slope, row) => {
      if (effect.kinks.has(row)) totals.atKinks += slope;
    });
  }

  /**
   * The change of a parameter that changes its unit's sums by at most {@link SHARE} of the largest, a
   * power of two; 0 if the parameter has no effect.
   */
  #width({ layer, unit, input }: Parameter, chunk: Chunk): number {
    const [fanIn, fanOut] = this.setup.sizes.slice(layer);
    const inputs = this.#carried.inputsOf(layer, chunk);
    const reach = input === undefined ? 1 : largest(inputs, input, fanIn, chunk.count);
    const sum = largest(this.#carried.sums[layer], unit, fanOut, chunk.count) || 1;
    return reach === 0 ? 0 : powerBelow((SHARE * sum) / reach);
  }

  /**
   * Computes the change of each output and logit of a chunk by a change of a parameter, along which
   * activations are linear.
   * @param slopes by default, units at a kink stay as they are
   */
  async #change(parameter: Parameter, width: number, chunk: Chunk, slopes: Slopes = {}): Promise<Effect> {
    const { activations, precision } = this.setup;
    const { atKink, least = 0 } = slopes;
    const kinks = new Set<number>();
    const largest = new Float64Array(chunk.count);
    let saturated = false;
    await this.#carried.carry(
      parameter,
      chunk,
      () => width,
      (layer) => {
        const change = OUTPUT_CHANGES[activations[layer]];
        const meanSlope = slopeAtKink(change);
        return (z, d, row) => {
          if (d === 0) return 0;
          let slope = slopeAt(change, z);
          // On only one side of its change the unit is active.
          if (change.kink && Math.abs(z) <= Math.abs(d)) {
            kinks.add(row);
            if (atKink === 'mean') slope = meanSlope;
          }
          if (!change.linear) {
            largest[row] = Math.max(largest[row], Math.abs(d));
            saturated ||= slope < LEAST_SLOPE[precision];
            slope = Math.max(slope, least);
          }
          return d * slope;
        };
      },
    );
    return { kinks, saturated, largest };
  }

  /** Computes the changes of the logits of a chunk at {@link PLACES}, through every activation. */
  async #place(parameter: Parameter, width: number, scales: Float64Array, chunk: Chunk): Promise<void> {
    const { activations } = this.setup;
    for (const [i, place] of PLACES.entries()) {
      await this.#carried.carry(
        parameter,
        chunk,
        (row) => place * scales[row] * width,
        (layer) => OUTPUT_CHANGES[activations[layer]].of,
      );
      this.#places[i].set(this.#carried.ofLogits);
    }
  }

  /** {@link #place} after {@link #change}, where the changes of the logits are linear. */
  #placeLinearly(scales: Float64Array, chunk: Chunk): void {
    const width = widthOf(this.setup.data);
    const changes = this.#carried.ofLogits;
    for (const [i, place] of PLACES.entries()) {
      for (let at = 0; at < chunk.count * width; at++) {
        this.#places[i][at] = place * scales[Math.floor(at / width)] * changes[at];
      }
    }
  }

  /** The scale of each row's changes, after {@link #change}. */
  #scales({ largest }: Effect, { start }: Chunk): Float64Array {
    const changes = this.#carried.ofLogits;
    const { data, loss } = this.setup;
    return largest.map((own, row) => {
      const ofRow = rowOf(changes, row, widthOf(data));
      return scaleOf(relativeChanges(loss, ofRow, this.#answer(start + row)), own);
    });
  }

  /** The slope of the loss of a row of a chunk along the changes of its logits, by class weights. */
  #slope(row: number, scale: number, chunk: Chunk, atKink?: 'mean'): number {
    if (scale === 0) return 0;
    const { z, places, answer } = this.#rowAt(row, chunk);
    const weight = totalWeight(answer, 1, this.#weights);
    return weight * lossSlope(this.setup.loss, z, places, answer, scale, atKink);
  }

  /** Whether a row's loss has a kink between the places. */
  #hasKink(row: number, scale: number, chunk: Chunk): boolean {
    if (scale === 0) return false;
    const { z, places, answer } = this.#rowAt(row, chunk);
    return hasKink(this.setup.loss, z, places, answer);
  }

  /** A row's logits, their changes at {@link PLACES}, and the answer. */
  #rowAt(row: number, { start }: Chunk) {
    const { data } = this.setup;
    const width = widthOf(data);
    const z = rowOf(this.#carried.logits, row, width);
    const places = this.#places.map((changes) => rowOf(changes, row, width));
    return { z, places, answer: this.#answer(start + row) };
  }

  /** The answer of a row of the data. */
  #answer(row: number): Answers {
    const { data } = this.setup;
    const length = answerLength(data);
    return answersOf(data).subarray(row * length, (row + 1) * length);
  }
}

/** The size of the largest of `rows` values of a column. */
function largest(values: FloatArray, column: number, columns: number, rows: number): number {
  let size = 0;
  for (let row = 0; row < rows; row++) size = Math.max(size, Math.abs(values[row * columns + column]));
  return size;
}

const rowOf = (values: Float64Array, row: number, columns: number) =>
  values.subarray(row * columns, (row + 1) * columns);
