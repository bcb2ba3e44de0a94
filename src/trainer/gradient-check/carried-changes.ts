import { ACTIVATIONS, addBiases } from '../../cpu/activations.ts';
import { matrix, pausableMatmul } from '../../cpu/matmul.ts';
import type { TimeSlices } from '../../cpu/time-slices.ts';
import type { Chunk } from '../../data/chunks.ts';
import type { TrainingSetup } from '../../options/setup.ts';
import type { FloatArray, LayerParameters } from '../../types.ts';

/** An entry of a layer's weights or biases. */
export interface Parameter {
  layer: number;
  /** The unit to whose sum the parameter belongs. */
  unit: number;
  /** The input of the layer that a weight multiplies; undefined for a bias. */
  input: number | undefined;
}

/**
 * The forward pass of a chunk of rows in float64, and the changes of its outputs by a change of a
 * parameter.
 */
export class CarriedChanges {
  /** `sums[l]`: rows × sizes[l + 1], before the activation; the last entry holds the logits. */
  readonly sums: readonly Float64Array[];
  /** `changes[l]`: rows × sizes[l + 1], the changes of the outputs; the last entry is of the logits. */
  readonly changes: readonly Float64Array[];
  /** `#outputs[l]`: rows × sizes[l + 1], after the activation. */
  readonly #outputs: readonly Float64Array[];
  readonly #setup: TrainingSetup;
  readonly #parameters: LayerParameters[];
  readonly #slices: TimeSlices;

  /** @param rows the most rows of a chunk */
  constructor(setup: TrainingSetup, parameters: LayerParameters[], rows: number, slices: TimeSlices) {
    this.#setup = setup;
    this.#parameters = parameters;
    this.#slices = slices;
    const [, ...widths] = setup.sizes;
    const arrays = (of: number[]) => of.map((width) => new Float64Array(rows * width));
    this.sums = arrays(widths);
    this.changes = arrays(widths);
    this.#outputs = arrays(widths.slice(0, -1));
  }

  get logits(): Float64Array {
    return this.sums[this.sums.length - 1];
  }

  get ofLogits(): Float64Array {
    return this.changes[this.changes.length - 1];
  }

  /** Computes all sums and outputs of a chunk of rows. */
  async forward(chunk: Chunk): Promise<void> {
    for (const [layer, { weights, biases }] of this.#parameters.entries()) {
      const [sums, outputs] = [this.sums[layer], this.#outputs[layer]];
      await this.#multiply(this.inputsOf(layer, chunk), weights, sums, layer, chunk.count);
      addBiases(sums, biases, chunk.count);
      if (!outputs) continue;
      outputs.set(sums);
      ACTIVATIONS[this.#setup.activations[layer]].apply(outputs, outputs.length);
    }
  }

  /**
   * Carries a change of a parameter forward to the outputs and logits of a chunk.
   * @param width the change of the parameter, for a row
   * @param outputChange gives a layer's function from sum and change to the change of the output
   */
  async carry(
    { layer: first, unit, input }: Parameter,
    chunk: Chunk,
    width: (row: number) => number,
    outputChange: (layer: number) => (z: number, d: number, row: number) => number,
  ): Promise<void> {
    const { sizes } = this.#setup;
    const inputs = this.inputsOf(first, chunk);
    this.changes[first].fill(0);
    for (let row = 0; row < chunk.count; row++) {
      const reach = input === undefined ? 1 : inputs[row * sizes[first] + input];
      this.changes[first][row * sizes[first + 1] + unit] = width(row) * reach;
    }
    for (let layer = first; layer < this.#outputs.length; layer++) {
      const [sums, changes] = [this.sums[layer], this.changes[layer]];
      const columns = sizes[layer + 1];
      const change = outputChange(layer);
      for (let row = 0, i = 0; row < chunk.count; row++) {
        for (let j = 0; j < columns; j++, i++) changes[i] = change(sums[i], changes[i], row);
      }
      const { weights } = this.#parameters[layer + 1];
      await this.#multiply(changes, weights, this.changes[layer + 1], layer + 1, chunk.count);
    }
  }

  /** X·W of a layer, for some rows. */
  async #multiply(x: FloatArray, weights: FloatArray, out: FloatArray, layer: number, rows: number) {
    const [fanIn, fanOut] = this.#setup.sizes.slice(layer);
    await this.#slices.take(
      pausableMatmul(matrix(x, fanIn), matrix(weights, fanOut), matrix(out, fanOut), rows, fanIn, fanOut),
    );
  }

  /** A layer's inputs of a chunk of rows, after {@link forward} of the layers before it. */
  inputsOf(layer: number, { start }: Chunk): FloatArray {
    const { inputs, features } = this.#setup.data;
    return layer === 0 ? inputs.subarray(start * features) : this.#outputs[layer - 1];
  }
}
